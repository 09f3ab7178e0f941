"""Whom or what the sentences of a source are about, where its layout says so: speaker, heading, question, row, list; pure.

A sentence stands in the scope of labels: the speaker of its turn, the headings above it, the item that its list belongs to, the
question that it answers, the key of its row, the subject that its pronoun carries over. A claim that names another label of the
same kind is about something else: what "Tobias" says is no evidence of what "Ada" says.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bot.reading.names import TITLES, Name
from bot.reading.words import FUNCTION_WORDS, cleaned, stem
from bot.verification.tables import NOWHERE, Record, Tables, tables
from vectorstore.searching.folding import folded
from vectorstore.splitting.blocks import ArticleBlock, Outline
from vectorstore.splitting.outline import outline
from vectorstore.types import Span

Group = tuple[str, int, int]
"""Labels of one kind, of which a claim can mean one and not the others: the kind, and two numbers that tell groups apart."""
NAMED, ASKED = 0.5, 0.6
"""A claim names a label where it has such a share of the words that tell the label from the others of its group: of short ones,
and of headings, questions and the lines before lists."""
TOKEN = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
"""A word, or a figure with its points: "4.1"."""
_SMALL = frozenset(map(stem, FUNCTION_WORDS | TITLES))


@dataclass(frozen=True, slots=True)
class Label:
    """A label's words, as they stand in the source, and those that tell it from others of its group."""

    group: Group
    text: str
    tokens: frozenset[str]

    @property
    def long(self) -> bool:
        """Whether it is a heading, a question or the line before a list, which ordinary words make up."""
        return self.group[0] in ("heading", "question", "list")


def label_of(group: Group, text: str) -> Label:
    """A label of a group, from its words."""
    # Single letters count only behind the first character of a text ("A bridge"); ". " before it lets "B" of a label count.
    return Label(group, " ".join(text.split()), tokens(f". {text}"))


def _placed(claim: str) -> dict[str, int]:
    """The tokens of a claim, each with the place where it first stands."""
    found: dict[str, int] = {}
    for at, token in _tokens(claim):
        found.setdefault(token, at)
    return found


def tokens(text: str) -> frozenset[str]:
    """The words of a label or a sentence as they are compared: stems, figures as they stand, single letters as capitals."""
    return frozenset(token for _, token in _tokens(text))


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    for match in TOKEN.finditer(cleaned(text)):
        word = match.group().removesuffix("'s").removesuffix("’s")
        if len(word) == 1 and word.isalpha():
            # "Model B" is told from "Model C" by one letter; "A" that opens a text is an article, and "a" always is.
            if word.isupper() and match.start():
                yield match.start(), word
        elif word.isalpha():
            yield match.start(), stem(word)
        else:
            # Compounds are compared by their parts ("self-service"); a figure such as "4.1" or "B-52" stays whole.
            parts = word.split("-") if word.replace("-", "").isalpha() else [word]
            yield from ((match.start(), stem(part) if part.isalpha() else folded(part)) for part in parts if part)


def named_labels(groups: Mapping[Group, Sequence[Label]], claim: str) -> dict[Group, tuple[Label, ...]]:
    """The labels that a claim names, by their groups; of speakers and subjects the first, whom the claim is about."""
    places = _placed(claim)
    found = {group: _named(labels, places) for group, labels in groups.items()}
    return {group: labels for group, labels in found.items() if labels}


def _named(labels: Sequence[Label], places: Mapping[str, int]) -> tuple[Label, ...]:
    # The earliest place of a label's words, by which the first of several speakers is told.
    found = {label: min(inside) for label in labels if (inside := _own_tokens(label, labels, places))}
    # "Castle" is not meant where "Castle Hill" stands.
    left = [one for one in found if not any(one.tokens < other.tokens for other in found)]
    if left and left[0].group[0] in ("speaker", "subject"):
        return (min(left, key=lambda one: found[one]),)
    return tuple(left)


