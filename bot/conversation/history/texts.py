"""Titles by rule, and texts as they are searched; pure."""

import re
import unicodedata

UNTITLED = "Untitled conversation"
LONGEST = 60
"""Characters of a title."""

_SHORTEST = 15  # a clause of fewer characters ("Well,", "In 1990,", "Dr.") tells too little
_BREAK = re.compile(r"(?<=[.,;:!?…])\s+|(?<=[。！？；，、：])|\s+[–—-]+\s+|—")
_MARKS = re.compile(r"^(?:[#>*+•–—-]+\s+)+")
_NOT_KEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_AROUND = 60
_NEEDLE = 2000  # characters; SQLite refuses patterns of more than 50,000 bytes


def title_of(question: str) -> str:
    """The first clause of a question, at most 60 characters."""
    line = next(filter(None, map(one_line, question.splitlines())), "")
    # A list's bullet, a quotation's or a heading's mark says nothing.
    line = _MARKS.sub("", line)
    end = next((match.start() for match in _BREAK.finditer(line) if match.start() >= _SHORTEST), len(line))
    clause = line[:end].rstrip(" .,;:–—-。，；：、")
    return _shortened(clause) or UNTITLED


def one_line(text: str) -> str:
    """The text as a line that can be kept, and shown beside others: white space as single blanks, no turns of direction."""
    return " ".join(cleaned(_DIRECTIONS.sub("", text)).split())


def cleaned(text: str) -> str:
    """The text with a mark for each character that a database or a page stumbles over; white space stays."""
    return _NOT_KEPT.sub("\ufffd", text)


def _shortened(clause: str) -> str:
    if len(clause) <= LONGEST:
        return clause
    cut = clause[: LONGEST - 1]
    # At a word's end, unless the script has none or the word is most of it.
    at = cut.rfind(" ")
    if not clause[LONGEST - 1].isspace() and at >= LONGEST // 2:
        cut = cut[:at]
    while cut and unicodedata.combining(clause[len(cut)]):
        cut = cut[:-1]
    return cut.rstrip(" .,;:–—-") + "…"


# Both what is kept and what is looked for are folded, as no two databases compare letters alike.


def folded(text: str) -> str:
    """The text as it is searched: without differences of case, of white space, and of how accents are put together."""
    return _composed(text).casefold()


def needle(words: str) -> str:
    """What is looked for, in the same form."""
    return folded(words)[:_NEEDLE]


def _composed(text: str) -> str:
    return one_line(unicodedata.normalize("NFC", text))


def excerpt(text: str, words: str) -> str:
    """The first place where the text holds the words, with what stands around them; "" if it does not."""
    plain, wanted = _composed(text), needle(words)
    at = plain.casefold().find(wanted) if wanted else -1
    if at < 0:
        return ""
    # Folding can make one character two: offsets are counted in the text as it was.
    offsets = [i for i, character in enumerate(plain) for _ in character.casefold()]
    start, end = offsets[at], offsets[at + len(wanted) - 1] + 1
    # Some words on each side, and a mark where the text goes on.
    left, right = max(0, start - _AROUND), min(len(plain), end + _AROUND)
    return f"{'…' if left else ''}{plain[left:right].strip()}{'…' if right < len(plain) else ''}"
