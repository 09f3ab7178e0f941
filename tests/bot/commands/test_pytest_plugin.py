"""Cases as tests of pytest, in a pytest of its own on a lab that answers from memory; and the workflow that ships."""

import shlex
import tomllib
from pathlib import Path

import pytest
import yaml

from bot.commands.main import build_parser
from bot.evals.store import RunStore
from tests.bot.commands.test_evaluate_command import FakeLab

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[3]
CASES = """\
- id: passes
  question: What of good?
  must: "1931"
- id: fails
  question: What of that?
  must: "1932"
  tags: hard
- id: breaks
  question: What of fail?
- id: gone
  question: Who?
  cites: gone.md
"""


@pytest.fixture
def lab(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> FakeLab:
    made = FakeLab(home=pytester.path)
    # pytest opens the service by itself, so there is nobody who could give it another one.
    monkeypatch.setattr("bot.wiring.open_service", lambda _settings: made)
    pytester.path.joinpath("cases.yaml").write_text(CASES, encoding="utf-8")
    pytester.makepyfile(test_other="def test_of_python(): pass")
    return made


# Under this name whether or not the installation has it as "footnote", and without what the tests of this project bring.
_PLUGINS = [f"-p{name}" for name in ("no:footnote", "bot.commands.pytest_plugin", "no:cacheprovider", "no:asyncio", "no:xdist")]


def run(pytester: pytest.Pytester, *args: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess(*_PLUGINS, *args)


def test_each_case_is_a_test_and_the_answers_are_a_run(pytester: pytest.Pytester, lab: FakeLab) -> None:
    found = run(pytester, "--footnote", "cases.yaml", "-rs")
    found.assert_outcomes(passed=1, failed=2, skipped=1)
    found.stdout.fnmatch_lines(["Question: What of that?", "It does not hold “1932”.", "*The model did not answer.*"])
    found.stdout.fnmatch_lines(["*the case is stale. There is no article gone.md.*"])
    (brief,) = RunStore(lab.evals_home()).runs()
    assert (brief.cases, brief.done, brief.failed, brief.message) == (4, 3, 1, "pytest") and lab.closed == 1


def test_named_tests_run_beside_the_cases_that_are_chosen(pytester: pytest.Pytester, lab: FakeLab) -> None:
    run(pytester, "test_other.py", "--footnote", "cases.yaml", "-k", "hard or python").assert_outcomes(passed=1, failed=1)
    assert [one.text for one in lab.answers.asked] == ["What of that?"]


def test_without_the_option_nothing_of_it_is_collected(pytester: pytest.Pytester, lab: FakeLab) -> None:
    run(pytester).assert_outcomes(passed=1)
    assert not lab.answers.asked and run(pytester, "--footnote", "none.yaml").ret == pytest.ExitCode.USAGE_ERROR


def test_a_mistake_in_the_file_is_told_with_its_line(pytester: pytest.Pytester, lab: FakeLab) -> None:
    pytester.path.joinpath("cases.yaml").write_text("- id: a\n  qestion: What?\n", encoding="utf-8")
    run(pytester, "--footnote", "cases.yaml").stdout.fnmatch_lines(["*line 2: a case has no field “qestion”*"])


def test_pytest_finds_the_plugin_by_itself() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"footnote": "bot.commands.pytest_plugin"}


def test_the_commands_of_the_workflow_are_ours() -> None:
    workflow = yaml.safe_load((ROOT / "docs" / "footnote-eval.yml").read_text(encoding="utf-8"))
    lines = [line for step in workflow["jobs"]["evaluate"]["steps"] for line in _lines(str(step.get("run", "")))]
    commands = [shlex.split(line.partition("||")[0]) for line in lines if line.startswith("footnote ")]
    assert len(commands) == 4
    for command in commands:
        build_parser().parse_args(command[1:])


def _lines(script: str) -> list[str]:
    return [line.strip() for line in script.replace("\\\n", " ").splitlines()]
