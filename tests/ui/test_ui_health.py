"""How the index stands: the look in a thread of its own, what is told of it, and the mending."""

from fake_rooms import WRONG, Rooms
from settling import rerun
from streamlit.testing.v1 import AppTest

from bot.ui.health_check import UNEXPECTED, HealthReport, HealthState
from bot.ui.pages.health import finding_cells, result, summary
from vectorstore.errors import IndexBusy


def looked(rooms: Rooms, state: HealthState | None = None, *, mend: bool = False) -> HealthReport:
    """The report of a look that is over."""
    state = state or HealthState()
    state.look(rooms, mend=mend)
    assert state.looking is not None and state.looking.join(20)
    assert not state.advance()
    assert state.report is not None
    return state.report


def test_what_is_right_is_said_in_words(rooms: Rooms) -> None:
    report = looked(rooms)
    assert summary(report) == "Everything is as it should be"
    assert finding_cells(report.findings[0]) == (":green[✓] **Catalog** :green[In order]", "3 articles in 5 chunks")


def test_what_is_wrong_is_told_with_what_to_do(rooms: Rooms) -> None:
    rooms.findings = WRONG
    report = looked(rooms)
    assert summary(report) == "1 of 2 things is not as it should be"
    name, told = finding_cells(report.findings[1])
    assert name == ":red[!] **Index of words** :red[Not in order]"
    assert told == r"The lexical index is missing\. Run `footnote doctor --repair`\."


def test_a_mending_tells_what_it_mended(rooms: Rooms) -> None:
    rooms.findings = WRONG
    state = HealthState()
    looked(rooms, state)
    assert result(looked(rooms, state, mend=True)) == "Mended: Index of words."


def test_a_mending_that_mends_nothing_says_so(rooms: Rooms) -> None:
    rooms.findings = rooms.mended = WRONG
    state = HealthState()
    looked(rooms, state)
    assert result(looked(rooms, state, mend=True)).startswith("Nothing could be mended here.")


def test_a_failed_repair_leaves_the_findings_and_can_be_retried(rooms: Rooms) -> None:
    rooms.findings = WRONG
    state = HealthState()
    looked(rooms, state)
    rooms.trouble = IndexBusy("Another footnote is writing.")
    report = looked(rooms, state, mend=True)
    assert (report.problem and report.problem.message, len(report.findings)) == ("Another footnote is writing.", 2)


def test_another_look_forgets_the_result_of_the_mending(rooms: Rooms) -> None:
    rooms.findings = WRONG
    state = HealthState()
    looked(rooms, state)
    looked(rooms, state, mend=True)
    assert result(looked(rooms, state)) == ""


def test_an_index_that_cannot_be_looked_at_is_told_and_the_facts_stay(rooms: Rooms) -> None:
    rooms.trouble = IndexBusy("Another footnote is writing.")
    report = looked(rooms)
    assert (summary(report), report.problem and report.problem.message) == ("", "Another footnote is writing.")
    assert report.about is not None and report.about.facts


def test_a_bug_is_a_sentence_too(rooms: Rooms) -> None:
    rooms.trouble = ZeroDivisionError("a bug")
    assert looked(rooms).problem == UNEXPECTED


def test_one_look_at_a_time(rooms: Rooms) -> None:
    rooms.delay = 0.2
    state = HealthState()
    state.look(rooms)
    state.look(rooms, mend=True)
    assert state.looking is not None and state.looking.join(20)
    assert rooms.looks == ["diagnose"]


def test_what_was_found_stays_in_sight_while_it_is_looked_at_again(rooms: Rooms) -> None:
    at = settled(started(rooms))
    rooms.delay = 60
    at.button(key="footnote-health-look").click().run()
    assert [one.value for one in at.info] == ["Looking at the index"]
    assert len(at.table) == 3


def test_a_page_that_is_opened_again_looks_again_after_a_while_only(rooms: Rooms) -> None:
    state = HealthState()
    looked(rooms, state)
    state.open(rooms)
    assert state.looking is None
    state.ended -= 60
    state.open(rooms)
    assert state.looking is not None and state.looking.join(20)


def test_the_page_looks_when_it_is_opened_and_then_tells(rooms: Rooms) -> None:
    rooms.delay = 0.5
    at = started(rooms)
    assert [at.title[0].value, at.info[0].value] == ["Health", "Looking at the index"]
    assert [one.value for one in settled(at).success] == ["Everything is as it should be"]
    assert rooms.looks == ["diagnose"]


def test_facts_and_settings_are_shown_to_the_letter(rooms: Rooms) -> None:
    _, facts, settings = settled(started(rooms)).table
    assert facts.value.values.tolist()[1] == ["Home folder", r"\/\<b\>home\<\/b\>"]
    assert settings.value.values.tolist() == [[r"OPENAI\_API\_KEY", "set, never shown"]]


def started(rooms: Rooms) -> AppTest:
    return AppTest.from_function(_page, kwargs={"service": rooms}, default_timeout=30).run()


def settled(at: AppTest) -> AppTest:
    """The page once its look is over."""
    return rerun(at, lambda: at.info)


def _page(service: "Rooms") -> None:
    from bot.ui.pages.health import page

    page(service)