def _own_tokens(label: Label, labels: Iterable[Label], places: Mapping[str, int]) -> list[int]:
    """Where the claim has the words that tell a label from the others; empty where it has too few of them."""
    # Of "Castle tour" and "River tour" the claim must have "castle" or "river"; "tour" tells nothing.
    common = frozenset[str]().union(*(other.tokens for other in labels if other != label))
    own = label.tokens - common or label.tokens
    telling = {token for token in own if token not in _SMALL} or own
    inside = [places[token] for token in telling if token in places]
    # Long labels are made of ordinary words, of which any claim about the same has some.
    return inside if len(inside) >= (ASKED if label.long else NAMED) * len(telling) else []


OPENING = 3
"""A pronoun among so many first words of a sentence stands for the subject of the sentence before."""
_ASKS = re.compile(r"[?？؟][\s\"'”’»)\]*_`#]*$")
_NO = re.compile(r"(?:[^\n:]{0,30}:)?[\s*_]*(?:no|not|never|nein|nicht|non|nee|não|いいえ|不|没有)\b", re.IGNORECASE)
_ROLES = frozenset({"q", "a", "question", "answer", "frage", "antwort"})
_CARRYING = frozenset({"he", "she", "it", "they", "his", "her", "its", "their", "this", "these"})
_PERSONAL = frozenset({"he", "she", "his", "her"})
"""Pronouns of people: a sentence about a thing between them and whom they stand for does not part them."""


@dataclass(frozen=True)
class SentenceScope:
    """What a sentence is about: its labels, and the spans that a reader has read before it and that count with it."""

    labels: tuple[Label, ...] = ()
    leads: tuple[Span, ...] = ()
    asked: Span | None = None
    """The question that it answers; `direct` where it is the first sentence of the answer."""
    direct: bool = False
    says: bool = True
    """Whether it says something by itself: a question and a table's header do not."""
    record: int | None = None
    """The number of its record among the text's."""
    carried: Span | None = None
    """The sentence that has the subject for which its pronoun stands."""

    @cached_property
    def by_group(self) -> Mapping[Group, Label]:
        """The label of each group."""
        return {label.group: label for label in self.labels}


@dataclass(frozen=True)
class Layout:
    """The scopes of a source's sentences, in their order, with all labels and records.

    >>> from bot.verification.statements import taken_apart
    >>> talk = taken_apart("TOBIAS: The depot is cold.\\n\\nADA: Rent will be waived.\\n")
    >>> [(scope.labels[0].group[0], scope.labels[0].text) for scope in talk.layout.scopes]
    [('speaker', 'TOBIAS'), ('speaker', 'ADA')]
    """

    scopes: tuple[SentenceScope, ...] = ()
    tables: Tables = field(default_factory=Tables)

    @cached_property
    def groups(self) -> dict[Group, tuple[Label, ...]]:
        """The labels of each group that has more than one, each once and in order."""
        found: dict[Group, dict[Label, None]] = defaultdict(dict)
        for scope in self.scopes:
            for label in scope.labels:
                found[label.group][label] = None
        # A claim can't mean another label where there is only one: the single heading of a page is over all it says.
        return {group: tuple(labels) for group, labels in found.items() if len(labels) > 1}

    def named(self, claim: str) -> dict[Group, tuple[Label, ...]]:
        """The labels that a claim names, by their groups."""
        return named_labels(self.groups, claim)


def layout_of(text: str, spans: Sequence[Span], names: Sequence[Sequence[Name]]) -> Layout:
    """The scopes of the sentences `spans` of a text, whose names are given."""
    found = outline(text)
    read = tables(found)
    keys = _row_labels(text, read)
    scopes: list[SentenceScope] = []
    before: ArticleBlock | None = None
    asked: Span | None = None
    for span in spans:
        block = found.at(span[0])
        # A block's first sentence is the one that may answer the question over it.
        opens = block is not before
        scope = _scope(found, read, keys, span, block, opens=opens)
        # A question within a paragraph is answered in that paragraph or not at all.
        asked = None if opens else asked
        if not scope.says and _ASKS.search(text[slice(*span)]):
            asked = span
        elif asked and scope.asked is None:
            # The sentence right behind the question answers it; the others of the paragraph only go with it.
            scope = replace(scope, asked=asked, leads=(*scope.leads, asked), direct=not scopes[-1].says)
        scopes.append(scope)
        before = block
    return Layout(tuple(_carried(text, spans, names, scopes)), read)


