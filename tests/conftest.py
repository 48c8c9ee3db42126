"""Settings of all tests: property tests have no deadline, since the machine decides the time, not the code."""

from hypothesis import settings

settings.register_profile("northabout", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("northabout")
