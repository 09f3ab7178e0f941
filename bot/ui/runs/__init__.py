"""Runs over cases, as the page makes them, looks in on them and lists them."""