def row_spans(text: str, spans: Sequence[Span]) -> list[Span]:
    """The sentences of a text, with the lines of tables that nothing marks as sentences of their own."""
    read = tables(outline(text))
    # A table set in columns has no marks that end a sentence, so that its rows would run together into one.
    lines = sorted(
        [*((one.start, one.end) for one in read.headers), *((one.start, one.end) for one in read.records if one.row)]
    )
    kept = [span for span in spans if not any(start < span[1] and span[0] < end for start, end in lines)]
    crossed = [span for span in spans if span not in kept]
    # The sentences stay as they are unless one of them has two lines of a table in it.
    return sorted([*kept, *lines]) if any(sum(a < e and s < b for s, e in lines) > 1 for a, b in crossed) else list(spans)


def _row_labels(text: str, read: Tables) -> dict[int, tuple[Label, ...]]:
    """The labels of each record: its key, and the first cell of a row where that alone tells it from others."""
    found: dict[int, tuple[Label, ...]] = {}
    for n, one in enumerate(read.records):
        keys = [one.key] if one.key != NOWHERE else []
        # A time or a year in the first column tells a row as well as its key does: "at 9:30" means Karl's row.
        if one.row and one.fields[0].value != one.key and _is_key(text, one, read.records):
            keys.append(one.fields[0].value)
        # Each column of keys is a group of its own; all labelled lists are one group, whatever their number.
        groups = [("row", one.table if one.row else -1, at) for at in range(len(keys))]
        labels = (label_of(group, text[slice(*key)]) for group, key in zip(groups, keys, strict=True))
        found[n] = tuple(label for label in labels if label.tokens)
    return found


def _is_key(text: str, one: Record, records: Sequence[Record]) -> bool:
    """Whether the first column has times or years, each of them once."""
    cells = [text[slice(*other.fields[0].value)] for other in records if other.table == one.table]
    return len(set(cells)) == len(cells) and all(re.search(r"\d:\d\d|\b[12]\d{3}\b|[^\W\d]", cell) for cell in cells)


def _scope(
    found: Outline, read: Tables, keys: Mapping[int, tuple[Label, ...]], span: Span, block: ArticleBlock | None, *, opens: bool
) -> SentenceScope:
    text = found.text
    if block is None:
        return SentenceScope()
    # A sentence belongs to the record that it overlaps: a labelled list may be cut into sentences in other places.
    record = next((n for n, one in enumerate(read.records) if one.start < span[1] and span[0] < one.end), None)
    header = any(one.start < span[1] and span[0] < one.end for one in read.headers)
    labels, leads = list(_labels(found, block)), list(_leads(found, block))
    if record is not None:
        one = read.records[record]
        labels += keys[record]
        # A row is read with the headers of its columns, a labelled value with what the list is about.
        leads += [each.name for each in one.fields] if one.row else [one.key] * (one.key != NOWHERE)
    question = _question(found, block)
    asks = _ASKS.search(text[slice(*span)]) is not None
    return SentenceScope(
        labels=tuple(dict.fromkeys(labels)),
        # A span does not lead itself: a heading is among its own labels.
        leads=tuple(dict.fromkeys(one for one in leads if not (one[0] <= span[0] and span[1] <= one[1]))),
        asked=(question.start, question.end) if question and not asks else None,
        # Only the block right behind the question begins with its answer.
        direct=opens and question is not None and found.blocks.index(question) == found.blocks.index(block) - 1,
        says=not asks and not header and block.kind not in ("contents", "links", "markup"),
        record=record,
    )


def _labels(found: Outline, block: ArticleBlock) -> Iterator[Label]:
    """The labels that the layout puts over a block."""
    for heading in (*found.headings(block), *([block] if block.kind == "heading" else [])):
        if heading.kind == "heading":
            # Only headings of one level below the same heading exclude each other.
            above = -1 if heading.heading is None else heading.heading
            yield label_of(("heading", above, heading.level), found.words(heading))
    # "Q" and "A" say who asks and who answers, and not who they are.
    if block.kind == "turn" and block.speaker.casefold() not in _ROLES:
        yield label_of(("speaker", block.group, 0), block.speaker)
    if question := _question(found, block):
        yield label_of(("question", 0, 0), found.words(question))
    if block.kind == "item":
        # The items above this one, and itself where it has a list of its own.
        leads = [one for one in found.leads(block) if one.kind == "item"]
        for item in (*leads, block):
            children = any(
                found.blocks[one.lead] is item for one in found.blocks if one.kind == "item" and one.lead is not None
            )
            if children:
                yield label_of(("item", item.group, 0), found.words(item))
        # "Members must not bring:" before "- dogs" turns what the item says round.
        before = next((one for one in found.leads(block) if one.kind == "paragraph"), None)
        if before is not None:
            yield label_of(("list", 0, 0), found.words(before))


