"""Checks of one's own: read from a file of cases, and carried out on an answer."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import InputError
from bot.evals.cases import dump, load
from bot.evals.checks import passes
from bot.evals.metrics import scores
from bot.evals.own_checks import CheckTools, numbers_in, own_scores, python_files, wants_judge
from bot.evals.records import Case, MetricScore, Result
from bot.types import Answer
from tests.bot.evals.lab_runs import answer, passage, support

BRIDGE = passage(1, "The bridge opened in 1931 for 1,500 people.")
SAID = answer((BRIDGE,), ("The **bridge** opened in 1931", (1,), "supported"), ("It held 1,500 people.", (1,), "supported"))
FUNCTIONS = """\
def polite(answer, case):
    return "It is rude." if "rude" in answer["text"] else ""

def half(answer, case):
    return 0.5

def broken(answer, case):
    raise KeyError(case["id"])

def nothing(answer, case):
    return None
"""


def cases_with(tmp_path: Path, *checks: str, defaults: str = "") -> tuple[Case, ...]:
    (tmp_path / "checks.py").write_text(FUNCTIONS, encoding="utf-8")
    path = tmp_path / "cases.yaml"
    lines = "".join(f"      - {check}\n" for check in checks)
    path.write_text(f"{defaults}cases:\n  - id: a\n    question: When?\n    checks:\n{lines}", encoding="utf-8")
    return load(path)


def outcome(tmp_path: Path, check: str, said: Answer = SAID, tools: CheckTools | None = None) -> MetricScore:
    (case,) = cases_with(tmp_path, check)
    return own_scores(case, Result("a", "done", said, seconds=1.5), tools or CheckTools())["check.0"]


@pytest.mark.parametrize(
    ("check", "why"),
    [
        ("contains: The bridge opened", ""),
        ("contains: the Bridge", "It does not contain “the Bridge”."),
        ("not_contains: tunnel", ""),
        ("not_contains: bridge", "It contains “bridge”."),
        (r"regex: '\b19\d\d\b'", ""),
        (r"regex: '^It'", "Nothing in it matches ^It."),
        ("number: {at_least: 1930, at_most: 1932}", ""),
        ("number: {at_least: 1, at_most: 2}", "No number in it is at least 1 at most 2; it has 1931, 1500."),
        ("length: 10", ""),
        ("length: {at_least: 50}", "It takes 9 words, not at least 50."),
        ("cost: 0.01", ""),
        ("cost: 0.001", "It takes 0.002 dollars, not at most 0.001."),
        ("latency: 2", ""),
        ("latency: 1", "It takes 1.5 seconds, not at most 1."),
        (
            """json_schema: '{"type": "object"}'""",
            "It is not JSON: “The **bridge** opened in 1931 [1] It held 1,500 people. [1]”.",
        ),
        ("python: checks.py:polite", ""),
        ("{python: checks.py:half, at_least: 0.6}", "checks.py:half gives 0.5, not at least 0.6."),
        ("python: checks.py:broken", "checks.py:broken failed: KeyError: 'a'"),
    ],
)
def test_a_check_holds_or_says_why_not(tmp_path: Path, check: str, why: str) -> None:
    found = outcome(tmp_path, check)
    assert found.why == why and found.value is not None


def test_json_in_a_fence_is_held_against_its_schema(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text('{"required": ["year"], "properties": {"year": {"minimum": 1900}}}', encoding="utf-8")
    said = replace(SAID, text='Here:\n```json\n{"year": 1931}\n```')
    assert outcome(tmp_path, "json_schema: schema.json", said).value == 1.0
    wrong = outcome(tmp_path, "json_schema: schema.json", replace(SAID, text='{"year": 3}'))
    assert wrong.why == "It does not follow its schema: 3 is less than the minimum of 1900."


def test_similarity_and_judges_are_asked_where_they_can_be_had(tmp_path: Path) -> None:
    tools = CheckTools(lambda *_: 0.4, lambda *asked: MetricScore(0.0, f"Not {asked[-1]}."))
    assert outcome(tmp_path, "{similar: It opened., at_least: 0.3}", tools=tools).why == ""
    assert outcome(tmp_path, "similar: It opened.", tools=tools).why.endswith("by 0.40, not at least 0.7.")
    assert outcome(tmp_path, "judge: polite", tools=tools).why == "The judge does not find “polite”: Not polite."
    assert outcome(tmp_path, "judge: polite").value is None


def test_a_function_that_says_nothing_is_not_taken_for_a_pass(tmp_path: Path) -> None:
    assert "neither true or false" in outcome(tmp_path, "python: checks.py:nothing").why


def test_a_price_that_is_not_known_is_not_judged(tmp_path: Path) -> None:
    assert outcome(tmp_path, "cost: 0.01", replace(SAID, usage={})).value is None


def test_code_that_changed_since_the_cases_were_read_is_not_run(tmp_path: Path) -> None:
    (case,) = cases_with(tmp_path, "python: checks.py:polite")
    assert python_files([case]) == (str(tmp_path / "checks.py"),) and not wants_judge([case])
    (tmp_path / "checks.py").write_text(FUNCTIONS.replace("rude", "kind"), encoding="utf-8")
    with pytest.raises(InputError, match="has changed since the cases were read"):
        own_scores(case, Result("a", "done", SAID), CheckTools())


def test_what_all_cases_share_stands_once_and_is_written_out(tmp_path: Path) -> None:
    defaults = "defaults:\n  tags: smoke\n  checks:\n    - length: 3\n"
    (case,) = cases_with(tmp_path, "python: checks.py:half", "{judge: It is kind., at_least: 1}", defaults=defaults)
    assert [check.kind for check in case.checks] == ["length", "python", "judge"] and case.tags == ("smoke",)
    (tmp_path / "again.yaml").write_text(dump([case]), encoding="utf-8")
    (again,) = load(tmp_path / "again.yaml")
    assert again.checks == case.checks


def test_a_case_passes_only_where_its_own_checks_hold(tmp_path: Path) -> None:
    (case,) = cases_with(tmp_path, "contains: bridge", "contains: tunnel")
    result = Result("a", "done", SAID)
    found = scores(case, result, support, own_scores(case, result, CheckTools()))
    assert found["checks"].value == 0.5 and found["passed"].value == 0.0
    assert passes(case, replace(result, scores=found)) is False


@pytest.mark.parametrize(
    ("check", "message", "line"),
    [
        ("contain: x", "a check has no field “contain”", 5),
        ("regex: '('", "`regex` is no regular expression", 5),
        ("{contains: x, length: 3}", "a check is of one kind, not contains and length", 5),
        ("{contains: x, at_least: 3}", "`at_least` does not go with `contains`", 5),
        ("length: {at_least: 3, at_most: 2}", "no number is in that range", 5),
        ("python: ../checks.py:half", "`python` must name a function in a file", 5),
        ("python: other.py:half", "there is no file other.py beside the cases", 5),
        ("python: checks.py:other", "checks.py defines no function other", 5),
        ("json_schema: '{\"type\": 3}'", "`json_schema` is no JSON Schema", 5),
        ("json_schema: ../../schema.json", "there is no file ../../schema.json beside the cases", 5),
    ],
)
def test_a_mistake_in_a_check_is_told_with_its_line(tmp_path: Path, check: str, message: str, line: int) -> None:
    with pytest.raises(InputError) as told:
        cases_with(tmp_path, check)
    assert message in told.value.message and f"line {line}:" in told.value.message


def test_numbers_are_read_in_both_notations() -> None:
    assert numbers_in("1,500 or 1.500.000 or 3,5 or −2.25 and v1.2") == [1500.0, 1500000.0, 3.5, -2.25]
