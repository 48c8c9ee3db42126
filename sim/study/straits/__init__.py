"""Which straits matter: closures one by one and together, cuts, waiting, and the price of a year of risk."""
