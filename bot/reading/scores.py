"""Finds scores and counts of votes in a text, whose order tells who won: "3-1", "52 to 47"; pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

_SCORE = re.compile(
    r"(?<![\w.,:/-])(\d{1,3})(?: ?- ?|:| to )(\d{1,3})"
    r"(?![\w%:/]|[-.,]\d| ?(?:%|percent|per cent|years?|days?|[ap]\.?m\b))"
)
_LOST = re.compile(
    r"\b(?:lost|lose|loses|losing|loss|beaten|defeated by|defeat to|fell|verlor(?:en)?|perdi[óo]|perdu|perse)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Score:
    """Two figures at [start, end), in their order; `lost` is whether the text tells it from the loser's side."""

    start: int
    end: int
    first: int
    second: int
    lost: bool


@lru_cache(maxsize=4096)
def scores(text: str) -> tuple[Score, ...]:
    """The scores in a cleaned text; a range has the same form, and is one that only ever rises."""
    lost = _LOST.search(text) is not None
    return tuple(Score(*match.span(), int(match[1]), int(match[2]), lost) for match in _SCORE.finditer(text))
