"""What is drawn of runs, their results and a comparison, and the section itself."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fake_runs import CASES, MARKUP, FakeLab, made
from streamlit.testing.v1 import AppTest

from bot.errors import ModelError
from bot.evals.comparing import RunComparison, compare
from bot.evals.plots import difference_plot
from bot.evals.records import Case, Run
from bot.ui.components.comparison.view import comparison_data, plot
from bot.ui.components.results.view import judged, kind, result_row
from bot.ui.components.runs.view import run_rows
from bot.ui.pages.runs import KINDS
from bot.ui.runs.listing import entry_of, runs_in

MANY = (*CASES, *(replace(CASES[0], id=f"days-{i}") for i in range(10)))


@pytest.fixture
def lab(tmp_path: Path) -> FakeLab:
    return FakeLab(tmp_path)


@pytest.fixture
def found(lab: FakeLab) -> RunComparison:
    return compare(made(lab, "strict", MANY), made(lab, "terse", MANY))


def section(service: "FakeLab") -> None:
    from bot.ui.pages.runs import runs

    runs(service)


def page(lab: FakeLab) -> AppTest:
    return AppTest.from_function(section, args=(lab,), default_timeout=30).run()


def drawn(app: AppTest, part: str) -> str:
    """What the components were given, as far as it holds this."""
    return "\n".join(one for node in app.get("bidi_component") if part in (one := str(node.proto)))


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in app.text)


def test_a_run_tells_its_state_and_what_was_done_to_its_passages(lab: FakeLab) -> None:
    run = made(lab, "strict", stop=lambda: True)
    changed = replace(run, setup=replace(run.setup, frozen="abc", shuffled=7, removed=True))
    row = run_rows([entry_of(changed)], run.id, "")[0]
    assert row["details"] == ["on the passages of abc", "shuffled by 7", "without the cited passages"]
    assert (row["state"], row["goes_on"], row["open"]) == ("stopped after 0 of 3", True, True)


def test_a_run_that_is_under_way_is_not_offered_to_go_on_with(lab: FakeLab) -> None:
    run = made(lab, "strict", stop=lambda: True)
    row = run_rows([entry_of(run)], "", run.id)[0]
    assert (row["state"], row["goes_on"]) == ("under way", False)


def test_cases_that_failed_are_counted(lab: FakeLab) -> None:
    assert run_rows([entry_of(made(lab, "strict", [Case("bad", "Does it fail?")]))], "", "")[0]["state"] == "1 failed"


def test_each_case_is_of_one_kind_and_each_kind_can_be_chosen(lab: FakeLab) -> None:
    run = made(lab, "strict", [*CASES, Case("bad", "Does it fail?")])
    kinds = [one for _, _, one in judged(run)]
    assert kinds == ["passed", "failed", "failed", "wrong"]
    assert {one for chosen in KINDS.values() for one in chosen} >= set(kinds)


def test_a_case_that_asks_for_nothing_is_not_judged(lab: FakeLab) -> None:
    run = made(lab, "strict", [Case("bare", "What of it?")])
    result = run.results[0]
    assert result.answer is not None
    still = replace(result, answer=replace(result.answer, claims=()))
    assert kind(run.cases[0], still) == "unjudged"
    assert result_row(run.cases[0], still)["answer"]["whys"]


def test_what_is_wrong_with_an_answer_is_said(lab: FakeLab) -> None:
    run = made(lab, "strict")
    row = result_row(run.cases[1], run.results[1])
    assert (row["question"], row["answer"]["said"]) == (MARKUP, "Not passed")
    assert row["answer"]["whys"] == ["It does not hold “cold”."]
    assert row["answer"]["citations"][0]["said"] == "Supported by the passage"


def test_what_failed_is_told_with_what_to_do(lab: FakeLab) -> None:
    run = made(lab, "strict", [Case("bad", "Does it fail?")])
    assert result_row(run.cases[0], run.results[0])["answer"]["whys"] == [
        "There is no whole answer: The model did not answer. Ask again."
    ]


def test_the_verdict_is_told_in_words_with_the_interval(found: RunComparison) -> None:
    data = comparison_data(found)
    assert data["said"].startswith("Worse, with 13 cases: ")
    passed = data["groups"][0]["metrics"][0]
    assert (passed["name"], passed["said"], passed["tone"], passed["moved"]) == (
        "Passes all checks",
        "worse",
        "bad",
        "13 cases, 0 up, 11 down",
    )
    assert passed["change"].startswith("−0.85 (")


def test_metrics_without_a_value_are_named_in_one_sentence(found: RunComparison) -> None:
    group = comparison_data(found)["groups"][0]
    assert group["without"] == "No case has a value in both runs for: Avoids what it must not hold, Citation precision."
    assert all(metric["plot"] for metric in group["metrics"])


def test_the_plot_is_that_of_the_report(found: RunComparison) -> None:
    one = found.differences[0]
    data = plot(one)
    assert data is not None
    markup = difference_plot(one)
    assert f'cx="{data["dot"]}%"' in markup
    assert f'x1="{data["bar"][0]}%" x2="{data["bar"][1]}%"' in markup
    assert all(f'x1="{tick["x"]}%"' in markup for tick in data["ticks"])


def test_a_flip_has_both_answers_and_what_became_of_the_citations(found: RunComparison) -> None:
    data = comparison_data(found)
    assert data["flipped"] == "0 cases won, 11 cases lost."
    first = data["flips"][0]
    assert (first["id"], first["won"], first["before"]["said"], first["after"]["said"]) == (
        "days",
        False,
        "Passed",
        "Not passed",
    )
    assert [one["what"] for one in first["moved"]] == ["Lost"]


def test_a_citation_that_is_judged_otherwise_tells_both_verdicts(lab: FakeLab) -> None:
    before = made(lab, "strict", MANY)
    first = before.results[0]
    assert first.answer is not None
    worse = replace(first.answer.citations[0], verdict="number differs")
    claim = replace(first.answer.claims[0], verdict="number differs")
    after = replace(before, results=(replace(first, answer=replace(first.answer, citations=(worse,), claims=(claim,))),))
    moved = comparison_data(compare(before, after))["flips"][0]["moved"][0]
    assert moved["what"] == "Judged otherwise, before: Supported by the passage"
    assert moved["citation"]["said"] == "A number differs"


def test_the_slowest_and_the_dearest_are_named(found: RunComparison) -> None:
    tops = comparison_data(found)["tops"]
    assert [one["title"] for one in tops] == ["The slowest", "The dearest"]
    assert tops[0]["rows"][0][1:] == ["1.20 s", "0.90 s"]


def test_runs_that_share_nothing_say_so_and_no_more(lab: FakeLab) -> None:
    data = comparison_data(compare(made(lab, "strict", CASES[:1]), made(lab, "terse", CASES[1:])))
    assert data["said"].startswith("Nothing can be compared")
    assert not data["groups"] and not data["flipped"] and data["left_out"]


def test_the_data_is_plain_json(found: RunComparison) -> None:
    assert json.dumps(comparison_data(found), allow_nan=False)


def test_without_a_run_the_page_says_how_to_begin(lab: FakeLab) -> None:
    app = page(lab)
    assert not app.exception
    assert "No run has been made yet." in texts(app)


def test_without_a_server_it_is_said_what_needs_a_model(lab: FakeLab) -> None:
    lab.offered = ("quotes",)
    app = page(lab)
    assert "To compare versions of the prompt, choose a model." in texts(app)
    assert "OPENAI_API_KEY" in texts(app)


def test_versions_are_offered_once_a_model_writes(lab: FakeLab) -> None:
    app = page(lab)
    app.multiselect(key="footnote-runs-new-models").set_value(["openai:m"]).run()
    assert "strict" in app.multiselect(key="footnote-runs-new-prompts").options


def test_a_server_that_is_silent_leaves_quotations(lab: FakeLab) -> None:
    lab.offered = ModelError("The server cannot be reached.", "Start it.")
    app = page(lab)
    assert "The server cannot be reached." in drawn(app, "cannot be reached")
    assert app.multiselect(key="footnote-runs-new-models").value == ["quotes"]


def test_a_wish_that_makes_no_sense_is_told_on_the_page(lab: FakeLab) -> None:
    app = page(lab)
    app.selectbox(key="footnote-runs-new-cases").set_value("mine").run()
    app.button(key="footnote-runs-new-start").click().run()
    assert "There are no cases of your own yet." in drawn(app, "no cases of your own")


def test_two_runs_are_compared_and_the_same_one_twice_is_not(lab: FakeLab) -> None:
    made(lab, "strict", MANY)
    made(lab, "terse", MANY)
    app = page(lab)
    assert "Worse, with 13 cases" in drawn(app, "Worse, with")
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
