"""The rule that decides between two runs, as the file beside the cases sets it."""

from dataclasses import replace
from pathlib import Path

import pytest
from lab_runs import cases, good, run

from bot.errors import InputError
from bot.evals.decision import DEFAULT, DecisionRule, cases_to_decide, levels, load, rule_of


def written(folder: Path, text: str) -> Path:
    path = folder / "decision.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_sets_the_rule(tmp_path: Path) -> None:
    found = load(written(tmp_path, "primary: passed\nlevel: 0.1\nmargin: 0.02\nsecondary: [supported, cited]\n"))
    assert found == DecisionRule(primary="passed", level=0.1, margin=0.02, secondary=("supported", "cited"))


def test_an_empty_file_is_the_default(tmp_path: Path) -> None:
    assert load(written(tmp_path, "# nothing yet\n")) == DEFAULT


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("primary: pased", "there is no metric of quality “pased”"),
        ("primary: seconds", "there is no metric of quality “seconds”"),
        ("level: 2", "level"),
        ("margn: 0.1", "margn"),
        ("- passed", "must hold fields"),
        ("a: [", "is not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_field(tmp_path: Path, text: str, part: str) -> None:
    with pytest.raises(InputError, match="decision") as raised:
        load(written(tmp_path, text))
    assert part in raised.value.message


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "none.yaml")


def test_the_rule_beside_the_cases_is_that_of_their_run(tmp_path: Path) -> None:
    written(tmp_path, "primary: passed")
    here = [replace(one, where=f"{tmp_path / 'cases.yaml'}:{n}") for n, one in enumerate(cases(3), 1)]
    assert rule_of(run("a", here, good)).primary == "passed"
    assert rule_of(run("a", cases(3), good)) == DEFAULT


def test_the_level_is_split_until_the_primary_metric_is_found_different() -> None:
    rule = DecisionRule(primary="passed", secondary=("supported",))
    before, after = levels(rule, 0.5), levels(rule, 0.01)
    assert (before["passed"], before["supported"]) == pytest.approx((0.04, 0.01))
    assert (after["passed"], after["supported"]) == pytest.approx((0.04, 0.05))


def test_more_cases_are_told_where_they_would_decide() -> None:
    # A mean of 0.1 with a deviation of 0.5: (2.80 * 5) squared is 196 cases.
    assert cases_to_decide([0.6, -0.4] * 20, 0.05) == pytest.approx(196 - 40, abs=8)
    assert cases_to_decide([0.5, -0.5] * 20, 0.05) is None
    assert cases_to_decide([], 0.05) is None
