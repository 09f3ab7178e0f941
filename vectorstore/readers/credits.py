"""The credit lines of an article: who wrote it, who translated it, where and when it appeared. Pure.

A line under the title may say several of these at once, such as "3 May 2022 · Ida Moe · 5 min read" (`title_byline`). It is
taken for one only where each part of it is understood, and where it says more than one thing: a lone "By Ada Brandt" or a lone
day is a credit line, which stays in the text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vectorstore.readers.dates import iso_date
from vectorstore.splitting.blocks import plain
from vectorstore.splitting.sentences import is_heading, trimmed

# Titles before a name, which `_names` takes off again.
_PREFIX = r"(?:(?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir|Rev)\.?\s+)?"
# A word that does not begin with a small letter of ASCII: "Émile" and "王" begin with none, either.
_CAPITALISED = r"[^\W\d_a-z][\w’'-]*\.?"
# Two to five such words, with the small words of names between them: "Ludwig van der Berg".
_NAME = rf"{_CAPITALISED}(?:\s+(?:(?:de|van|der|den|von|bin|al|la|di|da|del|el|ibn)\s+)*{_CAPITALISED}){{1,4}}"
_NAMES = rf"{_PREFIX}{_NAME}(?:(?:,\s+and|,|\s+and|\s+&)\s+{_PREFIX}{_NAME})*"
_PEOPLE = re.compile(rf"(?P<names>{_NAMES})")
_NO_NAME = re.compile(r"(?:The|A|An|This|That|In|On|At|By|It|Its|His|Her|Our|My|These|Those|Mount|New|United)\b")

# "By Ada Brandt", "— Written by Jo Lee and Pia Moe | 3 May 2021".
_BYLINE = re.compile(
    rf"(?:[—–-]\s*)?(?:By|BY|by|Written by|Words by|Author:|Text:|Story by)\s+(?P<names>{_NAMES})\s*\.?(?:\s*[,|/(–—•·-].*)?$",
    re.DOTALL,
)
# "Translated from the Danish by Jo Lee", "Translator: Jo Lee".
_TRANSLATOR = re.compile(
    rf"(?:[Tt]ranslat(?:ed|ion)(?:\s+from[\w\s]{{1,40}})?\s+by|Translator:)\s+(?:staff writers?\s+)?(?P<names>{_NAMES})"
)
# A line that begins so is a credit also where no name is found in it.
_TRANSLATED_LINE = re.compile(r"[(\[—–-]?\s*(?:Translat(?:ed|ion)\b.{0,40}\bby\b|Translator:)")
# "(This article was first published in The Coast Post.)"; with a comma in it, it would be a sentence of the text.
_SOURCE = re.compile(
    r"[(\[]?\s*(?:Source:\s*|(?:This\s+\w+\s+)?(?:was\s+)?(?:[Oo]riginally|[Ff]irst)\s+(?:published|appeared)\s+(?:in|by|on|at)\s+|"
    r"Published\s+(?:in|by)\s+(?=(?:the\s+)?[^\W\d_a-z]))(?P<source>[^,]{2,80}?)[.)\]]*$"
)
# "© 2019, 2021 The Coast Post. All rights reserved."
_RIGHTS = re.compile(
    r"(?:Copyright|©|\(c\)|\(C\))[\s:©,]*(?P<years>(?:[12]\d{3}[\s,–-]*)*)(?P<source>.{0,80}?)[.,]*"
    r"(?:\s*All rights reserved\.?)?$"
)
# These end an article as a byline does, but name nobody who wrote it.
_MADE_BY = re.compile(
    r"(?:Edited|Photographs?|Photos?|Illustrations?|Additional reporting|Reporting)"
    r"(?:\s+and\s+\w+)?\s+by\s+[^\W\d_a-z]|About the author\b"
)
# What those who write articles are said to be. One of these words makes a note on an author of "Ada Brandt is ...".
_ROLE = (
    "professor|writer|author|journalist|fellow|director|editor|columnist|correspondent|lawyer|attorney|economist|researcher|analyst|"
    "minister|senator|teacher|student|historian|reporter|chair|chairman|chairwoman|president|member|legislator|consultant|scientist|"
    "adviser|advisor|lecturer|poet|novelist|doctor|physician|nurse|engineer|founder|head|secretary|ambassador|dean|critic|executive|"
    "officer|biologist|physicist|chemist|psychologist|sociologist|philosopher|linguist|farmer|activist|activists|gardener|cook|chef|"
    "contributor|blogger|essayist|translator|commentator|expert|specialist|scholar|candidate|representative|coordinator|manager|"
    "partner|principal|photographer|artist|designer|architect|librarian|curator|pastor|priest|veteran|co-founder|CEO"
)
# "Ada Brandt, of the harbour board, is a professor of law", "The writer teaches in Ner".
_BIO = re.compile(
    rf"(?:(?P<names>{_NAMES})(?:\s*\([^)]{{1,40}}\))?(?:,[^.,]{{1,80}},)?|[Tt]he (?:writer|author)s?)\s+"
    rf"(?:(?:is|are|has been)\s[^.]{{0,120}}?\b(?:{_ROLE})(?:e?s)?\b|"
    rf"(?:teaches|writes|works|lives|covers|reports|edits|serves)\s)",
    re.DOTALL,
)
_DATE_LABEL = re.compile(r"(?:(?:Published|Posted|Updated|Date|Last updated)(?:\s+on)?\s*:?\s+)", re.IGNORECASE)
# A year of four figures, or a date of figures alone: what has neither is no date.
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)|\d[/.-]\d{1,2}[/.-]\d{2}")
_IN_SENTENCE = re.compile(
    r"^(?:[^\W\d]+\W+){4}|\b[12]\d{3}\b(?:\W+[^\W\d]{2,}){2}|[年년].*?[^\W\d年月日號号년월일]{4}", re.DOTALL
)
"""Four words before the first number of a line, or two behind the year; four characters beside a day in Chinese."""
# Characters of a note on an author, and of any other credit line.
_LONGEST_BIO = 500
_LONGEST_LINE = 160
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
class Credits:
    """What the credit lines state; "" where they do not. `date` is ISO 8601."""

    author: str = ""
    translator: str = ""
    date: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class CreditLine:
    """One credit line: its kind, and who or what it names."""

    kind: str
    value: str = ""
    translator: str = ""


def credit_line(paragraph: str) -> CreditLine | None:
    """What a paragraph credits when it is a credit line of its own, else None.

    `kind` is "by", "bio", "translated", "source", "rights", "made" or "date".

    >>> credit_line("By Ada Brandt | 3 May 2021").value, credit_line("Ada Brandt left early.")
    ('Ada Brandt', None)
    """
    line = " ".join(paragraph.split())
    # The patterns are slow on long paragraphs, and none of those is a credit line.
    if len(line) > _LONGEST_BIO:
        return None
    translator = _names(_TRANSLATOR.search(line))
    # A byline, a source or a date is a line by itself; only a note about the author may be longer.
    short = len(line) <= _LONGEST_LINE
    if short and _TRANSLATED_LINE.match(line):
        return CreditLine("translated", "", translator)
    if short and (found := _BYLINE.match(line)):
        return CreditLine("by", _names(found), translator)
    return (_publication(line) if short else None) or _bio(line, translator)


def combined(found: Iterable[CreditLine]) -> Credits:
    """The credits of several lines in one; a line "By ..." outweighs the notes about the authors.

    >>> lines = ["By Ada Brandt", "© 2021 The Coast Post", "Jo Lee is an editor in Ner."]
    >>> combined(line for one in lines if (line := credit_line(one)))
    Credits(author='Ada Brandt', translator='', date='', source='The Coast Post')
    """
    lines = list(found)
    by_kind = {
        kind: [line.value for line in lines if line.kind == kind and line.value]
        for kind in ("by", "bio", "date", "source", "rights")
    }
    # A note under the article may be about the interviewed or the editor, so it counts only where no byline is.
    authors = by_kind["by"] or by_kind["bio"]
    return Credits(
        author=", ".join(dict.fromkeys(authors)),
        translator=", ".join(dict.fromkeys(line.translator for line in lines if line.translator)),
        date=next(iter(by_kind["date"]), ""),
        source=next(iter(by_kind["source"] + by_kind["rights"]), ""),
    )


def stated_people(words: str) -> str:
    """The names of people where the words are nothing else, else "".

    >>> stated_people("Dr. Ada Brandt and Jo Lee"), stated_people("The Coast")
    ('Ada Brandt, Jo Lee', '')
    """
    found = _PEOPLE.fullmatch(words)
    return re.sub(r",?\s+(?:and|&)\s+", ", ", _names(found)) if found and not _NO_NAME.match(words) else ""


def stated_day(line: str) -> str:
    """The day of a line that is nothing but a date, as `2021-12-23`, else "".

    >>> stated_day("Published on May 3, 2022"), stated_day("It rained on May 3, 2022")
    ('2022-05-03', '')
    """
    day = _date(line)
    return day if len(day) == len("2021-12-23") else ""


def _publication(line: str) -> CreditLine | None:
    if found := _SOURCE.match(line):
        return CreditLine("source", found["source"].strip())
    if found := _RIGHTS.match(line):
        return CreditLine("rights", found["source"].strip())
    if _MADE_BY.match(line):
        return CreditLine("made")
    return CreditLine("date", date) if (date := _date(line)) else None


def _date(line: str) -> str:
    """The date of a line that is nothing but a date; a bare year or month is a date only behind a label."""
    label = _DATE_LABEL.match(line)
    stated = line[label.end() :] if label else line
    # A sentence that a day stands in ("Le 3 mai 2021, la digue a cédé") is none of these lines.
    date = iso_date(stated) if _YEAR.search(stated) and not _IN_SENTENCE.search(stated) else ""
    return date if label or len(date) == len("2021-12-23") else ""


def _bio(line: str, translator: str) -> CreditLine | None:
    found = _BIO.match(line)
    # "The Harbour Master is ..." looks like a note about a person and is a sentence of the text.
    if not found or (found["names"] and _NO_NAME.match(found["names"])):
        return None
    return CreditLine("bio", _names(found), translator)


def _names(found: re.Match[str] | None) -> str:
    """The named people as one string, capitals undone where the line shouts."""
    if not found or not found["names"]:
        return ""
    names = re.sub(rf"^{_PREFIX}", "", found["names"]).strip(" .,")
    return names.title() if names.isupper() else names


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
