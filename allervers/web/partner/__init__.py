"""Answering without an account: a link, a code, a list."""
