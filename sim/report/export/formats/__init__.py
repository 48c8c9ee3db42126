"""The formats that results are exported to, a module each."""
