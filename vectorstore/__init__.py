"""Articles in, passages out: reading, splitting, embedding, indexing and searching. Knows nothing of `bot`."""
