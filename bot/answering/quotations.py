"""Passages -> the sentences that may be quoted, each with its context; the chosen ones -> quotations that are whole. Pure.

A sentence is judged together with what a reader has read before it: the headings above it, the question that it answers, the
line before its list, the header of its table. What says nothing by itself (headings, questions, lists of links) is context and
no more. What is quoted is whole: an announcement comes with what it announces, a row with its header, a list that was asked
for with all its items; neighbours are joined.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from bot.types import Passage
from vectorstore.searching.folding import folded_words
from vectorstore.splitting.blocks import ArticleBlock, Outline
from vectorstore.splitting.language import ENGLISH
from vectorstore.splitting.outline import outline
from vectorstore.splitting.sentences import part_around
from vectorstore.types import Hit, Span

BEFORE = 0.25
"""What a word of the turns before counts beside one of the question's own."""
CONTEXT = 0.5
"""What the context of a sentence counts beside the sentence itself."""
ASKED = 1.0
"""What a question counts for the sentence right after it, which answers it."""
WHOLE, AROUND = 200_000, 20_000
"""Characters of an article that are read for what stands around a passage: all of one that has at most so many, and of a longer
one so many before and after it. A megabyte takes a second, which whoever asks would wait for."""

_WORD = re.compile(r"\w")

TextOf = Callable[[str], str | None]
"""An article's id -> its text; None where it is not to be had."""


@dataclass(frozen=True, slots=True)
class PlacedOutline:
    """The outline of what is known of an article's text, which begins at `shift` in the article."""

    outline: Outline
    shift: int = 0

    def at(self, offset: int) -> ArticleBlock | None:
        """The block at an offset of the article."""
        return self.outline.at(offset - self.shift)

    def span(self, block: ArticleBlock) -> Span:
        """A block's span in the article."""
        return (block.start + self.shift, block.end + self.shift)

    def slice(self, start: int, end: int) -> str:
        """The article's text between two of its offsets."""
        return self.outline.text[start - self.shift : end - self.shift]


@dataclass(frozen=True, slots=True)
class CandidateSentence:
    """A sentence or a table's row, [start, end) of the article, in the passage's sentences from `first` to `last`.

    `evidence` and `words` (late interaction, and the weighted share of the question's words) are of the sentence alone,
    `read_evidence` and `read_words` of the sentence with its context, which `context` has as text, the furthest first.
    """

    passage: Passage
    first: int
    last: int
    start: int
    end: int
    text: str
    evidence: float
    page: PlacedOutline = field(compare=False, repr=False)
    block: ArticleBlock
    context: tuple[str, ...] = ()
    weight: float = CONTEXT
    read_evidence: float = 0.0
    words: float = 0.0
    read_words: float = 0.0
    has: Mapping[str, float] = field(default_factory=dict, compare=False)
    """What each of the question's words counts that stand in the sentence or its context, as shares of the whole."""

    @property
    def key(self) -> tuple[int, int]:
        """The rank of its passage and its place in it."""
        return (self.passage.n, self.first)

    @property
    def foreign(self) -> bool:
        """Whether it stands in an article in another language than English."""
        return self.passage.language not in ("", ENGLISH)


def candidate_sentences(
    question: str, before: str, passages: Sequence[Passage], text_of: TextOf | None = None
) -> list[CandidateSentence]:
    """The sentences of the passages that say something; `before` is what a follow-up leans on."""
    # The right side of "|" wins: a word that both have counts as one of the question's own.
    wanted = dict.fromkeys(folded_words(before, stop=True), BEFORE) | dict.fromkeys(folded_words(question, stop=True), 1.0)
    found = [one for passage in passages for one in _sentences(passage, _page(passage, text_of))]
    inside = [wanted.keys() & set(folded_words(one.text)) for one in found]
    weights = _weights(wanted, inside)
    # Shares, so that a question of two words and one of twenty are compared alike.
    whole = sum(weights.values()) or 1.0
    weights = {word: weight / whole for word, weight in weights.items()}
    return [_worded(one, words, weights) for one, words in zip(found, inside, strict=True)]


def _worded(one: CandidateSentence, words: set[str], weights: Mapping[str, float]) -> CandidateSentence:
    """The candidate with what it has of the question's words."""
    around = weights.keys() & set(folded_words(" ".join(one.context)))
    share = sum(weights[word] for word in words)
    # A word that the sentence has itself is not counted again for its heading.
    read = share + one.weight * sum(weights[word] for word in around - words)
    has = {word: weights[word] for word in words | around}
    return replace(one, words=share, read_words=read, has=has)


def only_leads_elsewhere(found: Hit | Passage, text_of: TextOf | None = None) -> bool:
    """Whether a passage is a list of links or of contents, with nothing in it that may be quoted."""
    page = _page(found, text_of)
    blocks = [block for start, _ in found.sentences if (block := page.at(start)) is not None]
    return any(block.kind in ("links", "contents") for block in blocks) and not any(block.quotable for block in blocks)


