"""Footnote for other programs: its answers, searches and checks over HTTP and as tools of an agent (MCP)."""
