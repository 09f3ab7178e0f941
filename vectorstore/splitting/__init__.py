"""Article text as blocks, sentences and chunks, each with its exact place; and the language of a text."""
