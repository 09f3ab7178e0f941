"""Reads server-sent events as a browser does."""

import json
from collections.abc import Iterable
from typing import Any


def events(lines: Iterable[str]) -> list[tuple[str, dict[str, Any]]]:
    """The name and the record of each event."""
    found, name = [], ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            found.append((name, json.loads(line.removeprefix("data: "))))
    return found
