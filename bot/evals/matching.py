"""Whether an answer or a passage holds the words that a case asks for; pure."""

import re

from vectorstore.searching.folding import folded

_MARKERS = re.compile(r"\s*\[\^?\d{1,4}\]")
_EMPHASIS = re.compile(r"(?<!\w)[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?!\w)")
_WORDS = re.compile(r"\w+(?:['’.,-]\w+)*")
# Letters of scripts that put blanks between words, as they are after folding. Others have no borders to look for.
_LETTER = "0-9a-z\u00df-\u058f"


def plain(text: str) -> str:
    """The words of an answer, without footnote markers and without marks of Markdown around words."""
    return _EMPHASIS.sub("", _MARKERS.sub("", text))


def holds(text: str, wanted: str) -> bool:
    """Whether the text holds the words, or any of those in "a|b"; case, accents, blanks and forms of quotes do not count.

    Whole words: "1932" does not stand in "19321", and "3" not in "3.5".
    """
    return any(_stands(one, text) for one in wanted.split("|") if one.strip())


def within(words: str, text: str) -> bool:
    """Whether a passage holds the words as one piece; "" stands in every passage."""
    return not words.strip() or place(words, text) is not None


def place(words: str, text: str) -> tuple[int, int] | None:
    """Where the words stand in the text, without regard to blanks, else to case as well; None if they do not."""
    parts = [re.escape(part) for part in words.split()]
    found = re.search(r"\s+".join(parts), text) or re.search(r"\s+".join(parts), text, re.IGNORECASE)
    return found.span() if found and parts else None


def word_count(text: str) -> int:
    """How many words the text has, footnote markers apart."""
    return len(_WORDS.findall(plain(text)))


def _stands(wanted: str, text: str) -> bool:
    phrase, said = (" ".join(folded(one).split()) for one in (wanted, plain(text)))
    before = rf"(?<![{_LETTER}])" if re.match(f"[{_LETTER}]", phrase) else ""
    after = rf"(?![{_LETTER}])" if re.search(f"[{_LETTER}]$", phrase) else ""
    before += r"(?<!\d[.,])" if phrase[0].isdigit() else ""
    after += r"(?![.,]\d)" if phrase[-1].isdigit() else ""
    return re.search(before + re.escape(phrase) + after, said) is not None
