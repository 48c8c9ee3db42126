"""What a study found, as pictures: one colour a route in all of them."""
