"""Charts of a year: departures and the days on which the Northern Sea Route is open."""
