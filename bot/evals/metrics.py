"""What a result is worth: one function a metric, each with its definition and where it comes from. Pure.

A metric that cannot be computed for a case has no value and says why; it is never 0 for that, and never NaN.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, log2
from typing import Literal

from bot.answering.tally import supported
from bot.evals.checks import cites, failure, holds, meets, passes, score_key, word_count
from bot.evals.grounding import Support, citation_precision, citation_recall
from bot.evals.records import Case, ExpectedCitation, MetricScore, Result, Run
from bot.types import Answer, Passage

K = 8
"""Passages of a ranking that count: so many an answer may draw from unless the settings say otherwise."""

Better = Literal["more", "less", "neither"]
MetricKind = Literal["quality", "cost"]
# A share is 0 to 1.
Unit = Literal["share", "words", "seconds", "tokens", "dollars"]
# The minus sign and no hyphen: it is as wide as the plus, and readers of screens say "minus".
MINUS = "−"
RankedHits = Sequence[frozenset[int]]


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """What a metric looks at: a case, its result, and the whole answer that came of it."""

    case: Case
    result: Result
    answer: Answer
    support: Support


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric by its name. `better` is the direction that is better; a cost says nothing of how good an answer is.

    `drifts`: it moves with the hour that a run was made at, for all cases alike, so it is shown and not judged.

    >>> BY_KEY["seconds"].shown(1.5), BY_KEY["passed"].signed(-0.25)
    ('1.50 s', '−0.25')
    """

    key: str
    label: str
    of: Callable[[JudgedAnswer], MetricScore]
    better: Better = "more"
    kind: MetricKind = "quality"
    unit: Unit = "share"
    drifts: bool = False

    @property
    def definition(self) -> str:
        """What it is, with its source."""
        return " ".join((self.of.__doc__ or "").split())

    def shown(self, number: float | None) -> str:
        """A mean or a single value with its unit; "–" where there is none."""
        if number is None:
            return "–"
        # As many digits as a difference of that unit matters by: a case may cost a hundredth of a cent.
        match self.unit:
            case "share":
                return f"{number:.2f}"
            case "seconds":
                return f"{number:.2f} s"
            case "dollars":
                return f"${number:.4f}"
            case "words":
                return f"{number:,.1f}"
            case "tokens":
                return f"{number:,.0f}"

    def signed(self, number: float) -> str:
        """A difference with its sign; without one where it rounds to nothing."""
        # "−0.00" would claim a direction that the rounding has taken away.
        size = self.shown(abs(number))
        if not any(digit in size for digit in "123456789"):
            return size
        return f"{MINUS if number < 0 else '+'}{size}"


def counted(n: int, what: str = "case") -> str:
    """A number of things in words.

    >>> counted(1), counted(40, "citation")
    ('1 case', '40 citations')
    """
    return f"{n} {what}{'' if n == 1 else 's'}"


def scores(
    case: Case, result: Result, support: Support, own: Mapping[str, MetricScore] | None = None
) -> Mapping[str, MetricScore]:
    """Every metric of a result, by its key. `support` judges citations: `supporting(verifier)`.

    `own` is what came of the case's own checks (see `bot.evals.own_checks`); it is kept with the metrics.
    """
    why = failure(result)
    # The metrics `passed` and `checks` look into the result for what came of the case's own checks.
    result = replace(result, scores=own or {})
    # Set here, as it has a value where there is no answer to judge.
    found = {"done": MetricScore(0.0 if why else 1.0)}
    for metric in METRICS:
        if metric.key != "done":
            # An answer that broke off is not judged: it would look worse than its prompt is.
            judged = None if result.answer is None or why else JudgedAnswer(case, result, result.answer, support)
            found[metric.key] = metric.of(judged) if judged else MetricScore(None, why)
    # A case that failed has not passed. Left out of the mean, 69 failures among 72 cases would read as 1.00.
    return {**found, "passed": MetricScore(0.0)} if why else {**found, **result.scores}


def passed(one: JudgedAnswer) -> MetricScore:
    """1 where the answer does all that its case asks for and each of its claims rests on a passage that it cites, else 0."""
    held = passes(one.case, one.result)
    return _score(None if held is None else float(held), "The case asks for nothing, and the answer claims nothing.")


def done(one: JudgedAnswer) -> MetricScore:
    """1 where there is a whole answer, 0 where something went wrong on the way to it."""
    return MetricScore(0.0 if failure(one.result) else 1.0)


def must(one: JudgedAnswer) -> MetricScore:
    """The share of the words that the answer must hold which it does hold, as whole words, without regard to case."""
    return _share((holds(one.answer.text, words) for words in one.case.must), "The case does not say what it must hold.")


def must_not(one: JudgedAnswer) -> MetricScore:
    """The share of the words that the answer must not hold which it does not hold."""
    free = (not holds(one.answer.text, words) for words in one.case.must_not)
    return _share(free, "The case does not say what it must not hold.")


