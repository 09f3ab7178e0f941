"""Passages -> the sentences that may be quoted, each with the context that it is read with. Pure: no model is asked.

A sentence is judged together with what a reader has read before it: the headings above it, the question that it answers, the
line before its list, the header of its table. What says nothing by itself (headings, questions, lists of links) is context and
no more.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from bot.types import Passage
from vectorstore.searching.folding import terms
from vectorstore.splitting.blocks import Outline, TextBlock
from vectorstore.splitting.outline import outline
from vectorstore.types import Span

BEFORE = 0.25
"""What a word of the turns before counts beside one of the question's own."""
CONTEXT = 0.5
"""What the context of a sentence counts beside the sentence itself."""
ASKED = 1.0
"""What a question counts for the sentence right after it, which answers it."""

_WORD = re.compile(r"\w")

TextOf = Callable[[str], str | None]
"""An article's id -> its text; None where it is not to be had."""


@dataclass(frozen=True, slots=True)
class Page:
    """The outline of what is known of an article's text, which begins at `shift` in the article."""

    outline: Outline
    shift: int = 0

    def at(self, offset: int) -> TextBlock | None:
        """The block at an offset of the article."""
        return self.outline.at(offset - self.shift)

    def span(self, block: TextBlock) -> Span:
        """A block's span in the article."""
        return (block.start + self.shift, block.end + self.shift)

    def slice(self, start: int, end: int) -> str:
        """The article's text between two of its offsets."""
        return self.outline.text[start - self.shift : end - self.shift]


@dataclass(frozen=True, slots=True)
class Candidate:
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
    page: Page = field(compare=False, repr=False)
    block: TextBlock
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


def candidates(question: str, before: str, passages: Sequence[Passage], text_of: TextOf | None = None) -> list[Candidate]:
    """The sentences of the passages that say something; `before` is what a follow-up leans on."""
    wanted = dict.fromkeys(flat(before, stop=True), BEFORE) | dict.fromkeys(flat(question, stop=True), 1.0)
    found = [one for passage in passages for one in _sentences(passage, _page(passage, text_of))]
    inside = [wanted.keys() & set(flat(one.text)) for one in found]
    weights = _weights(wanted, inside)
    whole = sum(weights.values()) or 1.0
    weights = {word: weight / whole for word, weight in weights.items()}
    return [_worded(one, words, weights) for one, words in zip(found, inside, strict=True)]


def _worded(one: Candidate, words: set[str], weights: Mapping[str, float]) -> Candidate:
    """The candidate with what it has of the question's words."""
    around = weights.keys() & set(flat(" ".join(one.context)))
    share = sum(weights[word] for word in words)
    read = share + one.weight * sum(weights[word] for word in around - words)
    has = {word: weights[word] for word in words | around}
    return replace(one, words=share, read_words=read, has=has)


def flat(text: str, *, stop: bool = False) -> list[str]:
    """The words of a text as they are compared."""
    words, grams = terms(text, stop=stop)
    return words + grams


def _page(passage: Passage, text_of: TextOf | None) -> Page:
    """The whole article's outline, or the passage's own where the article is not to be had or has changed since."""
    text = text_of(passage.article) if text_of else None
    if text and text[passage.start : passage.end] == passage.text:
        return Page(outline(text))
    return Page(outline(passage.text), passage.start)


def _sentences(passage: Passage, page: Page) -> Iterator[Candidate]:
    """The sentences and the rows of a passage that are neither questions nor signposts."""
    evidence = dict(zip(passage.sentences, passage.evidence, strict=True))
    asked: tuple[Span, TextBlock] | None = None
    for first, last, block in _runs(passage, page):
        start, end = passage.sentences[first][0], passage.sentences[last][1]
        text = page.slice(start, end)
        if asks(text):
            asked = (start, end), block
            continue
        above = _context(page, block, asked)
        beside = max((value for span in above for (at, _), value in evidence.items() if span[0] <= at < span[1]), default=0.0)
        own = max(passage.evidence[first : last + 1])
        weight = ASKED if above and _follows(page, above[-1], start) else CONTEXT
        context = (*(page.slice(*span) for span in above), block.speaker)
        read = own + weight * max(0.0, beside - own)
        yield Candidate(passage, first, last, start, end, text, own, page, block, context, weight, read)


def _follows(page: Page, above: Span, start: int) -> bool:
    """Whether what stands above is a question, and the sentence the first after it."""
    return asks(page.slice(*above)) and not _WORD.search(page.slice(above[1], start))


def _runs(passage: Passage, page: Page) -> Iterator[tuple[int, int, TextBlock]]:
    """The places of sentences, each alone and those of one row together, with their block, where that is quotable."""
    blocks = [page.at(start) for start, _ in passage.sentences]

    def row(place: int) -> tuple[TextBlock | None, int]:
        block = blocks[place]
        return (block, -1 if block and block.kind == "row" else place)

    for (block, _), run in groupby(range(len(blocks)), key=row):
        if block is not None and block.quotable:
            first, *rest = run
            yield first, rest[-1] if rest else first, block


def asks(text: str) -> bool:
    """Whether the sentence is a question."""
    return text.rstrip("\"'”’»)]*_` ").endswith(("?", "？", "؟"))


def _context(page: Page, block: TextBlock, asked: tuple[Span, TextBlock] | None) -> list[Span]:
    """Where the context of a block stands, the furthest first: what it stands under, what leads in to it, and what was asked.

    A question in the midst of a text is answered by what follows in its paragraph, and a turn's by the next speaker.
    """
    leads = list(page.outline.leads(block))
    over = {one.start: page.span(one) for one in (*page.outline.headings(block), *leads)}
    if asked and (asked[1] == block or asked[1] in leads):
        over[asked[1].start] = asked[0]
    return [over[start] for start in sorted(over)]


def _weights(wanted: Mapping[str, float], inside: Sequence[set[str]]) -> dict[str, float]:
    """Inverse document frequency of the wanted words over the sentences at hand: what all of them have says little."""
    seen = Counter(word for words in inside for word in words)
    return {word: weight * math.log(1 + len(inside) / (1 + seen[word])) for word, weight in wanted.items()}
