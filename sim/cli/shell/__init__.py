"""Habits of the shell: words that people guess, tab completion, folders of results, a first scenario."""
