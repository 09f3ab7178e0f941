"""A draft's check as its component draws it. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypedDict

from bot.types import Checked
from bot.ui.checking import Check
from bot.ui.components.words import ProblemData, problem_data
from bot.verdicts import LEGEND, Line, Tone, line, said, tone
from vectorstore.types import Span

_NONE = (0, (0, 0))
"""What stands for the next sentence where there is no more."""


class Run(TypedDict):
    """Running text that is passed over, or (`n` above 0) a sentence and its number."""

    text: str
    n: int


class Paragraph(TypedDict):
    """A run of lines of the draft, to the letter."""

    heading: bool
    runs: list[Run]


class Sentence(TypedDict):
    """What came out for a sentence; `opens` is false where there is no source to open."""

    tone: Tone
    line: Line
    said: str
    reason: str
    title: str
    quote: str
    opens: bool


class Tally(TypedDict):
    """How many sentences came out in one way."""

    tone: Tone
    text: str


class DraftData(TypedDict):
    """What the component needs to go on from what it has.

    `paragraphs` are None where it has them already; `sentences` follow one another from the number `first` (from 0).
    """

    id: str
    status: str
    stage: str
    total: int
    paragraphs: list[Paragraph] | None
    first: int
    sentences: list[Sentence]
    tallies: list[Tally]
    problem: ProblemData | None


def draft_data(check: Check, told: int | None) -> DraftData:
    """The check for a browser that was `told` of so many sentences, or has not even the text (None)."""
    whole = told is None and check.spans is not None
    return DraftData(
        id=check.id,
        status=check.status,
        stage=stage(check),
        total=len(check.spans or ()),
        paragraphs=[*paragraphs(check.text, check.spans or ())] if whole else None,
        first=told or 0,
        sentences=[sentence(one) for one in check.found[told or 0 :]],
        tallies=tallies(check.found),
        problem=problem_data(check.problem) if check.problem else None,
    )


def stage(check: Check) -> str:
    """How far the check has come, in words."""
    if check.spans is None:
        return "Reading the draft" if check.status == "running" else "The draft was not checked."
    done, total = len(check.found), len(check.spans)
    if not total:
        return "The draft holds no sentence that states anything."
    counted = f"{done:,} of {total:,} sentence{'' if total == 1 else 's'}"
    match check.status:
        case "running":
            return counted
        case "done":
            return f"{total:,} sentence{'' if total == 1 else 's'} checked"
        case "stopped":
            return f"Stopped: {counted} checked"
        case "failed":
            return f"Ended early: {counted} checked"


def tallies(found: Sequence[Checked]) -> list[Tally]:
    """The verdicts counted, those that hold first; none that did not come up."""
    counts = Counter(one.verdict for one in found)
    return [
        Tally(tone=told.tone, text=f"{counts[verdict]:,} {told.counted}") for verdict, told in LEGEND.items() if counts[verdict]
    ]


def sentence(one: Checked) -> Sentence:
    """A checked sentence as its mark and its card tell of it."""
    source = one.source
    return Sentence(
        tone=tone(one.verdict),
        line=line(one.verdict),
        said=said(one.verdict) if source else "No passage was found for it",
        reason=source.reason if source else "",
        title=source.title if source else "",
        quote=source.quote if source and one.verdict != "not found" else "",
        opens=source is not None,
    )


def paragraphs(text: str, spans: Sequence[Span]) -> Iterator[Paragraph]:
    """The text cut at its blank lines and around its sentences; nothing is left out but the white space in between."""
    numbered = iter(enumerate(spans, 1))
    n, (start, end) = next(numbered, _NONE)
    at = 0
    for left, right in _blocks(text):
        runs, at = [], max(at, left)
        while n and start < right:
            runs += [Run(text=text[at:start], n=0), Run(text=text[start:end], n=n)]
            at = end
            n, (start, end) = next(numbered, _NONE)
        runs.append(Run(text=text[at:right], n=0))
        yield Paragraph(heading=text.startswith("#", left), runs=[run for run in runs if run["text"]])


def _blocks(text: str) -> Iterator[Span]:
    """Runs of lines with no blank line between them, without the line end of the last."""
    first = at = 0
    for one in [*text.split("\n"), ""]:
        if not one.strip():
            if text[first:at].strip():
                yield first, at - 1
            first = at + len(one) + 1
        at += len(one) + 1
