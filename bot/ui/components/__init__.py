"""The components: a folder each, with the Python that mounts it, its script and its style."""
