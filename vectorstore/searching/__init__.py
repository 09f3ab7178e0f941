"""From a question to passages: Chroma and tantivy, fusion, reranking, and what a search is kept to."""
