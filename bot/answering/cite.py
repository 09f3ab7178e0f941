"""A model's text as it comes -> text, footnotes, and the claims that carry them. Pure.

Markers may come in many shapes and in pieces: `[1]`, `[1, 3]`, `[1][3]`, `[2-4]`, `【1†source】`, `［1］`. Nothing that may
still become one is let through, and each is given on as `[n]`. Links and images are not let through at all: an address can
carry off what was read.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from vectorstore.splitting.sentences import is_heading, sentences_within

NOTHING = 0
"""The number that the prompt asks for where the articles do not say; it is never shown."""
LONGEST, FARTHEST = 300, 2000
"""Characters of a bracket, and of a link's address, that are waited for; what is longer is plain text."""
WIDEST = 20
"""The most numbers that a range stands for: `[1-999]` is two numbers and no list."""

# A marker, a link or an image; the end of a link whose label held brackets of its own; a tag.
_OPENER = re.compile(r"!?[\[【［]|!$|\](?=\(|$)|<(?=/?[A-Za-z]|/?$)")
# Markup that fetches or sends something where it is shown; other angle brackets are text.
_TAG = re.compile(
    r"<(/?)(img|a|area|audio|base|embed|form|iframe|image|input|link|meta|object|script|source|style|svg|video)\b([^<>\n]*)>",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"(!?)[\[【［]([^\[\]【】［］\n]*)[\]】］]")
_TARGET = re.compile(r"\(([^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)")
_NAMED = r"(?:passages?|sources?|refs?|references?|articles?|docs?|notes?|no\.?|nos\.?|第)?"
_NUMBERS = re.compile(
    rf"\s*\^?\s*{_NAMED}\s*[#:]?\s*(\d{{1,3}}(?:\s*(?:[,;，、；&]|and|und|et|y|和|-|–|—|−|~|～|to)\s*{_NAMED}\s*\^?\d{{1,3}})*)"
    r"\s*(?:†[^\[\]]*)?\s*",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,3})\s*(?:-|–|—|−|~|～|to)\s*(\d{1,3})|(\d{1,3})", re.IGNORECASE)
_BULLET = re.compile(r"\s*(?:[-*+•–—]\s+|\(?\d{1,3}[.)]\s+|#{1,6}\s+|>\s+)*")
_WORD = re.compile(r"\w")
_MARKER = re.compile(r"\[(\d{1,3})\]")
_TRAILING = re.compile(r"(?:\s*\[\d{1,3}\])+[\s.。!！…]*$")
_FRAMES = re.compile(r"[:：]$")
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
class Marker:
    """A footnote's number, as the model wrote it."""

    n: int


@dataclass(frozen=True, slots=True)
class RemovedLink:
    """A link or an image that was taken out of the text; its label stays."""

    address: str


Part = str | Marker | RemovedLink


class Markers:
    """Takes a text in pieces and gives it on without half a marker. `allowed` says which addresses may stay as text."""

    def __init__(self, allowed: Callable[[str], bool] = lambda _: False) -> None:
        self._allowed = allowed
        self._held = ""

    def feed(self, piece: str) -> Iterator[Part]:
        """What is certain after this piece."""
        self._held += piece
        yield from self._certain(final=False)

    def end(self) -> Iterator[Part]:
        """What was held back and became no marker after all."""
        yield from self._certain(final=True)

    def _certain(self, *, final: bool) -> Iterator[Part]:
        while self._held:
            found = _OPENER.search(self._held)
            before = self._held[: found.start()] if found else self._held
            # White space waits for what follows it: before a marker that is never shown, it is not shown either.
            space = len(before) - len(before.rstrip(" "))
            if len(before) > space:
                yield before[: len(before) - space]
                self._held = self._held[len(before) - space :]
            if found is None:
                if not final:
                    return
                self._held = ""
                return
            taken = self._bracket(space, final)
            if taken is None:
                return
            parts, length = taken
            self._held = self._held[length:]
            yield from parts

    def _bracket(self, space: int, final: bool) -> tuple[list[Part], int] | None:
        """The parts of the bracket after `space` blanks, and how much was read; None while it may still go on."""
        blank, held = self._held[:space], self._held[space:]
        if held.startswith("<"):
            return _tag(blank, held, final)
        if held.startswith("]"):
            return self._link_end(blank, held, final)
        match = _BRACKET.match(held)
        if match is None:
            open_still = "\n" not in held and not re.search(r"[\]】］]", held) and len(held) <= LONGEST
            another = re.search(r"[\[【［]", held[2:])
            if open_still and not another and not final:
                return None
            length = 2 if held.startswith("![") else 1
            return [blank + held[:length]], space + length
        if match.end() == len(held) and not final:
            return None  # a link's address may follow
        return self._closed(blank, held, match, final)

    def _link_end(self, blank: str, held: str, final: bool) -> tuple[list[Part], int] | None:
        """A bracket that closes a label which was let through already: `[![x](a)](b)`. Its address is taken out too."""
        target = _TARGET.match(held, 1)
        if target:
            return [f"{blank}]", RemovedLink(target[1].strip())], len(blank) + target.end()
        if not final and (len(held) == 1 or ("\n" not in held and len(held) <= FARTHEST)):
            return None
        return [f"{blank}]"], len(blank) + 1

    def _closed(self, blank: str, held: str, match: re.Match[str], final: bool) -> tuple[list[Part], int] | None:
        label, end = match[2], match.end()
        parts: list[Part] = []
        if held.startswith("(", end):
            target = _TARGET.match(held, end)
            if target is None and not final and "\n" not in held[end:] and len(held) - end <= FARTHEST:
                return None
            if target:
                end = target.end()
                address = target[1].strip().split(" ")[0].strip("<>")
                if not match[1] and self._allowed(address):
                    return [f"{blank}{label} ({address})"], len(blank) + end
                parts.append(RemovedLink(address))
        if numbers := _NUMBERS.fullmatch(label):
            cited = _listed(numbers[1])
            shown: list[Part] = [blank] if blank and any(one != NOTHING for one in cited) else []
            return [*shown, *map(Marker, cited), *parts], len(blank) + end
        as_it_was = label if parts else held[: match.end()]
        return [blank + as_it_was, *parts], len(blank) + end


