"""Searches of the lattice that look only where the answer can lie."""
