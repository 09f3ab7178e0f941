"""What changed between two runs: a planted regression is called worse, a copy never, and every flip is told."""

from dataclasses import replace

import pytest
from lab_runs import WHEN, answer, bare, case, cases, good, invented, noisy, passage, result, run

from bot.evals.comparing import DRIFTING, MetricDifference, RunComparison, compare
from bot.evals.decision import DecisionRule
from bot.evals.records import Case, MetricScore, Result, Run, Setup
from bot.types import Answer, Problem


def of(found: RunComparison, metric: str) -> MetricDifference:
    return next(one for one in found.differences if one.metric == metric)


def scored(name: str, **values: list[float | None]) -> Run:
    """A run with these scores, case by case."""
    n = len(next(iter(values.values())))
    results = [
        Result(
            f"c{i}",
            "done",
            scores={key: MetricScore(each[i], "" if each[i] is not None else "No.") for key, each in values.items()},
        )
        for i in range(n)
    ]
    return Run(name, tuple(Case(f"c{i}", "?") for i in range(n)), Setup(name), WHEN, tuple(results))


def test_a_prompt_that_forbids_citations_is_worse() -> None:
    asked = cases(40)
    found = compare(run("strict", asked, good), run("bare", asked, bare))
    assert found.worse and found.verdict == "worse"
    assert {one.metric for one in found.differences if one.verdict == "worse"} == {
        "passed",
        "cited",
        "supported",
        "citation_recall",
        "citation_precision",
    }
    assert [flip.case.id for flip in found.flips] == [one.id for one in asked if not one.abstain]
    assert not any(flip.won for flip in found.flips)
    assert all(len(flip.citations.lost) == 1 and not flip.citations.gained for flip in found.flips)


def test_a_prompt_that_invites_general_knowledge_is_worse() -> None:
    asked = cases(40)
    found = compare(run("strict", asked, good), run("open", asked, invented))
    assert found.verdict == "worse"
    assert {"passed", "supported", "citation_recall", "citation_precision"} <= {
        one.metric for one in found.differences if one.verdict == "worse"
    }
    assert [flip.case.id for flip in found.flips] == [one.id for one in asked]
    told = {check.why for flip in found.flips for check in flip.checks}
    assert "Nothing that it cites carries “Bridges carry traffic across water.” (not found)." in told
    assert "It answers, though the articles do not." in told


def test_a_prompt_that_spoils_a_third_of_the_cases_is_worse() -> None:
    spoilt = {one.id for one in cases(40)[::3]}
    found = compare(run("a", cases(), good), run("b", cases(), lambda one: invented(one) if one.id in spoilt else good(one)))
    assert found.verdict == "worse" and {flip.case.id for flip in found.flips} == spoilt


def test_the_other_way_round_it_is_better() -> None:
    found = compare(run("open", cases(), invented), run("strict", cases(), good))
    assert found.verdict == "better" and not found.worse and all(flip.won for flip in found.flips)


def test_only_the_cases_that_got_worse_are_in_the_list() -> None:
    asked = cases(40)
    spoilt = {one.id for one in asked[::2]}
    found = compare(run("a", asked, good), run("b", asked, lambda one: bare(one) if one.id in spoilt else good(one)))
    assert {flip.case.id for flip in found.flips} == spoilt - {one.id for one in asked if one.abstain}
    assert found.verdict == "worse"


def test_a_run_and_itself_are_the_same() -> None:
    found = compare(run("a", cases(), good), run("b", cases(), good))
    assert found.verdict == "the same" and not found.flips
    assert {one.verdict for one in found.differences if one.n} == {"the same"}


@pytest.mark.parametrize("ease", [0.75, 0.95])
def test_copies_are_called_different_no_more_often_than_the_level(ease: float) -> None:
    found = [compare(noisy("a", 40, 2 * i, ease), noisy("b", 40, 2 * i + 1, ease)).verdict for i in range(100)]
    called = sum(one in ("better", "worse", "mixed") for one in found)
    # Five in a hundred, and as many more as luck deals once in a thousand times.
    assert called <= 5 + 3 * (100 * 0.05 * 0.95) ** 0.5


def test_ten_cases_that_lost_their_citations_are_worse() -> None:
    asked = [one for one in cases(12) if not one.abstain][:10]
    found = compare(run("strict", asked, good), run("bare", asked, bare))
    assert found.worse and found.said().startswith("Worse, with 10 cases: All metrics of quality (p = 0.002)")


