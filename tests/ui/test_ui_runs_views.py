"""What is drawn of runs, their results and a comparison, and the section itself."""

from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import get_args

from fake_runs import CASES, FakeLab, made
from streamlit.testing.v1 import AppTest

from bot.errors import ModelError
from bot.evals.checks import CaseOutcome
from bot.evals.records import Case, Run
from bot.prompting import PromptFolder
from bot.resources import prompts_dir
from bot.ui.runs.comparison import usable_version
from bot.ui.runs.listing import entry_of, runs_in
from bot.ui.runs.results import OUTCOMES
from bot.ui.runs.table import run_row
from bot.ui.runs.trends import same_cases, trend_points

MANY = (*CASES, *(replace(CASES[0], id=f"days-{i}") for i in range(10)))


def section(service: "FakeLab") -> None:
    from bot.ui.pages.runs import runs

    runs(service)


def page(lab: FakeLab) -> AppTest:
    return AppTest.from_function(section, args=(lab,), default_timeout=30).run()


def faults(app: AppTest) -> str:
    """What is said to be wrong, without the signs that keep it from being Markdown."""
    return "\n".join(one.value for one in app.error).replace("\\", "")


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in app.text)


def test_a_run_tells_its_state_and_what_was_done_to_its_passages(lab: FakeLab) -> None:
    run = made(lab, "strict", stop=lambda: True)
    changed = replace(run, setup=replace(run.setup, frozen="abc", shuffled=7, removed=True))
    row = run_row(entry_of(changed), "")
    assert row["Details"] == "on the passages of abc · shuffled by 7 · without the cited passages"
    assert row["State"] == "stopped after 0 of 3"


def test_a_run_that_is_under_way_says_so(lab: FakeLab) -> None:
    run = made(lab, "strict", stop=lambda: True)
    assert run_row(entry_of(run), run.id)["State"] == "under way"


def test_cases_that_failed_are_counted(lab: FakeLab) -> None:
    assert run_row(entry_of(made(lab, "strict", [Case("bad", "Does it fail?")])), "")["State"] == "1 failed"


def test_a_row_has_the_means_of_the_metrics(lab: FakeLab) -> None:
    row = run_row(entry_of(made(lab, "terse")), "")
    assert (row["Passes all checks"], row["Citation precision"]) == (0.0, 0.0)


def test_each_kind_of_result_can_be_chosen() -> None:
    assert {one for chosen in OUTCOMES.values() for one in chosen} == set(get_args(CaseOutcome))


def test_without_a_run_the_page_says_how_to_begin(lab: FakeLab) -> None:
    app = page(lab)
    assert not app.exception
    assert "No run has been made yet." in texts(app)


def test_without_a_server_it_is_said_what_needs_a_model(lab: FakeLab) -> None:
    lab.offered = ("quotes",)
    app = page(lab)
    assert "To compare versions of the prompt, choose a model." in texts(app)
    assert "add one on the page Models" in texts(app)


def test_versions_are_offered_once_a_model_writes(lab: FakeLab) -> None:
    app = page(lab)
    app.multiselect(key="footnote-runs-new-models").set_value(["openai:m"]).run()
    assert "strict, in force" in app.multiselect(key="footnote-runs-new-prompts").options


def test_a_server_that_is_silent_leaves_quotations(lab: FakeLab) -> None:
    lab.offered = ModelError("The server cannot be reached.", "Start it.")
    app = page(lab)
    assert "The server cannot be reached." in faults(app)
    assert app.multiselect(key="footnote-runs-new-models").value == ["quotes"]


def test_a_wish_that_makes_no_sense_is_told_on_the_page(lab: FakeLab) -> None:
    app = page(lab)
    app.selectbox(key="footnote-runs-new-cases").set_value("mine").run()
    app.button(key="footnote-runs-new-start").click().run()
    assert "There are no cases of your own yet." in faults(app)


def test_two_runs_are_compared_and_the_same_one_twice_is_not(lab: FakeLab) -> None:
    made(lab, "strict", MANY)
    made(lab, "terse", MANY)
    app = page(lab)
    assert any("Worse, with 13 cases" in str(node.proto) for node in app.get("html"))
    newest = runs_in(lab.evals_home()).entries()[0].id
    app.selectbox(key="footnote-runs-before").set_value(newest).run()
    assert "Choose two different runs." in texts(app)


def test_a_run_whose_folder_is_gone_is_no_longer_chosen(lab: FakeLab) -> None:
    runs: list[Run] = [made(lab, name, MANY) for name in ("strict", "terse", "strict")]
    app = page(lab)
    for file in (lab.evals_home() / runs[2].id).iterdir():
        file.unlink()
    app.run()
    assert not app.exception
    assert runs[2].id not in app.selectbox(key="footnote-runs-after").options


def test_a_judged_pair_is_not_asked_again_and_is_tallied(lab: FakeLab) -> None:
    made(lab, "strict", MANY)
    made(lab, "terse", MANY)
    app = page(lab)
    app.segmented_control(key="footnote-runs-view").set_value("Judge blind").run()
    assert "0 of 13 pairs of different answers are compared." in texts(app)
    app.button(key="footnote-opinions-neither").click().run()
    assert "1 of 13 pairs" in texts(app) and "neither in 1." in texts(app)


def test_a_claim_is_judged_without_its_verdict_in_sight(lab: FakeLab) -> None:
    made(lab, "terse", MANY)
    made(lab, "strict", MANY)
    app = page(lab)
    app.segmented_control(key="footnote-runs-view").set_value("Judge blind").run()
    app.segmented_control(key="footnote-opinions-kind").set_value("Does the claim hold?").run()
    for _ in range(2):
        app.button(key="footnote-opinions-accept").click().run()
    assert not app.exception
    assert "The verifier and people agree on 2 of 2 claims" in texts(app)


def test_a_version_that_answered_best_is_put_in_force_from_the_comparison(lab: FakeLab, tmp_path: Path) -> None:
    files = PromptFolder(Path(copytree(prompts_dir(), tmp_path / "prompts")))
    run = made(lab, "terse")
    same = replace(run, setup=replace(run.setup, prompt_text=files.text("answer", "terse")))
    assert usable_version(files, same) == ("terse", "")
    assert "has changed since this run" in usable_version(files, run)[1]
    files.use("answer", "terse")
    assert usable_version(files, same)[1] == "answer/terse is in force."


def test_runs_over_the_same_cases_are_one_line_of_time(lab: FakeLab) -> None:
    for name in ("strict", "terse"):
        made(lab, name)
    made(lab, "strict", MANY)
    (same, other) = same_cases(runs_in(lab.evals_home()).entries())
    assert (len(same), len(other)) == (2, 1)
    assert [point.value for point in trend_points(same, "citation_precision")] == [1.0, 0.0]
