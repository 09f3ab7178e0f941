"""Passages -> the one to four sentences that best answer, word for word; and how sure that is. Pure: no model is asked.

A sentence is judged by late interaction (its `evidence`), by the question's words that stand in it, and by its passage's rank.
The numbers below were chosen on the development sets; see CONTRIBUTING.md.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.asks import Asked, answers, asked_for
from bot.facts import common_words, names
from bot.steps.confidence import confidence, features
from bot.types import Passage
from vectorstore.folding import terms
from vectorstore.fuse import zscores
from vectorstore.sentences import is_heading

WORDS = 0.5
"""What the share of the question's words counts beside late interaction, both as z-scores."""
PASSAGE = 0.5
"""What the passage's own score counts."""
MARGIN, FOLLOWS = 2.0, 2.25
"""A further sentence is quoted when it is at most so many standard deviations behind the best one; the sentence right after the
best may be further behind, as it often goes on about the same thing without naming it."""
BEFORE = 0.25
"""What a word of the turns before counts beside one of the question's own."""
AGAIN = 1.0
"""How many standard deviations better a sentence must be to be quoted that was quoted in the answer before."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of an article, `passage.text` from `start` to `end` in the article's offsets: one sentence or neighbours joined."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]


@dataclass(frozen=True, slots=True)
class Extract:
    """The quotations, the best first and the others in reading order; `confidence` (0 to 1) that they answer, and from what."""

    quotations: tuple[Quotation, ...]
    confidence: float
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A candidate, with the rank of its passage and its own place in it."""

    passage: Passage
    place: int
    text: str
    evidence: float
    words: float

    @property
    def key(self) -> tuple[int, int]:
        return (self.passage.n, self.place)


def extract(question: str, before: str, passages: Sequence[Passage], most: int, said: str = "") -> Extract:
    """The best quotations for the question, `most` sentences at the most; none when there is no sentence.

    `before` is what a follow-up leans on, `said` the answer to it: what was just quoted has to be better to be quoted again.
    """
    candidates = [one for one in _sentences(question, before, passages) if not _unfit(one)]
    if not candidates:
        return Extract((), 0.0)
    scores = [score - AGAIN * (one.text in said) for score, one in zip(_scores(candidates), candidates, strict=True)]
    chosen = _chosen(question, asked_for(question), candidates, scores, most)
    # Where no sentence has the kind of thing that seems to be asked for, the question may be after something else ("When should
    # I water it?"): that lowers the confidence, and is no reason by itself to say nothing.
    found = features(question, candidates, met=bool(chosen))
    chosen = chosen or _chosen(question, "anything", candidates, scores, most)
    return Extract(_joined(chosen), confidence(found), found)


def _chosen(
    question: str, asked: Asked, candidates: Sequence[_Sentence], scores: Sequence[float], most: int
) -> list[_Sentence]:
    """The sentences to quote, the best first: those that have what is asked for, and what they go on from."""
    common = common_words(one.text for one in candidates) if asked == "name" else frozenset[str]()
    fitting = {i for i, one in enumerate(candidates) if answers(asked, one.text, question, common)}
    if asked != "anything":
        # A date in an article that never mentions Tokyo, as far as was found, does not say when somebody was there.
        naming = _naming(question, candidates)
        fitting = {i for i in fitting if candidates[i].passage.article in naming}
    order = sorted(range(len(candidates)), key=lambda i: (-scores[i], candidates[i].key))
    best = order[0]
    number, place = candidates[best].key
    after = next((i for i in fitting if candidates[i].key == (number, place + 1)), None)
    # A sentence with some date in it, far behind the one that the question is about, is not the date that was asked for.
    chosen = [i for i in order if i in fitting and scores[best] - scores[i] <= MARGIN + FOLLOWS * (i == after)]
    if best not in fitting and after in chosen[: most - 1]:
        # "The bridge was opened by the king. It was on 4 May 1931.": the second says when, the first of what.
        chosen = [best, *chosen]
    return [candidates[i] for i in chosen[:most]]


def _naming(question: str, candidates: Sequence[_Sentence]) -> set[str]:
    """The articles whose title or passages mention each name in the question, by one of its words at least."""
    wanted = [set(_flat(name)) for name in names(question)]
    there: dict[str, set[str]] = {}
    for one in candidates:
        there.setdefault(one.passage.article, set(_flat(one.passage.title))).update(_flat(one.text))
    return {article for article, words in there.items() if all(name & words for name in wanted)}


def _sentences(question: str, before: str, passages: Sequence[Passage]) -> list[_Sentence]:
    wanted = dict.fromkeys(_flat(before, stop=True), BEFORE) | dict.fromkeys(_flat(question, stop=True), 1.0)
    found = [
        (passage, place, passage.text[start - passage.start : end - passage.start], passage.evidence[place])
        for passage in passages
        for place, (start, end) in enumerate(passage.sentences)
    ]
    inside = [wanted.keys() & set(_flat(text)) for _, _, text, _ in found]
    weights = _weights(wanted, inside)
    whole = sum(weights.values()) or 1.0
    return [
        _Sentence(passage, place, text, evidence, sum(weights[word] for word in words) / whole)
        for (passage, place, text, evidence), words in zip(found, inside, strict=True)
    ]


def _flat(text: str, *, stop: bool = False) -> list[str]:
    words, grams = terms(text, stop=stop)
    return words + grams


def _weights(wanted: Mapping[str, float], inside: Sequence[set[str]]) -> dict[str, float]:
    """Inverse document frequency of the wanted words over the sentences at hand: what all of them have says little."""
    seen = Counter(word for words in inside for word in words)
    return {word: weight * math.log(1 + len(inside) / (1 + seen[word])) for word, weight in wanted.items()}


def _unfit(one: _Sentence) -> bool:
    """Headings and questions are about the subject and answer nothing. A line with nothing under it is no heading."""
    over_something = one.place + 1 < len(one.passage.sentences)
    return (over_something and is_heading(one.text)) or one.text.rstrip("\"'”’)]").endswith(("?", "？"))


def _scores(candidates: Sequence[_Sentence]) -> list[float]:
    evidence = zscores([one.evidence for one in candidates])
    words = zscores([one.words for one in candidates])
    passage = zscores([one.passage.score for one in candidates])
    return [float(score) for score in evidence + WORDS * words + PASSAGE * passage]


def _joined(chosen: Sequence[_Sentence]) -> tuple[Quotation, ...]:
    """Neighbours in one quotation; that with the best sentence first, the others article by article in reading order."""
    first: dict[str, int] = {}
    for one in chosen:
        first[one.passage.article] = min(one.passage.n, first.get(one.passage.article, one.passage.n))
    runs: list[list[_Sentence]] = []
    for one in sorted(chosen, key=lambda each: (first[each.passage.article], each.passage.sentences[each.place])):
        if runs and runs[-1][-1].key == (one.passage.n, one.place - 1):
            runs[-1].append(one)
        else:
            runs.append([one])
    runs.sort(key=lambda run: chosen[0] not in run)
    return tuple(_quotation(run) for run in runs)


def _quotation(run: Sequence[_Sentence]) -> Quotation:
    passage = run[0].passage
    return Quotation(passage, passage.sentences[run[0].place][0], passage.sentences[run[-1].place][1])
