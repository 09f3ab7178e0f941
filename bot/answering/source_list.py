"""A list of sources that a model puts under its answer: where it begins and ends. It cites nothing and states nothing. Pure."""

import re
from collections.abc import Mapping

from vectorstore.splitting.sentences import ends_sentence

_WORDS = (
    r"(?:sources?(?: (?:used|cited))?|references?|citations?|footnotes|bibliography|works cited|quellen?|quellenangaben"
    r"|nachweise|fuentes?|referencias|références?|fonti?|bronnen|fontes|referências|источники?|参考(?:文献|资料|資料)?|来源|來源|出典|引用)"
)
_HEADING = re.compile(rf"[\s>#*_-]*{_WORDS}[\s*_]*[:：]?[\s*_]*", re.IGNORECASE)
_LEAD = re.compile(rf"[\s>#*_-]*{_WORDS}[\s*_]*[:：][\s*_]*", re.IGNORECASE)
_ITEM = re.compile(r"[-+*•–]\s|\d{1,3}[.)]\s|\*{0,2}[\[【［<(^⁰¹²³⁴⁵⁶⁷⁸⁹]|\||https?:", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_LONGEST = 300
"""Characters of a line that are compared with the titles."""
_TELLING = 8
"""Characters of a line from which its kind can be told: the longest mark of an item and the first letter behind it."""


def is_sources_heading(line: str) -> bool:
    """Whether a line says no more than that sources follow.

    >>> is_sources_heading("**Sources:**"), is_sources_heading("Sources of the Ner"), is_sources_heading("Quellen")
    (True, False, True)
    """
    return _HEADING.fullmatch(line) is not None


def leads_to_sources(text: str) -> bool:
    """Whether a line begins with "Sources:" and nothing else, as in "Source: [1]"."""
    return _LEAD.fullmatch(text) is not None


def begins_sources(text: str) -> bool:
    """Whether a line begins with "Sources:", whatever follows."""
    return _LEAD.match(text) is not None


class SourceList:
    """Follows an answer line by line; `listing` says whether the current line belongs to a list of sources.

    `titles` are the names under which a list may have each passage, by the passage's number.

    >>> lines = SourceList({1: ("The bridge", "bridge.md")})
    >>> lines.next_line("Sources:", "[1] The bridge", final=False), lines.listing
    (True, True)
    """

    def __init__(self, titles: Mapping[int, tuple[str, ...]]) -> None:
        self._titles = {n: {_folded(title) for title in known if _folded(title)} for n, known in titles.items()}
        # A list has begun and not ended; a blank line has come since; the line that is being read belongs to it.
        self._within = False
        self._parted = False
        self.listing = False

    def begin(self) -> None:
        """The current line is the first of a list."""
        self._within, self._parted, self.listing = True, False, True

    def next_line(self, line: str, rest: str, final: bool) -> bool:
        """Goes on to the next line, which begins with `rest`, from `line`; False while `rest` is too short to tell.

        A model's answer comes in pieces: the caller asks again when more of the line has come, or with `final` at its end.
        """
        if is_sources_heading(line):
            self.begin()
            return True
        if not self._within:
            self.listing = False
            return True
        start = rest.lstrip(" \t")
        if not final and len(start) < _TELLING and "\n" not in start:
            return False
        self._parted = self._parted or not line.strip() or start.startswith("\n")
        # Only behind a blank line does something new begin, and an item goes on with the list there too.
        if self._parted and start.strip() and not start.startswith("\n") and not _ITEM.match(start):
            self._within = self.listing = False
        return True

    def names_source(self, n: int, rest: str, final: bool) -> bool | None:
        """Whether a line that begins with the marker `n` goes on with no more than that passage's title; None: not yet told."""
        line, newline, _ = rest.partition("\n")
        # A model copies a title with other marks and capitals than the article has, so only the words are compared.
        words = _folded(line)
        titles = self._titles.get(n, set())
        if newline or final:
            # "[1] The bridge (2021)" names a source; "[1] The bridge opened in 1931." is a sentence that begins like its title.
            named = any(words == title or (words.startswith(f"{title} ") and not ends_sentence(line)) for title in titles)
            return bool(words) and named
        # The line is still being written: it may yet become the title, or go beyond it.
        may = len(line) <= _LONGEST and any(title.startswith(words) or words.startswith(title) for title in titles)
        return None if may else False


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
