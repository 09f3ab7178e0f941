"""An answer's text as lines of runs: words, the chips of footnotes, the marks of claims. Pure.

The browser only strings the runs together. So a model's Markdown is never markup there: its tables, lists and emphasis become
kinds and styles of our own (`answer_markdown` reads them), and everything else, links and images among them, stays text.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypedDict

from bot.answering.answer_markdown import DrawnLine, answer_lines
from bot.answering.cited import markers
from bot.answering.source_list import begins_sources
from bot.types import Answer, Citation, Claim
from bot.ui.words import word
from bot.verification.verdicts import OPINIONS, line
from vectorstore.types import Span

ParagraphKind = Literal["text", "lead", "quote", "item", "heading", "quotation", "code", "header", "cell", "rule"]
RunKind = Literal["text", "bullet", "chip", "mark", "number", "note"]
# Levels by which an item is set in; lines.css has a rule for each.
DEEPEST = 3

_LISTED = re.compile(r"\[(\d{1,3})\]")
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
    """One line of the answer's text, or a cell: `row` is the same for all cells of a row, and 0 for what is none.

    `depth` is how far an item of a list is set in.
    """

    kind: ParagraphKind
    depth: int
    row: int
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
    # An abstention is written by Footnote in both modes; made by quoting, it has no claims that were judged.
    return _written(answer, () if answer.mode == "quotes" else answer.claims)


def _written(answer: Answer, claims: Sequence[Claim]) -> list[Paragraph]:
    """A model's text; claims that do not hold are underlined, and what can be pressed for that follows them."""
    text, running = answer.text, answer.status == "running"
    shown = answer_lines(text, running=running)
    chips = [Pin((start, end), chip(at, answer.citations[at])) for start, end, at in markers(answer)]
    # A list of sources belongs to no claim: what follows a claim stands before it.
    listed = _listed(answer, shown, {pin.span[0] for pin in chips})
    pins = sorted([*chips, *_marks(text, claims, chips), *listed], key=lambda pin: pin.span)
    # Claims follow one another and do not overlap.
    underlined = [((claim.start, claim.end), drawn) for claim in claims if (drawn := line(claim.verdict))]
    # Each line takes the pins up to the next one, so that none is lost between two of them.
    # Sorted, so that each line finds its pins and claims by bisection: an answer of thousands of lines is drawn a dozen times a
    # second.
    starts, begins = [one.start for one in shown], [span[0] for span, _ in underlined]
    taken = [max(bisect_right(starts, pin.span[0]) - 1, 0) for pin in pins]
    found = list[Paragraph]()
    for at, one in enumerate(shown):
        own = pins[bisect_left(taken, at) : bisect_right(taken, at)]
        low, high = max(bisect_right(begins, one.start) - 1, 0), bisect_left(begins, one.end)
        # The line that is still growing, in which emphasis may be open.
        last = running and at == len(shown) - 1 and one.end >= len(text)
        found.append(_paragraph(text, one, own, underlined[low:high], last))
    return found


def _listed(answer: Answer, shown: Sequence[DrawnLine], cited: set[int]) -> Iterator[Pin]:
    """The numbers of a list of sources, each as the chip of the first footnote with that number."""
    # Reversed, so that of several footnotes with one number the first stays in the dictionary.
    first = {citation.n: at for at, citation in reversed([*enumerate(answer.citations)])}
    for one in shown if answer.markers else ():
        words = answer.text[one.start : one.end]
        # "Sources: [1] Ice, [2] Rain" on one line, or a line for each that begins with its number.
        found = _LISTED.finditer(words) if begins_sources(words) else filter(None, [_LISTED.match(words)])
        for match in found if one.kind != "code" else ():
            at = first.get(int(match[1]))
            if at is not None and one.start + match.start() not in cited:
                yield Pin((one.start + match.start(), one.start + match.end()), chip(at, answer.citations[at]))


def with_runs(paragraph: Paragraph, runs: Iterator[Inline]) -> Paragraph:
    """The paragraph with other runs in it."""
    return Paragraph(kind=paragraph["kind"], depth=paragraph["depth"], row=paragraph["row"], runs=[*runs])


