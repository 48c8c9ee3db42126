"""The commands about many voyages: studies, a year of service, chokepoints."""
