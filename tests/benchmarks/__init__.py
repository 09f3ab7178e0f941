"""What `make bench` measures: each part is a module whose `run()` gives rows, and `__main__` prints them as one table.

Quality is measured on the development sets (in ../shared/bench, or wherever FOOTNOTE_BENCH says), speed on this very machine.
Nothing here passes or fails: a figure that is short of its target is marked so, and that is all.
"""
