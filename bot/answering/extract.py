"""Passages -> the one to four sentences that best answer, word for word; and how sure that is.

A sentence is judged by late interaction (its `evidence`), by the question's words that stand in it, and by its passage's rank;
the likeliest English ones by a small judge too, which reads the question with whole stretches of text (`sentence_odds.py`). How
sure the answer is, `confidence` says: a logistic curve over a few numbers, none of which depends on how large the collection
is, so one note of one sentence is judged as a hundred thousand articles are. BM25 is left out for that reason, and what is
usual for a sentence is known beforehand. `make bench ARGS=confidence` fits the curve's weights anew on the development sets;
the other numbers were chosen there too, as `docs/ranking.md` tells.
"""

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from bot.answering.quotations import (
    CandidateSentence,
    Quotation,
    TextOf,
    candidate_sentences,
    section_of,
    whole_quotations,
)
from bot.answering.sentence_odds import UNREAD, Judge, judge_odds, stacked_scores
from bot.conversation.condense import asking_sentences
from bot.reading.names import common_words, names, with_capitals
from bot.reading.questions import (
    Asked,
    all_asked_for,
    answers,
    asked_for,
    identified,
    parts,
    says_what_is,
    subject_of,
    wants_list,
)
from bot.types import Passage
from vectorstore.searching.folding import STOP_WORDS, folded_words
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
KIND = 1.0
"""What it counts where the judge decides that a sentence has the kind of thing that the question asks for."""
ANSWERS, PARTLY = 0.0, 2.0
"""The log odds with which a sentence answers a part of a question, and how much worse another one answers it that will do."""
LISTED, ITEM = 2.0, 1.0
"""What it counts where a list is asked for that a sentence stands under a heading which names what is to be listed, and else
that it is an item of some list."""
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
    # "List" is no word that a sentence must have.
    found = candidate_sentences(subject_of(question), before, passages, text_of)
    if not found:
        return Extract((), 0.0)
    likely = likeness(found)
    odds, asked = _odds(question, found, likely, judge)
    listing = wants_list(question)
    asked_of = identified(question)
    scores = [
        score
        # A bool counts as 0 or 1 here and below.
        - AGAIN * (one.text in said)
        + (_listed(one) if listing else 0.0)
        + IDENTIFIES * (asked_of != "" and says_what_is(asked_of, one.text))
        for score, one in zip(stacked_scores(likely, odds), found, strict=True)
    ]
    # Names typed small ("who is ada brandt") are told by how the articles write them.
    fits = _fitting(with_capitals(question, [one.text for one in found]), found)
    chosen = _chosen(found, fits, scores, most)
    # Before the second choice below: whether the first one found the kind of thing that was asked for is one of the features.
    told = confidence_features(question, found, met=bool(chosen), judged=max(odds) if judge is not None else None)
    if judge is not None or not chosen:
        # Where nothing has what seems to be asked for, the question may be after something else ("When should I water it?").
        # A judge has read the sentences, so the kind of thing is a bonus and no condition.
        bonus = KIND if judge is not None else 0.0
        scores = [score + bonus * (i in fits) for i, score in enumerate(scores)]
        chosen = _chosen(found, dict.fromkeys(range(len(found)), frozenset[Asked]()) | fits, scores, most)
    chosen = _covered(chosen, found, asked, most)
    return Extract(whole_quotations(chosen, found, listing), confidence(told), told)


def _odds(
    question: str, found: Sequence[CandidateSentence], likely: Sequence[float], judge: Judge | None
) -> tuple[list[float], list[list[float]]]:
    """The log odds that each candidate answers the question, and each part of one of several; zeros without a judge.

    The judge reads a follow-up alone: with the question before it, it would find the answer to that one again. Of a question
    that tells a story first it reads what asks: it has learnt from single questions, and the story may fill all that it reads.
    """
    if judge is None:
        return [0.0] * len(found), []
    asking = " ".join(asking_sentences(question)) or question
    pieces = parts(asking)
    # What the bonus of a list may still lift must be read, too.
    margin = MARGIN + (LISTED if wants_list(question) else 0.0)
    asked = [judge_odds(judge, one, found, likely, margin) for one in (asking, *(pieces if len(pieces) > 1 else ()))]
    return asked[0], asked[1:]


