"""What of a scenario varies in a study, and how: dotted keys, and lists, ranges and distributions of their values."""
