"""Texts taken apart: a source's sentences, and a claim, each with its words, numbers, dates, names and negations; pure."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import islice, pairwise
from typing import Protocol, TypeVar

from bot.reading.dates import Date, dates
from bot.reading.names import KnownNames, Name, names_in
from bot.reading.negations import Negation, negations
from bot.reading.quantities import Quantity, quantities
from bot.reading.units import MEASURES, in_least
from bot.reading.words import Word, cleaned, is_eastern, verb_places, words
from bot.verification.layout import Layout, layout_of, row_spans
from bot.verification.quotations import squeezed
from bot.verification.tables import tables
from vectorstore.splitting.language import language_of
from vectorstore.splitting.outline import outline
from vectorstore.splitting.sentences import sentences
from vectorstore.text_cache import TEXTS, remembered
from vectorstore.types import Span


class _Placed(Protocol):
    @property
    def start(self) -> int:
        """The place of its first character in the text."""

    @property
    def end(self) -> int:
        """The place behind its last character."""


Found = TypeVar("Found", bound=_Placed)
Moved = TypeVar("Moved", Word, Name, Quantity, Date, Negation)


@dataclass(frozen=True)
class Statement:
    """One sentence of a text, or a whole claim. Offsets are those of `text`, the cleaned text; the sentence is [start, end)."""

    text: str
    start: int
    end: int
    words: tuple[Word, ...]
    names: tuple[Name, ...]
    quantities: tuple[Quantity, ...]
    dates: tuple[Date, ...]
    negations: tuple[Negation, ...]
    tacit: tuple[Quantity, ...] = ()
    """Numbers that are only meant, as in "an hour"; they may be what another text's number means."""
    partial: bool = False
    """Whether it has more numbers, dates or names than the `MOST_COMPARED` that are kept here."""

    @cached_property
    def facts(self) -> tuple[Quantity | Date, ...]:
        """Its numbers and its dates."""
        return (*self.quantities, *self.dates)

    def counts(self, word: Word) -> bool:
        """Whether a word of it is, or is a part of, a number or a date."""
        return word.start in self._counting

    @cached_property
    def _counting(self) -> frozenset[int]:
        # Looked up and not searched for: a list of a thousand dates is asked about for each of its words.
        return _starts_within(self.words, self.facts)

    @cached_property
    def _clause_ends(self) -> list[Span]:
        return [match.span() for match in CLAUSE_END.finditer(self.text, self.start, self.end)]

    def ends_clause(self, start: int, end: int) -> bool:
        """Whether a clause of it ends between two places."""
        first = bisect_left(self._clause_ends, (start, 0))
        return first < len(self._clause_ends) and self._clause_ends[first][1] <= end

    @cached_property
    def plain(self) -> tuple[Word, ...]:
        """Its telling words without numbers and dates."""
        return tuple(word for word in self.words if word.telling and not self.counts(word))

    @cached_property
    def verbs(self) -> tuple[int, ...]:
        """The numbers of its words that look like verbs."""
        return tuple(islice(verb_places(self.text, self.words, self.is_named), MOST_COMPARED))

    def is_named(self, word: Word) -> bool:
        """Whether a word of it is a part of a name."""
        return word.start in self._naming

    @cached_property
    def _naming(self) -> frozenset[int]:
        return _starts_within(self.words, self.names)

    @cached_property
    def keys(self) -> frozenset[str]:
        """What it is compared by: stems of its telling words, and its numbers and dates by their value in whatever form."""
        free = self.plain
        plain = {w.stem for w in free if not is_eastern(w.text)}
        # Eastern scripts are compared by pairs of neighbours.
        plain |= {
            one.text + two.text for one, two in pairwise(free) if is_eastern(one.text + two.text) and one.end == two.start
        }
        numbers = {_key(*in_least(one.value, one.unit)) for one in self.quantities}
        times = {f"#{n}" for one in self.dates for n in (one.year, one.decade) if n}
        months = {f"#month{one.month}" for one in self.dates if one.month}
        # The "#" keeps a number apart from a word of the same letters.
        return frozenset(plain | numbers | times | months)

    @cached_property
    def offered(self) -> frozenset[str]:
        """Its keys, and those of other words for what it denies: "undamaged" for "not damaged", and the other way round."""
        # The word right behind the negation is the one that "un-" would stand before: "not damaged", "undamaged".
        denied = {f"un{one.denied[0]}" for one in self.negations if one.denied}
        # "An hour" in a claim may be the "60 minutes" of the passage: a number offers itself with and without its unit.
        meant = {_key(unit, value) for one in (*self.quantities, *self.tacit) for unit, value in _meanings(one)}
        return self.keys | denied | meant | {word.removeprefix("un") for word in self.keys if word.startswith("un")}


