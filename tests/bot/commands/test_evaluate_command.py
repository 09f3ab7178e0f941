"""`footnote eval` in this process, on a lab that answers from memory."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.commands.main import main
from bot.errors import InputError, SettingsError
from bot.evals import cases
from bot.evals.records import Case, Setup
from bot.evals.runner import RunContext
from bot.evals.setup_files import SetupRequest
from bot.evals.store import RunStore
from tests.bot.evals.answering import MODEL, ONE, QUOTES, Answers, means
from tests.bot.fake_service import FakeService

FILE = """\
- id: good
  question: What of good?
  must: "1931"
  cites: bridge.md
- id: other
  question: What of other?
"""


@dataclass
class FakeLab(FakeService):
    """Answers as `Answers` do, with the model "openai:m" and any prompt, or by quotations."""

    home: Path = Path()
    answers: Answers = field(default_factory=Answers)
    trouble: tuple[str, str] | None = None
    index: str = "as it was"
    interrupted: bool = False
    drafts: tuple[Case, ...] = (Case("drafted", "What is it?"),)

    def evals_home(self) -> Path:
        return self.home / "evals"

    def setup(self, model: str = "", prompt: str = "") -> Setup:
        if model == "openai:keyless":
            raise SettingsError("The model openai:keyless needs a key.")
        if model in ("", "quotes"):
            if prompt:
                raise InputError("A prompt needs a model.")
            return replace(QUOTES, index=self.index)
        return replace(MODEL, model=model, prompt=f"answer/{prompt or 'strict'}", prompt_text=prompt, index=self.index)

    def evaluating(self, _setup: Setup) -> RunContext:
        return replace(means(self.answers), warm=self._warm)

    def requested(self, request: SetupRequest) -> Setup:
        return request.turned(self.setup(request.model, request.prompt))

    def price_note(self, _setup: Setup) -> str:
        return ", whose price is not known"

    def drafted(self, most: int, model: str = "") -> Sequence[Case]:
        self.calls.append(("draft", most, model))
        return self.drafts[:most]

    def problem(self) -> tuple[str, str] | None:
        return self.trouble

    def _warm(self) -> None:
        if self.interrupted:
            raise KeyboardInterrupt


class Command:
    """Runs `footnote eval`, and keeps what it printed."""

    def __init__(self, lab: FakeLab, capsys: pytest.CaptureFixture[str]) -> None:
        self.lab, self._capsys = lab, capsys
        self.out = self.err = ""

    def __call__(self, *argv: object) -> int:
        code = main(["eval", *map(str, argv)], lambda _: self.lab)
        self.out, self.err = self._capsys.readouterr()
        return code

    def runs(self) -> list[dict[str, object]]:
        """The runs that were made, the newest last."""
        self("list", "--json")
        return [json.loads(line) for line in self.out.splitlines()][::-1]

    def ids(self) -> list[str]:
        return [str(one["run"]) for one in self.runs()]


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    yield Command(FakeLab(home=tmp_path), capsys)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "cases.yaml"
    made.write_text(FILE)
    return made


def test_a_run_prints_its_metrics_and_its_id(command: Command, file: Path) -> None:
    assert command("run", file, "--message", "first") == 0
    assert "Holds what it must            1.00 (1)" in command.out
    table = command.out
    (run,) = command.runs()
    assert f"Run {run['run']}." in table and (run["done"], run["message"]) == (2, "first")


def test_as_json_each_run_is_a_line(command: Command, file: Path) -> None:
    assert command("run", file, "--json", "--model", "openai:m", "--prompt", "strict", "--prompt", "terse") == 0
    found = [json.loads(line) for line in command.out.splitlines()]
    assert [(one["prompt"], one["done"]) for one in found] == [("answer/strict", 2), ("answer/terse", 2)]


def test_all_prompts_and_models_answer_from_the_first_ones_passages(command: Command, file: Path) -> None:
    argv = ("--model", "openai:m", "--model", "openai:n", "--prompt", "strict", "--prompt", "terse")
    assert command("run", file, *argv) == 0
    runs = command.runs()
    assert [(one["model"], one["prompt"]) for one in runs] == [
        (model, f"answer/{prompt}") for model in ("openai:m", "openai:n") for prompt in ("strict", "terse")
    ]
    assert [one["frozen"] for one in runs] == ["", *[runs[0]["run"]] * 3]


def test_quotations_beside_models_are_made_once(command: Command, file: Path) -> None:
    command("run", file, "--model", "quotes", "--model", "openai:m", "--prompt", "strict", "--prompt", "terse")
    assert [one["model"] for one in command.runs()] == ["quotes", "openai:m", "openai:m"]


def test_several_runs_may_each_search_for_themselves(command: Command, file: Path) -> None:
    assert command("run", file, "--model", "openai:m", "--prompt", "strict", "--prompt", "terse", "--fresh-search") == 0
    assert [one["frozen"] for one in command.runs()] == ["", ""]


def test_a_run_that_is_frozen_takes_its_cases_as_well(command: Command, file: Path) -> None:
    command("run", file)
    (first,) = command.ids()
    assert command("run", "--frozen", first[:6], "--model", "openai:m", file) == 0
    assert command.runs()[-1]["frozen"] == first


def test_frozen_to_a_run_with_other_cases_is_refused(command: Command, file: Path) -> None:
    command("run", file)
    file.write_text("- id: third\n  question: What?\n")
    assert command("run", "--frozen", "last", file) == 1
    assert "none of these cases" in command.err


def test_shuffled_and_without_the_cited_it_says_what_became_of_citations(command: Command, file: Path) -> None:
    assert command("run", file, "--shuffle", 3, "--without-cited") == 0
    assert "cited passages" in command.out and "taken away" in command.out
    first, second = command.runs()
    assert (first["frozen"], second["frozen"]) == ("", first["run"])


def test_a_plain_run_that_is_there_is_not_made_again(command: Command, file: Path) -> None:
    command("run", file)
    assert command("run", file, "--frozen", "last", "--shuffle", 3) == 0
    assert len(command.ids()) == 2


def test_a_case_that_failed_ends_with_1_and_the_others_are_answered(command: Command, file: Path) -> None:
    file.write_text(FILE + "- id: bad\n  question: What of fail?\n")
    assert command("run", file) == 1
    assert "1 of 3 cases failed:\n  1 x The model did not answer. Ask again." in command.out


def test_a_model_without_a_key_is_told_of_before_anything_is_asked(command: Command, file: Path) -> None:
    assert command("run", file, "--model", "openai:m", "--model", "openai:keyless") == 1
    assert (command.err, command.lab.answers.asked) == (
        "footnote: The model openai:keyless needs a key.\n"
        "Correct the environment variable; the README lists the settings and what they take.\n",
        [],
    )


def test_without_an_index_nothing_is_begun(command: Command, file: Path) -> None:
    command.lab.trouble = ("There are no articles here yet.", "Run `footnote ingest PATH`.")
    assert command("run", file) == 1
    assert command.err.startswith("footnote: There are no articles here yet.")
    assert command.ids() == []


def test_a_broken_file_of_cases_is_told_with_its_line(command: Command, file: Path) -> None:
    file.write_text("- id: one\n  question: What?\n  musst: x\n")
    assert command("run", file) == 1
    assert "cases.yaml, line 3" in command.err


def test_the_starter_set_is_the_default_and_needs_its_articles(command: Command) -> None:
    assert command("run") == 1
    assert "No CASES were given" in command.err and "none of them is here" in command.err


def test_the_starter_set_says_that_it_is_what_is_run(command: Command) -> None:
    article = cases.load(cases.STARTER)[0].cites[0].article
    command.lab.stored[article] = replace(command.lab.stored["bridge.md"], id=article)
    command("run", "--json")
    assert "No CASES were given: this is the starter set" in command.err
    # The other articles of the set are not here, so their cases are stale.
    run = json.loads(command.out)
    assert run["cases"] + len(run["stale"]) == len(cases.load(cases.STARTER)) and run["stale"]


def test_ctrl_c_says_how_to_go_on_and_resume_does(command: Command, file: Path) -> None:
    command.lab.interrupted = True
    assert command("run", file, "--model", "openai:m", "--model", "openai:n") == 130
    said = command.err
    (run,) = command.runs()
    assert f"Stopped: 0 of 2 cases are kept. Go on with: footnote eval run --resume {run['run']}" in said
    command.lab.interrupted = False
    assert command("run", "--resume", run["run"]) == 0
    assert command.runs()[0]["done"] == 2


def test_a_run_does_not_go_on_with_other_articles(command: Command, file: Path) -> None:
    RunStore(command.lab.evals_home()).begin(cases.load(file), QUOTES)
    command.lab.index = "as it is now"
    assert command("run", "--resume", "last") == 1
    assert "The articles have changed" in command.err


def test_a_run_goes_on_as_it_was_begun(command: Command, file: Path) -> None:
    RunStore(command.lab.evals_home()).begin(cases.load(file), QUOTES)
    assert command("run", "--resume", "last", "--prompt", "terse") == 1
    assert "--prompt does not go with --resume" in command.err


def test_without_the_cache_all_are_asked_anew(command: Command, file: Path) -> None:
    for more in ((), (), ("--no-cache",)):
        command("run", file, *more)
    assert len(command.lab.answers.asked) == 4


def test_two_runs_are_compared_by_their_beginnings(command: Command, file: Path, tmp_path: Path) -> None:
    command("run", file)
    command("run", file)
    page = tmp_path / "page.html"
    assert command("compare", "last~1", "last", "--html", page, "--fail-if-worse") == 0
    assert "Holds what it must" in command.out and "<html" in page.read_text()


def test_a_comparison_as_json_is_one_record(command: Command, file: Path) -> None:
    for _ in range(2):
        command("run", file)
    assert command("compare", "last~1", "last", "--json") == 0
    assert json.loads(command.out)["worse"] is False


def test_worse_ends_with_1_where_that_was_asked_for_and_says_in_what(command: Command, file: Path) -> None:
    file.write_text("\n".join(f"- id: c{n}\n  question: What of c{n}?\n  must: '1931'" for n in range(30)))
    command("run", file)
    file.write_text(file.read_text().replace("What of", "Why fail at"))
    store, first = RunStore(command.lab.evals_home()), command.ids()[0]
    worse = store.begin(store.load(first).cases, QUOTES)
    for one in store.load(first).results:
        store.add(worse.id, replace(one, scores={key: replace(score, value=0.0) for key, score in one.scores.items()}))
    assert command("compare", first, worse.id) == 0
    assert command("compare", first, worse.id, "--fail-if-worse") == 1
    assert "Worse, with 30 cases" in command.err and "Holds what it must" in command.err


def test_a_requirement_that_is_not_met_ends_with_1_and_is_told(command: Command, file: Path) -> None:
    assert command("run", file, "--require", "done>=1", "--require", "must>=2") == 1
    assert "must is 1.00 over 1 in run" in command.err and "done" not in command.err


def test_a_misspelt_requirement_is_told_before_anything_is_asked(command: Command, file: Path) -> None:
    assert command("run", file, "--require", "pased>=0.9") == 1
    assert "There is no metric “pased”." in command.err and not command.lab.answers.asked


def test_a_run_is_shown_with_the_cases_that_it_does_not_pass(command: Command, file: Path, tmp_path: Path) -> None:
    file.write_text("- id: wrong\n  question: What of it?\n  must: nowhere\n")
    command("run", file)
    assert command("show", "last", "--junit", tmp_path / "out.xml") == 0
    assert "  wrong: It does not hold “nowhere”." in command.out
    assert 'failures="1"' in (tmp_path / "out.xml").read_text()


def test_a_file_that_cannot_be_written_is_told(command: Command, file: Path, tmp_path: Path) -> None:
    command("run", file)
    assert command("show", "last", "--junit", tmp_path / "none" / "out.xml") == 1
    assert "cannot be written" in command.err


def test_a_comparison_goes_by_the_decision_file(command: Command, file: Path, tmp_path: Path) -> None:
    for _ in range(2):
        command("run", file)
    (tmp_path / "rule.yaml").write_text("primary: must\n")
    comment = tmp_path / "comment.md"
    rule = ("--decision", tmp_path / "rule.yaml", "--markdown", comment, "--max-drop", "must=0")
    assert command("compare", "last~1", "last", *rule, "--json") == 0
    assert json.loads(command.out)["rule"]["primary"] == "must" and comment.read_text().startswith("**")


def test_an_unknown_run_is_told(command: Command) -> None:
    assert command("compare", "abcd", "last") == 1
    assert command.err.startswith("footnote: There is no run abcd.")


def test_drafts_are_printed_as_a_file_of_cases(command: Command, tmp_path: Path) -> None:
    assert command("draft", "-n", 3, "--model", "openai:m") == 0
    assert ("draft", 3, "openai:m") in command.lab.calls
    (tmp_path / "draft.yaml").write_text(command.out)
    assert [one.id for one in cases.load(tmp_path / "draft.yaml")] == ["drafted"]


def test_drafts_are_never_written_over_what_is_there(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    assert (command("draft", "--out", file), command("draft", "--out", file)) == (0, 1)
    assert "is there already" in command.err and cases.load(file)[0].id == "drafted"


def test_where_nothing_can_be_drafted_it_says_so(command: Command) -> None:
    command.lab.drafts = ()
    assert command("draft") == 1
    assert "No case could be drafted" in command.err


def test_the_list_has_the_newest_first(command: Command, file: Path) -> None:
    command("run", file, "--message", "first")
    command("run", file, "--message", "second")
    assert command("list") == 0
    assert ["second" in command.out.splitlines()[0], "first" in command.out.splitlines()[1]] == [True, True]


def test_an_empty_list_says_how_to_begin(command: Command) -> None:
    assert command() == 0
    assert "footnote eval run" in command.err


def test_repeats_are_told_with_what_they_cost(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "repeated.yaml"
    file.write_text(FILE, encoding="utf-8")
    assert command("run", file, "--model", "openai:m", "--repeat", "2") == 0
    assert command.err.startswith("4 answers of openai:m, whose price is not known; those that were had before are free.")
    assert "Each case was answered 2 times" in command.out and len(command.lab.answers.asked) == 4
    assert command("run", file, "--model", "openai:m", "--repeat", "2") == 0
    assert command.err.startswith("4 answers of openai:m") and len(command.lab.answers.asked) == 4
    assert command("--json", "show", "last") == 0 and json.loads(command.out)["repeats"]["n"] == 2


def test_a_stale_case_is_left_out_and_not_scored(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "stale.yaml"
    file.write_text(f"{FILE}- id: old\n  question: Who?\n  cites: gone.md\n", encoding="utf-8")
    assert command("run", file, "--junit", tmp_path / "junit.xml") == 0
    assert "old is stale and was left out. There is no article gone.md." in command.out
    assert 'name="old"' in (tmp_path / "junit.xml").read_text(encoding="utf-8")
    assert command("show", "last", "--json") == 0 and json.loads(command.out)["cases"] == 2
    file.write_text("- id: old\n  question: Who?\n  cites: gone.md\n", encoding="utf-8")
    assert command("run", file) == 1 and "All of these cases are stale" in command.err


def test_cases_go_to_another_tool_and_back(command: Command, file: Path, tmp_path: Path) -> None:
    assert command("export", file, "--to", "csv", "--out", tmp_path / "cases.csv") == 0
    assert command("import", tmp_path / "cases.csv", "--out", tmp_path / "back.yaml") == 0
    assert "2 cases in" in command.out
    assert [case.must for case in cases.load(tmp_path / "back.yaml")] == [case.must for case in cases.load(file)]
    assert command("import", tmp_path / "cases.csv", "--out", tmp_path / "back.yaml") == 1
    assert "is there already" in command.err
    assert command("export", file, "--to", "promptfoo") == 0 and "/v1/ask" in command.out


def test_only_cases_of_a_tag_or_a_split_are_run(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "tagged.yaml"
    file.write_text("- id: a\n  question: What?\n  tags: date\n- id: b\n  question: Who?\n  split: test\n", encoding="utf-8")
    assert command("run", file, "--tag", "date", "--json") == 0 and json.loads(command.out)["cases"] == 1
    assert command("run", file, "--split", "none") == 1 and "No case has these tags" in command.err


def test_a_fact_that_is_changed_in_the_passages_is_told(command: Command, file: Path) -> None:
    assert command("run", file, "--model", "openai:m", "--mutate") == 0
    assert "Of 2 answers whose fact was changed in the passages, 0 (0 %) say the new one" in command.out
    asked = command.lab.answers.asked[-1].given
    assert asked is not None and asked[0].text != ONE.text


def test_a_file_of_set_ups_makes_a_run_of_each(command: Command, file: Path, tmp_path: Path) -> None:
    (tmp_path / "setups.yaml").write_text("- model: openai:m\n- model: openai:m\n  temperature: 0.5\n", encoding="utf-8")
    assert command("run", file, "--setups", tmp_path / "setups.yaml") == 0
    assert [run["name"] for run in command.runs()] == ["answer/strict, temperature none", "answer/strict, temperature 0.5"]
    assert command("run", file, "--setups", tmp_path / "setups.yaml", "--model", "openai:m") == 1
    assert "--setups has its models and prompts in its file." in command.err
