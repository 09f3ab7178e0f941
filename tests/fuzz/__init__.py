"""A fuzzer for everything that strangers write: `python -m tests.fuzz SURFACE --count N`."""
