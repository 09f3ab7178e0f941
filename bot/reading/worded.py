"""Reads numbers in the words of other languages than English ("dreiundzwanzig"), by the library text2num."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from text_to_num import find_numbers

from bot.reading.numerals import Numeral

SPOKEN = frozenset({"de", "es", "fr", "it", "pt", "nl", "da"})
"""The languages that text2num reads, but for English, which has rules of our own for halves, dozens and years."""
_TOKEN = re.compile(r"\w+|\W+")
_SCALE_ALONE = re.compile(r"\w+[ns]", re.IGNORECASE)


class _Token:
    """A word or what stands between two, as text2num wants it."""

    def __init__(self, match: re.Match[str]) -> None:
        self.start, self.end, self._text = match.start(), match.end(), match.group()

    def text(self) -> str:
        return self._text

    def nt_separated(self, previous: "_Token") -> bool:  # noqa: ARG002 - part of the protocol
        return False

    def not_a_number_part(self) -> bool:
        return self._text.isdecimal()


def worded(text: str, language: str) -> Iterator[Numeral]:
    """The numbers in words, in order; none of a language that is not spoken here. "Un" and "eine" are articles."""
    if language not in SPOKEN:
        return
    tokens = [_Token(match) for match in _TOKEN.finditer(text)]
    for one in find_numbers(tokens, language):
        start, end = tokens[one.start].start, tokens[one.end - 1].end
        try:
            value = Decimal(str(one.value))
        except InvalidOperation:
            continue
        # "Millones de personas" counts nothing.
        vague = one.end - one.start == 1 and value >= 1000 and _SCALE_ALONE.fullmatch(text, start, end)
        if value != 1 and not vague:
            yield Numeral(start, end, value, "ordinal" if one.is_ordinal else "")
