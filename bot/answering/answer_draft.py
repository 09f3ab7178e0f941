"""An answer as it grows: its text, its footnotes, and the claims that carry them. Pure.

A claim is a sentence, an item of a list or a row of a table. A heading, the header of a table, code and a list of sources are
none. Each part that comes costs time by its own length: only sentences that have not been given out are looked at again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.answering.markers import NOTHING, Literal, Marker
from bot.answering.source_list import begins_sources, is_sources_heading, leads_to_sources
from vectorstore.splitting.sentences import is_heading, sentences_within
from vectorstore.types import Span

# Any run of marks at the head of a line: "> - 1. " too.
_BULLET = re.compile(r"\s*(?:[-*+•–—]\s+|\(?\d{1,3}[.)]\s+|#{1,6}\s+|>\s+|\|\s*)*")
# What introduces an answer and says nothing: "**Answer:** It was closed in 2021."
# The colon may stand within the emphasis or behind it: "**Answer:**" and "**Answer**:".
_LABEL = re.compile(
    r"(\*\*|__|\*)?(?:(?:short |final |direct )?answer|response|summary|in short|conclusion|antwort|zusammenfassung|respuesta"
    r"|réponse|risposta|antwoord|resposta|ответ|答案|回答|答)(?:\s*[:：]\s*(?(1)\1)|(?(1)\1)\s*[:：])\s*",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w")
_LINE = re.compile(r"[^\n]+")
_ROW = re.compile(r"[ \t>]*\|")
# The line of dashes that makes the row above it a table's header.
_UNDER_HEADER = re.compile(r"\s*\n[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\||\n|$)")
_PIPES = re.compile(r"\s*(?<!\\)\|\s*")
_END = re.compile(r"[.!?…。！？\n:：]")
_AFTER_MARKER = re.compile(r"[\s.。!！…|]*")
_EMPHASIS = re.compile(r"(\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1(?!\w)")
# "According to [2], it opened": without the number, the words before the comma say nothing.
_ACCORDING = re.compile(
    r"^(?:(?:as stated |as described )?(?:according to|as per|based on|in|per|laut|nach|gemäß|según|selon|d'après)"
    r"\s*,|[:：,])\s*",
    re.I,
)
_EMPTY = re.compile(r"\s*[(（]\s*[,;]*\s*[)）]")
_FRAMES = re.compile(r"[:：][*_]*$")
_ASKS = re.compile(r"[?？][\"'”’)\]*_]*$")
# What says that something is not there cannot rest on a passage.
_UNSAID = re.compile(
    r"\b(?:articles?|passages?|sources?|texts?|documents?)\b[^.;]{0,40}?"
    r"\b(?:(?:do|does|did)(?:n['’]t| not)|(?:not|never|nothing|no)\b|(?:is|are|was|were|has|have)(?:n['’]t| not))"
    r"|\b(?:not|nothing|no information)\b[^.;]{0,40}"
    r"\b(?:in|by|from) (?:the|these|those|any|your) (?:\w+ )?(?:articles?|passages?|sources?)\b"
    r"|文章[^。]{0,12}(?:没有|沒有|未|并未|並未)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """A claim of the draft: `draft.text[start:end] == text`; its markers are those from number `first` (from 0) on.

    `bare` has the words alone, without markers, emphasis and the bars of a table. `claims` is False for what states nothing
    about the subject: a heading, a question, "The articles do not say".
    """

    text: str
    start: int
    end: int
    first: int
    markers: tuple[int, ...]
    claims: bool
    bare: str


class AnswerDraft:
    """The answer as it grows; gives out each claim when the next one has begun.

    >>> draft = AnswerDraft()
    >>> [draft.add(part) for part in ("It opened in 1931 ", Marker(1), ". It is iron.")]
    ['It opened in 1931 ', '[1]', '. It is iron.']
    >>> [(claim.text, claim.markers) for claim in draft.finished(final=True)]
    [('It opened in 1931', (1,)), ('It is iron.', ())]
    """

    def __init__(self) -> None:
        self.text = ""
        self.says_nothing = False
        # Each marker: its start and end in the text, and its number; in order of their places.
        self._marks: list[tuple[int, int, int]] = []
        self._named: list[bool] = []
        # Each literal: its start and end, and whether it stands apart from any sentence.
        self._literals: list[tuple[int, int, bool]] = []
        # Where the marker of an abstention stood, which is not shown.
        self._nothings: list[int] = []
        # How many of the markers belong to claims that were given out.
        self._told = 0
        # Up to where the text was given out; a later look begins here.
        self._done = 0
        # Whether anything that may end a sentence has come since.
        self._ends = False
        # How long the text was when it was last looked at.
        self._looked = 0

    @property
    def count(self) -> int:
        """How many footnotes the text has so far."""
        return len(self._marks)

    @property
    def markers(self) -> tuple[Span, ...]:
        """Where the markers of the footnotes stand in the text, in order."""
        return tuple((start, end) for start, end, _ in self._marks)

    def add(self, part: str | Marker | Literal) -> str:
        """Puts a part at the end; returns the text that it is shown as, which is nothing for the marker of an abstention."""
        at = len(self.text)
        if isinstance(part, Marker):
            if part.n == NOTHING:
                self.says_nothing = True
                self._nothings.append(at)
                return ""
            shown = f"[{part.n}]"
            self._marks.append((at, at + len(shown), part.n))
            # A named passage ("Passage 2 says so") may be the subject of the sentence that follows.
            self._named.append(part.named)
        elif isinstance(part, Literal):
            shown = part.text
            self._literals.append((at, at + len(shown), part.apart))
        else:
            shown = part
        self.text += shown
        self._ends = self._ends or _END.search(shown) is not None
        return shown

    def finished(self, *, final: bool = False) -> Iterator[DraftClaim]:
        """The claims that are complete now and were not given out before. Between two of them, one may be attributed."""
        if not final and not self._may_have_ended():
            return
        # The last sentence stays until the next has begun: its markers may still be on their way.
        while len(spans := self._spans(final)) > (0 if final else 1):
            start, self._done = spans[0]
            if drafted := self._drafted(start, self._done):
                yield drafted
        self._looked = len(self.text)
        self._ends = _END.search(self.text, self._done) is not None

    def attribute(self, drafted: DraftClaim, n: int) -> tuple[int, str]:
        """Puts a marker behind a claim that was just given out and has none; its place, and what was put there."""
        at, shown = drafted.end, f" [{n}]"
        by = len(shown)
        self.text = f"{self.text[:at]}{shown}{self.text[at:]}"
        # All that stands behind the new marker moves on by its length.
        after = [(start + by, end + by, number) for start, end, number in self._marks[drafted.first :]]
        self._marks[drafted.first :] = [(at + 1, at + by, n), *after]
        self._named.insert(drafted.first, False)
        self._nothings = [place if place <= at else place + by for place in self._nothings]
        self._literals = [one if one[0] < at else (one[0] + by, one[1] + by, one[2]) for one in self._literals]
        self._told += 1
        self._done += by
        return at, shown

    def _may_have_ended(self) -> bool:
        """Whether to look for sentences: only behind the end of one, and the more rarely, the longer none was found."""
        # A fiftieth: over a sentence without an end, looking costs at most fifty times its length and not the square of it.
        return self._ends and len(self.text) - self._looked >= (len(self.text) - self._done) // 50

    def _spans(self, final: bool) -> list[Span]:
        """Sentences not yet given out, each up to where the next begins: the markers behind it are its own."""
        at, blanked = self._done, self._blanked()
        starts: list[int] = []
        for line in _LINE.finditer(blanked):
            starts += self._line_starts(blanked, line)
        # Markers behind "Source:" are those of what stands before it; a word that may still become that one is waited for.
        starts = [start for start in starts if not self._leads_to_source(blanked, start, final)]
        return list(pairwise([*(at + start for start in starts), len(self.text)])) if starts else []

    def _blanked(self) -> str:
        """What has not been given out, with blanks for markers and what stands apart, and letters for code in a sentence."""
        at = self._done
        # A list of characters, as spans of it are replaced by as many others.
        flat = list(self.text[at:])
        for start, end, _ in reversed(self._marks):
            # From the last one back: what was given out before is not looked at again.
            if start < at:
                break
            flat[start - at : end - at] = " " * (end - start)
        for start, end, apart in reversed(self._literals):
            if end <= at:
                break
            begin = max(start, at)
            letters = self.text[begin:end]
            # "x" keeps inline code a word of its sentence; line ends stay, so that a block still parts what stands around it.
            flat[begin - at : end - at] = [("\n" if one == "\n" else " ") if apart else "x" for one in letters]
        return "".join(flat)

    def _line_starts(self, blanked: str, line: re.Match[str]) -> Iterator[int]:
        """Where the sentences of a line begin; a row of a table is one, and markers before a sentence belong to it."""
        if _ROW.match(line[0]):
            if _WORD.search(line[0]):
                yield line.start()
            return
        leads = False
        before = line.start()
        for number, (start, end) in enumerate(sentences_within(blanked, line.start(), line.end())):
            # A stray full stop behind a marker belongs to the sentence before it.
            # The first search ends soon on nearly every sentence, without reading all of it.
            if not _WORD.search(blanked, start, min(end, start + 12)) and not _WORD.search(blanked, start, end):
                continue
            first = self._with_markers_before(blanked, before, start)
            # Where the first sentence of a line has its marker before it, those of the others do, too: "[1] It opened. [2] It
            # closed."
            leads = leads or (number == 0 and first < start)
            # "Passage 2 says so": the name of the passage is a word of the sentence, and no footnote of the one before.
            named = first < start and any(
                named and mark[0] == first + self._done for mark, named in zip(self._marks, self._named, strict=True)
            )
            yield first if leads or named else start
            before = end

    def _with_markers_before(self, blanked: str, left: int, start: int) -> int:
        """The start of the first marker that stands before `start` with no word between, from `left` on; else `start`."""
        for at, _, _ in self._marks[self._told :]:
            place = at - self._done
            if left <= place < start and not _WORD.search(blanked, left, start):
                return place
            if place >= start:
                break
        return start

    def _leads_to_source(self, blanked: str, start: int, final: bool) -> bool:
        line, newline, _ = blanked[start : start + 40].partition("\n")
        marked = any(mark[0] - self._done > start for mark in self._marks[self._told :])
        if leads_to_sources(line):
            return marked or not (newline or final)
        # "Sourc" may become "Sources:" with the next piece.
        return not (final or newline) and len(line) < 9 and "sources:".startswith(line.strip().casefold()) and start > 0

    def _drafted(self, start: int, end: int) -> DraftClaim | None:
        # A claim has all markers up to where the next one begins.
        markers = [mark for mark in self._marks[self._told :] if mark[0] < end]
        first = self._told
        self._told += len(markers)
        whole = self.text[start:end]
        left, right = self._within(start, start + len(whole.rstrip()), markers)
        text = self.text[left:right]
        # Code and formulas apart, there must be a word, or nothing is claimed.
        if not any(_WORD.match(self.text, at) for at in range(left, right) if not self._apart(at)):
            return None
        silent = any(start < place <= end for place in self._nothings)
        # The first row of a table names its columns and states nothing.
        header = _ROW.match(self.text, self._line_start(start)) and _UNDER_HEADER.match(self.text, self._line_end(left))
        # Whatever carries a footnote is judged, even where it looks like a heading: the model meant to cite for it.
        claims = not header and (bool(markers) or not (silent or _is_frame(whole.strip())))
        return DraftClaim(
            text, left, right, first, tuple(n for _, _, n in markers), bool(claims), self._bare(left, right, markers)
        )

    def _within(self, left: int, right: int, markers: list[tuple[int, int, int]]) -> Span:
        """Where the words begin and end: without bullets, labels, and the markers before and behind them."""
        # A claim never goes on over a line's end, as an item or a row does not.
        right = min(right, self._line_end(left))
        left = self._skipped(left, right)
        for start, end, _ in markers:
            # A marker that opens the sentence is none of its words.
            if start <= left < right:
                left = self._skipped(max(end, left), right)
        for start, end, _ in reversed(markers):
            # Nor are markers that only a full stop or another marker follows.
            if start >= left and _AFTER_MARKER.fullmatch(self.text, end, right):
                right = left + len(self.text[left:start].rstrip())
        closing = (
            re.compile(r"[\s|]+$").search(self.text, left, right) if _ROW.match(self.text, self._line_start(left)) else None
        )
        return left, closing.start() if closing else right

    def _skipped(self, left: int, right: int) -> int:
        for pattern in (_BULLET, _LABEL):
            found = pattern.match(self.text, left, right)
            # A label alone is a lead-in, which is known by its colon.
            left = found.end() if found and found.end() < right else left
        return left

    def _apart(self, at: int) -> bool:
        return any(start <= at < end for start, end, apart in reversed(self._literals) if apart)

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return end if end >= 0 else len(self.text)

    def _bare(self, left: int, right: int, markers: list[tuple[int, int, int]]) -> str:
        at, words = left, list[str]()
        for start, end, _ in markers:
            if left <= start and end <= right:
                # "It opened [1], and" must not become "It opened , and".
                words.append(self.text[at:start].rstrip(" ") if self.text[end : end + 1] in ",.;:" else self.text[at:start])
                at = end
        text = " ".join("".join([*words, self.text[at:right]]).split())
        text = _EMPTY.sub("", text)
        # Twice, for bold words within italic ones.
        text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
        if _ROW.match(self.text, self._line_start(left)):
            # A row reads as "Ner: 1931, iron": its first cell is mostly what the others are about.
            text = ", ".join(filter(None, _PIPES.split(text))).replace(", ", ": ", 1)
        return _ACCORDING.sub("", text)


def says_nothing_found(text: str) -> bool:
    """Whether the sentence says that the articles do not say something."""
    return _UNSAID.search(text) is not None


def _is_frame(sentence: str) -> bool:
    """Whether it states nothing about the subject: a heading, a lead-in, a question, "The articles do not say"."""
    heading = sentence.startswith("#") or (sentence.startswith("**") and is_heading(sentence)) or is_sources_heading(sentence)
    told = heading or begins_sources(sentence) or says_nothing_found(sentence)
    return bool(told or _FRAMES.search(sentence) or _ASKS.search(sentence))
