"""The prompt lab: cases, runs over them with retrieval held still, metrics, and what changed between two runs."""
