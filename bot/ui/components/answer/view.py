"""An exchange as the answer component draws it. Pure."""

import re
from collections.abc import Iterator
from typing import Literal, TypedDict

from bot.types import Citation
from bot.ui.components.verdicts import Tone, said, tone
from bot.ui.components.words import Piece, ProblemData, pieces, problem_data
from bot.ui.exchange import MARKER, Exchange, searched_as_typed, searched_for

ParagraphKind = Literal["text", "lead", "quote"]


class Run(TypedDict):
    """Running text, or (`n` above 0) the chip of a footnote in it."""

    text: str
    n: int


class Paragraph(TypedDict):
    """One line of the answer's text."""

    kind: ParagraphKind
    runs: list[Run]


class Card(TypedDict):
    """What a chip shows when it is pointed at; `opens` is false where there is nothing to open."""

    title: str
    byline: str
    quote: str
    verdict: str
    said: str
    tone: Tone
    label: str
    opens: bool


class AnswerData(TypedDict):
    """Everything that the answer component needs to draw one exchange.

    `searched` is the search as the reader may edit it, "" while it is not known; `as_typed` says that it tells nothing new,
    `own` that it is in the reader's words. `kept` tells of the scope.
    """

    id: str
    question: str
    searched: str
    as_typed: bool
    own: bool
    kept: str
    status: str
    stage: str
    abstained: bool
    paragraphs: list[Paragraph]
    cards: dict[str, Card]
    notices: list[list[Piece]]
    problem: ProblemData | None


def answer_data(exchange: Exchange, quotes: bool) -> AnswerData:
    """The exchange for the browser; `quotes` says whether its text is quotations word for word."""
    paragraphs = [*_paragraphs(exchange, quotes)]
    used = {run["n"] for paragraph in paragraphs for run in paragraph["runs"] if run["n"]}
    return AnswerData(
        id=exchange.id,
        question=exchange.question,
        searched=searched_for(exchange),
        as_typed=searched_as_typed(exchange),
        own=bool(exchange.wanted),
        kept=" · ".join(exchange.kept),
        status=exchange.status,
        stage=_stage(exchange),
        abstained=exchange.abstained,
        paragraphs=paragraphs,
        cards={str(n): _card(exchange, n) for n in sorted(used)},
        notices=[pieces(text) for text in exchange.notices],
        problem=problem_data(exchange.problem) if exchange.problem else None,
    )


def _stage(exchange: Exchange) -> str:
    if exchange.status != "running":
        return ""
    if not exchange.searched:
        return "Searching the articles"
    count = len(exchange.passages)
    return "Writing" if exchange.text else f"Reading {count} passage{'' if count == 1 else 's'}"


def _paragraphs(exchange: Exchange, quotes: bool) -> Iterator[Paragraph]:
    if not quotes or exchange.abstained:
        yield from _lines(exchange.text, quotes=False)
        return
    at = 0
    # The words of a quotation are known, so a "[3]" inside them is never taken for a footnote.
    for citation in sorted(exchange.citations, key=lambda one: one.n):
        found = re.compile(rf"(“?{re.escape(citation.quote)}”? ?)\[{citation.n}\]").search(exchange.text, at)
        if found:
            yield from _lines(exchange.text[at : found.start()], quotes=True)
            yield Paragraph(kind="quote", runs=[Run(text=found[1], n=0), Run(text=str(citation.n), n=citation.n)])
            at = found.end()
    yield from _lines(exchange.text[at:], quotes=True)


def _lines(text: str, quotes: bool) -> Iterator[Paragraph]:
    for line in text.split("\n"):
        if line.strip():
            yield Paragraph(kind=_kind(line.strip(), quotes), runs=[*_runs(line.strip())])


def _kind(line: str, quotes: bool) -> ParagraphKind:
    if not quotes:
        return "text"
    # By its first character alone: a line must not change its look while it streams in.
    return "quote" if line[0] == "“" else "lead"


def _runs(line: str) -> Iterator[Run]:
    at = 0
    for match in MARKER.finditer(line):
        if text := line[at : match.start()]:
            yield Run(text=text, n=0)
        yield Run(text=match[1], n=int(match[1])) if int(match[1]) else Run(text=match[0], n=0)
        at = match.end()
    if text := line[at:]:
        yield Run(text=text, n=0)


def _card(exchange: Exchange, n: int) -> Card:
    citation = exchange.citation(n)
    if citation is None:
        return _nothing(exchange, n)
    return Card(
        title=citation.title,
        byline=_byline(exchange, citation),
        quote=citation.quote,
        verdict=citation.verdict or "",
        said=said(citation.verdict),
        tone=tone(citation.verdict),
        label=f"Footnote {n}: {citation.title}, {citation.verdict or 'being checked'}",
        opens=bool(citation.article),
    )


def _nothing(exchange: Exchange, n: int) -> Card:
    """The card of a marker that no footnote stands behind: it is never shown as if it were one."""
    waits = exchange.status == "running"
    return Card(
        title="",
        byline="",
        quote="",
        verdict="" if waits else "no such passage",
        said=said(None) if waits else "The answer names a footnote that does not exist.",
        tone="pending" if waits else "bad",
        label=f"Footnote {n}: being checked" if waits else f"Footnote {n}: no such passage",
        opens=False,
    )


def _byline(exchange: Exchange, citation: Citation) -> str:
    passage = next((one for one in exchange.passages if one.article == citation.article), None)
    return " · ".join(part for part in (passage.author, passage.date) if part) if passage else ""
