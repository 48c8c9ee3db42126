"""What a study found, as text, Markdown, CSV, XLSX and JSON: all from the same sheets."""