def test_the_family_has_the_whole_level_once_the_primary_is_worse() -> None:
    some = [1.0] * 40
    fell = [0.0] * 7 + [1.0] * 33
    found = compare(scored("a", must=some, cited=some), scored("b", must=fell, cited=some), DecisionRule(primary="must"))
    assert (of(found, "must").verdict, of(found, "must").said()) == ("worse", "worse (p = 0.02)")
    assert [one.metric for one in found.judged][:2] == ["must", "passed"]


def test_a_fall_within_the_margin_does_not_count() -> None:
    before, after = [1.0] * 200, [0.0] * 8 + [1.0] * 192
    a, b = scored("a", passed=before), scored("b", passed=after)
    assert compare(a, b, DecisionRule(primary="passed", secondary=("done",))).verdict == "worse"
    assert not compare(a, b, DecisionRule(primary="passed", secondary=("done",), margin=0.05)).worse


def test_what_luck_explains_tells_how_large_a_fall_is_ruled_out() -> None:
    before, after = [1.0, 0.0] * 50, [0.0, 1.0] + [1.0, 0.0] * 49
    found = of(compare(scored("a", must=before), scored("b", must=after)), "must")
    assert found.said() == "no sign of a difference: a fall of more than 3 points is ruled out"


def test_a_fall_that_nobody_has_seen_is_ruled_out_by_the_rule_of_three() -> None:
    before = [1.0, 0.0] * 30
    after = [1.0, 1.0, *before[2:]]
    found = of(compare(scored("a", must=before), scored("b", must=after)), "must")
    assert found.said() == "no sign of a difference: a fall of more than 5 points is ruled out"


def test_an_undecided_comparison_tells_how_many_more_cases_would_decide() -> None:
    before, after = [1.0] * 40, [0.0] * 3 + [1.0] * 37
    said = compare(scored("a", must=before), scored("b", must=after)).said()
    assert said.endswith("If the difference stays as it is, about 60 more cases would decide.")


def test_a_claim_that_is_newly_contradicted_is_an_alarm() -> None:
    def wrong(one: Case) -> Answer:
        said = good(one)
        return answer(said.passages, ("Bridge 0 was opened in 1950.", (1,), "number differs")) if one.id == "case-0" else said

    found = compare(run("a", cases(20), good), run("b", cases(20), wrong))
    assert found.alarms == ("case-0 now says “Bridge 0 was opened in 1950.” (number differs).",)
    assert found.worse and found.said().endswith(f"1 alarm: {found.alarms[0]}")
    assert not compare(run("a", cases(20), wrong), run("b", cases(20), wrong)).alarms


def test_a_new_error_is_an_alarm() -> None:
    found = compare(run("a", cases(20), good), run("b", cases(20), lambda one: None if one.id == "case-1" else good(one)))
    assert found.alarms == ("case-1 went wrong. There is no whole answer.",) and found.worse


def test_a_difference_that_is_far_beyond_luck_is_called() -> None:
    found = compare(noisy("a", 40, 1, ease=0.95), noisy("b", 40, 2, ease=0.45))
    assert of(found, "supported").verdict == "worse"


def test_four_fallen_cases_of_forty_are_no_verdict_despite_the_bounds() -> None:
    before, after = [1.0] * 40, [0.0] * 4 + [1.0] * 36
    found = of(compare(scored("a", must=before), scored("b", must=after)), "must")
    assert found.high is not None and found.high < 0
    assert (found.verdict, found.said()) == ("can't tell", "can't tell with 40 cases (p = 0.12)")


def test_only_cases_with_a_value_in_both_runs_count() -> None:
    found = of(compare(scored("a", must=[1.0, None, 0.0, 1.0]), scored("b", must=[0.0, 1.0, 0.0, None])), "must")
    assert (found.n, found.before, found.after) == (2, 0.5, 0.0)


def test_a_metric_that_no_case_has_in_both_runs_has_no_mean() -> None:
    found = of(compare(scored("a", must=[None, 1.0]), scored("b", must=[1.0, None])), "must")
    assert (found.n, found.before, found.change, found.said()) == (0, None, None, "no case has a value in both")


def test_too_few_cases_have_no_interval_and_no_verdict() -> None:
    found = of(compare(scored("a", must=[1.0] * 4), scored("b", must=[0.0] * 4)), "must")
    assert (found.low, found.high, found.verdict) == (None, None, "can't tell")


