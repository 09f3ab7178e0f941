"""Runs as the page makes them: what is chosen, the thread that answers, and what is found again."""

from pathlib import Path

import pytest
from fake_runs import CASES, FILE, FakeLab, made, told

from bot.errors import InputError
from bot.evals.cases import dump
from bot.evals.records import Case
from bot.evals.setups import PassageChange
from bot.evals.store import RUN
from bot.ui.lab.columns import edited
from bot.ui.runs.listing import default_pair, runs_in
from bot.ui.runs.planning import RunRequest, UploadedCases, cases_of, own_cases_path, planned
from bot.ui.runs.progress import outcome_text, progress_text, time_left
from bot.ui.runs.working import UNEXPECTED, BackgroundRun, current_run, start_run
from bot.wiring.evaluation import resumable
from tests.waiting import until

WAITING = (*CASES, Case("slow", "Do they wait?"))


def begun(lab: FakeLab, wish: RunRequest, cases: tuple[Case, ...] = CASES) -> BackgroundRun:
    return start_run(lab, lambda work: work.carry_out(planned(wish, cases, lab, work.store)))


def ended(work: BackgroundRun) -> BackgroundRun:
    assert work.join(20)
    return work


def which(lab: FakeLab, *models: str, prompts: tuple[str, ...] = ()) -> list[str]:
    plan = planned(RunRequest(models=models, prompts=prompts), (), lab, runs_in(lab.evals_home()).store)
    return [setup.prompt or setup.model for setup in plan.setups]


def test_the_starter_set_is_read() -> None:
    assert len(cases_of(RunRequest(), Path("/nowhere"))) >= 40


def test_ones_own_cases_are_those_of_the_home_folder(lab: FakeLab) -> None:
    own_cases_path(lab.evals_home()).parent.mkdir()
    own_cases_path(lab.evals_home()).write_text(dump(CASES[:2]))
    assert [case.id for case in cases_of(RunRequest("mine"), lab.evals_home())] == ["days", "cold"]


def test_without_cases_of_ones_own_it_is_told_how_to_make_some(lab: FakeLab) -> None:
    with pytest.raises(InputError, match="no cases of your own") as raised:
        cases_of(RunRequest("mine"), lab.evals_home())
    assert "Make this a test case" in raised.value.help


@pytest.mark.parametrize(("name", "raw"), [("my.yaml", FILE), ("my.jsonl", b'{"id": "days", "question": "How long?"}')])
def test_an_uploaded_file_is_read(name: str, raw: bytes) -> None:
    assert [case.id for case in cases_of(RunRequest("file", UploadedCases(name, raw)), Path("/nowhere"))] == ["days"]


def test_a_mistake_in_an_uploaded_file_names_it_as_the_reader_does() -> None:
    with pytest.raises(InputError, match=r"^my\.yaml, line 2: "):
        cases_of(RunRequest("file", UploadedCases("../folder/my.yaml", b"- id: a\n  qestion: Why?\n")), Path("/nowhere"))


def test_a_file_that_is_not_there_yet_is_asked_for() -> None:
    with pytest.raises(InputError, match="no file of cases"):
        cases_of(RunRequest("file"), Path("/nowhere"))


def test_each_version_is_run_with_each_model_and_quotations_once(lab: FakeLab) -> None:
    found = which(lab, "quotes", "openai:m", prompts=("strict", "terse"))
    assert found == ["quotes", "answer/strict", "answer/terse"]


def test_without_a_version_that_in_force_is_run(lab: FakeLab) -> None:
    assert which(lab, "openai:m") == ["answer/strict"]


def test_a_run_with_other_cases_gives_no_passages(lab: FakeLab) -> None:
    before = made(lab, "strict", CASES[:1])
    with pytest.raises(InputError, match="has none of these cases"):
        planned(RunRequest(frozen=before.id), CASES[1:], lab, runs_in(lab.evals_home()).store)


