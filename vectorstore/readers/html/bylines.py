"""Names of authors as web pages give them: in a byline, or in a field that says who wrote a page. No files, no state."""

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from vectorstore.readers.dates import is_month

# What stands before the name of an author, in the languages that are read most.
BY = re.compile(
    r"^\s*(?:written\s+by|posted\s+by|words\s+by|story\s+by|by|von|par|por|di|door|av|text)\b\s*:?\s*", re.IGNORECASE
)
# What ends a name in a byline: "Ada Brandt | 3 May", "Ada Brandt on Monday", "Ada Brandt (Ner)".
_AFTER_NAME = re.compile(
    r"\s*(?:[|·•–—]|\bon\b|\bam\b|\ble\b|,\s*(?=\d)|\s(?=\d{1,2}[., ]|\d{4})|\("
    r"|\bupdated\b|\bpublished\b|\bposted\b|https?:).*$",
    re.IGNORECASE,
)
# An address, a figure, or nothing but signs.
_NO_NAME = re.compile(r"https?:|@|\d|^\W*$", re.IGNORECASE)
# A part behind a comma that is lower case, or says where or of what, is what somebody does: "staff writer", "Editor of Music".
_NO_PERSON = re.compile(r"[a-zà-öø-ÿ]|.*\s(?:in|at|for|of|bei|im|chez)\s")
# What belongs to the name before it, though it is a single word.
_SUFFIX = re.compile(r"(?:jr|sr|i{2,3}|iv|ph\.?d|m\.?d)\.?", re.IGNORECASE)
# Characters of one name.
_LONGEST_NAME = 80


def name_in_byline(line: str) -> str:
    """The part of a byline that stands before the date and its like: "By Ada Brandt March 3, 2021" is by "Ada Brandt"."""
    name = _AFTER_NAME.sub("", BY.sub("", line)).strip(" ,.")
    before, _, last = name.rpartition(" ")
    return _people(before.strip(" ,.") if before and is_month(last) else name)


def _people(names: str) -> str:
    """The names of a byline without what people do and where they are: "Ada Brandt, staff writer" and "Ada Brandt, Ner"."""
    first, *others = names.split(", ")
    if " " not in first:
        return names
    people = [
        one for one in others if not _NO_PERSON.match(one) and (" " in one or not one.isascii() or _SUFFIX.fullmatch(one))
    ]
    return ", ".join((first, *people))


def shown_words(element: HtmlElement) -> str:
    """The words of an element with blanks between its parts, since styles often part "By" from the name behind it."""
    return re.sub(r"\s+(?=[,.;:])", "", " ".join(" ".join(element.itertext()).split()))


def cleaned_names(stated: Iterable[str]) -> str:
    """Joins names with commas, without "By" and without what is no name, each once."""
    names = []
    for one in stated:
        name = BY.sub("", " ".join(one.split())).strip(" ,;")
        # One value may hold several names.
        if name and len(name) < _LONGEST_NAME * 3 and not _NO_NAME.search(name):
            names.append(re.sub(r"\s*(?:;|\band\b|\bund\b|\bet\b|\by\b|&)\s*", ", ", name).replace(",,", ","))
    return ", ".join(dict.fromkeys(names))


def given_name_first(name: str) -> str:
    """A name as libraries file it, "Brandt, Ada", with the given name first; any other is left as it is."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and "," not in given else name


def looks_like_name(words: str) -> bool:
    """Whether words that stand where a byline may stand can be the names of people."""
    found = words.split()
    return (
        len(words) <= _LONGEST_NAME
        and not _NO_NAME.search(words)
        # One word in Latin letters may be anything; "王小明" is a whole name.
        and (len(found) > 1 or not words.isascii())
        and len(found) <= 8
        and words[0].upper() == words[0]
    )
