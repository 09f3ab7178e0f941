"""Questions that the collection itself answers, or the program: recognised by example, answered from the catalog.

`intents` says what is asked, `catalog` looks it up, `overview` finds the central sentences, `replies` puts the answer together.
"""
