"""A question -> what its answer is made from: the passages that the search finds, and the sentences in them that answer best.

The same words in two articles are one passage that names both: a copy would take the place of something new, in the answer and
in what a model is sent. The search itself keeps every copy, because somebody may look for just that one.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering.cited import PagesOf
from bot.answering.extract import Extract, confidence, extract, mean_features
from bot.answering.quotations import TextOf, only_leads_elsewhere
from bot.answering.sentence_odds import Judge
from bot.conversation.condense import Reading, Search, asking, condense, searched
from bot.reading.names import names
from bot.types import Part, Passage, Question
from vectorstore.searching.folding import folded
from vectorstore.searching.search import Query, SearchHits
from vectorstore.splitting.language import ENGLISH, in_english
from vectorstore.storage.records import ArticleSummary
from vectorstore.types import EVERYWHERE, Hit, Scope

ABBREVIATION = re.compile(r"[A-Z][A-Z.&-]{0,5}s?")
"""A name in capitals that may stand for longer words."""
COPIED = 0.9
"""A passage counts as a copy where a better one holds at least this share of its runs of three words."""
SPARE = 4
"""Hits to ask for beyond the passages that are wanted, since copies are folded into one. As many again are asked for each part
in `Question.without`: a part is usually a passage of three chunks at most (`Ranking.longest_run`), each perhaps a hit."""

About = Callable[[Sequence[str]], dict[str, ArticleSummary]]
"""Article ids -> what the catalog says of them, without their texts."""
TextsOf = Callable[[Sequence[str]], Mapping[str, str]]
"""Article ids -> their texts, read at once; without those that are not there."""
NO_HITS = SearchHits((), {}, ())
"""What was found where nothing was searched."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many passages an answer may draw from, how many sentences it quotes at most, and how sure it has to be."""

    passages: int = 8
    quotes: int = 4
    abstain_below: float = 0.12


