"""Chosen sentences -> quotations that are whole: an announcement with what it announces, a row with its header, a list that was
asked for with all its items; neighbours joined. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.steps.candidates import Candidate, Page, flat
from bot.types import Passage
from vectorstore.splitting.blocks import TextBlock
from vectorstore.types import Span

SPECIFIC = 0.2
"""An item that has less than this share of the question's words for itself, beside what its list has in common, is not what was
asked for: the list is."""
MOST_ITEMS = 12
"""The most items or rows in one quotation."""
FEWEST_WORDS, ECHO = 3, 4
"""A sentence of fewer words ("By accident.") is quoted with the next one of its paragraph; and one that repeats at least so
many words of the question and has fewer others ("He sees one great difference between the races."): it announces the answer."""
LONGEST_SECTION = 1200
"""The most characters that are quoted of a section where a list is asked for."""
NAMED = 0.6
"""The share of the question's words that a heading must have for its section to be the list that is asked for."""


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


def quotations(chosen: Sequence[Candidate], found: Sequence[Candidate], listing: bool = False) -> tuple[Quotation, ...]:
    """That with the best sentence first, the others article by article in reading order; `found` are all the candidates.

    `listing` says that the question asks for all of something.
    """
    rank: dict[str, int] = {}
    for one in chosen:
        rank[one.passage.article] = min(one.passage.n, rank.get(one.passage.article, one.passage.n))
    spans = [_Run(one, *_whole(one, found, listing)) for one in chosen]
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


def _whole(one: Candidate, found: Sequence[Candidate], listing: bool) -> Span:
    """The span of a chosen sentence with what it cannot be understood without."""
    if one.block.kind in ("item", "row") and not _specific(one):
        return _listed(one.page, one.page.outline.members(one.block.group), one)
    if one.text.rstrip(" *_").endswith((":", "：")):
        led = [block for block in one.page.outline.blocks if next(one.page.outline.leads(block), None) == one.block]
        if led:
            return (one.start, _listed(one.page, led, one)[1])
    if listing and (section := section_of(one)):
        return section
    following = next((other for other in found if other.key == (one.passage.n, one.last + 1)), None)
    goes_on = following is not None and following.block == one.block and _says_little(one)
    return (one.start, following.end if following and goes_on else one.end)


def _says_little(one: Candidate) -> bool:
    """Whether a sentence is a fragment, the name of its speaker apart, or says hardly more than the question."""
    text = one.text.removeprefix(one.block.speaker)
    telling = set(flat(text, stop=True))
    repeated = telling & one.has.keys()
    return len(flat(text)) < FEWEST_WORDS or (len(repeated) >= ECHO and len(telling - repeated) < FEWEST_WORDS)


def section_of(one: Candidate) -> Span | None:
    """What stands under the heading of a sentence, at most `LONGEST_SECTION`, where the heading names what is asked for."""
    outline = one.page.outline
    above = next(outline.headings(one.block), None)
    named = set(flat(outline.words(above))) if above else set[str]()
    if sum(weight for word, weight in one.has.items() if word in named) < NAMED:
        return None
    spans = [one.page.span(block) for block in outline.blocks if block.quotable and block.heading == one.block.heading]
    ends = [end for _, end in spans if end - spans[0][0] <= LONGEST_SECTION]
    return (spans[0][0], ends[-1]) if ends and ends[-1] >= one.end else None


def _specific(one: Candidate) -> bool:
    """Whether an item has words of the question that neither most others of its list nor the lines above it have."""
    outline = one.page.outline
    others = [set(flat(outline.words(block))) for block in outline.members(one.block.group) if block != one.block]
    if not others:
        return True
    own = one.has.keys() & set(flat(one.text)) - set(flat(" ".join(one.context)))
    mine = [word for word in own if sum(word in words for words in others) < len(others) / 2]
    return sum(one.has[word] for word in mine) >= SPECIFIC


def _listed(page: Page, members: Sequence[TextBlock], one: Candidate) -> Span:
    """A list or a table from the line before it to its last item, or so many items around the one."""
    at = next((place for place, block in enumerate(members) if page.span(block)[0] >= one.start), 0)
    shown = members[max(0, at + 1 - MOST_ITEMS) :][:MOST_ITEMS]
    start, end = page.span(shown[0])[0], page.span(shown[-1])[1]
    lead = next(page.outline.leads(shown[0]), None)
    if lead and lead.quotable and not any(map(str.isalnum, page.slice(page.span(lead)[1], start))):
        start = page.span(lead)[0]
    return (start, end)
