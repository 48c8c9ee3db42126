"""What documents claim of sea routes, and what computing says about it."""
