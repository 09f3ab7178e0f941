"""What a question about the collection names -> the articles that it means: by author, by title or subject, by date."""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.conversation.condense import Search
from vectorstore.errors import QueryError
from vectorstore.searching.folding import folded, terms
from vectorstore.searching.scope_articles import articles_in_scope, matching_authors
from vectorstore.searching.search import Query
from vectorstore.splitting.sentences import is_heading, sentences
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.records import ArticleSummary, StoredChunk, day_range
from vectorstore.types import Hit, Scope, Span

ALIKE = 0.85
"""How alike two words must be for one to be a misspelling of the other (difflib's ratio)."""
DEPTH = 40
"""Hits that are looked at for the articles about a subject."""
OPENING = 2000
"""Characters at the head of an article in which its title or first sentence is looked for."""

_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_ARTICLES = re.compile(r"^(?:the|an?|der|die|das|den|el|la|los|las|le|les|l['’])\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ArticlePart:
    """A part of an article, [start, end) of its text, and the words there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class LocatedArticle:
    """An article, and the words in it that a footnote is to open; None: those at its head."""

    article: ArticleSummary
    place: ArticlePart | None = None


class ArticleLookup:
    """The articles of a catalog, looked up by what people call them. Threads may share it."""

    def __init__(self, catalog: Catalog, search: Search) -> None:
        self._catalog = catalog
        self._search = search
        self._lock = threading.Lock()
        self._known: tuple[int, Sequence[ArticleSummary]] = (-1, ())

    def articles(self, scope: Scope) -> list[ArticleSummary]:
        """All articles in the scope, by id; raises QueryError where the scope is not understood or empty."""
        # Each change of the catalog counts its generation up, so the articles are read again only after one.
        generation = self._catalog.generation()
        with self._lock:
            if self._known[0] != generation:
                self._known = generation, self._catalog.articles()
            everything = self._known[1]
        if not scope:
            return list(everything)
        inside = set(articles_in_scope(self._catalog, scope))
        return [one for one in everything if one.id in inside]

    def by_author(self, name: str, among: Sequence[ArticleSummary]) -> tuple[str, list[ArticleSummary]]:
        """The author fields that the name stands for, as one text, and their articles; misspelt too. ("", []) for none."""
        stated = list(dict.fromkeys(one.author for one in among if one.author))
        bare = _POSSESSIVE.sub("", name)
        try:
            found = matching_authors([bare], stated)
        # `matching_authors` raises where no author has such a name; then it may be misspelt.
        except QueryError:
            found = {author for author in stated if _misspelt(bare, author)}
        return "; ".join(author for author in stated if author in found), [one for one in among if one.author in found]

    def titled(self, name: str, among: Sequence[ArticleSummary]) -> list[ArticleSummary]:
        """The articles that have all telling words of the name in their titles, the closest title first."""
        wanted = _keys(name)
        found = [(one, title) for one in among if wanted and _within(wanted, title := _keys(one.title))]
        # The shorter a title that has all the words, the fewer others are in it.
        return [one for one, title in sorted(found, key=lambda each: len(each[1]))]

    def about(self, name: str, among: Sequence[ArticleSummary], scope: Scope) -> list[LocatedArticle]:
        """The articles about a subject, or that mention it, the nearest first, each with the sentence that says so.

        Those with the words in their titles come first; others must have them in a passage that the search finds.
        """
        inside, wanted = {one.id: one for one in among}, _keys(name)
        found: dict[str, LocatedArticle] = {}
        # A name of nothing but small words would find anything.
        for hit in self._search(Query(name, scope=scope), DEPTH).hits if wanted else ():
            if hit.article in inside and hit.article not in found and _within(wanted, _keys(hit.text)):
                found[hit.article] = LocatedArticle(inside[hit.article], _best(hit, wanted))
        # Taken out of the others, so that each article is told of once, with the sentence that was found in it.
        named = [found.pop(one.id, LocatedArticle(one)) for one in self.titled(name, among)]
        return [*named, *found.values()]

    def quoted_in(self, text: str, among: Sequence[ArticleSummary], scope: Scope) -> LocatedArticle | None:
        """The article that an answer cites first: one whose title, or whose words, stand in one of its lines."""
        titles = [one for one in among if folded(one.title) in folded(text)]
        for line in filter(None, map(str.strip, text.split("\n"))):
            if named := [one for one in titles if folded(one.title) in folded(line)]:
                # The longest of several titles in one line: "The bridge" also stands in "The bridge at Ner".
                return LocatedArticle(max(named, key=lambda one: len(one.title)))
            if place := self._standing(line, among, scope):
                return place
        return None

    def found_for(self, query: Query, among: Sequence[ArticleSummary]) -> LocatedArticle | None:
        """The article of the best passage for a question."""
        inside = {one.id: one for one in among}
        hits = self._search(query, 1).hits
        return LocatedArticle(inside[hits[0].article]) if hits and hits[0].article in inside else None

    def head(self, id: str, title: str) -> ArticlePart:
        """The title where it stands at the head of the article's text, else the first words: what a row's footnote opens."""
        text = self._catalog.text_between(id, 0, OPENING)
        # Folding may change the length ("ß"); then only the title as it is written can be placed.
        at = folded(text).find(folded(title)) if title and len(folded(text)) == len(text) else text.find(title)
        if at >= 0 and title:
            return ArticlePart(at, at + len(title), text[at : at + len(title)])
        start, end = next(_statements(text), (0, min(len(text), 80)))
        return ArticlePart(start, end, text[start:end])

    def chunks(self, id: str) -> list[StoredChunk]:
        """An article's chunks in reading order."""
        return self._catalog.chunks_of(id)

    def _standing(self, line: str, among: Sequence[ArticleSummary], scope: Scope) -> LocatedArticle | None:
        """The article in which a line of an answer stands word for word."""
        # A line of one or two words stands in many articles.
        if len(_keys(line)) < 3:
            return None
        inside = {one.id: one for one in among}
        for hit in self._search(Query(line, scope=scope), 3).hits:
            if hit.article in inside and (at := hit.text.find(line)) >= 0:
                return LocatedArticle(inside[hit.article], ArticlePart(hit.start + at, hit.start + at + len(line), line))
        return None


def dated(among: Sequence[ArticleSummary], first: str, last: str) -> list[ArticleSummary]:
    """The articles whose dates overlap the days from `first` to `last`, ISO dates; "" leaves an end open."""
    since, until = (day_range(first) if first else None), (day_range(last) if last else None)
    found = []
    for one in among:
        days = day_range(one.date)
        if days and (since is None or days[1] >= since[0]) and (until is None or days[0] <= until[1]):
            found.append(one)
    return found


def by_date(among: Sequence[ArticleSummary], *, latest: bool) -> list[ArticleSummary]:
    """The articles that state a date, the latest or the earliest first."""
    stated = [(days, one) for one in among if (days := day_range(one.date))]
    key: Callable[[tuple[tuple[int, int], ArticleSummary]], tuple[int, str]]
    key = (lambda each: (-each[0][1], each[1].id)) if latest else (lambda each: (each[0][0], each[1].id))
    return [one for _, one in sorted(stated, key=key)]


def bare_name(name: str) -> str:
    """What is named, without an article before it: "the dam" is "dam".

    >>> bare_name("“the dam”")
    'dam'
    """
    return _ARTICLES.sub("", name.strip(" \"'“”„«»‘’"))


def _statements(text: str) -> Iterator[Span]:
    """The spans of the sentences at the head of a text that are no headings; a heading where there is nothing else."""
    spans = [span for span in sentences(text) if _WORD.search(text[slice(*span)])]
    yield from (span for span in spans if not is_heading(text[slice(*span)]))
    yield from spans


def _keys(text: str) -> set[str]:
    words, grams = terms(text, stop=True)
    return {*words, *grams}


def _within(wanted: set[str], there: set[str]) -> bool:
    """Whether all words stand there, a misspelt one too."""
    return all(word in there or any(_alike(word, other) for other in there) for word in wanted)


def _misspelt(name: str, author: str) -> bool:
    wanted, there = (set(_WORD.findall(folded(text))) for text in (name, author))
    return bool(wanted) and _within(wanted, there)


def _alike(word: str, other: str) -> bool:
    """Whether one may be a misspelling of the other: of four letters at least, alike in most, and with the same first one."""
    if min(len(word), len(other)) < 4 or word[0] != other[0] or abs(len(word) - len(other)) > 2 or word.isdigit():
        return False
    return SequenceMatcher(None, word, other).ratio() >= ALIKE


def _best(hit: Hit, wanted: set[str]) -> ArticlePart | None:
    """The sentence of a hit that has most of the words; of several the one that answers best."""
    lines = [(span, hit.text[span[0] - hit.start : span[1] - hit.start]) for span in hit.sentences]
    if not lines:
        return None
    ranked = zip(lines, hit.evidence, strict=True)
    (span, text), _ = max(ranked, key=lambda each: (len(wanted & _keys(each[0][1])), not is_heading(each[0][1]), each[1]))
    return ArticlePart(*span, text)
