"""Passages -> the one to four sentences that best answer, word for word; and how sure that is. Pure: no model is asked.

A sentence is judged by late interaction (its `evidence`), by the question's words that stand in it, and by its passage's rank.
The numbers below were chosen on the development sets; see docs/ranking.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.answering.steps.candidates import Candidate, TextOf, candidates, flat
from bot.answering.steps.confidence import confidence, features
from bot.answering.steps.judging import UNREAD, Judge, judged
from bot.answering.steps.quotations import Quotation, quotations, section_of
from bot.reading.names import common_words, names, with_capitals
from bot.reading.questions import Asked, all_asked_for, answers, identified, parts, says_what_is, subject_of, wants_list
from bot.types import Passage
from vectorstore.searching.ranking import zscores

WORDS = 0.25
"""What the share of the question's words counts beside late interaction, both as z-scores."""
PASSAGE = 0.5
"""What the passage's own score counts."""
MARGIN, FOLLOWS = 2.0, 1.5
"""A further sentence is quoted when it is at most so many standard deviations behind the best one; the sentence right after the
best may be further behind, as it often goes on about the same thing without naming it."""
RIVAL = 1.5
"""So many standard deviations behind the best one a sentence is quoted even if it adds nothing: it may be the better answer."""
ADDS = 0.15
"""The share of the question's words that a further sentence must have and those chosen before it have not."""
JUDGED = 0.5
"""What a unit of the judge's log odds counts beside a standard deviation of likeness."""
WIDER = 1.5
"""How much more scores differ with the judge's part in them."""
KIND = 1.0
"""What it counts where the judge decides that a sentence has the kind of thing that the question asks for."""
ANSWERS, PARTLY = 0.0, 2.0
"""The log odds with which a sentence answers a part of a question, and how much worse another one answers it that will do."""
LISTED = 2.0
"""What it counts where a list is asked for that a sentence stands under a heading which names what is to be listed."""
IDENTIFIES = 1.0
"""What it counts where the question is who or what somebody or something is that a sentence says it."""
AGAIN = 1.0
"""How many standard deviations better a sentence must be to be quoted that was quoted in the answer before."""


@dataclass(frozen=True, slots=True)
class Extract:
    """The quotations, the best first and the others in reading order; `confidence` (0 to 1) that they answer, and from what."""

    quotations: tuple[Quotation, ...]
    confidence: float
    features: Mapping[str, float] = field(default_factory=dict)


def extract(
    question: str,
    before: str,
    passages: Sequence[Passage],
    most: int,
    said: str = "",
    text_of: TextOf | None = None,
    judge: Judge | None = None,
) -> Extract:
    """The best quotations for the question, `most` sentences at the most; none when there is no sentence.

    `before` is what a follow-up leans on, `said` the answer to it: what was just quoted has to be better to be quoted again.
    `text_of` gives the articles' texts, for the context of a sentence outside of its passage. `judge` reads the likeliest
    sentences with an English question; without it, likeness decides.
    """
    found = candidates(subject_of(question), before, passages, text_of)
    if not found:
        return Extract((), 0.0)
    likely = likeness(found)
    odds, asked = _odds(question, found, likely, judge)
    listing = wants_list(question)
    asked_of = identified(question)
    scores = [
        score
        - AGAIN * (one.text in said)
        + LISTED * (listing and section_of(one) is not None)
        + IDENTIFIES * (asked_of != "" and says_what_is(asked_of, one.text))
        for score, one in zip(_stacked(likely, odds), found, strict=True)
    ]
    fits = _fitting(with_capitals(question, [one.text for one in found]), found)
    chosen = _chosen(found, fits, scores, most)
    told = features(question, found, met=bool(chosen), judged=max(odds) if judge is not None else None)
    if judge is not None or not chosen:
        # Where nothing has what seems to be asked for, the question may be after something else ("When should I water it?").
        bonus = KIND if judge is not None else 0.0
        scores = [score + bonus * (i in fits) for i, score in enumerate(scores)]
        chosen = _chosen(found, dict.fromkeys(range(len(found)), frozenset[Asked]()) | fits, scores, most)
    chosen = _covered(chosen, found, asked, most)
    return Extract(quotations(chosen, found, listing), confidence(told), told)


