"""The line under a title that says who wrote an article and when, such as "3 May 2022 · Ida Moe · 5 min read"; pure.

It is taken for one only where each part of it is understood, and where it says more than one thing: a lone "By Ada Brandt" or
a lone day is a credit line, which `credits.py` reads and which stays in the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vectorstore.readers.credits import stated_day, stated_people
from vectorstore.splitting.blocks import plain
from vectorstore.splitting.sentences import is_heading, trimmed

LONGEST_BYLINE = 200
"""Characters."""

# A Markdown heading, with `#` or over a row of dashes; then a paragraph of at most four lines.
_MARKED_TITLE = re.compile(r"\s*(?: {0,3}#{1,3}[ \t]+[^\n]{1,300}|[^\n]{1,300}\n {0,3}(?:=+|-{2,})[ \t]*)(?:\n[ \t]*)*\n")
_FIRST_LINE = re.compile(r"\s*([^\n]{1,120})\n(?:[ \t]*\n)*")
_PARAGRAPH = re.compile(r"[ \t]*(\S[^\n]*(?:\n[ \t]*\S[^\n]*){0,3})[ \t]*(?:\n(?:[ \t]*\n)+|\n*\Z)")
_PARTED = re.compile(r"\s+[|/–—-]\s+|\s*[·•|]\s*|\s+[–—]\s*|\n")
_BY = re.compile(r"(?:(?:written|posted|words|story|text)\s+by|by|von|par|por|di|door|av|af)\s*:?\s+", re.IGNORECASE)
# "5 min read", "Lesezeit: 5 Min.", "lectura de 5 minutos": a few words around a number of minutes, in any language.
_READING_TIME = re.compile(r"[^\d\W]*(?:[\s:]+[^\d\W]*){0,3}\d{1,3}[\s-]?(?:min|мин|分)[^\d]{0,20}", re.IGNORECASE)
_CHANGED = re.compile(r"(?:last\s+)?(?:updated|modified|edited|aktualisiert|mis à jour|actualizado)\b", re.IGNORECASE)
# What stands between the parts of a byline, and of no dateline: "Novi Sad, 3 May 2022" is a place with a day.
_SIGN = re.compile(r"[·•|\n]")


@dataclass(frozen=True, slots=True)
class TitleByline:
    """What a line under a title says, and the text without it; `author` is names with commas, `date` ISO 8601."""

    line: str
    author: str
    date: str
    text: str


def title_byline(text: str, titled: bool = False, marked: bool = True) -> TitleByline | None:
    """The byline under the title of a text, or at its top where it is `titled` elsewhere; None where there is none for sure.

    `marked` says that headings are marked as in Markdown; of a plain text the first line is the title.

    >>> found = title_byline("# Rain\\n\\nBy Ada Brandt | 3 May 2022\\n\\nIt rained.")
    >>> found.author, found.date, found.text
    ('Ada Brandt', '2022-05-03', '# Rain\\n\\nIt rained.')
    """
    start = _below_title(text, marked)
    if not start:
        if not titled:
            return None
        start = len(text) - len(text.lstrip())
    found = _PARAGRAPH.match(text, start)
    # Without a text after it, the line is all that the article says.
    if not found or len(found[1]) > LONGEST_BYLINE or not text[found.end() :].strip():
        return None
    said = _said(found[1])
    return TitleByline(text[slice(*trimmed(text, *found.span(1)))], *said, text[:start] + text[found.end() :]) if said else None


def _below_title(text: str, marked: bool) -> int:
    """Where the text begins below its title; 0 where it has none."""
    if marked:
        found = _MARKED_TITLE.match(text)
        return found.end() if found else 0
    found = _FIRST_LINE.match(text)
    return found.end() if found and is_heading(found[1]) and not _said(found[1]) else 0


def _said(line: str) -> tuple[str, str] | None:
    """The names and the day of a line, where it says at least two things of this kind and nothing else."""
    people: list[str] = []
    days: list[str] = []
    changed: list[str] = []
    line = plain(line)
    times, by = 0, _SIGN.search(line) is not None
    for part in _parts(line):
        if _READING_TIME.fullmatch(part):
            times += 1
        elif day := stated_day(_CHANGED.sub("", part).strip(" :")):
            (changed if _CHANGED.match(part) else days).append(day)
        elif names := stated_people(_BY.sub("", part)):
            people.append(names)
            by = by or bool(_BY.match(part))
        else:
            return None
    dated = [*days, *changed]
    # A place may stand where a name stands; and a name alone, or a day alone, may be anything.
    if (people and not by) or not dated or len(people) + len(days) + times < 2:
        return None
    return ", ".join(people), dated[0]


def _parts(line: str) -> Iterator[str]:
    """What stands between the signs of a line; a comma parts, too, but not within a date."""
    for whole in _PARTED.split(line):
        words = [one.strip(" *_,") for one in whole.split(",")]
        yield from _joined([one for one in words if one])


def _joined(words: Sequence[str]) -> Iterator[str]:
    """The words between commas, with those of a date ("Tuesday", "May 3", "2022") put together."""
    at = 0
    while at < len(words):
        ends = (end for end in range(min(at + 3, len(words)), at + 1, -1) if stated_day(", ".join(words[at:end])))
        # Whatever word stands before a date is taken for one of its own, such as that of a weekday; a name is none.
        end = at + 1 if stated_people(words[at]) else next(ends, at + 1)
        yield ", ".join(words[at:end])
        at = end
