"""Counts, rates and their unknowns, read from rows and events; changes nothing."""