def cited(one: JudgedAnswer) -> MetricScore:
    """The share of what the case says should be cited that a citation of the answer points to."""
    return _share((cites(one.answer, wanted) for wanted in one.case.cites), _NO_CITES)


def abstained(one: JudgedAnswer) -> MetricScore:
    """1 where the answer abstains as the case says it should, or answers as it should, else 0 (their mean is accuracy)."""
    wanted = one.case.abstain
    right = None if wanted is None else float(one.answer.abstained == wanted)
    return _score(right, "The case does not say whether it should abstain.")


def own_checks(one: JudgedAnswer) -> MetricScore:
    """The share of the case's own checks that hold: words, patterns, bounds, functions and judges that its file names."""
    made = [one.result.scores.get(score_key(at)) for at in range(len(one.case.checks))]
    known = [score for score in made if score is not None and score.value is not None]
    return _share((not score.why for score in known), "The case has no check of its own that could be made.")


def supported_rate(one: JudgedAnswer) -> MetricScore:
    """The share of the answer's claims whose verdict is quoted or supported (as faithfulness in RAGAS, Es et al. 2023)."""
    # The same count as in the summary below an answer.
    held, of = supported(one.answer.claims)
    return _score(held / of if of else None, _NO_CLAIMS)


def together(one: JudgedAnswer) -> MetricScore:
    """The mean of all metrics of quality that the case has a value for: one number for how good the answer is."""
    found = [metric.of(one).value for metric in METRICS if metric.kind == "quality"]
    known = [value for value in found if value is not None]
    return _score(sum(known) / len(known) if known else None, "No metric of quality has a value.")


def recalled(one: JudgedAnswer) -> MetricScore:
    """The share of claims that are supported by all the passages they cite, taken together (ALCE, Gao et al. 2023)."""
    return _score(citation_recall(one.answer, one.support), _NO_CLAIMS)


def precise(one: JudgedAnswer) -> MetricScore:
    """The share of citations that their claim needs, or that support it alone (ALCE, Gao et al. 2023)."""
    return _score(citation_precision(one.answer, one.support), _NO_CLAIMS)


def recall(one: JudgedAnswer) -> MetricScore:
    """Recall@8: the share of what should be cited that stands in the first 8 passages (Manning et al. 2008)."""
    return _ranked(one, lambda found, wanted: recall_at(found, wanted, K))


def ndcg(one: JudgedAnswer) -> MetricScore:
    """nDCG@8 with binary gains over what should be cited, each counted where it first stands (Järvelin and Kekäläinen 2002)."""
    return _ranked(one, lambda found, wanted: ndcg_at(found, wanted, K))


def mrr(one: JudgedAnswer) -> MetricScore:
    """1 / rank of the first passage with anything that should be cited, 0 if there is none (Voorhees 1999)."""
    return _ranked(one, lambda found, _: reciprocal_rank(found))


def words(one: JudgedAnswer) -> MetricScore:
    """Words of the answer, footnote markers apart."""
    return MetricScore(float(word_count(one.answer.text)))


def seconds(one: JudgedAnswer) -> MetricScore:
    """Seconds from the question to the end of the answer, when it was made; taking it from the cache does not count."""
    # Milliseconds in the answer are those of its making; the result's own seconds may be those of the cache.
    total = one.answer.ms.get("total")
    known = total / 1000 if total is not None else None if one.result.cached else one.result.seconds
    return _score(known, "The answer was taken from the cache, and its time was not kept.")


def tokens(one: JudgedAnswer) -> MetricScore:
    """Tokens that the model read and wrote for the answer, as its server counted them."""
    counts = [one.answer.usage.get(name) for name in ("input_tokens", "output_tokens")]
    # A server that counts only one of the two would make a prompt look cheap.
    known = [count for count in counts if count is not None]
    return _score(sum(known) if len(known) == len(counts) else None, _unpaid(one.answer, "The server did not count them."))


def dollars(one: JudgedAnswer) -> MetricScore:
    """US dollars for the tokens of the answer, by the table of prices."""
    return _score(one.answer.usage.get("cost_usd"), _unpaid(one.answer, "The price of the model is not known."))


METRICS: tuple[Metric, ...] = (
    Metric("passed", "Passes all checks", passed),
    Metric("done", "Whole answers", done),
    Metric("must", "Holds what it must", must),
    Metric("must_not", "Avoids what it must not hold", must_not),
    Metric("cited", "Cites what it should", cited),
    Metric("abstained", "Abstains where it should", abstained),
    Metric("checks", "Holds its own checks", own_checks),
    Metric("supported", "Supported claims", supported_rate),
    Metric("citation_recall", "Citation recall", recalled),
    Metric("citation_precision", "Citation precision", precise),
    Metric("recall", f"Recall@{K}", recall),
    Metric("ndcg", f"nDCG@{K}", ndcg),
    Metric("mrr", "MRR", mrr),
    Metric("words", "Length in words", words, "neither", "cost", "words"),
    Metric("seconds", "Seconds", seconds, "less", "cost", "seconds", drifts=True),
    Metric("tokens", "Tokens", tokens, "less", "cost", "tokens"),
    Metric("dollars", "Dollars", dollars, "less", "cost", "dollars"),
)
TOGETHER = Metric("quality", "All metrics of quality", together)
"""It is compared and not kept with a result, as it follows from the others."""
BY_KEY: Mapping[str, Metric] = {metric.key: metric for metric in (TOGETHER, *METRICS)}


