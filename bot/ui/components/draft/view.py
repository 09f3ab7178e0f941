"""A draft's check as its component draws it. Pure."""

from collections import Counter
from collections.abc import Sequence
from typing import TypedDict

from bot.export.draft import DraftParagraph, paragraphs
from bot.types import Checked, Citation, Status
from bot.ui.components.mounting import ProblemData, problem_data
from bot.ui.draft_check import DraftCheck
from bot.ui.segments import QuotePiece, quote_pieces
from bot.ui.words import word
from bot.verification.differences import differing_words
from bot.verification.verdicts import LEGEND, Line, Tone, explained, line, said, tone


class DraftSentence(TypedDict):
    """What came out for the sentence at the place `at`, from 0; `opens` is false where there is no source to open.

    `quote` are the words that speak for it, `against` those that speak against it, `differing` where in the sentence the words
    stand that differ, in the browser's units (UTF-16).
    """

    at: int
    tone: Tone
    line: Line
    said: str
    reason: str
    meaning: str
    title: str
    quote: list[QuotePiece]
    against: list[QuotePiece]
    differing: list[list[int]]
    opens: bool


class VerdictCount(TypedDict):
    """How many sentences came out in one way."""

    tone: Tone
    text: str


class DraftData(TypedDict):
    """What the component needs to go on from what it has.

    `paragraphs` are None where it has them already; `sentences` go on from the first `first` that came. `left` tells whether
    the check was ended before all were checked, `at` which sentence the reader has just changed (-1: none).
    """

    id: str
    status: str
    stage: str
    total: int
    left: bool
    at: int
    paragraphs: list[DraftParagraph] | None
    first: int
    sentences: list[DraftSentence]
    tallies: list[VerdictCount]
    problem: ProblemData | None


def draft_data(check: DraftCheck, told: int | None) -> DraftData:
    """The check for a browser that was `told` of so many sentences, or has not even the text (None)."""
    # The check's thread goes on meanwhile: each thing is looked at once, and its end first, which comes last.
    status, order, spans = check.status, [*check.order], check.spans
    whole = told is None and spans is not None
    return DraftData(
        id=check.key,
        status=status,
        stage=stage(status, len(order), None if spans is None else len(spans)),
        total=len(spans or ()),
        left=status in ("stopped", "failed") and (spans is None or len(order) < len(spans)),
        at=check.at,
        paragraphs=[*paragraphs(check.text, spans or ())] if whole else None,
        first=told or 0,
        # By the order of arrival, of which the browser has the first `told`.
        sentences=[sentence(at, check.found[at]) for at in order[told or 0 :]],
        tallies=tallies([check.found[at] for at in order]),
        problem=problem_data(check.problem) if check.problem else None,
    )


def told_after(data: DraftData, told: int | None) -> int | None:
    """How many verdicts the browser has once it has the data; None as long as it does not have the text."""
    return None if told is None and data["paragraphs"] is None else data["first"] + len(data["sentences"])


def stage(status: Status, done: int, total: int | None) -> str:
    """How far the check has come, in words; `total` is None as long as the sentences are not known."""
    if total is None:
        return word("draft.reading_the_draft") if status == "running" else word("draft.the_draft_was_not_checked")
    if not total:
        return word("draft.the_draft_holds_no_sentence")
    counted = word("draft.done_of", done=done, count=total)
    match status:
        case "running":
            return counted
        case "done":
            return word("draft.checked", count=total)
        case "stopped":
            return word("draft.stopped", counted=counted)
        case "failed":
            return word("draft.ended_early", counted=counted)


def tallies(found: Sequence[Checked]) -> list[VerdictCount]:
    """The verdicts counted, those that hold first; none that did not come up."""
    counts = Counter(one.verdict for one in found)
    return [
        VerdictCount(tone=told.tone, text=f"{counts[verdict]:,} {told.counted}")
        # The legend begins with the verdicts that hold.
        for verdict, told in LEGEND.items()
        if counts[verdict]
    ]


def sentence(at: int, one: Checked) -> DraftSentence:
    """A checked sentence as its mark and its card tell of it."""
    source = one.source
    return DraftSentence(
        at=at,
        tone=tone(one.verdict),
        line=line(one.verdict),
        # Without any passage nothing was compared, so there is no verdict to tell either.
        said=said(one.verdict) if source else word("draft.no_passage_was_found"),
        reason=source.reason if source else "",
        meaning=explained(one.verdict) if source else "",
        title=", ".join(filter(None, (source.title, source.page))) if source else "",
        # The nearest passage is offered to be read, and its words support nothing.
        quote=_quoted(source) if source and one.verdict != "not found" else [],
        against=_quoted(one.against) if one.against else [],
        differing=_differing(one),
        opens=source is not None,
    )


def _quoted(citation: Citation) -> list[QuotePiece]:
    return quote_pieces(citation.quote, differing_words(citation.reason, "", citation.quote).passage)


def _differing(one: Checked) -> list[list[int]]:
    """Where the words stand in the sentence that its source lacks or has otherwise, or that what speaks against it has so."""
    reasons = [citation.reason for citation in (one.source, one.against) if citation]
    # Only where the sentence is underlined: a verdict that holds has no words that differ.
    found = {span for reason in reasons for span in differing_words(reason, one.text, "").claim} if line(one.verdict) else set()
    # JavaScript counts UTF-16 units: an emoji before a word moves its place by one.
    return [[_units(one.text[:start]), _units(one.text[:end])] for start, end in sorted(found)]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
