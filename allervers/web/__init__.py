"""Screens; nothing is decided here."""