@dataclass(frozen=True, slots=True)
class RetrievalTools:
    """What helps to search and to choose quotations, where it is at hand.

    Without `texts_of`, no sentence's context is known beyond its passage. `respelt` spells the words of a question as the
    articles do. `judge` says which English sentences answer; without it, likeness does. `pages_of` gives an article's pages.
    `stands` says whether a word of a name stands in any article of a scope.
    """

    texts_of: TextsOf | None = None
    respelt: Callable[[str], str] | None = None
    judge: Judge | None = None
    pages_of: PagesOf | None = None
    stands: Callable[[str, Scope], bool] | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What an answer is made from: how the question was read, the passages that were found, and the best sentences."""

    reading: Reading
    passages: tuple[Passage, ...]
    chosen: Extract

    @property
    def query(self) -> Query:
        """What was searched."""
        return self.reading.query


class Retrieval:
    """Finds what an answer is made from, in one index.

    >>> question = Question("Who translated the op-ed?")
    >>> retrieval = Retrieval(searcher.search, catalog.summaries, Limits(), RetrievalTools())
    >>> findings = retrieval.quotations(question, *retrieval.passages(question, retrieval.query(question)))
    >>> findings.chosen.quotations[0].passage.article, findings.chosen.confidence > Limits().abstain_below
    ('five-pieces-on-one-page.md', True)
    """

    def __init__(self, search: Search, about: About, limits: Limits, tools: RetrievalTools) -> None:
        self._search = search
        self._about = about
        self._limits = limits
        self._tools = tools

    def query(self, question: Question, rewritten: Query | None = None) -> Query:
        """What to search for: a model's reading of a follow-up where there is one, else that of the rules."""
        # The scope is the reader's and holds however the question is read.
        query = replace(rewritten or condense(question), scope=question.scope)
        # What the reader put into words for the search is searched to the letter.
        if self._tools.respelt is not None and question.given is None and not question.searched.strip():
            query = _respelt(query, self._tools.respelt)
        return query

    def passages(self, question: Question, query: Query) -> tuple[Reading, tuple[Passage, ...]]:
        """What the search finds, and the passages of it that the answer may draw from."""
        if question.given is not None:
            given = tuple(one for one in question.given if not touched(one, question.without))
            # No search takes place, so that the same passages can be answered from again and again: the prompt lab varies
            # everything else.
            return Reading(query, NO_HITS), given
        # More hits than passages, since copies are folded into one and parts that must be done without fall away.
        reading = searched(self._search, query, self._limits.passages + SPARE * (1 + len(question.without)))
        start = time.perf_counter()
        passages = self._packed(question, reading.found)
        ms = {**reading.found.ms, "pack": round(1000 * (time.perf_counter() - start), 2)}
        return replace(reading, found=replace(reading.found, ms=ms)), passages

    def quotations(self, question: Question, reading: Reading, passages: tuple[Passage, ...]) -> Findings:
        """The best sentences of the passages; where these do not answer, what the question finds when it is read otherwise."""
        found = Findings(reading, passages, self._chosen(question, reading, passages))
        # Another reading is a second search, so it is tried only where the first one would end in an abstention.
        if found.chosen.confidence < self._limits.abstain_below and question.given is None:
            return self._otherwise(question, found)
        return found

    def confidence(self, question: Question) -> float:
        """How sure an answer in quotations would be."""
        query = replace(condense(question), scope=question.scope)
        return self._chosen(question, *self.passages(question, query)).confidence

    def elsewhere(self, query: Query) -> str:
        """The title of an article outside the query's scope that may answer; "" where none does."""
        hits = self._search(replace(query, scope=EVERYWHERE), self._limits.passages).hits
        # One quotation is enough: it is asked only whether another article may answer, and which.
        chosen = extract(query.text, query.before, pack_passages(hits, self._about, self._limits.passages), 1)
        found = chosen.quotations[0].passage.title if chosen.quotations else ""
        return found if chosen.confidence >= self._limits.abstain_below else ""

    def _otherwise(self, question: Question, found: Findings) -> Findings:
        """What the question finds when it is read in another way, after a reading that would end in an abstention.

        First its last sentence is searched, with the others as its context (`asking`). If that is no surer than
        `abstain_below`, what the question finds without the turns before it is returned, where that was searched; else `found`.
        """
        if (narrow := asking(found.query)) is not None:
            other = Reading(narrow, self._search(narrow, self._limits.passages + SPARE))
            passages = self._packed(question, other.found)
            # The other reading is taken only where it gets over the bar; otherwise the first one's passages are shown as the
            # nearest.
            chosen = self._chosen(question, other, passages)
            if chosen.confidence >= self._limits.abstain_below:
                return Findings(other, passages, chosen)
        if found.reading.alone is None:
            return found
        # Since the articles answer neither reading, the question is probably about something new: the passages shown as the
        # nearest are those that it finds without the turns before it. The quotations stay those of `found`: at this confidence
        # none is shown.
        alone = Reading(found.query.alone, found.reading.alone)
        return Findings(alone, self._packed(question, alone.found), found.chosen)

    def _packed(self, question: Question, found: SearchHits) -> tuple[Passage, ...]:
        hits = untouched(found.hits, question.without)
        # An index of notes has the title of each, so every question finds it, and it takes the place of the notes themselves.
        text_of = self._text_of(question, hits)
        # Sorting is stable: lists of links go to the end, and all else keeps its order.
        hits = tuple(sorted(hits, key=lambda hit: only_leads_elsewhere(hit, text_of)))
        return pack_passages(hits, self._about, self._limits.passages)

    def _chosen(self, question: Question, reading: Reading, passages: tuple[Passage, ...]) -> Extract:
        """The quotations and their confidence.

        Where the question may not need the turns before it, the confidence is that of the mean of two sets of features: of the
        question with those turns, and of the question alone.
        """
        query, quotes = reading.query, self._limits.quotes
        text_of = self._text_of(question, passages)
        # The judge was trained on English alone; its odds for other languages mean nothing.
        judge = self._tools.judge if self._tools.judge and _english(query, passages) else None
        chosen = extract(query.text, query.before, passages, quotes, _said_before(question), text_of, judge)
        features = chosen.features
        if reading.alone is not None:
            # The question by itself is judged without what was said before, as a reader who has just come would ask it.
            others = self._packed(question, reading.alone)
            alone = extract(query.text, "", others, quotes, text_of=self._text_of(question, others), judge=judge)
            # The features are averaged, not the confidences: the curve from features to confidence is logistic, not linear.
            features = mean_features(features, alone.features)
        if features and self._names_what_is_absent(query):
            features = {**features, "absent": 1.0}
        return replace(chosen, confidence=confidence(features) if features else 0.0, features=features)

    def _text_of(self, question: Question, found: Sequence[Hit | Passage]) -> TextOf | None:
        """The texts of the articles of what was found, without those of which the answer must do without a part."""
        if self._tools.texts_of is None:
            return None
        barred = {part.article for part in question.without}
        # Read at once: the catalog takes longer to be asked than to read.
        return self._tools.texts_of([one for one in dict.fromkeys(each.article for each in found) if one not in barred]).get

    def _names_what_is_absent(self, query: Query) -> bool:
        """Whether an English question has a name of which no word stands in the articles that are searched."""
        stands = self._tools.stands
        if stands is None or not in_english(query.searched):
            return False
        # Two kinds of names are passed over: an abbreviation such as "UN", which the articles may spell out, and what begins
        # the question, as its first word has a capital whether it is a name or not.
        certain = (name for name in names(query.text) if not query.text.startswith(name) and not ABBREVIATION.fullmatch(name))
        return any(not stands(name, query.scope) for name in certain)