def _page(passage: Hit | Passage, text_of: TextOf | None) -> PlacedOutline:
    """The whole article's outline, of a long one that of what stands around the passage.

    It is the passage's own where the article is not to be had or has changed since.
    """
    text = text_of(passage.article) if text_of else None
    if not text or text[passage.start : passage.end] != passage.text:
        return PlacedOutline(outline(passage.text), passage.start)
    start, end = part_around(text, passage.start, passage.end, AROUND, WHOLE)
    return PlacedOutline(outline(text[start:end]), start)


def _sentences(passage: Passage, page: PlacedOutline) -> Iterator[CandidateSentence]:
    """The sentences and the rows of a passage that are neither questions nor signposts."""
    # By their spans, as the context of a sentence is given in spans, too.
    evidence = dict(zip(passage.sentences, passage.evidence, strict=True))
    asked: tuple[Span, ArticleBlock] | None = None
    for first, last, block in _runs(passage, page):
        start, end = passage.sentences[first][0], passage.sentences[last][1]
        text = page.slice(start, end)
        if is_question(text):
            asked = (start, end), block
            continue
        above = _context(page, block, asked)
        # The evidence of the context itself, as far as it stands in the passage.
        beside = max((value for span in above for (at, _), value in evidence.items() if span[0] <= at < span[1]), default=0.0)
        # A row may be several sentences, of which the best speaks for it.
        own = max(passage.evidence[first : last + 1])
        weight = ASKED if above and _follows(page, above[-1], start) else CONTEXT
        context = (*(page.slice(*span) for span in above), block.speaker)
        # Context only lifts a sentence: under a heading that says nothing of the question it may still answer.
        read = own + weight * max(0.0, beside - own)
        yield CandidateSentence(passage, first, last, start, end, text, own, page, block, context, weight, read)


def _follows(page: PlacedOutline, above: Span, start: int) -> bool:
    """Whether what stands above is a question, and the sentence the first after it."""
    return is_question(page.slice(*above)) and not _WORD.search(page.slice(above[1], start))


def _runs(passage: Passage, page: PlacedOutline) -> Iterator[tuple[int, int, ArticleBlock]]:
    """The places of sentences, each alone and those of one row together, with their block, where that is quotable."""
    blocks = [page.at(start) for start, _ in passage.sentences]

    def row(place: int) -> tuple[ArticleBlock | None, int]:
        """What the sentences of one row have in common, and no two others."""
        block = blocks[place]
        # Sentences of one row share -1; all others have a place of their own, so that each is a group by itself.
        return (block, -1 if block and block.kind == "row" else place)

    for (block, _), run in groupby(range(len(blocks)), key=row):
        if block is not None and block.quotable:
            first, *rest = run
            yield first, rest[-1] if rest else first, block


def is_question(text: str) -> bool:
    """Whether the sentence is a question."""
    return text.rstrip("\"'”’»)]*_` ").endswith(("?", "？", "؟"))


def _context(page: PlacedOutline, block: ArticleBlock, asked: tuple[Span, ArticleBlock] | None) -> list[Span]:
    """Where the context of a block stands, the furthest first: what it stands under, what leads in to it, and what was asked.

    A question in the midst of a text is answered by what follows in its paragraph, and a turn's by the next speaker.
    """
    leads = list(page.outline.leads(block))
    # By where they begin, so that each comes once and in reading order.
    over = {one.start: page.span(one) for one in (*page.outline.headings(block), *leads)}
    if asked and (asked[1] == block or asked[1] in leads):
        over[asked[1].start] = asked[0]
    return [over[start] for start in sorted(over)]


def _weights(wanted: Mapping[str, float], inside: Sequence[set[str]]) -> dict[str, float]:
    """Inverse document frequency of the wanted words over the sentences at hand: what all of them have says little."""
    seen = Counter(word for words in inside for word in words)
    # Both ones keep it defined: for a word in no sentence, and above 0 for one in all of them.
    return {word: weight * math.log(1 + len(inside) / (1 + seen[word])) for word, weight in wanted.items()}


# Quotations that are whole

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

    first: CandidateSentence
    start: int
    end: int

    @property
    def page(self) -> PlacedOutline:
        """The outline of the article that it stands in."""
        return self.first.page


def whole_quotations(
    chosen: Sequence[CandidateSentence], found: Sequence[CandidateSentence], listing: bool = False
) -> tuple[Quotation, ...]:
    """That with the best sentence first, the others article by article in reading order; `found` are all the candidates.

    `listing` says that the question asks for all of something.
    """
    rank: dict[str, int] = {}
    for one in chosen:
        # An article stands as high as the best of its passages that is quoted.
        rank[one.passage.article] = min(one.passage.n, rank.get(one.passage.article, one.passage.n))
    spans = [_Run(one, *_whole(one, found, listing)) for one in chosen]
    runs: list[_Run] = []
    for run in sorted(spans, key=lambda each: (rank[each.first.passage.article], each.start)):
        if runs and _touches(runs[-1], run):
            runs[-1].end = max(runs[-1].end, run.end)
        else:
            runs.append(run)
    best = chosen[0]
    # False sorts before True, and the sort keeps the order of the others.
    runs.sort(key=lambda run: not (run.first.page is best.page and run.start <= best.start < run.end))
    return tuple(one for run in runs for one in _quoted(run))


