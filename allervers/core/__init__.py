"""Ids, clock, text, cryptography, languages, the field register: used by all, knows no domain and no model."""
