"""Texts as vectors: the encoders, their weights, late interaction, and the judge of answers."""
