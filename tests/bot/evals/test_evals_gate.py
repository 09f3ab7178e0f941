"""What a build asks of a run, and the files that it reads."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from lab_runs import bare, case, cases, good, result, run

from bot.errors import InputError
from bot.evals.comparing import compare
from bot.evals.gate import LargestDrop, Requirement, junit, markdown
from bot.evals.records import Case, MetricScore

GOOD, BARE = run("strict", cases(10), good), run("bare", cases(10), bare)


def test_a_requirement_that_is_met_says_nothing() -> None:
    assert Requirement.parse("passed>=0.9").broken(GOOD) == ""
    assert Requirement.parse(" seconds <= 2 ").broken(GOOD) == ""


def test_a_requirement_that_is_not_met_tells_the_mean() -> None:
    assert Requirement.parse("passed>=0.9").broken(BARE) == "passed is 0.10 over 10 in run run-bare, not >= 0.9."


def test_a_metric_without_a_value_does_not_let_a_build_pass() -> None:
    asked = [Case("a", "?")]
    assert "cannot be told" in Requirement.parse("cited>=0.5").broken(run("x", asked, lambda _: None))


@pytest.mark.parametrize("text", ["passed", "passed>0.9", "pased>=0.9", "passed>=x", ""])
def test_what_is_no_requirement_is_told(text: str) -> None:
    with pytest.raises(InputError):
        Requirement.parse(text)


def test_a_fall_beyond_the_largest_is_told_and_a_rise_is_none() -> None:
    drop = LargestDrop.parse("passed=0.05")
    assert drop.broken(compare(GOOD, BARE)) == "passed went from 1.00 to 0.10."
    assert drop.broken(compare(BARE, GOOD)) == ""


def test_what_takes_longer_has_fallen_and_what_is_faster_has_not() -> None:
    slow = replace(
        GOOD, results=tuple(replace(one, scores={**one.scores, "seconds": MetricScore(9.0)}) for one in GOOD.results)
    )
    drop = LargestDrop.parse("seconds=0.1")
    assert drop.broken(compare(GOOD, slow)) == "seconds went from 1.50 s to 9.00 s."
    assert drop.broken(compare(slow, GOOD)) == ""


def test_junit_tells_each_case_with_what_is_wrong() -> None:
    asked = [*cases(2), case(2), Case("free", "Anything?")]
    made = run("bare", asked[:2], bare)
    results = (*made.results, result(case(2), None), result(asked[3], None, trouble=None))
    suite = ElementTree.fromstring(junit(replace(made, cases=tuple(asked), results=results)))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "2", "2")
    failed = suite.find("./testcase[@name='case-0']/failure")
    assert failed is not None and "Nothing that it cites carries" in failed.get("message", "")


def test_characters_that_xml_has_not_do_not_break_the_file() -> None:
    odd = replace(case(0), id="a\x00b<&\ud800")
    assert ElementTree.fromstring(junit(run("bare", [odd], lambda _: None))).find("testcase") is not None


def test_the_comment_tells_the_verdict_the_metrics_and_the_lost_cases() -> None:
    told = markdown(compare(GOOD, BARE))
    assert told.startswith("**Worse, with 10 cases: All metrics of quality (p = 0.004)")
    assert "| Passes all checks | 1.00 | 0.10 |" in told and "- case-0: When was bridge 0 opened?" in told


def test_nothing_in_a_comment_is_markup() -> None:
    asked = [replace(one, question="<img src=x> [a](b) | @all") for one in cases(10)]
    told = markdown(compare(run("a", asked, good), run("b", asked, bare)))
    assert "\\<img src=x\\> \\[a\\](b) \\| \\@all" in told
