"""What closures do to trade flows, for readers and files."""