@dataclass(frozen=True)
class SourceText:
    """A passage taken apart, with what it and its article name."""

    text: str
    sentences: tuple[Statement, ...]
    known: KnownNames
    given: Statement
    layout: Layout = field(default_factory=Layout)
    """What the sentences are about."""
    parts: dict[Span, Statement] = field(default_factory=dict, compare=False, repr=False)
    """The parts that were asked for. A source that `replace` made of this one has them, too."""

    def part(self, span: Span) -> Statement:
        """A part of the text as a statement: a heading, a cell, a speaker."""
        if span not in self.parts:
            self.parts[span] = _part(self.sentences[0].text, span)
        return self.parts[span]

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all its sentences."""
        return frozenset[str]().union(*(one.keys for one in self.sentences))

    def ready(self) -> None:
        """Works out now what the first claim would have to wait for."""
        # Both are kept: `squeezed` caches by its text, and `keys` stays on the object.
        squeezed(self.text, False)
        len(self.keys)
        self.known.ready()

    def has(self, word: Word) -> bool:
        """Whether a word stands here, or in what is known of the article, in any form."""
        return any(word.stem == other.stem for one in (*self.sentences, self.given) for other in one.words)

    def shared(self, claim: Statement, piece: Span) -> int:
        """How many of a claim's keys stand in a piece."""
        inside = [one.keys for one in self.sentences if piece[0] <= one.start < piece[1]]
        return len(claim.keys & frozenset[str]().union(*inside))

    @cached_property
    def pieces(self) -> tuple[Span, ...]:
        """Runs of whole sentences, each short enough for the model to see it whole."""
        found: list[Span] = []
        for one in self.sentences:
            # The first sentence has nothing to be joined to, which is the same as a border before it.
            together = self.text[found[-1][0] : one.end] if found else BORDER
            if BORDER not in together and _weight(together) <= PIECE:
                found[-1] = (found[-1][0], one.end)
            else:
                found.append((one.start, one.end))
        return tuple(found)


def _key(unit: str, value: Decimal) -> str:
    """What a number is compared by: its amount in the least unit of its kind."""
    # `normalize` drops trailing zeros, so that "3.50" has the key of "3.5"; `:f` keeps it from writing 1000 as "1E+3".
    return f"#{value.normalize():f}{unit if unit in _DIMENSIONS else ''}"


def _meanings(one: Quantity) -> Iterator[tuple[str, Decimal]]:
    """The amounts that a number may stand for, with and without its unit."""
    for value in one.values:
        # The unit may be left out on one side: "it takes 40" beside "40 minutes".
        yield from (("", value), in_least(value, one.unit))


_DIMENSIONS = frozenset(one.dimension for one in MEASURES.values())
BORDER = "\f"
"""Stands between passages that are judged as one text; the model never sees both sides of it at once."""
MOST_COMPARED = 60
"""Numbers, dates, names and negations of a claim or a sentence, of each so many at most: a table that is set as one line has
more, and to compare all with all would take minutes."""
BLANKS = 32
"""Blanks before a part that is read by itself, at most: more than any rule looks back from its beginning."""
PIECE = 230.0
"""Tokens of a piece at most, as they are estimated: the model cuts at 256."""


def _weight(text: str) -> float:
    """About how many tokens a text has: a word of English is 4 to 5 characters and one token, other scripts have more."""
    plain = len(text) if text.isascii() else len(text.encode("ascii", "ignore"))
    return plain / 4 + (len(text) - plain)


# The same claim is asked for once a passage, and again for its quotations and for a better source.
@remembered(TEXTS)
def claimed(text: str) -> Statement:
    """A claim taken apart, as one statement.

    >>> sorted(claimed("The bridge opened in 1931.").keys)
    ['#1931', 'bridg', 'open']
    """
    # `cleaned` keeps the length, so the span of the text is that of the cleaned one, too.
    return _statements(cleaned(text), [(0, len(text))])[0]


@remembered(TEXTS)
def taken_apart(text: str, context: str = "") -> SourceText:
    """A source taken apart; `context` is what is known of its article."""
    plain, given = cleaned(text), cleaned(context)
    blocks = outline(text)
    listed = tables(blocks)
    # Sentences are told by the text as it came: cleaning has blanked the marks of lists and headings.
    found = row_spans(listed, sentences(text, language_of(plain)))
    # A sentence of nothing but markers is blank when it is cleaned; a text of nothing else is one empty statement.
    spans = [span for span in found if plain[span[0] : span[1]].strip()] or [(0, len(text))]
    read = tuple(_statements(plain, spans))
    layout = layout_of(blocks, listed, spans, [one.names for one in read])
    return SourceText(text, read, KnownNames(plain, given), _statements(given, [(0, len(given))])[0], layout)


def _part(plain: str, span: Span) -> Statement:
    # Read by itself: "812,1655" are two cells. The blanks before it are so few that reading them costs nothing.
    blanks = min(span[0], BLANKS)
    alone = " " * blanks + plain[slice(*span)]
    (read,) = _statements(alone, [(blanks, len(alone))])
    return _moved(read, span[0] - blanks, plain)


