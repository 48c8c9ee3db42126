"""What a reader sees: tables, maps, reports. Import the module you need: a table must not wait for matplotlib."""
