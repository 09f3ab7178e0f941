"""How likely it is that the passages that were found answer the question at all. Pure: no model is asked.

A logistic curve over a few numbers, none of which depends on how large the collection is: one note of one sentence is judged as
a hundred thousand articles are. BM25 is left out for that reason, and what is usual for a sentence is known beforehand.
`make bench ARGS=confidence` fits the weights anew on the development sets and prints how well they do.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from bot.answering.steps.candidates import Candidate, flat
from bot.reading.names import common_words, names, with_capitals
from bot.reading.questions import answers, asked_for
from bot.types import Passage
from vectorstore.searching.folding import STOP_WORDS

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
}
"""What each of the `features` counts; one that is not named here counts nothing."""
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


def between(one: Mapping[str, float], other: Mapping[str, float]) -> Mapping[str, float]:
    """The features halfway between those of two searches for one question; of one that found nothing, the other's."""
    if not one or not other:
        return one or other
    return {name: (value + other[name]) / 2 for name, value in one.items()}


def features(question: str, candidates: Sequence[Candidate], met: bool, judged: float | None = None) -> dict[str, float]:
    """What speaks for an answer in these sentences (one at least) and against it, by name; `WEIGHTS` says what each counts.

    late: the best passage's late interaction; cosine: the nearest passage's; usual: the late interaction that any sentence has
    with this question; lacking: whether the best sentence lacks the kind of thing that is asked for; unmet: whether all that
    come into question do, which `met` denies; rest: how well the best sentence's passage answers to the words of the question
    that name nobody; judged: the judge's best log odds, as far as they are above even; across: whether the encoder for all
    languages found them.
    """
    passages = {one.passage.n: one.passage for one in candidates}.values()
    question = with_capitals(question, [one.text for one in candidates])
    best = max(candidates, key=lambda one: one.evidence)
    count = len(candidates)
    return {
        "late": _best(passages, "passage"),
        "cosine": _best(passages, "dense"),
        "usual": (count * median(one.evidence for one in candidates) + KNOWN * USUAL) / (count + KNOWN),
        "lacking": float(not _has_what_is_asked_for(question, best.text, candidates)),
        "unmet": float(not met),
        "rest": _rest(question, best.passage),
        "judged": UNJUDGED if judged is None else min(max(judged, 0.0), SURELY),
        "across": float(best.passage.across),
    }


def _rest(question: str, passage: Passage) -> float:
    """How well the passage answers to the words of the question that are no part of a name, a mean cosine.

    "Who is Yao's wife?" finds all that there is about Yao; whether a wife is spoken of, her word has to tell.
    """
    if not passage.asked:
        return _best([passage], "passage")
    named = {word for name in names(question) for word in flat(name)}
    rest = [
        near for word, near in passage.asked.items() if word.casefold() not in STOP_WORDS and not named.intersection(flat(word))
    ]
    return sum(rest) / len(rest) if rest else UNASKED


def _has_what_is_asked_for(question: str, sentence: str, candidates: Sequence[Candidate]) -> bool:
    asked = asked_for(question)
    common = common_words(one.text for one in candidates) if asked == "name" else frozenset[str]()
    return answers(asked, sentence, question, common)


def _best(passages: Iterable[Passage], stage: str) -> float:
    return max((passage.stages[stage].score for passage in passages if stage in passage.stages), default=0.0)