def test_what_costs_less_is_better_and_what_is_longer_is_only_more() -> None:
    low, high = [1.0 + i / 100 for i in range(40)], [3.0 + i / 100 for i in range(40)]
    found = compare(scored("a", words=low, tokens=low, dollars=high), scored("b", words=high, tokens=high, dollars=low))
    assert [of(found, key).verdict for key in ("words", "tokens", "dollars")] == ["more", "worse", "better"]
    assert found.verdict == "can't tell" and not found.worse


def test_seconds_are_shown_and_not_judged() -> None:
    some = [1.0 + i / 100 for i in range(40)]
    found = of(compare(scored("a", seconds=some), scored("b", seconds=[3 * one for one in some])), "seconds")
    assert (found.verdict, found.said()) == ("can't tell", DRIFTING)
    assert found.low is not None and found.low > 0


def test_better_in_one_and_worse_in_another_is_mixed_and_fails() -> None:
    ones, none = [1.0] * 40, [0.0] * 40
    found = compare(scored("a", must=ones, cited=none), scored("b", must=none, cited=ones))
    assert (found.verdict, found.worse) == ("mixed", True)
    assert found.said().startswith("Mixed, with 40 cases. Better: Cites what it should (p < 0.001). Worse: Holds what it must")


def test_a_run_in_which_every_case_failed_is_worse() -> None:
    found = compare(run("a", cases(), good), run("b", cases(), lambda _: None))
    assert of(found, "done").verdict == "worse" and found.worse and len(found.alarms) == 40
    assert "In the later run 40 cases of 40 failed: not passed, and without another score." in found.setup_diff


def test_cases_that_cannot_be_compared_are_named_with_the_reason() -> None:
    one, two, three, four = cases(4)
    earlier = run("a", (one, two, three), good)
    later = run("b", (replace(one, must=("else",)), three, four), good)
    found = compare(earlier, replace(later, results=later.results[:1]))
    assert found.left_out == (
        ("case-0", "It asks for something else in the later run."),
        ("case-1", "Only the earlier run has it."),
        ("case-2", "One of the runs has not come to it."),
        ("case-3", "Only the later run has it."),
    )
    assert found.said() == "Nothing can be compared: the two runs have no case in common."


def test_notes_and_tags_do_not_make_another_case_of_it() -> None:
    other = replace(case(0), notes="Hard.", tags=("x",), where="f:1")
    assert not compare(run("a", [case(0)], good), run("b", [other], good)).left_out


def test_what_else_differs_is_said() -> None:
    a = run("a", cases(1), good, Setup("a", "openai:m", "answer/strict", "One.", frozen=""))
    b = run("b", cases(1), good, Setup("b", "openai:n", "answer/strict", "Two.", temperature=0.5))
    assert compare(a, b).setup_diff == (
        "Model: openai:m before, openai:n after.",
        "Temperature: none before, 0.5 after.",
        "The text of answer/strict is not the same in both.",
    )


def test_passages_that_were_not_held_still_are_said() -> None:
    def drifted(one: Case) -> Answer:
        return answer((passage(1, "Something else."),))

    said = compare(run("a", cases(3), good), run("a", cases(3), drifted)).setup_diff
    assert "Retrieval was not held still: in 3 of 3 cases the passages are not the same." in said


def test_the_slowest_and_the_dearest_come_first() -> None:
    times: list[float | None] = [0.1 * i for i in range(8)]
    found = compare(
        scored("a", seconds=times, tokens=times[::-1]),
        scored("b", seconds=[*times[:3], 9.0, *times[4:]], tokens=times[::-1]),
    )
    assert [pair.case.id for pair in found.slowest] == ["c3", "c7", "c6", "c5", "c4"]
    assert [pair.case.id for pair in found.dearest] == ["c0", "c1", "c2", "c3", "c4"]


def test_runs_without_any_case_compare_to_nothing() -> None:
    found = compare(run("a", (), good), run("b", (), good))
    assert found.verdict == "can't tell" and not found.worse and not found.pairs


def test_an_answer_that_broke_off_flips_nothing() -> None:
    whole = run("a", cases(1), good)
    broken = result(case(0), answer((), ("Bridge", (), "uncited"), trouble=Problem("The connection ended.", "Ask again.")))
    assert not compare(whole, replace(whole, results=(broken,))).flips
