"""What the results of a study say: probabilities, ranges and shares, as pure numbers from its table of voyages."""