def _respelt(query: Query, respelt: Callable[[str], str]) -> Query:
    """The query with its words spelt as the articles spell them, in what is shown as well."""
    text, before = respelt(query.text), respelt(query.before)
    return replace(query, text=text, before=before, asked=respelt(query.asked), told=respelt(query.told))


def _said_before(question: Question) -> str:
    """The answer before, which need not be quoted again."""
    return next((turn.text for turn in reversed(question.history) if turn.role == "assistant"), "")


def _english(query: Query, passages: tuple[Passage, ...]) -> bool:
    """Whether the question and any passage are in English, which is all that the judge of sentences has learnt."""
    return any(one.language in ("", ENGLISH) for one in passages) and in_english(query.searched)


# Hits -> passages


def untouched(hits: Sequence[Hit], parts: Sequence[Part]) -> tuple[Hit, ...]:
    """The hits that share no character with any of the parts.

    To be asked before the hits are packed: where the same words stand in another article too, that copy is then used, as it has
    not been folded into the one that must be done without.
    """
    return tuple(hit for hit in hits if not touched(hit, parts))


def touched(found: Hit | Passage, parts: Sequence[Part]) -> bool:
    """Whether it shares a character with one of the parts."""
    return any(found.article == part.article and found.start < part.end and part.start < found.end for part in parts)


def pack_passages(hits: Sequence[Hit], about: About, most: int) -> tuple[Passage, ...]:
    """The first `most` hits as passages, best first, numbered from 1, copies folded into the best of them.

    Those of an article that has just been removed are left out.
    """
    known = about(list(dict.fromkeys(hit.article for hit in hits)))
    kept: list[tuple[Passage, _Fingerprint]] = []
    for hit in hits:
        # The index may still hold an article that another process removed a moment ago.
        if hit.article not in known:
            continue
        one = _fingerprint(hit.text)
        same = (at for at, (passage, other) in enumerate(kept) if one.copies(other) or passage.article == hit.copy_of)
        first = next(same, None)
        if first is not None:
            passage, other = kept[first]
            if hit.article not in (passage.article, *passage.also):
                kept[first] = (replace(passage, also=(*passage.also, hit.article)), other)
        # The loop goes on when there are enough passages, since later hits may be copies whose articles are to be named beside
        # them.
        elif len(kept) < most:
            kept.append((_passage(len(kept) + 1, hit, known[hit.article]), one))
    return tuple(passage for passage, _ in kept)


@dataclass(frozen=True, slots=True)
class _Fingerprint:
    """What a text is compared by: its runs of three words, and its numbers."""

    runs: frozenset[tuple[str, ...]]
    numbers: frozenset[str]

    def copies(self, other: "_Fingerprint") -> bool:
        """Whether the other says all this in the same words. A report that differs in a year or a sum does not."""
        return self.numbers <= other.numbers and len(self.runs & other.runs) >= COPIED * len(self.runs)


def _fingerprint(text: str) -> _Fingerprint:
    words = re.findall(r"\w+", folded(text))
    # A text of three words or fewer has no run of its own and is compared as a whole.
    runs = zip(words, words[1:], words[2:], strict=False) if len(words) > 3 else [tuple(words)]
    return _Fingerprint(frozenset(runs), frozenset(word for word in words if word[0].isdigit()))


def _passage(n: int, hit: Hit, article: ArticleSummary) -> Passage:
    return Passage(
        n=n,
        article=hit.article,
        title=article.title,
        author=article.author,
        date=article.date,
        start=hit.start,
        end=hit.end,
        text=hit.text,
        score=hit.score,
        stages=hit.stages,
        sentences=hit.sentences,
        evidence=hit.evidence,
        source=article.source,
        across=hit.across,
        language=article.language,
        asked=hit.words,
    )
