"""One alternative on one day: sailed, priced and recorded; and years of such days."""
