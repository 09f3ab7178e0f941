"""Verdicts on sentences that models and people really wrote, held against the judgements of people, set by set.

The sets are those of `verify/` in the development sets' folder, which its README describes. The weights
of `bot/verification/judging.py` are fitted anew on all sets but one and tried on that one, which shows what carries over.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np

from bot.types import Verdict
from bot.verification.judging import BAR, WEIGHTS, Judgement
from bot.verification.verdicts import HOLDS
from bot.wiring import open_verifier
from tests.benchmarks.common import Record, Timer, calibration_error, data_folder, logistic, percentile, records
from tests.benchmarks.quality import auc
from tests.benchmarks.table import Row, at_least, info, missing, under

CITED = ("gensearch",)
"""Answers with citations, which is what Footnote judges: the thresholds are chosen on these."""
WRITTEN = ("gensearch", "expertqa", "attributedqa", "begin", "q2", "factcheckgpt")
"""Claims that models wrote by themselves; those of the other sets are people's, or were changed in order to deceive."""
SETS = (*WRITTEN, "summedits", "wice", "fm2")
MOST = 600
"""Pairs of a set at most, drawn once and for all: more change the third decimal."""
BASE_RATE = 0.75
"""The share of cited sentences that their passages support: about what people found of search engines' (Liu et al. 2023)."""
STRICT: tuple[Verdict, ...] = ("number differs", "denied")
_WHERE = "make bench ARGS=verify"


@dataclass(frozen=True, slots=True)
class Case:
    """A claim that people judged: its set, whether its source supports it, what Footnote says, and the features it says it by.

    `features` are None where nothing was weighed: for words that stand there.
    """

    of: str
    supported: bool
    judgement: Judgement
    features: Mapping[str, float] | None


def run() -> list[Row]:
    """The figures of each set, of cited answers, of each word, and the time of ten sentences."""
    folder = data_folder()
    if folder is None or not (folder / "verify").is_dir():
        return [missing("verify")]
    found, times = judged(folder / "verify")
    return [*_sets(found), *_cited(found), *_words(found), *_alarms(found), *_weights(found), *_times(times)]


def judged(folder: Path, sets: Sequence[str] = SETS) -> tuple[list[Case], list[float]]:
    """The pairs of these sets with what is said of them, and the seconds that each took, in order."""
    verifier, cases, times = open_verifier(), list[Case](), list[float]()
    for name in sets:
        for line in _drawn((folder / f"{name}.jsonl").read_text(encoding="utf-8")):
            timer = Timer()
            judgement = verifier.judge(line["claim"], line["source"])
            times.append(timer.seconds)
            cases.append(Case(name, bool(line["label"]), judgement, verifier.features(line["claim"], line["source"])))
    return cases, times


def _drawn(lines: str) -> list[Record]:
    found = records(lines)
    return found if len(found) <= MOST else random.Random(1).sample(found, MOST)


def _sets(cases: Sequence[Case]) -> Iterator[Row]:
    """Each set, the weights in force and those that were fitted without it."""
    now, without, errors = [], [], []
    for name, own in _by(cases, lambda case: case.of).items():
        score = fit([case for case in cases if case.of != name])
        truth = [case.supported for case in own]
        left_out = [score(case) for case in own]
        now.append(_auc(own, [case.judgement.score for case in own]))
        without.append(_auc(own, left_out))
        errors.append(calibration_error([case.judgement.score for case in own], truth))
        accepted = [case.supported for case in own if case.judgement.verdict in HOLDS]
        right, wrong = _shares(own)
        yield info(
            f"verify: {name}, {len(own)} pairs",
            f"AUC {now[-1]:.3f}",
            f"{without[-1]:.3f} fitted without it; calibration error {errors[-1]:.2f}; accepted {right:.2f} of the true and "
            f"{wrong:.2f} of the false; {mean(accepted or [0]):.2f} of {len(accepted)} accepted are right",
        )
    yield at_least("verify: AUC, mean of the sets", mean(now), 0.77, f"{_WHERE}; {mean(without):.3f} fitted without each set")
    yield under("verify: calibration error, mean of the sets", mean(errors), 0.10, _WHERE, "{:.3f}")


def _cited(cases: Sequence[Case]) -> Iterator[Row]:
    own = [case for case in cases if case.of in CITED]
    right, wrong = _shares(own)
    where = f"{_WHERE}; {', '.join(CITED)}, where {BASE_RATE:.0%} are supported"
    yield at_least("verify: accepted sentences of cited answers, right", precision(right, wrong), 0.93, where)
    yield at_least("verify: true sentences of cited answers, accepted", right, 0.75, where)


