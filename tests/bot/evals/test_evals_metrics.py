"""What a result is worth, and that what cannot be computed has no value and says why."""

from dataclasses import replace
from itertools import permutations
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lab_runs import Said, answer, bare, case, cases, good, invented, passage, result, run, support

from bot.evals.checks import meets
from bot.evals.metrics import BY_KEY, METRICS, abstention_scores, ndcg_at, ranking, recall_at, reciprocal_rank, scores
from bot.evals.records import Case, ExpectedCitation, MetricScore, Result
from bot.types import Answer, Problem

BRIDGE = passage(1, "The bridge opened in 1932", "bridge.md")
HILLS = passage(2, "The hills are steep", "hills.md")
OPENED: Said = ("The bridge opened in 1932", (1,), "supported")
THINGS = 4
RANKINGS = st.lists(st.frozensets(st.integers(0, THINGS - 1), max_size=2), max_size=6)


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


def gains(found: list[frozenset[int]]) -> list[int]:
    """1 for a passage that brings something new."""
    return [int(not held <= frozenset[int]().union(*found[:at])) for at, held in enumerate(found)]


def dcg(values: list[int]) -> float:
    return sum(value * log(2) / log(rank + 2) for rank, value in enumerate(values))


@given(RANKINGS, st.integers(1, 8))
def test_recall_counts_each_wanted_thing_among_the_first_k(found: list[frozenset[int]], k: int) -> None:
    there = [any(thing in held for held in found[:k]) for thing in range(THINGS)]
    assert recall_at(found, THINGS, k) == sum(there) / THINGS


@given(RANKINGS)
def test_reciprocal_rank_is_one_over_the_place_of_the_first(found: list[frozenset[int]]) -> None:
    places = [place for place in range(1, len(found) + 1) if found[place - 1]]
    assert reciprocal_rank(found) == (1 / min(places) if places else 0)


@given(st.lists(st.one_of(st.none(), st.integers(0, THINGS - 1)), max_size=7), st.integers(1, 8))
def test_ndcg_of_single_things_is_the_textbook_formula(items: list[int | None], k: int) -> None:
    found = [frozenset[int]() if one is None else frozenset({one}) for one in items]
    # Each wanted thing is a relevant document, and a second copy of it is not: binary gains, ideal all at the top.
    ideal = dcg([1] * min(k, THINGS))
    assert ndcg_at(found, THINGS, k) == pytest.approx(dcg(gains(found)[:k]) / ideal)


@given(RANKINGS, st.integers(1, 8))
def test_ndcg_lies_between_nothing_and_all(found: list[frozenset[int]], k: int) -> None:
    value = ndcg_at(found, THINGS, k)
    assert -1e-9 <= value <= 1 + 1e-9
    assert (value == 0) == (not any(found[:k]))


def test_ndcg_is_highest_where_all_that_is_wanted_comes_first() -> None:
    items = [frozenset({0}), frozenset({1}), frozenset[int](), frozenset[int]()]
    best = max(permutations(items), key=lambda one: ndcg_at(one, 2, 4))
    assert set(best[:2]) == {frozenset({0}), frozenset({1})} and ndcg_at(best, 2, 4) == 1.0


def test_a_passage_that_has_two_things_at_once_at_the_top_is_ideal() -> None:
    assert ndcg_at([frozenset({0, 1}), frozenset()], 2, 8) == 1.0


def test_ndcg_of_an_example_worked_out_by_hand() -> None:
    # Found at ranks 2 and 4 of what is wanted, 3 things: (1/log2(3) + 1/log2(5)) / (1 + 1/log2(3) + 1/2).
    found = [frozenset[int](), frozenset({0}), frozenset({0}), frozenset({2})]
    assert ndcg_at(found, 3, 8) == pytest.approx(0.4981, abs=1e-4)


def test_passages_are_ranked_as_the_search_had_them() -> None:
    shuffled = [passage(1, "Low.", "low.md", score=0.1), passage(2, "High.", "high.md", score=0.9)]
    assert ranking([ExpectedCitation("high.md")], shuffled) == [frozenset({0}), frozenset()]


@pytest.mark.parametrize(
    ("wanted", "met"),
    [
        (ExpectedCitation("a.md"), True),
        (ExpectedCitation("b.md"), False),
        (ExpectedCitation("copy.md"), True),
        (ExpectedCitation("a.md", "opened in 1932"), True),
        (ExpectedCitation("a.md", "OPENED\nin 1932"), True),
        (ExpectedCitation("a.md", "opened in 1933"), False),
    ],
)
def test_a_passage_meets_what_is_wanted_by_its_article_and_its_words(wanted: ExpectedCitation, met: bool) -> None:
    one = replace(passage(1, "It was opened  in 1932.", "a.md"), also=("copy.md",))
    assert meets(wanted, one) is met
