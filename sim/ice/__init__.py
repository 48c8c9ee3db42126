"""Ice: the field, the rules of navigation in it."""