def _listed(one: CandidateSentence) -> float:
    """What it counts for a sentence that a list is asked for."""
    if section_of(one) is not None:
        return LISTED
    return ITEM if one.block.kind == "item" else 0.0


def _covered(
    chosen: list[CandidateSentence], found: Sequence[CandidateSentence], asked: Sequence[Sequence[float]], most: int
) -> list[CandidateSentence]:
    """The chosen, and for each part of the question that none of them answers the sentence that does, if one does."""
    for odds in asked:
        best = max(range(len(found)), key=odds.__getitem__)
        keys = {one.key for one in chosen}
        had = max((value for one, value in zip(found, odds, strict=True) if one.key in keys), default=UNREAD)
        if odds[best] > ANSWERS and had < odds[best] - PARTLY:
            # The last of the chosen gives way where there are as many as may be quoted.
            chosen = [*chosen[: most - 1], found[best]]
    return chosen


def likeness(found: Sequence[CandidateSentence]) -> list[float]:
    """Scores by late interaction, by the words of the question, and by the passage: what needs no model beside the search's."""
    evidence = zscores([one.read_evidence for one in found])
    words = zscores([one.read_words for one in found])
    passage = zscores([one.passage.score for one in found])
    return [float(score) for score in evidence + WORDS * words + PASSAGE * passage]


def _chosen(
    found: Sequence[CandidateSentence], fits: Mapping[int, frozenset[Asked]], scores: Sequence[float], most: int
) -> list[CandidateSentence]:
    """The sentences to quote, the best first: those that have what is asked for (`fits`), and what they go on from."""
    # Equal scores go by the passage's rank and the place in it, so that the same question has the same answer.
    order = sorted(range(len(found)), key=lambda i: (-scores[i], found[i].key))
    best = order[0]
    # The sentence right after the best one, in the same passage.
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


def _adds(i: int, chosen: Sequence[int], found: Sequence[CandidateSentence], fits: Mapping[int, frozenset[Asked]]) -> bool:
    """Whether a sentence has a part of what was asked for, or words of the question, that those chosen before have not."""
    # "Who launched it and when?": a sentence with the date adds to one with the name.
    if fits[i] - frozenset().union(*(fits[other] for other in chosen)):
        return True
    had = {word for other in chosen for word in found[other].has}
    return sum(weight for word, weight in found[i].has.items() if word not in had) >= ADDS


def _fitting(question: str, found: Sequence[CandidateSentence]) -> dict[int, frozenset[Asked]]:
    """The candidates that have a thing which the question asks for, with the kinds of those things."""
    kinds = all_asked_for(question)
    if kinds == ("anything",):
        return dict.fromkeys(range(len(found)), frozenset(kinds))
    common = common_words(one.text for one in found) if "name" in kinds else frozenset[str]()
    # A date in an article that never mentions Tokyo, as far as was found, does not say when somebody was there.
    naming = _naming(question, found)
    has = {i: frozenset(kind for kind in kinds if _has(kind, one, question, common)) for i, one in enumerate(found)}
    return {i: kinds for i, kinds in has.items() if kinds and (found[i].foreign or found[i].passage.article in naming)}


def _has(kind: Asked, one: CandidateSentence, question: str, common: Container[str]) -> bool:
    """Whether a sentence has a thing of the kind; the rules read English, and one in another language may have anything."""
    return one.foreign or answers(kind, one.text, question, common)


def _naming(question: str, found: Sequence[CandidateSentence]) -> set[str]:
    """The articles whose title or passages mention each name in the question, by one of its words at least."""
    wanted = [set(folded_words(name)) for name in names(question)]
    there: dict[str, set[str]] = {}
    for one in found:
        there.setdefault(one.passage.article, set(folded_words(one.passage.title))).update(folded_words(one.text))
    return {article for article, words in there.items() if all(name & words for name in wanted)}


# How sure it is

USUAL, KNOWN = 0.29, 20
"""The late interaction of a sentence that has nothing to do with the question, and how many sentences that knowledge weighs:
among few sentences it is what the best one has to stand out over, among many it is their own median."""

UNASKED = 0.7
"""What a passage is taken to answer to the rest of a question that only names something."""
SURELY, UNJUDGED = 3.0, 1.0
"""Log odds of the judge beyond which it makes no difference how sure it is, and those where no judge has read."""