def unpressed(paragraphs: Sequence[Paragraph], notes: Mapping[int, Inline]) -> list[Paragraph]:
    """The same text with nothing to press in it, and a note behind some of its footnotes, by their places (from 0)."""
    behind = {f"c{at}": note for at, note in notes.items()}
    return [with_runs(one, _unpressed(one["runs"], behind)) for one in paragraphs]


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
        # A claim's footnotes may stand behind its full stop, up to where the next claim begins.
        place = max([claim.end, *(pin.span[1] for pin in chips if claim.start <= pin.span[0] < end)])
        if claim.verdict == "uncited" or claim.better is not None:
            said = word("answer.no_source_for_a_claim") if claim.verdict == "uncited" else word("answer.better_source")
            yield Pin((place, place), Inline(kind="mark", text=said, style="", card=f"m{at}"))
        if claim.opinion is not None:
            yield Pin((place, place), Inline(kind="mark", text=OPINIONS[claim.opinion.says][0], style="opinion", card=f"o{at}"))


def _paragraph(text: str, one: DrawnLine, pins: Sequence[Pin], underlined: Sequence[tuple[Span, str]], last: bool) -> Paragraph:
    # The fences of code are not drawn, so its line ends with its last run.
    start, end = one.start, max([one.end if one.kind != "code" else one.start, *(run.end for run in one.runs)])
    shown = [(run.start, run.end) for run in one.runs]
    # What lies between two runs, such as the signs of Markdown.
    hidden = [(left[1], right[0]) for left, right in pairwise([(start, start), *shown, (end, end)]) if left[1] < right[0]]
    styles = list[tuple[Span, str]](((run.start, run.end), style) for run in one.runs for style in run.styles)
    if last and one.kind != "code":
        for style, pattern in _OPEN:
            begun = pattern.search(text, start, end)
            # Only in what is drawn: "**" within code, or in an address, begins nothing.
            if begun and any(left <= begun.start() < right for left, right in shown):
                hidden.append(begun.span(1))
                styles.append(((begun.end(), end), style))
    # A claim's mark may belong behind what is not drawn, as the bar at the end of a row.
    inside = [Pin((min(pin.span[0], end), min(pin.span[1], end)), pin.run) for pin in pins]
    over = [found for found in underlined if found[0][0] < end and start < found[0][1]]
    runs = [*_runs(_Laid(text, inside, hidden, [*styles, *over]), start, end)]
    if one.sign:
        runs.insert(0, Inline(kind="bullet", text=one.sign, style="", card=""))
    return Paragraph(kind=one.kind, depth=min(one.depth, DEEPEST), row=one.row, runs=runs)


def _runs(laid: _Laid, start: int, end: int) -> Iterator[Inline]:
    # Every edge of a style, a pin or something hidden: between two neighbouring ones all characters look alike.
    edges = [edge for span, _ in laid.styles for edge in span]
    edges += [edge for span in [*laid.hidden, *(pin.span for pin in laid.pins)] for edge in span]
    cuts = sorted({start, end, *(edge for edge in edges if start < edge < end)})
    for left, right in pairwise(cuts):
        # Pins without words of their own, as the mark behind a claim.
        yield from (pin.run for pin in laid.pins if pin.span == (left, left))
        if pin := next((pin for pin in laid.pins if pin.span[0] <= left and right <= pin.span[1]), None):
            # Drawn once, at its first piece: a style may cut a chip's "[12]" in two.
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
        # From `at` on, as two quotations may have the same words.
        match = re.compile(rf"(“?{re.escape(citation.quote)}”? ?){marker}").search(text, at)
        row = None if match else re.compile(rf"([^\n]+? ?){marker}(?=\n|$)").search(text, at)
        if pinned := match or row:
            found += _plain(text[at : pinned.start()])
            run, pin = Inline(kind="text", text=pinned[1], style="", card=""), chip(place, citation)
            bullet = Inline(kind="bullet", text="•", style="", card="")
            found.append(_quotation(run, pin) if match else Paragraph(kind="item", depth=0, row=0, runs=[bullet, run, pin]))
            at = pinned.end()
    return found + _plain(text[at:])


def _plain(text: str) -> list[Paragraph]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    runs = [Inline(kind="text", text=line, style="", card="") for line in lines]
    # By its first character alone: a line must not change its look while it streams in.
    return [_quotation(run) if run["text"][0] == "“" else Paragraph(kind="lead", depth=0, row=0, runs=[run]) for run in runs]


def _quotation(*runs: Inline) -> Paragraph:
    return Paragraph(kind="quote", depth=0, row=0, runs=[*runs])
