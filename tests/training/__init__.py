"""Trains what ships as data: the judge that tells which sentence answers, and the mean token vector of e5.

Each module names the public data that it needs. None of them runs in a test or ships with the program.
"""
