"""The live map from a server on this machine, which sails any date that the page asks for."""
