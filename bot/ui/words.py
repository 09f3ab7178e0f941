"""The page's own words: every sentence, label, help text and message that it shows of its own, read from `words.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

Forms = Mapping[str, str]
"""Words that depend on a count: "one" and "other"."""


@cache
def _file() -> Mapping[str, Mapping[str, str | Forms]]:
    """What the file holds, by section: words by key, and those of its script under the key "script"."""
    return tomllib.loads(files("bot.ui").joinpath("words.toml").read_text(encoding="utf-8"))


def word(key: str, **gaps: object) -> str:
    """The words for a key "section.name", with what stands in their gaps; the gap `count` chooses between two forms.

    >>> word("scope.count", count=1), word("scope.count", count=1204)
    ('1 article', '1,204 articles')
    """
    section, name = key.split(".")
    found = _file()[section][name]
    if not isinstance(found, str):
        # English has two forms; 0 takes the plural ("0 articles").
        found = found["one" if gaps["count"] == 1 else "other"]
    return found.format(**gaps)


def script_words(*sections: str) -> dict[str, str]:
    """The words that the scripts of these sections show, by their names; a gap is filled in the browser."""
    merged: dict[str, str] = {}
    for section in sections:
        # A section may have no script: a component asks for the words of all that its page uses.
        found = _file().get(section, {}).get("script", {})
        assert not isinstance(found, str)
        merged |= found
    return merged
