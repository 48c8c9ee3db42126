"""Pictures: maps of routes and of ice, calendars, seasons. matplotlib waits inside the functions."""
