"""The pages in the browser: a router, a page a file, and the components that draw answers, sources and lists."""
