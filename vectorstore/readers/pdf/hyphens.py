"""Words that a line's end breaks are joined again: by what the document itself writes elsewhere; pure."""

import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]+(?:[-‐][^\W\d_]+)*)[-‐\u00ad]$")
_FIRST = re.compile(r"[^\W\d_]+")
_ELLIPTIC = frozenset(
    ("and", "or", "und", "oder", "bzw", "et", "ou", "y", "e", "o", "u", "en", "of", "och", "eller", "og", "i", "lub")
)
"""After "pre- and" and "Haupt- und" the hyphen stands for what comes later."""
_CJK = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


class Hyphens:
    """Joins lines, knowing the words of the whole document.

    >>> hyphens = Hyphens(["The harbour was well known.", "A well-kept har-"])
    >>> hyphens.joined("A well-kept har-", "bour lies here.")
    'A well-kept harbour lies here.'
    >>> hyphens.joined("It was well-", "kept.")
    'It was well-kept.'
    """

    def __init__(self, lines: Iterable[str]) -> None:
        """`lines` are all lines of the document; a part of a word at the end of one is not counted as a word."""
        self._words: Counter[str] = Counter()
        broken = False
        for line in lines:
            found = _WORD.findall(line)
            # The rest of a broken word is no word of its own.
            self._words.update(word.casefold() for word in (found[1:] if broken else found))
            broken = bool(_BROKEN.search(line))
            if broken and found:
                self._words[found[-1].casefold()] -= 1

    def joined(self, before: str, after: str) -> str:
        """Two lines as one text."""
        before, after = before.rstrip(), after.lstrip()
        broken, rest = _BROKEN.search(before), _FIRST.match(after)
        # A soft hyphen is there for the line's end alone.
        if before.endswith("\u00ad"):
            return before[:-1] + after
        if not broken or not rest:
            return before + ("" if not before or _without_space(before[-1], after[:1]) else " ") + after
        if rest[0].casefold() in _ELLIPTIC:
            return f"{before} {after}"
        # A capital begins the second part of a name: "Baden-", "Württemberg".
        keeps = not rest[0][0].islower() or self._keeps_hyphen(broken[1], rest[0])
        return before + after if keeps else before[:-1] + after

    def _keeps_hyphen(self, first: str, second: str) -> bool:
        """Whether the two parts are written with a hyphen also where no line ends."""
        last = re.split("[-‐]", first)[-1]
        one, two = first.casefold(), second.casefold()
        if self._words[one + two] > 0 or self._words[last.casefold() + two] > 0:
            return False
        if self._words[f"{one}-{two}"] > 0 or "-" in first:
            return True
        # "well-known": both parts are words. "man-agement": one of them is none.
        return len(last) > 2 and len(two) > 2 and self._words[last.casefold()] > 0 and self._words[two] > 0


def _without_space(last: str, first: str) -> bool:
    """Whether nothing stands between two characters where a line ended: in Chinese and Japanese."""
    return bool(_CJK.match(last) and _CJK.match(first))