@dataclass(frozen=True, slots=True)
class AbstentionScores:
    """How well a run abstains, abstaining counted as what is looked for."""

    precision: MetricScore
    recall: MetricScore


def abstention_scores(run: Run) -> AbstentionScores:
    """Precision: the share of the answers that abstain which should. Recall: of those that should, the share which do."""
    # Only cases that say whether the articles answer: of others an abstention is neither right nor wrong.
    pairs = [
        (case.abstain, one.answer.abstained) for case, one in whole_answers(run) if one.answer and case.abstain is not None
    ]
    right = sum(should and does for should, does in pairs)
    does, should = sum(does for _, does in pairs), sum(bool(should) for should, _ in pairs)
    return AbstentionScores(
        _score(right / does if does else None, "No answer abstains."),
        _score(right / should if should else None, "No case should be abstained from."),
    )


def whole_answers(run: Run) -> list[tuple[Case, Result]]:
    """The cases of a run that have a whole answer, with their results."""
    # One dictionary for all: `run.result` for each case would take the square of their number.
    by_case = {result.case: result for result in run.results}
    found = [(case, by_case[case.id]) for case in run.cases if case.id in by_case]
    return [(case, result) for case, result in found if not failure(result)]


_NO_CITES = "The case does not say what should be cited."
_NO_CLAIMS = "The answer claims nothing."


def _ranked(one: JudgedAnswer, metric: Callable[[RankedHits, int], float]) -> MetricScore:
    wanted = one.case.cites
    # An answer without passages, as to a question about the collection, has a recall of 0.
    return MetricScore(metric(ranking(wanted, one.answer.passages), len(wanted))) if wanted else MetricScore(None, _NO_CITES)


def _share(held: Iterable[bool], why: str) -> MetricScore:
    found: Sequence[bool] = list(held)
    return _score(sum(found) / len(found) if found else None, why)


def _score(value: float | None, why: str) -> MetricScore:
    """A number that is none, as a broken file of results may hold, is no value either."""
    return MetricScore(value) if value is not None and isfinite(value) else MetricScore(None, why)


def _unpaid(answer: Answer, why: str) -> str:
    return "No model was asked." if answer.mode == "quotes" else why


def ranking(wanted: Sequence[ExpectedCitation], passages: Sequence[Passage]) -> list[frozenset[int]]:
    """Which of the wanted things stand in each passage, in the order that the search gave them, whatever their numbers."""
    # Passages that were shuffled keep their scores; the sort leaves equal ones as they came.
    ordered = sorted(passages, key=lambda one: -one.score)
    return [frozenset(i for i, one in enumerate(wanted) if meets(one, passage)) for passage in ordered]


def recall_at(found: RankedHits, wanted: int, k: int) -> float:
    """The share of the wanted things that stand in the first k passages (Manning, Raghavan and Schütze 2008, chapter 8)."""
    return len(frozenset[int]().union(*found[:k])) / wanted


def ndcg_at(found: RankedHits, wanted: int, k: int) -> float:
    """Normalised discounted cumulative gain with binary gains (Järvelin and Kekäläinen 2002), discount 1 / log2(1 + rank).

    A passage gains 1 if it holds a wanted thing that none before it held. The ideal ranking has one gaining passage for each of
    those of the k first, and one more for each thing that was not found, all at the top: 1.0 is reached by no other order.

    >>> found = [frozenset(), frozenset({0})]
    >>> round(ndcg_at(found, wanted=1, k=8), 2), ndcg_at(found[1:], wanted=1, k=8)
    (0.63, 1.0)
    """
    gains = new_at_each(found[:k])
    # What was not found counts in the ideal, else a search that finds one of three things would be perfect.
    missing = wanted - len(frozenset[int]().union(*found[:k]))
    # No more than k passages can gain anything.
    ideal = min(k, sum(gains) + missing)
    return _dcg(gains) / _dcg([True] * ideal)


def reciprocal_rank(found: RankedHits) -> float:
    """1 / rank of the first passage with anything wanted, 0 if there is none; its mean over cases is MRR (Voorhees 1999).

    >>> reciprocal_rank([frozenset(), frozenset({0})]), reciprocal_rank([])
    (0.5, 0.0)
    """
    return next((1 / rank for rank, held in enumerate(found, 1) if held), 0.0)


def new_at_each(found: RankedHits) -> list[bool]:
    """Whether each passage holds a wanted thing that none before it held."""
    seen, gains = set[int](), list[bool]()
    for held in found:
        gains.append(bool(held - seen))
        seen |= held
    return gains


def _dcg(gains: Sequence[bool]) -> float:
    return sum(gain / log2(1 + rank) for rank, gain in enumerate(gains, 1))
