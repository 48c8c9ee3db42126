"""How trade flows sail: ships and cargo, ways under closures, and which waters hang together."""
