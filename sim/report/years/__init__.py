"""Calendars and break-evens of several years, and money in calendars, as text, CSV, JSON and frames."""