WEIGHTS: Mapping[str, float] = {
    "late": 5.5,
    "cosine": 10.3,
    "usual": -9.9,
    "lacking": -1.85,
    "unmet": -1.85,
    "rest": 3.2,
    "judged": 1.05,
    "absent": -1.5,
}
"""What each of the `features` counts; one that is not named here counts nothing. `absent` is not fitted, as the
development sets hardly have such questions: 10 of 1,341 have an answer and a name that no article has."""
BAR = 8.0
"""What they must add up to for an even chance. So set that the default of `abstain_below` abstains from some 2 of 100
answerable questions of conversations, and 1 or 2 of the other sets'."""
WEIGHTS_ACROSS: Mapping[str, float] = {"late": 21.0, "usual": -22.0, "lacking": -0.6, "unmet": -1.6}
BAR_ACROSS = 3.5
"""The same where the encoder for all languages found the passages: its cosines are on another scale, and a word of the question
seldom stands in a text of another language. Its plain cosine says more of the two languages than of the answer, and counts
nothing. The bar abstains from some 5 of 100 of XQuAD's questions in eleven languages, and from half without the article."""


def confidence(found: Mapping[str, float]) -> float:
    """How likely it is that the question is answered, 0 to 1, by the `features` of what was found."""
    weights, bar = (WEIGHTS_ACROSS, BAR_ACROSS) if found["across"] else (WEIGHTS, BAR)
    return 1 / (1 + math.exp(bar - sum(weight * found[name] for name, weight in weights.items())))


def mean_features(one: Mapping[str, float], other: Mapping[str, float]) -> Mapping[str, float]:
    """The features halfway between those of two searches for one question; of one that found nothing, the other's."""
    if not one or not other:
        return one or other
    return {name: (value + other[name]) / 2 for name, value in one.items()}


def confidence_features(
    question: str, candidates: Sequence[CandidateSentence], met: bool, judged: float | None = None
) -> dict[str, float]:
    """What speaks for an answer in these sentences (one at least) and against it, by name; `WEIGHTS` says what each counts.

    late: the best passage's late interaction; cosine: the nearest passage's; usual: the late interaction that any sentence has
    with this question; lacking: whether the best sentence lacks the kind of thing that is asked for; unmet: whether all that
    come into question do, which `met` denies; rest: how well the best sentence's passage answers to the words of the question
    that name nobody; judged: the judge's best log odds, as far as they are above even; across: whether the encoder for all
    languages found them; absent: whether the question names what no article does, which the caller knows.
    """
    passages = {one.passage.n: one.passage for one in candidates}.values()
    question = with_capitals(question, [one.text for one in candidates])
    best = max(candidates, key=lambda one: one.evidence)
    count = len(candidates)
    return {
        "late": _best(passages, "passage"),
        "cosine": _best(passages, "dense"),
        # A mean of what is known beforehand and of what these sentences say, each weighed by its number of sentences.
        "usual": (count * median(one.evidence for one in candidates) + KNOWN * USUAL) / (count + KNOWN),
        "lacking": float(not _has_what_is_asked_for(question, best, candidates)),
        "unmet": float(not met),
        "rest": _rest(question, best.passage),
        # Cut at both ends: how sure a No is makes no difference, nor how much surer than `SURELY` a Yes.
        "judged": UNJUDGED if judged is None else min(max(judged, 0.0), SURELY),
        "across": float(best.passage.across),
        "absent": 0.0,
    }


def _rest(question: str, passage: Passage) -> float:
    """How well the passage answers to the words of the question that are no part of a name, a mean cosine.

    "Who is Yao's wife?" finds all that there is about Yao; whether a wife is spoken of, her word has to tell.
    """
    if not passage.asked:
        return _best([passage], "passage")
    named = {word for name in names(question) for word in folded_words(name)}
    asking = {word: near for word, near in passage.asked.items() if word.casefold() not in STOP_WORDS}
    rest = [near for word, near in asking.items() if not named.intersection(folded_words(word))]
    return sum(rest) / len(rest) if rest else UNASKED


def _has_what_is_asked_for(question: str, best: CandidateSentence, candidates: Sequence[CandidateSentence]) -> bool:
    asked = asked_for(question)
    common = common_words(one.text for one in candidates) if asked == "name" else frozenset[str]()
    return _has(asked, best, question, common)


def _best(passages: Iterable[Passage], stage: str) -> float:
    return max((passage.stages[stage].score for passage in passages if stage in passage.stages), default=0.0)
