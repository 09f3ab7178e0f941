"""What `make bench` measures: each part is a module whose `run()` gives rows, and `__main__` prints them as one table.

Quality is measured on public data in the folder that FOOTNOTE_BENCH names (docs/figures.md says what belongs in it), speed on
this very machine. A part whose data are not there says so.
Nothing here passes or fails: a figure that is short of its target is marked so, and that is all.
"""