def test_what_stands_in_the_way_of_a_search_is_told(lab: FakeLab) -> None:
    lab.trouble = ("There are no articles here yet.", "Take some in.")
    assert told(ended(begun(lab, RunRequest("file"))).problem) == "There are no articles here yet."


def test_the_starter_set_needs_its_articles(lab: FakeLab) -> None:
    assert "articles that ship" in told(ended(begun(lab, RunRequest("starter"))).problem)


def test_later_runs_are_answered_from_the_passages_of_the_first(lab: FakeLab) -> None:
    work = ended(begun(lab, RunRequest("file", models=("openai:m",), prompts=("strict", "terse"))))
    first, second = work.runs
    assert (first.setup.frozen, second.setup.frozen) == ("", first.id)
    assert first.complete and second.complete and work.problem is None


def test_a_run_whose_passages_are_used_is_not_searched_anew(lab: FakeLab) -> None:
    before = made(lab, "strict")
    lab.asked.clear()
    ended(begun(lab, RunRequest("file", models=("openai:m",), prompts=("terse",), frozen=before.id)))
    assert lab.asked and all(question.given is not None for question in lab.asked)


def test_shuffled_passages_are_held_against_the_plain_run(lab: FakeLab) -> None:
    work = ended(begun(lab, RunRequest("file", change=PassageChange(shuffled=1))))
    assert [run.setup.shuffled for run in work.runs] == [None, 1]
    assert work.said and "cited" in work.said[0]


def test_a_model_that_cannot_be_had_is_told_of_before_anything_is_asked(lab: FakeLab) -> None:
    work = ended(begun(lab, RunRequest("file", models=("quotes", "nobody"))))
    assert told(work.problem) == "There is no model of that name."
    assert not lab.asked


def test_a_bug_is_a_sentence_too(lab: FakeLab) -> None:
    def broken(_work: BackgroundRun) -> None:
        raise ZeroDivisionError("a bug")

    assert ended(start_run(lab, broken)).problem == UNEXPECTED


def test_one_failing_case_stops_no_run(lab: FakeLab) -> None:
    work = ended(begun(lab, RunRequest("file"), (Case("bad", "Does it fail?"), *CASES)))
    assert work.runs[0].complete
    assert outcome_text(work) == "Done: 4 cases; 1 went wrong."


def test_a_run_is_found_again_and_tells_how_far_it_is(lab: FakeLab) -> None:
    work = begun(lab, RunRequest("file", jobs=1), WAITING)
    until(lambda: work.pace.done == 3)
    assert current_run(lab.evals_home()) is work
    assert progress_text(work) == "quotes: 3 of 4 cases done"
    assert time_left(work).startswith("About ")
    lab.go.set()
    assert outcome_text(ended(work)) == "Done: 4 cases."


def test_what_is_left_is_told_for_the_run_at_hand_where_several_follow(lab: FakeLab) -> None:
    work = begun(lab, RunRequest("file", models=("openai:m",), prompts=("strict", "terse"), jobs=1), WAITING)
    until(lambda: work.pace.done == 3)
    assert progress_text(work) == "Run 1 of 2, answer/strict: 3 of 4 cases done"
    assert time_left(work).endswith("left in this run")
    work.stop()
    ended(work)
    assert len(work.runs) == 1  # the second one was not begun


def test_only_one_run_is_under_way(lab: FakeLab) -> None:
    work = begun(lab, RunRequest("file"), WAITING)
    with pytest.raises(InputError, match="under way already"):
        begun(lab, RunRequest("file"))
    work.stop()
    ended(work)


def test_what_is_done_is_kept_and_gone_on_with(lab: FakeLab) -> None:
    work = begun(lab, RunRequest("file", jobs=1), WAITING)
    until(lambda: work.pace.done == 3)
    work.stop()
    assert progress_text(work).startswith("Stop")
    assert outcome_text(ended(work)).startswith("Stopped: 3 of 4 cases are kept.")
    lab.go.set()
    lab.asked.clear()
    again = start_run(lab, lambda next: next.resume(resumable(work.current, lab, next.store)))
    assert ended(again).runs[0].complete
    assert [question.text for question in lab.asked] == ["Do they wait?"]


