"""A comparison as JSON and as text."""

import json
from collections.abc import Mapping
from dataclasses import replace

from lab_runs import WHEN, answer, bare, case, cases, good, invented, run

from bot.evals.comparing import RunComparison, compare
from bot.evals.metrics import METRICS
from bot.evals.records import Case, Run, Setup
from bot.evals.report import as_json, as_text


def worse() -> RunComparison:
    return compare(run("strict", cases(), good), run("bare", cases(), bare))


def squeezed(text: str) -> str:
    """Each line without the blanks that make columns of it."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def plain(found: RunComparison) -> Mapping[str, object]:
    """What a script reads."""
    read = json.loads(json.dumps(as_json(found), allow_nan=False))
    assert isinstance(read, dict)
    return read


def section(found: RunComparison, name: str) -> Mapping[str, Mapping[str, object]]:
    read = plain(found)[name]
    assert isinstance(read, dict)
    return read


def test_the_json_tells_the_verdict_and_every_metric() -> None:
    found = plain(worse())
    assert (found["verdict"], found["worse"], found["cases"]) == ("worse", True, 40)
    metrics = section(worse(), "metrics")
    assert set(metrics) == {metric.key for metric in METRICS}
    assert (metrics["supported"]["before"], metrics["supported"]["after"], metrics["supported"]["verdict"]) == (1, 0, "worse")


def test_what_could_not_be_computed_is_null_and_not_nought() -> None:
    metrics = section(compare(run("a", cases(3), lambda _: answer(())), run("b", cases(3), lambda _: answer(()))), "metrics")
    precision = metrics["citation_precision"]
    assert [precision[key] for key in ("before", "after", "difference", "low", "verdict")] == [None] * 5
    assert section(compare(run("a", (), good), run("b", (), good)), "abstention")["before"]["precision"] == {
        "value": None,
        "why": "No answer abstains.",
    }


def test_the_json_of_a_flip_has_both_answers_and_its_citations() -> None:
    flips = plain(worse())["flips"]
    assert isinstance(flips, list) and len(flips) == 35
    assert {key: flips[0][key] for key in ("case", "won", "before", "after", "gained")} == {
        "case": "case-0",
        "won": False,
        "before": "Bridge 0 was opened in 1900. [1]",
        "after": "Bridge 0 was opened in 1900.",
        "gained": [],
    }
    assert flips[0]["lost"][0]["article"] == "0.md" and flips[0]["checks"]


def test_the_text_tells_the_verdict_the_metrics_and_the_flips() -> None:
    said = as_text(worse())
    assert (
        "Worse, with 40 cases: All metrics of quality (p < 0.001), Passes all checks (p < 0.001), Cites what it should" in said
    )
    assert "Supported claims 1.00 0.00 −1.00 (−1.00 to −1.00) worse" in squeezed(said)
    assert "Flips: 0 won, 35 lost." in said
    assert "- lost case-0: When was bridge 0 opened?" in said
    assert "    citation lost: 0.md “Bridge 0 was opened in 1900 by the king.” (supported)" in said


def test_the_text_of_a_citation_that_is_judged_otherwise() -> None:
    said = as_text(compare(run("strict", cases(), good), run("open", cases(), invented)))
    assert "judged otherwise: 0.md “Bridge 0 was opened in 1900 by the king.” (not found), before supported" in said
    assert "Recall of abstention: 1.00 before, 0.00 after." in said


def test_cases_that_were_not_compared_are_in_both() -> None:
    found = compare(run("a", cases(2), good), run("b", cases(3), good))
    assert plain(found)["left_out"] == [{"case": "case-2", "why": "Only the later run has it."}]
    assert "Not compared (1):\n  case-2: Only the later run has it." in as_text(found)


def test_a_run_of_one_case_has_no_interval() -> None:
    found = compare(run("a", [case(0)], good), run("b", [case(0)], bare))
    assert "Supported claims 1.00 0.00 −1.00 can't tell with 1 case" in squeezed(as_text(found))


def test_how_the_later_run_stood_up_is_in_both() -> None:
    later = run("b", cases(), good, Setup("b", shuffled=3))
    found = compare(run("a", cases(), good), later)
    assert plain(found)["robustness"] == list(found.robust) and found.robust[0] in as_text(found)


def test_runs_without_results_have_a_report() -> None:
    empty = Run("e", (Case("a", "?"),), Setup("e"), WHEN)
    found = compare(empty, replace(empty, id="f"))
    assert plain(found)["verdict"] == "can't tell"
    assert "Nothing can be compared" in as_text(found)
