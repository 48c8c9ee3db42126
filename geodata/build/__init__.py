"""What rebuilds the binaries of geodata from their raw sources: `python -m geodata.build`."""
