"""Writers of a report: HTML and Markdown, from the same sections."""
