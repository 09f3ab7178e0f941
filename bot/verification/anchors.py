"""Durable anchors: where a quotation stands in an article, so that it is found again when the article has changed. Pure.

The idea is that of the W3C's Web Annotation Data Model, its TextPositionSelector and TextQuoteSelector together: offsets, the
exact words, and the words before and after them. Unlike in most uses of it, nothing here is matched approximately: either the
exact words stand in the text, white space aside, or they are gone. What is near is offered to compare with, and no more.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import groupby
from typing import Literal

from bot.types import Anchor
from vectorstore.types import Span

Status = Literal["same", "moved", "changed", "gone"]
Change = Literal["kept", "removed", "added"]
Piece = tuple[Change, str]

CONTEXT = 40
"""Characters of the words before and after."""

_TELLING = 12  # a context of fewer characters, white space aside, may stand anywhere in a text
_FARTHEST = 4  # what took the place of a quotation may be so many times as long as the quotation and one context
_LONGEST = 4_000_000  # pairs of words beyond which a difference is not worked out: it would take seconds
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_TOKEN = re.compile(rf"([{_UNSPACED}]|[^\W{_UNSPACED}]+|[^\w\s]|)(\s*)")


@dataclass(frozen=True, slots=True)
class AnchorPlace:
    """Where an anchor's quotation stands now.

    - same: the text is the same, and so is the place;
    - moved: the text has changed, and the exact words stand in it, white space aside, at [start, end);
    - changed: they do not, but other words stand at [start, end), between the same words before and after;
    - gone: none of that; [start, end) is the paragraph that shares most of its words, (0, 0) where none shares any.

    The span of "changed" and "gone" is for comparing (see `difference`) and never to be shown as the quotation.
    """

    status: Status
    start: int
    end: int

    @property
    def stands(self) -> bool:
        """Whether the exact words stand at [start, end)."""
        return self.status in ("same", "moved")


def text_hash(text: str) -> str:
    """What tells one state of an article's text from another."""
    # A text may hold half a surrogate pair, as JSON allows it ("\ud800"), and plain UTF-8 refuses to encode one.
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def anchor(text: str, start: int, end: int) -> Anchor:
    """The anchor of `text[start:end]`; raises ValueError where that is no part of the text."""
    if not 0 <= start < end <= len(text):
        raise ValueError(f"[{start}, {end}) is no part of a text of {len(text)} characters")
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Anchor(text_hash(text), start, end, text[start:end], before, after)


def find(anchor: Anchor, text: str) -> AnchorPlace:
    """Where the anchor's words stand in the article's text as it is now.

    >>> made = anchor("It opened in 1931.", 13, 17)
    >>> find(made, "At last: It opened in 1931."), find(made, "Nobody came.").status
    (AnchorPlace(status='moved', start=22, end=26), 'gone')
    """
    # The hash alone would trust the anchor's offsets, which may come from a file.
    if text_hash(text) == anchor.hash and text[anchor.start : anchor.end] == anchor.quote:
        return AnchorPlace("same", anchor.start, anchor.end)
    if places := [place for place in _places(anchor.quote, text) if _whole(anchor, text, place)]:
        return AnchorPlace("moved", *max(places, key=lambda place: _likeness(anchor, text, place)))
    if between := _between(anchor, text):
        return AnchorPlace("changed", *between)
    return AnchorPlace("gone", *_nearest(anchor, text))


