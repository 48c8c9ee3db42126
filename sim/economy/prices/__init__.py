"""Prices that change from month to month: which dated row a voyage is priced with, and how far away its date lies."""
