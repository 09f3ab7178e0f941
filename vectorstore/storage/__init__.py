"""What an index keeps on disk: the catalog with its tables, and what the index was made with."""
