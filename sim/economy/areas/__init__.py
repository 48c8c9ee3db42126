"""Emission control areas: where on a voyage sulphur is limited to 0.10 %, and the fuel that this asks for."""
