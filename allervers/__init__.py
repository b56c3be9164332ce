"""Aller-vers: one thread from what a resident says to what changed."""
