"""From a question to an answer with footnotes: the pipeline, its steps, quotations, and answers that a model writes."""
