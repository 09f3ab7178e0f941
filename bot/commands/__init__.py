"""The `footnote` command: one file a group of its commands; `main` parses, calls, and turns errors into exit codes."""
