"""What is said in answers about the collection and the program, in the reader's language where `words.toml` has it."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DEFAULT = "en"


@cache
def _read() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
    return found


class Wording:
    """The words of one language; English ones stand in for what it lacks."""

    def __init__(self, language: str) -> None:
        self._words = {**_read()[DEFAULT], **_read().get(language, {})}

    def __call__(self, key: str, **values: str | int) -> str:
        """The words under a key with the values filled in."""
        told = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
        return self._words[key].format(**told)
