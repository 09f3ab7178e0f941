"""Claims and sources taken apart and compared: words, numbers, dates, names, denials. `verify` decides. Pure."""
