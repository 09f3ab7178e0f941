"""Reads numbers with their units, and dates, out of a text: one reader for the whole program."""
