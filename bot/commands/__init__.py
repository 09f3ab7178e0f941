"""What each command of `footnote` does, one file a group; `bot.cli` parses, calls them and turns errors into exit codes."""