def _words(cases: Sequence[Case]) -> Iterator[Row]:
    """How often each word was right: the share that people call supported, of cited answers and of all models' claims."""
    groups = {"cited answers": [c for c in cases if c.of in CITED], "models' claims": [c for c in cases if c.of in WRITTEN]}
    for label, group in groups.items():
        positive, negative = _by([c for c in group if c.supported], _word), _by([c for c in group if not c.supported], _word)
        total = sum(map(len, positive.values())), sum(map(len, negative.values()))
        for word in sorted({*positive, *negative}):
            held = len(positive.get(word, ())) / total[0]
            failed = len(negative.get(word, ())) / total[1]
            count = len(positive.get(word, ())) + len(negative.get(word, ()))
            where = f"{label}, {count} sentences, where {BASE_RATE:.0%} are supported"
            yield info(f"verify: “{word}”, supported", f"{precision(held, failed):.3f}", where)


def _word(case: Case) -> str:
    return case.judgement.verdict


def _alarms(cases: Sequence[Case]) -> Iterator[Row]:
    """The red marks of models' claims that people call supported."""
    red = [case for case in cases if case.of in WRITTEN and case.judgement.verdict in STRICT]
    for word in STRICT:
        own = [case.supported for case in red if case.judgement.verdict == word]
        yield info(f"verify: “{word}” that people call supported", f"{mean(own or [0]):.3f}", f"{sum(own)} of {len(own)}")
    wrong = mean([case.supported for case in red] or [0])
    yield under("verify: both that people call supported", wrong, 0.15, f"{_WHERE}; {len(red)} sentences", "{:.3f}")


def _weights(cases: Sequence[Case]) -> Iterator[Row]:
    fitted = fit(cases)
    for name, weight in fitted.weights.items():
        yield info(f"weight of {name}", f"{WEIGHTS[name]:.2f}", f"{weight:.2f} fitted anew")
    yield info("bar", f"{BAR:.2f}", f"{fitted.bar:.2f} fitted anew")


def _times(times: Sequence[float]) -> Iterator[Row]:
    ten = [1000 * sum(times[i : i + 10]) for i in range(0, len(times) - 9, 10)]
    yield under("verify: ten sentences, p50", percentile(ten, 50), 150, _WHERE, "{:.0f} ms")


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights and a bar, as `bot/verification/judging.py` has them."""

    weights: Mapping[str, float]
    bar: float

    def __call__(self, case: Case) -> float:
        if case.features is None:
            return case.judgement.score
        return float(1 / (1 + np.exp(self.bar - sum(self.weights[name] * case.features[name] for name in self.weights))))


def fit(cases: Sequence[Case]) -> Fit:
    """Logistic regression on the cases that were weighed; each set counts alike."""
    weighed = [(case, case.features) for case in cases if case.features is not None]
    count = {name: len(own) for name, own in _by([case for case, _ in weighed], lambda case: case.of).items()}
    x = np.array([[features[name] for name in WEIGHTS] for _, features in weighed])
    y = np.array([float(case.supported) for case, _ in weighed])
    *weights, constant = logistic(x, y, np.array([MOST / count[case.of] for case, _ in weighed]))
    return Fit(dict(zip(WEIGHTS, weights, strict=True)), -constant)


def precision(right: float, wrong: float, base: float = BASE_RATE) -> float:
    """How many of what was accepted are true, where `base` are: from the shares of the true and of the false accepted."""
    accepted = base * right + (1 - base) * wrong
    return base * right / accepted if accepted else 0.0


def _shares(cases: Sequence[Case]) -> tuple[float, float]:
    """The shares that are accepted of the true and of the false."""
    held = [[case.judgement.verdict in HOLDS for case in cases if case.supported == truth] for truth in (True, False)]
    return mean(held[0] or [0]), mean(held[1] or [0])


def _auc(cases: Sequence[Case], scores: Sequence[float]) -> float:
    positive = [score for case, score in zip(cases, scores, strict=True) if case.supported]
    return auc(positive, [score for case, score in zip(cases, scores, strict=True) if not case.supported])


def _by(cases: Sequence[Case], key: Callable[[Case], str]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        found[key(case)].append(case)
    return found
