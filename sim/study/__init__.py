"""Many voyages: calendars, break-evens, trade under closures, seasons, equal distances."""
