"""Scenario files, comparisons and claims."""
