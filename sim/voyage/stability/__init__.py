"""The water on either side of the best route through ice that a ship can use at little loss of time."""