def _leads(found: Outline, block: ArticleBlock) -> Iterator[Span]:
    """What a reader has read before a block and that counts with it; the header of a row comes with its record."""
    for heading in found.headings(block):
        if heading.kind == "heading":
            yield heading.start, heading.end
    for lead in found.leads(block):
        if lead.kind in ("item", "paragraph", "question", "turn"):
            yield lead.start, lead.end
    if block.kind == "turn":
        # The name stands once, at the turn's beginning, and the turn may go on in further paragraphs.
        at = found.text.find(block.speaker, _turn_start(found, block))
        yield at, at + len(block.speaker)


def _turn_start(found: Outline, block: ArticleBlock) -> int:
    """Where the turn begins that a block goes on with."""
    at = found.blocks.index(block)
    while at and found.text.find(block.speaker, found.blocks[at].start, found.blocks[at].end) < 0:
        at -= 1
    return found.blocks[at].start


def _question(found: Outline, block: ArticleBlock) -> ArticleBlock | None:
    """The question that a block answers, unless it asks one itself."""
    for lead in found.leads(block):
        if lead.kind == "question" or (lead.kind == "turn" and _ASKS.search(found.text[lead.start : lead.end])):
            # A question within a turn is answered by the next turn, and not by a list below it.
            return lead if lead.kind == "question" or block.kind == "turn" else None
    return None


def answers_no(text: str, scope: SentenceScope, span: Span) -> bool:
    """Whether a sentence answers its question with "no"."""
    return scope.direct and _NO.match(text, span[0], span[1]) is not None


def _is_plural(word: str) -> bool:
    """Whether a word that begins its sentence is a plural, for which no "it", "he" or "she" stands: "Adults take it"."""
    return re.search(r"[^su]s$", word) is not None


def _carried(
    text: str, spans: Sequence[Span], names: Sequence[Sequence[Name]], scopes: Sequence[SentenceScope]
) -> list[SentenceScope]:
    """The scopes with the subject that a pronoun carries over from the sentence before in the same paragraph."""
    found: list[SentenceScope] = []
    subject: Label | None = None
    person: Label | None = None
    # `last` is the subject's name, `home` the sentence that it stands in.
    last = home = (0, 0)
    for n, (span, scope) in enumerate(zip(spans, scopes, strict=True)):
        # No pronoun reaches over the end of a paragraph.
        parted = n > 0 and "\n" in text[spans[n - 1][1] : span[0]]
        opening = [folded(match.group()) for match in TOKEN.finditer(text, span[0], min(span[1], span[0] + 40))][:OPENING]
        # A name that opens the sentence, perhaps behind "The", is its subject; one further on may be anything.
        own = names[n][0] if names[n] and names[n][0].start - span[0] <= LEAD_IN else None
        pronoun = bool(opening) and opening[0] in _CARRYING
        person = None if parted else person
        if parted or (not pronoun and own is None):
            subject = None  # The sentence has a subject of its own that is no name.
        # "Ada blames the flood. The gravel was washed away. She ...": the gravel does not stand between Ada and "she".
        meant = subject or (person if pronoun and opening[0] in _PERSONAL else None)
        if meant and pronoun:
            found.append(replace(scope, labels=(*scope.labels, meant), leads=(*scope.leads, last), carried=home))
        # "Adults take 500 mg. It must be taken with food.": "it" is not the adults.
        elif own and not (own.weak and _is_plural(own.text)):
            subject, last, home = label_of(("subject", 0, 0), own.text), (own.start, own.end), span
            person = subject
            found.append(replace(scope, labels=(*scope.labels, subject)))
        else:
            found.append(scope)
    return found


LEAD_IN = 5
"""Characters before a name that begins its sentence: "The "."""
