"""What a result is worth, and that what cannot be computed has no value and says why."""

from dataclasses import replace

import pytest
from lab_runs import Said, answer, bare, case, cases, good, invented, passage, result, run, support

from bot.evals.metrics import BY_KEY, METRICS, abstention_scores, scores
from bot.evals.records import Case, ExpectedCitation, MetricScore, Result
from bot.types import Answer, Problem

BRIDGE = passage(1, "The bridge opened in 1932", "bridge.md")
HILLS = passage(2, "The hills are steep", "hills.md")
OPENED: Said = ("The bridge opened in 1932", (1,), "supported")


def value(key: str, asked: Case, said: Answer, *, cached: bool = False) -> float | None:
    return result(asked, said, cached=cached).scores[key].value


def why(key: str, asked: Case, said: Answer, *, cached: bool = False) -> str:
    score = result(asked, said, cached=cached).scores[key]
    assert score.value is None
    return score.why


FULL = Case(
    "a",
    "When?",
    must=("1932", "king|queen"),
    must_not=("1933", "bridge"),
    cites=(ExpectedCitation("bridge.md"), ExpectedCitation("hills.md", "steep")),
    abstain=False,
)


def test_every_metric_of_an_answer() -> None:
    said = answer((HILLS, BRIDGE), OPENED, ("Trams are late", (), "uncited"))
    found = {key: score.value for key, score in result(FULL, said).scores.items()}
    assert found == pytest.approx(
        {
            "passed": 0.0,
            "done": 1.0,
            "must": 0.5,
            "must_not": 0.5,
            "cited": 0.5,
            "abstained": 1.0,
            "checks": None,
            "supported": 0.5,
            "citation_recall": 0.5,
            "citation_precision": 1.0,
            "recall": 1.0,
            "ndcg": 1.0,
            "mrr": 1.0,
            "words": 8.0,
            "seconds": 1.5,
            "tokens": 940.0,
            "dollars": 0.002,
        }
    )


def test_every_metric_has_its_definition() -> None:
    assert all(len(metric.definition) > 25 for metric in METRICS) and set(BY_KEY) == {
        "quality",
        *(metric.key for metric in METRICS),
    }


@pytest.mark.parametrize("key", ["must", "must_not", "cited", "abstained", "recall", "ndcg", "mrr"])
def test_what_the_case_does_not_ask_for_is_not_judged(key: str) -> None:
    assert why(key, Case("a", "?"), answer((BRIDGE,), OPENED)).startswith("The case does not say")


@pytest.mark.parametrize("key", ["supported", "citation_recall"])
def test_an_answer_that_claims_nothing_has_no_share_of_claims(key: str) -> None:
    assert why(key, FULL, answer((BRIDGE,), abstained=True)) == "The answer claims nothing."


def test_an_answer_that_claims_and_cites_nothing_has_a_precision_of_0() -> None:
    assert value("citation_precision", FULL, answer((BRIDGE,), ("It is so", (), "uncited"))) == 0.0


def test_a_case_that_asks_nothing_is_neither_passed_nor_failed() -> None:
    assert why("passed", Case("a", "?"), answer(())) == "The case asks for nothing, and the answer claims nothing."


def test_quotations_cost_no_tokens() -> None:
    quoted = replace(answer((BRIDGE,), OPENED), mode="quotes", usage={})
    assert why("tokens", FULL, quoted) == why("dollars", FULL, quoted) == "No model was asked."


def test_tokens_that_nobody_counted_are_not_known() -> None:
    said = replace(answer((BRIDGE,), OPENED), usage={"input_tokens": 5.0})
    assert why("tokens", FULL, said) == "The server did not count them."
    assert why("dollars", FULL, said) == "The price of the model is not known."


def test_an_answer_from_the_cache_took_as_long_as_when_it_was_made() -> None:
    said = answer((BRIDGE,), OPENED)
    assert value("seconds", FULL, said, cached=True) == 1.5
    assert "cache" in why("seconds", FULL, replace(said, ms={}), cached=True)


def test_a_number_that_is_none_is_no_value() -> None:
    said = replace(answer((BRIDGE,), OPENED), usage={"cost_usd": float("nan")})
    assert why("dollars", FULL, said) == "The price of the model is not known."


@pytest.mark.parametrize(
    "failed",
    [
        Result("a", "failed", trouble=Problem("The server is full.", "Wait.")),
        Result("a", "done", answer((BRIDGE,), OPENED, trouble=Problem("The server is full.", "Wait."))),
    ],
)
def test_what_is_no_whole_answer_has_only_that(failed: Result) -> None:
    found = dict(scores(FULL, failed, support))
    # A case that failed has not passed: it is no gap in the mean.
    assert found.pop("done") == found.pop("passed") == MetricScore(0.0)
    assert set(found.values()) == {MetricScore(None, "There is no whole answer: The server is full.")}


def test_recall_goes_no_deeper_than_eight_passages() -> None:
    many = [passage(n, "Nothing", f"{n}.md") for n in range(1, 9)] + [replace(BRIDGE, n=9, score=0.01)]
    assert value("recall", Case("a", "?", cites=(ExpectedCitation("bridge.md"),)), answer(many)) == 0.0


def test_abstention_over_a_run() -> None:
    found = abstention_scores(run("a", cases(40), good))
    assert (found.precision.value, found.recall.value) == (1.0, 1.0)
    half = abstention_scores(run("b", cases(40), lambda one: good(one) if one.id != "case-7" else invented(one)))
    assert (half.precision.value, half.recall.value) == (1.0, 0.8)
    shy = abstention_scores(run("c", cases(40), lambda _: answer((), abstained=True)))
    assert (shy.precision.value, shy.recall.value) == (5 / 40, 1.0)


def test_abstention_where_nothing_can_be_said() -> None:
    found = abstention_scores(run("a", [case(0)], bare))
    assert found.precision == MetricScore(None, "No answer abstains.")
    assert found.recall == MetricScore(None, "No case should be abstained from.")
