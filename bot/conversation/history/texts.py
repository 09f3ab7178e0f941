"""Titles by rule, and texts as they are searched; pure."""

import re
import unicodedata
from collections.abc import Iterator

from vectorstore.splitting.sentences import sentences_within

UNTITLED = "Untitled conversation"
LONGEST = 60
"""Characters of a title."""

_SHORTEST = 15  # a clause of fewer characters ("Well,", "In 1990,", "Dr.") tells too little
# A full stop is no such break: it may belong to "Jan.", to initials or to "No. 5", which the splitter of sentences knows.
_BREAK = re.compile(r"(?<=[,;:!?…])\s+|(?<=[。！？；，、：])|\s+[–—-]+\s+|—")
_MARKS = re.compile(r"^(?:(?:[#>*+•–—-]+|\d{1,2}[.)])\s+)+")
_SHORT_NAME = re.compile(r"\b[A-Z]\w{0,3}\.$")
# Pairs of Markdown's marks around words, and a link's address: a title is read as plain text.
_PAIRED = re.compile(r"(\*\*|__|~~|`|(?<![\w*])\*(?=\S)|(?<![\w_])_(?=\S))([^*`\n]{1,200}?)(?<=\S)\1(?!\w)")
_LINK = re.compile(r"!?\[([^\[\]\n]{1,200})\]\([^()\s]{1,500}\)")
# Control characters but for white space, and half surrogate pairs: PostgreSQL refuses a NUL, and UTF-8 the halves.
_NOT_KEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# Marks that turn the direction of writing: in a list they would turn the lines beside theirs as well.
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_AROUND = 60
_NEEDLE = 2000  # characters; SQLite refuses patterns of more than 50,000 bytes


def title_of(question: str) -> str:
    """The first clause of a question, at most 60 characters.

    >>> title_of("## When was the bridge opened? And by whom?")
    'When was the bridge opened?'
    """
    line = next(filter(None, map(one_line, question.splitlines())), "")
    # A list's bullet, a quotation's or a heading's mark says nothing.
    line = _plain(_MARKS.sub("", line))
    end = min((at for at in _breaks(line) if at >= _SHORTEST), default=len(line))
    clause = line[:end].rstrip(" .,;:–—-。，；：、")
    return _shortened(clause) or UNTITLED


def _breaks(line: str) -> Iterator[int]:
    """Where a clause or a sentence of the line ends."""
    yield from (match.start() for match in _BREAK.finditer(line))
    ends = (end for _, end in sentences_within(line, 0, len(line)) if end < len(line))
    # "Dr. Who" looks like two sentences; a title that goes on for one sentence more does no harm.
    yield from (end for end in ends if not _SHORT_NAME.search(line, 0, end))


def _plain(line: str) -> str:
    """The line without Markdown's marks around its words; what was nested in others is freed in the second round."""
    for _ in range(2):
        line = _PAIRED.sub(r"\2", _LINK.sub(r"\1", line))
    return line


def _read(text: str) -> str:
    """A text of several lines without Markdown's marks; the lines between a table's header and its rows are left out."""
    lines = (_plain(_MARKS.sub("", line.strip())) for line in text.split("\n"))
    return "\n".join(
        line.strip("| ").replace("|", "·") if line.startswith("|") else line for line in lines if line.strip("|:- ")
    )


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
    # An accent must not be cut off the letter that it stands on.
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
    wanted = needle(words)
    # As it is read, without marks of Markdown, unless the words that are looked for hold some.
    plain = next((one for one in (_composed(_read(text)), _composed(text)) if wanted in one.casefold()), "")
    at = plain.casefold().find(wanted) if wanted else -1
    if at < 0:
        return ""
    # Folding can make one character two: offsets are counted in the text as it was.
    offsets = [i for i, character in enumerate(plain) for _ in character.casefold()]
    start, end = offsets[at], offsets[at + len(wanted) - 1] + 1
    # Some words on each side, and a mark where the text goes on.
    left, right = max(0, start - _AROUND), min(len(plain), end + _AROUND)
    return f"{'…' if left else ''}{plain[left:right].strip()}{'…' if right < len(plain) else ''}"