def _moved(one: Statement, by: int, text: str) -> Statement:
    """A statement so many characters further on, as a part of a text."""

    def moved(found: tuple[Moved, ...]) -> tuple[Moved, ...]:
        """The same findings, so many characters further on."""
        return tuple(replace(each, start=each.start + by, end=each.end + by) for each in found)

    return replace(
        one,
        text=text,
        start=one.start + by,
        end=one.end + by,
        words=moved(one.words),
        names=moved(one.names),
        quantities=moved(one.quantities),
        dates=moved(one.dates),
        negations=moved(one.negations),
        tacit=moved(one.tacit),
    )


def _statements(plain: str, spans: Sequence[Span]) -> list[Statement]:
    # Each reader runs once over the whole text and not once a sentence; the findings are dealt out by their places.
    everything, names, numbers, times, denials = (
        words(plain),
        names_in(plain),
        quantities(plain),
        dates(plain),
        negations(plain),
    )
    found: list[Statement] = []
    for span in spans:
        named, numbered, when = within(span, names), within(span, numbers), within(span, times)
        # A wrong one among those that are passed over would go unseen, so such a claim must not be accepted.
        partial = max(map(len, (named, numbered, when))) > MOST_COMPARED
        own, denied = named[:MOST_COMPARED], within(span, denials)[:MOST_COMPARED]
        counts = _counts(numbered[:MOST_COMPARED], own)
        # A number that is only meant supports one that is told, but a claim is never asked for it.
        said, meant = (tuple(one for one in counts if one.tacit == tacit) for tacit in (False, True))
        found.append(Statement(plain, *span, within(span, everything), own, said, when[:MOST_COMPARED], denied, meant, partial))
    return found


def _counts(found: Sequence[Quantity], names: Sequence[Name]) -> tuple[Quantity, ...]:
    """The numbers without the ordinals of names such as "Second World War", which are compared with the name."""
    held = [one for one in found if one.sort == "ordinal" and any(n.start <= one.start < n.end and not n.weak for n in names)]
    return tuple(one for one in found if one not in held)


def within(span: Span, found: Sequence[Found]) -> tuple[Found, ...]:
    """Those that begin inside a span; they come in order."""
    return tuple(found[bisect_left(found, span[0], key=_start) : bisect_left(found, span[1], key=_start)])


def _start(one: _Placed) -> int:
    return one.start


def _starts_within(inside: Sequence[Word], spans: Iterable[_Placed]) -> frozenset[int]:
    """Where those words begin that begin in one of some spans; the words come in order."""
    starts = [word.start for word in inside]
    edges = ((bisect_left(starts, one.start), bisect_left(starts, one.end)) for one in spans)
    return frozenset(start for first, last in edges for start in starts[first:last])


Fact = Quantity | Date | Name
FAR = 1000
"""What a clause's end between two words adds to their distance in characters."""
CLAUSE_END = re.compile(r"[;:]|, |\b(?:and|but|while|whereas|although|though)\b")
"""What ends a clause within a sentence."""


def companions(fact: Fact, claim: Statement, shared: Iterable[str]) -> list[Word]:
    """The telling words of the claim nearest to a fact, of those whose stems are `shared`; numbers and units are none."""
    stems = set(shared)
    found = [word for word in claim.plain if word.stem in stems and not fact.start <= word.start < fact.end]
    # The word one blank behind a number with a unit is that unit, and any other number of the unit has it, too.
    measures = [one for one in claim.quantities if one.unit]
    found = [word for word in found if not any(0 <= word.start - one.end <= 1 for one in measures)]
    return sorted(found, key=lambda word: distance(claim, word, fact))


def distance(statement: Statement, one: Word | Fact, other: Word | Fact) -> int:
    """How far apart two things stand in a statement: characters between them, and much more across a clause's end."""
    first, second = sorted((one, other), key=lambda each: each.start)
    between = statement.text[first.end : second.start]
    # So long a stretch has a clause's end in it for certain, and to search it for each pair of words would take time with the
    # square.
    return len(between) + FAR * (len(CLAUSE_END.findall(between)) if len(between) < FAR else 1)


def clauses(statement: Statement) -> list[Span]:
    """The parts of a statement between the ends of its clauses, in order."""
    ends = [match.span() for match in CLAUSE_END.finditer(statement.text, statement.start, statement.end)]
    # Start and end of each part in turn: what ends a clause belongs to neither of the two beside it.
    edges = [statement.start, *(edge for span in ends for edge in span), statement.end]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if statement.text[start:end].strip()]


def clause_of(fact: Fact, statement: Statement) -> Span:
    """The part of a statement, between two clauses' ends, that a fact stands in."""
    before = [match.end() for match in CLAUSE_END.finditer(statement.text, statement.start, fact.start)]
    after = CLAUSE_END.search(statement.text, fact.end, statement.end)
    return before[-1] if before else statement.start, after.start() if after else statement.end
