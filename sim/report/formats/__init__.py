"""A comparison in the formats of tables: CSV, XLSX, Markdown, LaTeX, JSON and text, from one record."""
