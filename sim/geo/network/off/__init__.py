"""The network without the legs over a named water, for routes that keep off it."""
