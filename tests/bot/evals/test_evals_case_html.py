"""A case with its answer as HTML: what is wrong is told, and no text becomes markup."""

from dataclasses import replace

from lab_runs import bare, case, good, run

from bot.evals.case_html import results_html
from bot.evals.checks import case_outcome
from bot.evals.records import Case
from bot.types import Answer, Problem, Turn


def listed(asked: Case, answer: Answer | None) -> str:
    (result,) = run("a", [asked], lambda _: answer).results
    return results_html([(asked, result)], "Results")


def test_each_case_is_of_one_outcome() -> None:
    asked = [case(0), case(1), case(2), Case("open-3", "What of it?")]
    answers = {"case-0": good(case(0)), "case-1": bare(case(1)), "case-2": None, "open-3": replace(good(case(3)), claims=())}
    results = run("a", asked, lambda one: answers[one.id]).results
    found = [case_outcome(one, result) for one, result in zip(asked, results, strict=True)]
    assert found == ["passed", "failed", "wrong", "unjudged"]


def test_an_answer_stands_with_its_citations_and_what_it_took() -> None:
    told = listed(case(0), good(case(0)))
    assert '<span class="verdict good">Passed</span>' in told
    assert "<summary>1 citation</summary>" in told and "Supported by the passage" in told
    assert "1.50 s · 940 tokens · $0.0020" in told


def test_what_is_wrong_with_an_answer_is_said() -> None:
    told = listed(replace(case(0), must=("1999",)), good(case(0)))
    assert '<p class="why" dir="auto">It does not hold “1999”.</p>' in told
    assert "It must hold “1999”." in told


def test_what_failed_is_told_with_what_to_do() -> None:
    asked = case(0)
    trouble = Problem("The server is full.", "Wait a minute.")
    told = listed(asked, replace(good(asked), trouble=trouble))
    assert "There is no whole answer: The server is full. Wait a minute." in told


def test_what_was_said_before_is_folded() -> None:
    told = listed(replace(case(0), history=(Turn("user", "What?"), Turn("assistant", "A bridge."))), good(case(0)))
    assert "<summary>2 turns before</summary>" in told and "Answer: A bridge." in told


def test_no_text_becomes_markup() -> None:
    told = listed(replace(case(0), question="<b>Was</b> it?", notes="<i>x</i>", tags=("<u>",)), good(case(0)))
    assert "&lt;b&gt;Was&lt;/b&gt; it?" in told
    assert not any(tag in told for tag in ("<i>", "<u>", "<b>Was"))