def difference(old: str, new: str) -> list[Piece]:
    """What became of a text, word by word: what was kept and removed makes `old`, what was kept and added makes `new`."""
    before, after = _tokens(old), _tokens(new)
    if len(before) * len(after) > _LONGEST:
        return [piece for piece in (_removed(old), _added(new)) if piece[1]]
    pieces: list[Piece] = []
    # Words are compared without the white space behind them, so that a text which was only wrapped anew keeps its words.
    # Without `autojunk`, which would pass over frequent words such as "the" in texts of 200 words and more.
    matcher = SequenceMatcher(None, [word for word, _ in before], [word for word, _ in after], autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            for (word, space), (_, now) in zip(before[i:j], after[k:m], strict=True):
                # Where only the white space changed, the word stays and its space is told as removed and added.
                pieces += [("kept", word + space)] if space == now else [("kept", word), _removed(space), _added(now)]
        else:
            pieces += [_removed(_text(before[i:j])), _added(_text(after[k:m]))]
    return _joined(pieces)


def _places(words: str, text: str) -> list[Span]:
    """Everywhere the words stand in the text, white space aside, also where one place overlaps another."""
    parts = words.split()
    if not parts:
        return []
    # Looked for as what follows a place, so that one found place does not hide another that overlaps it.
    pattern = re.compile("(?=(" + r"\s+".join(map(re.escape, parts)) + "))")
    return [match.span(1) for match in pattern.finditer(text)]


def _whole(anchor: Anchor, text: str, place: Span) -> bool:
    """Whether the words begin and end there as they did: "cost 5" does not stand in "cost 50", nor in "cost 5.5"."""
    start, end = place
    # On booleans, `<=` reads "only if": a word may run on at the seam only if it did so when the anchor was made.
    begins = _runs_on(text[:start][-2:], text[start:end]) <= _runs_on(anchor.before, anchor.quote)
    return begins and _runs_on(text[start:end], text[end : end + 2]) <= _runs_on(anchor.quote, anchor.after)


def _runs_on(left: str, right: str) -> bool:
    """Whether a word or a number goes across the seam."""
    if left[-1:].isalnum() and right[:1].isalnum():
        return True
    # A number goes on over its point or comma: "5" is not the "5" of "5.5".
    return bool(re.search(r"\d[.,]?$", left) and re.match(r"[.,]?\d", right))


def _likeness(anchor: Anchor, text: str, place: Span) -> tuple[int, int]:
    """How much of the words before and after stands there too, in characters; then how near it is to the old place."""
    start, end = place
    # Twice the context is cut, as white space may have grown, and falls away before it is compared.
    before, after = _bare(text[max(0, start - 2 * CONTEXT) : start]), _bare(text[end : end + 2 * CONTEXT])
    # What stands before is compared from its end, where it touches the quotation.
    alike = _common(before[::-1], _bare(anchor.before)[::-1]) + _common(after, _bare(anchor.after))
    return alike, -abs(start - anchor.start)


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _between(anchor: Anchor, text: str) -> Span | None:
    """The other words between the same surroundings; None where these are gone, too short to tell, or stand far apart."""
    # At the edge of an article, or beside a heading of one word, there is too little to recognise.
    if min(len(_bare(anchor.before)), len(_bare(anchor.after))) < _TELLING:
        return None
    ends = [start for start, _ in _places(anchor.after, text)]
    found: list[Span] = []
    for _, start in _places(anchor.before, text):
        # The next place behind this one where the words after it stand.
        at = bisect_right(ends, start)
        if at < len(ends) and ends[at] - start <= _FARTHEST * len(anchor.quote) + _FARTHEST * CONTEXT:
            found.append(_trimmed(text, (start, ends[at])))
    # Where nothing stands between them, the words were cut out.
    found = [(start, end) for start, end in found if start < end]
    return min(found, key=lambda place: abs(place[0] - anchor.start), default=None)


def _nearest(anchor: Anchor, text: str) -> Span:
    """The paragraph that shares most of the quotation's words, a rare word counting for more; among equals the shortest."""
    spans = [_trimmed(text, match.span()) for match in re.finditer(r"[^\n]*\S[^\n]*", text)]
    held = [frozenset(_words(text[start:end])) for start, end in spans]
    wanted = set(_words(anchor.quote))
    # In how many paragraphs each word stands: the fewer, the more it tells.
    spread = Counter(word for words in held for word in words & wanted)
    shares = [sum(1 / spread[word] for word in words & wanted) for words in held]
    best = max(range(len(spans)), key=lambda i: (shares[i], -len(held[i])), default=None)
    return spans[best] if best is not None and shares[best] > 0 else (0, 0)


def _words(text: str) -> Iterator[str]:
    return (word.casefold() for word in _WORD.findall(text))


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


def _bare(text: str) -> str:
    """The text without its white space."""
    return "".join(text.split())


def _tokens(text: str) -> list[tuple[str, str]]:
    """Words and single signs, each with the white space behind it; what stands before the first goes with no word."""
    # The expression also matches the empty text, at the end and before white space that opens a text.
    return [(match[1], match[2]) for match in _TOKEN.finditer(text) if match[0]]


def _text(tokens: Sequence[tuple[str, str]]) -> str:
    return "".join(word + space for word, space in tokens)


def _removed(text: str) -> Piece:
    return "removed", text


def _added(text: str) -> Piece:
    return "added", text


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one kind as one, and of what was changed in one place what was removed before what was added."""
    joined: list[Piece] = []
    for kept, run in groupby(pieces, key=lambda piece: piece[0] == "kept"):
        changes = list(run)
        kinds: tuple[Change, ...] = ("kept",) if kept else ("removed", "added")
        texts = [(kind, "".join(text for change, text in changes if change == kind)) for kind in kinds]
        joined += [piece for piece in texts if piece[1]]
    return joined
