"""The search for a voyage's path through ice: rounds of prices and dates, and straightening."""