def _odds(
    question: str, found: Sequence[Candidate], likely: Sequence[float], judge: Judge | None
) -> tuple[list[float], list[list[float]]]:
    """The log odds that each candidate answers the question, and each part of one of several; zeros without a judge.

    The judge reads a follow-up alone: with the question before it, it would find the answer to that one again.
    """
    if judge is None:
        return [0.0] * len(found), []
    pieces = parts(question)
    asked = [judged(judge, one, found, likely) for one in (question, *(pieces if len(pieces) > 1 else ()))]
    return asked[0], asked[1:]


def _stacked(likely: Sequence[float], odds: Sequence[float]) -> list[float]:
    """Likeness and the judge's log odds as one score, which differs as much between sentences as likeness alone does."""
    return [(one + JUDGED * odd) / WIDER for one, odd in zip(likely, odds, strict=True)] if any(odds) else list(likely)


def _covered(
    chosen: list[Candidate], found: Sequence[Candidate], asked: Sequence[Sequence[float]], most: int
) -> list[Candidate]:
    """The chosen, and for each part of the question that none of them answers the sentence that does, if one does."""
    for odds in asked:
        best = max(range(len(found)), key=odds.__getitem__)
        keys = {one.key for one in chosen}
        had = max((value for one, value in zip(found, odds, strict=True) if one.key in keys), default=UNREAD)
        if odds[best] > ANSWERS and had < odds[best] - PARTLY:
            chosen = [*chosen[: most - 1], found[best]]
    return chosen


def likeness(found: Sequence[Candidate]) -> list[float]:
    """Scores by late interaction, by the words of the question, and by the passage: what needs no model beside the search's."""
    evidence = zscores([one.read_evidence for one in found])
    words = zscores([one.read_words for one in found])
    passage = zscores([one.passage.score for one in found])
    return [float(score) for score in evidence + WORDS * words + PASSAGE * passage]


def _chosen(
    found: Sequence[Candidate], fits: Mapping[int, frozenset[Asked]], scores: Sequence[float], most: int
) -> list[Candidate]:
    """The sentences to quote, the best first: those that have what is asked for (`fits`), and what they go on from."""
    order = sorted(range(len(found)), key=lambda i: (-scores[i], found[i].key))
    best = order[0]
    after = next((i for i in fits if found[i].key == (found[best].passage.n, found[best].last + 1)), None)
    chosen: list[int] = []
    for i in order:
        # A sentence with some date in it, far behind the one that the question is about, is not the date that was asked for.
        behind = scores[best] - scores[i]
        if i not in fits or behind > MARGIN + FOLLOWS * (i == after):
            continue
        if not chosen or behind <= RIVAL or i == after or _adds(i, chosen, found, fits):
            chosen.append(i)
    if best not in fits and after in chosen[: most - 1]:
        # "The bridge was opened by the king. It was on 4 May 1931.": the second says when, the first of what.
        chosen = [best, *chosen]
    return [found[i] for i in chosen[:most]]


def _adds(i: int, chosen: Sequence[int], found: Sequence[Candidate], fits: Mapping[int, frozenset[Asked]]) -> bool:
    """Whether a sentence has a part of what was asked for, or words of the question, that those chosen before have not."""
    if fits[i] - frozenset().union(*(fits[other] for other in chosen)):
        return True
    had = {word for other in chosen for word in found[other].has}
    return sum(weight for word, weight in found[i].has.items() if word not in had) >= ADDS


def _fitting(question: str, found: Sequence[Candidate]) -> dict[int, frozenset[Asked]]:
    """The candidates that have a thing which the question asks for, with the kinds of those things."""
    kinds = all_asked_for(question)
    if kinds == ("anything",):
        return dict.fromkeys(range(len(found)), frozenset(kinds))
    common = common_words(one.text for one in found) if "name" in kinds else frozenset[str]()
    # A date in an article that never mentions Tokyo, as far as was found, does not say when somebody was there.
    naming = _naming(question, found)
    has = {i: frozenset(kind for kind in kinds if answers(kind, one.text, question, common)) for i, one in enumerate(found)}
    return {i: kinds for i, kinds in has.items() if kinds and found[i].passage.article in naming}


def _naming(question: str, found: Sequence[Candidate]) -> set[str]:
    """The articles whose title or passages mention each name in the question, by one of its words at least."""
    wanted = [set(flat(name)) for name in names(question)]
    there: dict[str, set[str]] = {}
    for one in found:
        there.setdefault(one.passage.article, set(flat(one.passage.title))).update(flat(one.text))
    return {article for article, words in there.items() if all(name & words for name in wanted)}