def _tag(blank: str, held: str, final: bool) -> tuple[list[Part], int] | None:
    """A tag that fetches something taken out, any other "<" as text; None while it may still become a tag."""
    if match := _TAG.match(held):
        closes = bool(match[1])
        return [blank, *([] if closes else [RemovedLink(match[3].strip())])], len(blank) + match.end()
    if not final and not re.search(r"[>\n]|<.*<", held) and len(held) <= LONGEST:
        return None
    return [f"{blank}<"], len(blank) + 1


def _listed(numbers: str) -> list[int]:
    """The numbers of a list with ranges, in order."""
    found: list[int] = []
    for match in _RANGE.finditer(numbers):
        if match[3]:
            found.append(int(match[3]))
            continue
        first, last = int(match[1]), int(match[2])
        found += range(first, last + 1) if first <= last < first + WIDEST else (first, last)
    return found


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """A claim of the draft: `draft.text[start:end] == text`; its markers are those from number `first` (from 0) on.

    `claims` is False for what states nothing about the subject: a heading, a question, "The articles do not say".
    """

    text: str
    start: int
    end: int
    first: int
    markers: tuple[int, ...]
    claims: bool

    @property
    def bare(self) -> str:
        """The words alone, without markers inside them."""
        return " ".join(_MARKER.sub("", self.text).split())


class AnswerDraft:
    """The answer as it grows; gives out each claim when the next one has begun."""

    def __init__(self) -> None:
        self.text = ""
        self.says_nothing = False
        self._marks: list[tuple[int, int, int]] = []
        self._nothings: list[int] = []
        self._told = 0
        self._done = 0

    @property
    def count(self) -> int:
        """How many footnotes the text has so far."""
        return len(self._marks)

    def add(self, part: str | Marker) -> str:
        """Puts a part at the end; returns the text that it is shown as, which is nothing for the marker of an abstention."""
        if isinstance(part, Marker):
            if part.n == NOTHING:
                self.says_nothing = True
                self._nothings.append(len(self.text))
                return ""
            shown = f"[{part.n}]"
            self._marks.append((len(self.text), len(self.text) + len(shown), part.n))
        else:
            shown = part
        self.text += shown
        return shown

    def finished(self, *, final: bool = False) -> Iterator[DraftClaim]:
        """The claims that are complete now and were not given out before. Between two of them, one may be attributed."""
        while len(spans := self._spans()) > (0 if final else 1):
            start, self._done = spans[0]
            if drafted := self._drafted(start, self._done):
                yield drafted

    def attribute(self, drafted: DraftClaim, n: int) -> tuple[int, str]:
        """Puts a marker behind a claim that was just given out and has none; its place, and what was put there."""
        at, shown = drafted.end, f" [{n}]"
        self.text = f"{self.text[:at]}{shown}{self.text[at:]}"
        after = [(start + len(shown), end + len(shown), number) for start, end, number in self._marks[drafted.first :]]
        self._marks[drafted.first :] = [(at + 1, at + len(shown), n), *after]
        self._nothings = [place if place <= at else place + len(shown) for place in self._nothings]
        self._told += 1
        self._done += len(shown)
        return at, shown

    def _spans(self) -> list[tuple[int, int]]:
        """Sentences not yet given out, each up to where the next begins: the markers behind it are its own."""
        flat = list(self.text)
        for start, end, _ in self._marks:
            flat[start:end] = " " * (end - start)
        blanked, at = "".join(flat), self._done
        starts: list[int] = []
        for line in re.finditer(r"[^\n]+", blanked[at:]):
            starts += [start for start, _ in sentences_within(blanked, at + line.start(), at + line.end())]
        # A stray full stop behind a marker belongs to the sentence before it.
        starts = [start for start in starts if _WORD.match(blanked, start) or _WORD.search(blanked[start : start + 12])]
        return list(pairwise([*starts, len(self.text)])) if starts else []

    def _drafted(self, start: int, end: int) -> DraftClaim | None:
        markers = [mark for mark in self._marks[self._told :] if mark[0] < end]
        first = self._told
        self._told += len(markers)
        whole = self.text[start:end].rstrip()
        text = _TRAILING.sub("", whole) if markers else whole
        skipped = len(_BULLET.match(text)[0])  # type: ignore[index]  # the pattern matches the empty text
        text = text[skipped:]
        if not _WORD.search(text):
            return None
        start += skipped
        silent = any(start < place <= end for place in self._nothings)
        claims = bool(markers) or not (silent or _is_frame(whole))
        return DraftClaim(text, start, start + len(text), first, tuple(n for _, _, n in markers), claims)


def says_nothing_found(text: str) -> bool:
    """Whether the sentence says that the articles do not say something."""
    return _UNSAID.search(text) is not None


def _is_frame(sentence: str) -> bool:
    """Whether it states nothing about the subject: a heading, a lead-in, a question, "The articles do not say"."""
    heading = sentence.startswith("#") or (sentence.startswith("**") and is_heading(sentence))
    return bool(heading or _FRAMES.search(sentence) or _ASKS.search(sentence) or says_nothing_found(sentence))
