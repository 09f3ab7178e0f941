"""An answer's text as lines of runs: words, the chips of footnotes, the marks of claims. Pure.

The browser only strings the runs together. So a model's Markdown is never markup there: its lists and emphasis become kinds and
styles of our own, and everything else, links and images among them, stays text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypedDict

from bot.answering.cited import markers
from bot.types import Answer, Citation, Claim
from bot.ui.segments import differing_in_claims
from bot.ui.words import word
from bot.verification.verdicts import OPINIONS, line
from vectorstore.types import Span

ParagraphKind = Literal["text", "lead", "quote", "item", "heading"]
RunKind = Literal["text", "bullet", "chip", "mark", "number", "note"]
DEEPEST = 3

_ITEM = re.compile(r"([ \t]*)(?:[-*+•]|(\d{1,3}[.)]))[ \t]+(?=\S)")
_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]+(?=\S)")
_EMPHASIS = (
    ("strong", re.compile(r"(\*\*)(?=[^\s*])(.+?)(?<=\S)\*\*")),
    ("em", re.compile(r"(?<![\w*])(\*)(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![\w*])")),
    ("em", re.compile(r"(?<![\w_])(_)(?=[^\s_])([^_\n]+?)(?<=\S)_(?![\w_])")),
)
# What may still become emphasis while the text is coming in.
_OPEN = (
    ("strong", re.compile(r"(?<!\*)(\*\*)(?=[^\s*])(?!.*\*\*)")),
    ("em", re.compile(r"(?<![\w*])(\*)(?=[^\s*])(?!.*\*)")),
    ("", re.compile(r"(\*{1,3})$")),
)


class Inline(TypedDict):
    """Running text in a style (class names, "" for none); a chip or a mark has the key of its card.

    A number is a chip that opens nothing, a note a word of ours about what stands before it.
    """

    kind: RunKind
    text: str
    style: str
    card: str


class Paragraph(TypedDict):
    """One line of the answer's text; `depth` is how far an item of a list is set in."""

    kind: ParagraphKind
    depth: int
    runs: list[Inline]


@dataclass(frozen=True, slots=True)
class Pin:
    """Something to press within the text: in the place of its span, which is empty for what no words stand for."""

    span: Span
    run: Inline


@dataclass(frozen=True, slots=True)
class _Laid:
    """A whole text with what is to be seen in it."""

    text: str
    pins: Sequence[Pin]
    hidden: Sequence[Span]
    styles: Sequence[tuple[Span, str]]


def chip(at: int, citation: Citation) -> Inline:
    """The chip of the footnote `at`, which shows its number; one that the model did not give has a look of its own."""
    return Inline(kind="chip", text=str(citation.n), style="found" if citation.found else "", card=f"c{at}")


def paragraphs(answer: Answer) -> list[Paragraph]:
    """The answer's text, as far as it has come."""
    if answer.mode == "quotes" and not answer.abstained:
        return _quoted(answer.text, answer.citations)
    return _written(answer, () if answer.mode == "quotes" else answer.claims)


def _written(answer: Answer, claims: Sequence[Claim]) -> list[Paragraph]:
    """A model's text; claims that do not hold are underlined, and what can be pressed for that follows them."""
    text, running = answer.text, answer.status == "running"
    chips = [Pin((start, end), chip(at, answer.citations[at])) for start, end, at in markers(answer)]
    pins = sorted([*chips, *_marks(text, claims, chips)], key=lambda pin: pin.span)
    lines: list[tuple[Span, str]] = [((claim.start, claim.end), drawn) for claim in claims if (drawn := line(claim.verdict))]
    lines += [(span, "differs") for span in differing_in_claims(answer)]
    found, at = list[Paragraph](), 0
    for one in text.split("\n"):
        if one.strip():
            last = running and at + len(one) == len(text)
            found.append(_paragraph(text, (at, at + len(one)), pins, lines, last))
        at += len(one) + 1
    return found


def unpressed(paragraphs: Sequence[Paragraph], notes: Mapping[int, Inline]) -> list[Paragraph]:
    """The same text with nothing to press in it, and a note behind some of its footnotes, by their places (from 0)."""
    behind = {f"c{at}": note for at, note in notes.items()}
    return [Paragraph(kind=one["kind"], depth=one["depth"], runs=[*_unpressed(one["runs"], behind)]) for one in paragraphs]


def _unpressed(runs: Sequence[Inline], notes: Mapping[str, Inline]) -> Iterator[Inline]:
    for run in runs:
        if run["kind"] == "chip":
            yield Inline(kind="number", text=run["text"], style="", card="")
            yield from filter(None, [notes.get(run["card"])])
        elif run["kind"] != "mark":
            yield run


