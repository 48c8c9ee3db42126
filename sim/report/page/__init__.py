"""The report of a scenario or a study as a page: sections of values, and writers for HTML and Markdown."""
