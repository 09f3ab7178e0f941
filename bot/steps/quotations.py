"""Chosen sentences -> quotations that are whole: an announcement with what it announces, a row with its header, a list that was
asked for with all its items; neighbours joined. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.steps.candidates import Candidate, Page, flat
from bot.types import Passage
from vectorstore.blocks import Block
from vectorstore.types import Span

SPECIFIC = 0.2
"""An item that has less than this share of the question's words for itself, beside what its list has in common, is not what was
asked for: the list is."""
MOST_ITEMS = 12
"""The most items or rows in one quotation."""
FEWEST_WORDS = 3
"""A sentence of fewer words ("By accident.") is quoted with the next one of its paragraph."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of an article, its text from `start` to `end`: one sentence or neighbours joined, found by way of `passage`."""

    passage: Passage
    start: int
    end: int
    text: str


@dataclass(slots=True)
class _Run:
    """Neighbours that are quoted as one, from `start` to `end`."""

    first: Candidate
    start: int
    end: int

    @property
    def page(self) -> Page:
        return self.first.page


def quotations(chosen: Sequence[Candidate], found: Sequence[Candidate]) -> tuple[Quotation, ...]:
    """That with the best sentence first, the others article by article in reading order; `found` are all the candidates."""
    rank: dict[str, int] = {}
    for one in chosen:
        rank[one.passage.article] = min(one.passage.n, rank.get(one.passage.article, one.passage.n))
    spans = [_Run(one, *_whole(one, found)) for one in chosen]
    runs: list[_Run] = []
    for run in sorted(spans, key=lambda each: (rank[each.first.passage.article], each.start)):
        if runs and _touches(runs[-1], run):
            runs[-1].end = max(runs[-1].end, run.end)
        else:
            runs.append(run)
    best = chosen[0]
    runs.sort(key=lambda run: not (run.first.page is best.page and run.start <= best.start < run.end))
    return tuple(one for run in runs for one in _quoted(run))


def _touches(run: _Run, after: _Run) -> bool:
    """Whether nothing is left out between two runs, of which the second begins later."""
    if run.first.passage.article != after.first.passage.article or run.page != after.page:
        return False
    return after.start <= run.end or not any(map(str.isalnum, run.page.slice(run.end, after.start)))


def _quoted(run: _Run) -> list[Quotation]:
    """The run, and before it the header of its table where it has none with it."""
    passage, page = run.first.passage, run.page
    spans = [(run.start, run.end)]
    if (header := _header(run.first)) and header[0] < run.start:
        gap = page.slice(header[1], run.start)
        spans = [header, *spans] if any(map(str.isalnum, gap)) else [(header[0], run.end)]
    return [Quotation(passage, start, end, page.slice(start, end)) for start, end in spans]


def _header(one: Candidate) -> Span | None:
    above = next(one.page.outline.leads(one.block), None)
    return one.page.span(above) if above and one.block.kind == "row" and above.kind == "header" else None


def _whole(one: Candidate, found: Sequence[Candidate]) -> Span:
    """The span of a chosen sentence with what it cannot be understood without."""
    if one.block.kind in ("item", "row") and not _specific(one):
        return _listed(one.page, one.page.outline.members(one.block.group), one)
    if one.text.rstrip(" *_").endswith((":", "：")):
        led = [block for block in one.page.outline.blocks if next(one.page.outline.leads(block), None) == one.block]
        if led:
            return (one.start, _listed(one.page, led, one)[1])
    following = next((other for other in found if other.key == (one.passage.n, one.last + 1)), None)
    if len(one.page.outline.words(one.block)) > len(one.text) and len(_telling(one)) < FEWEST_WORDS and following:
        return (one.start, following.end if following.block == one.block else one.end)
    return (one.start, one.end)


def _telling(one: Candidate) -> list[str]:
    """The words of a sentence but the name of its speaker."""
    return re.findall(r"\w+", one.text.removeprefix(one.block.speaker))


def _specific(one: Candidate) -> bool:
    """Whether an item has words of the question that neither most others of its list nor the lines above it have."""
    outline = one.page.outline
    others = [set(flat(outline.words(block))) for block in outline.members(one.block.group) if block != one.block]
    if not others:
        return True
    own = one.has.keys() & set(flat(one.text)) - set(flat(" ".join(one.context)))
    mine = [word for word in own if sum(word in words for words in others) < len(others) / 2]
    return sum(one.has[word] for word in mine) >= SPECIFIC


def _listed(page: Page, members: Sequence[Block], one: Candidate) -> Span:
    """A list or a table from the line before it to its last item, or so many items around the one."""
    at = next((place for place, block in enumerate(members) if page.span(block)[0] >= one.start), 0)
    shown = members[max(0, at + 1 - MOST_ITEMS) :][:MOST_ITEMS]
    start, end = page.span(shown[0])[0], page.span(shown[-1])[1]
    lead = next(page.outline.leads(shown[0]), None)
    if lead and lead.quotable and not any(map(str.isalnum, page.slice(page.span(lead)[1], start))):
        start = page.span(lead)[0]
    return (start, end)