def _marks(text: str, claims: Sequence[Claim], chips: Sequence[Pin]) -> Iterator[Pin]:
    """Behind each claim that cites nothing, or that has a better source or a model's opinion: behind its footnotes."""
    for at, claim in enumerate(claims):
        end = claims[at + 1].start if at + 1 < len(claims) else len(text)
        place = max([claim.end, *(pin.span[1] for pin in chips if claim.start <= pin.span[0] < end)])
        if claim.verdict == "uncited" or claim.better is not None:
            said = word("answer.no_source_for_a_claim") if claim.verdict == "uncited" else word("answer.better_source")
            yield Pin((place, place), Inline(kind="mark", text=said, style="", card=f"m{at}"))
        if claim.opinion is not None:
            yield Pin((place, place), Inline(kind="mark", text=OPINIONS[claim.opinion.says][0], style="opinion", card=f"o{at}"))


def _paragraph(text: str, span: Span, pins: Sequence[Pin], lines: Sequence[tuple[Span, str]], last: bool) -> Paragraph:
    start, end = span[0], span[0] + len(text[slice(*span)].rstrip())
    item, heading = _ITEM.match(text, start, end), _HEADING.match(text, start, end)
    before = item or heading
    start = before.end() if before else start + len(text[start:end]) - len(text[start:end].lstrip())
    hidden, styles = _emphasis(text, start, end, last)
    inside = [pin for pin in pins if start <= pin.span[0] <= end and (pin.span[1] <= end)]
    runs = [*_runs(_Laid(text, inside, hidden, [*styles, *lines]), start, end)]
    if item:
        runs.insert(0, Inline(kind="bullet", text=item[2] or "•", style="", card=""))
    depth = min(len(item[1].expandtabs(4)) // 2, DEEPEST) if item else 0
    return Paragraph(kind="item" if item else "heading" if heading else "text", depth=depth, runs=runs)


def _emphasis(text: str, start: int, end: int, last: bool) -> tuple[list[Span], list[tuple[Span, str]]]:
    """The marks of emphasis, which are not shown, and what stands between them."""
    hidden, styles = list[Span](), list[tuple[Span, str]]()
    for style, pattern in _EMPHASIS:
        for match in pattern.finditer(text, start, end):
            hidden += [match.span(1), (match.end(2), match.end())]
            styles.append((match.span(2), style))
    for style, pattern in _OPEN if last else ():
        begun = pattern.search(text, start, end)
        if begun and not any(left <= begun.start() < right for left, right in hidden):
            hidden.append(begun.span(1))
            styles.append(((begun.end(), end), style))
    return hidden, styles


def _runs(laid: _Laid, start: int, end: int) -> Iterator[Inline]:
    edges = [edge for span, _ in laid.styles for edge in span]
    edges += [edge for span in [*laid.hidden, *(pin.span for pin in laid.pins)] for edge in span]
    cuts = sorted({start, end, *(edge for edge in edges if start < edge < end)})
    for left, right in pairwise(cuts):
        yield from (pin.run for pin in laid.pins if pin.span == (left, left))
        if pin := next((pin for pin in laid.pins if pin.span[0] <= left and right <= pin.span[1]), None):
            if left == pin.span[0]:
                yield pin.run
        elif not any(one[0] <= left and right <= one[1] for one in laid.hidden):
            style = " ".join(
                dict.fromkeys(style for span, style in laid.styles if style and span[0] <= left and right <= span[1])
            )
            yield Inline(kind="text", text=laid.text[left:right], style=style, card="")
    yield from (pin.run for pin in laid.pins if pin.span == (end, end))


def _quoted(text: str, citations: Sequence[Citation]) -> list[Paragraph]:
    """An answer made of quotations, each with its chip."""
    found, at = list[Paragraph](), 0
    for place, citation in enumerate(citations):
        # The words of a quotation are known, so a "[3]" inside them is never taken for a footnote. A row about an article
        # carries the footnote of words that it does not repeat.
        marker = rf"\[{citation.n}\]"
        match = re.compile(rf"(“?{re.escape(citation.quote)}”? ?){marker}").search(text, at)
        row = None if match else re.compile(rf"([^\n]+? ?){marker}(?=\n|$)").search(text, at)
        if pinned := match or row:
            found += _plain(text[at : pinned.start()])
            run, pin = Inline(kind="text", text=pinned[1], style="", card=""), chip(place, citation)
            bullet = Inline(kind="bullet", text="•", style="", card="")
            found.append(_quotation(run, pin) if match else Paragraph(kind="item", depth=0, runs=[bullet, run, pin]))
            at = pinned.end()
    return found + _plain(text[at:])


def _plain(text: str) -> list[Paragraph]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    runs = [Inline(kind="text", text=line, style="", card="") for line in lines]
    # By its first character alone: a line must not change its look while it streams in.
    return [_quotation(run) if run["text"][0] == "“" else Paragraph(kind="lead", depth=0, runs=[run]) for run in runs]


def _quotation(*runs: Inline) -> Paragraph:
    return Paragraph(kind="quote", depth=0, runs=[*runs])