def _touches(run: _Run, after: _Run) -> bool:
    """Whether nothing is left out between two runs, of which the second begins later."""
    if run.first.passage.article != after.first.passage.article or run.page != after.page:
        return False
    # Blanks, line breaks and marks between two runs leave nothing out.
    return after.start <= run.end or not any(map(str.isalnum, run.page.slice(run.end, after.start)))


def _quoted(run: _Run) -> list[Quotation]:
    """The run, and before it the header of its table where it has none with it."""
    passage, page = run.first.passage, run.page
    spans = [(run.start, run.end)]
    if (header := _header(run.first)) and header[0] < run.start:
        gap = page.slice(header[1], run.start)
        # Rows between header and run are left out, so the header is a quotation of its own.
        spans = [header, *spans] if any(map(str.isalnum, gap)) else [(header[0], run.end)]
    return [Quotation(passage, start, end, page.slice(start, end)) for start, end in spans]


def _header(one: CandidateSentence) -> Span | None:
    above = next(one.page.outline.leads(one.block), None)
    return one.page.span(above) if above and one.block.kind == "row" and above.kind == "header" else None


def _whole(one: CandidateSentence, found: Sequence[CandidateSentence], listing: bool) -> Span:
    """The span of a chosen sentence with what it cannot be understood without."""
    if one.block.kind in ("item", "row") and not _specific(one):
        return _listed(one.page, one.page.outline.members(one.block.group), one)
    # A line that announces something is quoted with what it announces.
    if one.text.rstrip(" *_").endswith((":", "：")):
        led = [block for block in one.page.outline.blocks if next(one.page.outline.leads(block), None) == one.block]
        if led:
            return (one.start, _listed(one.page, led, one)[1])
    if listing and (section := section_of(one)):
        return section
    following = next((other for other in found if other.key == (one.passage.n, one.last + 1)), None)
    # "By accident." is quoted with the next sentence, but never over a paragraph's end.
    goes_on = following is not None and following.block == one.block and _says_little(one)
    return (one.start, following.end if following and goes_on else one.end)


def _says_little(one: CandidateSentence) -> bool:
    """Whether a sentence is a fragment, the name of its speaker apart, or says hardly more than the question."""
    text = one.text.removeprefix(one.block.speaker)
    telling = set(folded_words(text, stop=True))
    repeated = telling & one.has.keys()
    return len(folded_words(text)) < FEWEST_WORDS or (len(repeated) >= ECHO and len(telling - repeated) < FEWEST_WORDS)


def section_of(one: CandidateSentence) -> Span | None:
    """What stands under the heading of a sentence, at most `LONGEST_SECTION`, where the heading names what is asked for."""
    outline = one.page.outline
    above = next(outline.headings(one.block), None)
    named = set(folded_words(outline.words(above))) if above else set[str]()
    if sum(weight for word, weight in one.has.items() if word in named) < NAMED:
        return None
    spans = [one.page.span(block) for block in outline.blocks if block.quotable and block.heading == one.block.heading]
    ends = [end for _, end in spans if end - spans[0][0] <= LONGEST_SECTION]
    return (spans[0][0], ends[-1]) if ends and ends[-1] >= one.end else None


def _specific(one: CandidateSentence) -> bool:
    """Whether an item has words of the question that neither most others of its list nor the lines above it have."""
    outline = one.page.outline
    others = [set(folded_words(outline.words(block))) for block in outline.members(one.block.group) if block != one.block]
    if not others:
        return True
    own = one.has.keys() & set(folded_words(one.text)) - set(folded_words(" ".join(one.context)))
    mine = [word for word in own if sum(word in words for words in others) < len(others) / 2]
    return sum(one.has[word] for word in mine) >= SPECIFIC


def _listed(page: PlacedOutline, members: Sequence[ArticleBlock], one: CandidateSentence) -> Span:
    """A list or a table from the line before it to its last item, or so many items around the one."""
    at = next((place for place, block in enumerate(members) if page.span(block)[0] >= one.start), 0)
    # The items up to the chosen one where there are too many, so that it is always among them.
    shown = members[max(0, at + 1 - MOST_ITEMS) :][:MOST_ITEMS]
    start, end = page.span(shown[0])[0], page.span(shown[-1])[1]
    lead = next(page.outline.leads(shown[0]), None)
    if lead and lead.quotable and not any(map(str.isalnum, page.slice(page.span(lead)[1], start))):
        start = page.span(lead)[0]
    return (start, end)