def test_a_run_is_not_gone_on_with_on_other_articles(lab: FakeLab) -> None:
    run = made(lab, "quotes", stop=lambda: True)
    lab.index = "another one"
    with pytest.raises(InputError, match="articles have changed"):
        resumable(run.id, lab, runs_in(lab.evals_home()).store)


def test_runs_are_listed_the_newest_first_with_their_means(lab: FakeLab) -> None:
    made(lab, "strict")
    made(lab, "terse", message="Why not")
    newest, before = runs_in(lab.evals_home()).entries()
    assert (newest.message, newest.cases, newest.done, newest.failed) == ("Why not", 3, 3, 0)
    assert dict(before.headlines)["supported"] == 1.0
    assert dict(newest.headlines)["citation_precision"] == 0.0  # it claims things, and cites none


def test_a_run_that_was_gone_on_with_is_read_anew(lab: FakeLab) -> None:
    run = made(lab, "quotes", stop=lambda: True)
    held = runs_in(lab.evals_home())
    assert not held.entries()[0].complete
    ended(start_run(lab, lambda work: work.resume(resumable(run.id, lab, work.store))))
    assert held.entries()[0].complete and held.run(run.id).complete


def test_a_run_that_cannot_be_read_hides_no_other(lab: FakeLab) -> None:
    made(lab, "strict")
    broken = made(lab, "terse")
    (lab.evals_home() / broken.id / RUN).write_text("{")
    assert len(runs_in(lab.evals_home()).entries()) == 1


def test_a_comparison_is_made_once_and_again_where_a_run_has_more(lab: FakeLab) -> None:
    a, b = made(lab, "strict"), made(lab, "terse", stop=lambda: True)
    held = runs_in(lab.evals_home())
    found = held.comparison(a.id, b.id)
    assert held.comparison(a.id, b.id) is found
    ended(start_run(lab, lambda work: work.resume(resumable(b.id, lab, work.store))))
    assert len(held.comparison(a.id, b.id).pairs) == 3


def test_the_two_newest_that_can_be_compared_are_offered(lab: FakeLab) -> None:
    a, b = made(lab, "strict"), made(lab, "terse")
    made(lab, "quotes", stop=lambda: True)
    assert default_pair(runs_in(lab.evals_home()).entries()) == (a.id, b.id)


def test_runs_of_two_homes_do_not_know_each_other(lab: FakeLab, tmp_path: Path) -> None:
    work = begun(lab, RunRequest("file"), WAITING)
    other = FakeLab(tmp_path / "other")
    assert current_run(other.evals_home()) is None
    assert ended(begun(other, RunRequest("file"))).runs[0].complete
    work.stop()
    ended(work)


def test_an_edit_that_is_not_saved_is_run_under_a_name_of_its_own(lab: FakeLab) -> None:
    text = lab.prompt_files().text("answer", "strict").replace("briefly", "shortly")
    wish = RunRequest(models=("openai:m",), prompts=("strict", edited("strict")), drafts={("answer", "strict"): text})
    saved, tried = planned(wish, (), lab, runs_in(lab.evals_home()).store).setups
    assert saved.prompt == "answer/strict" and tried.prompt.startswith("answer/strict (edited ")
    assert tried.prompt_text == text


def test_each_version_that_rewrites_follow_ups_is_a_run_of_its_own(lab: FakeLab) -> None:
    versions = lab.prompt_files().versions("condense")
    wish = RunRequest(models=("quotes", "openai:m"), prompts=("strict",), condense=tuple(versions))
    found = planned(wish, (), lab, runs_in(lab.evals_home()).store).setups
    assert [one.condense for one in found] == ["", *(f"condense/{version}" for version in versions)]
    assert len({one.name for one in found}) == len(found)
