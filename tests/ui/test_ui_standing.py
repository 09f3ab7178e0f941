"""The page of the standing questions over a real index, and what it shows of a change."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from settling import rerun
from streamlit.testing.v1 import AppTest

from bot.conversation.answer_changes import AnswerChange, BrokenFootnote, ChangedVerdict, RewordedSentence
from bot.conversation.history import AskedQuestion, StandingAnswer, StandingQuestion
from bot.settings import Settings
from bot.types import Answer, Citation, Claim, Question
from bot.ui.components.standing import StandingData, change_lines, standing_data
from bot.ui.standing_run import StandingState
from bot.wiring import Service, open_service

WHEN = "When did the bridge at Ner open?"
BRIDGE = "The bridge at Ner opened on 4 May 1931. It carries 12 trains a day.\n"
QUOTE = "The bridge at Ner opened on 4 May 1931."
AT = datetime(2026, 11, 27, tzinfo=UTC)
CITATION = Citation(1, "bridge.md", "The bridge", 0, len(QUOTE), QUOTE, "quoted")
ANSWER = Answer(WHEN, text=f"{QUOTE} [1]", claims=(Claim(QUOTE, 0, len(QUOTE), "quoted", (1,)),), citations=(CITATION,))
BEFORE = StandingAnswer(1, AT, AT, 7, ANSWER)


def shown(change: AnswerChange | None = None, answer: Answer = ANSWER, *, due: bool = False, failure: str = "") -> StandingData:
    """What is shown of a question whose answer has changed so."""
    last = BEFORE if change is None else StandingAnswer(2, AT, AT, 8, answer, change)
    answers = (last,) if change is None else (last, BEFORE)
    one = StandingQuestion("ab12", AskedQuestion(WHEN), "", AT, failure, len(answers) - 1, last)
    return standing_data(one, answers, "by Ada Brandt", due=due)


def lines(change: AnswerChange) -> list[tuple[str, str]]:
    return [(one["kind"], "".join(part["text"] for part in one["parts"])) for one in change_lines(change, BEFORE)]


def test_each_kind_of_change_has_a_line() -> None:
    change = AnswerChange(
        new=("It is blue.",),
        gone=("It is red.",),
        reworded=(RewordedSentence("It carries 12.", "It carries 40."),),
        verdicts=(ChangedVerdict("It is long.", "supported", "check"),),
        broken=(BrokenFootnote(1, "bridge.md", "The bridge", QUOTE, "words gone", "Something near."),),
    )
    assert lines(change) == [
        ("new", "It is blue."),
        ("reworded", "It carries 1240."),
        ("gone", "It is red."),
        ("verdict", "It is long."),
        ("broken", QUOTE),
    ]


def test_a_broken_footnote_opens_that_of_the_answer_before() -> None:
    (line,) = change_lines(AnswerChange(broken=(BrokenFootnote(1, "bridge.md", "The bridge", QUOTE, "article gone"),)), BEFORE)
    assert line["link"] == {"n": 1, "exchange": "standing-1", "at": 0}
    assert line["text"] == "The bridge: its article is gone."


def test_words_that_took_the_place_are_set_beside_the_quotation() -> None:
    broken = BrokenFootnote(1, "bridge.md", "The bridge", QUOTE, "words changed", QUOTE.replace("1931", "1932"))
    (line,) = change_lines(AnswerChange(broken=(broken,)), BEFORE)
    assert [part["text"] for part in line["parts"] if part["change"] != "kept"] == ["1931", "1932"]


def test_a_sentence_that_the_last_change_brought_is_marked_in_the_answer() -> None:
    assert [one["fresh"] for one in shown(AnswerChange(new=(QUOTE,)))["answer"]] == [True]
    assert [one["fresh"] for one in shown()["answer"]] == [False]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (shown(), "Nothing new"),
        (shown(AnswerChange(new=(QUOTE,))), "Changed 1 time"),
        (shown(due=True), "The articles have changed since it was asked"),
        (shown(failure="The model did not answer."), "It could not be asked"),
    ],
)
def test_the_state_is_told_in_words(data: StandingData, said: str) -> None:
    assert data["state"] == said


def test_an_abstention_is_told_without_its_passages() -> None:
    none = Answer(WHEN, text="The articles do not say.\n\nThe closest passages are below.", abstained=True)
    data = shown(AnswerChange(gone=(QUOTE,), answered="no longer"), none)
    assert (data["answer"], data["note"]) == ([], "The articles do not say.")
    assert [one["text"] for one in data["changes"][0]["lines"]] == ["The articles do not answer this any more.", ""]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    (made / "bridge.md").write_text(BRIDGE)
    return made


@pytest.fixture
def service(tmp_path: Path, folder: Path) -> Iterator[Service]:
    made = open_service(Settings(home=tmp_path / "home", embedding="minilm"))
    made.library.ingest([folder], prune=False, rebuild=False, progress=None)
    yield made
    made.close()


def started(service: Service) -> AppTest:
    return AppTest.from_function(_page, kwargs={"service": service}, default_timeout=30).run()


def settled(at: AppTest) -> AppTest:
    """The page once nothing is being asked any more."""
    return rerun(at, lambda: [one for one in at.text if one.value.startswith("Asking")])


def _page(service: "Service") -> None:
    from bot.ui.pages.standing import page

    page(service)


def test_an_empty_page_says_that_nothing_is_kept(service: Service) -> None:
    assert "No question is kept yet." in [one.value for one in started(service).text]


def test_a_question_that_is_kept_is_asked_at_once(service: Service) -> None:
    at = started(service)
    at.text_input(key="footnote-standing-text").input(WHEN)
    at.button(key="footnote-standing-keep").click().run()
    settled(at)
    (one,) = service.standing.questions()
    assert one.asked.question == WHEN
    assert one.last is not None
    assert QUOTE in one.last.answer.text


def test_those_that_are_due_are_asked_by_a_click(service: Service, folder: Path) -> None:
    id = service.standing.add(Question(WHEN)).id
    service.standing.ask(id)
    (folder / "bridge.md").write_text(BRIDGE.replace("1931", "1932"))
    service.library.ingest([folder], prune=False, rebuild=False, progress=None)
    at = started(service)
    at.button(key="footnote-standing-due").click().run()
    settled(at)
    assert service.standing.questions()[0].changes == 1


def test_a_removed_question_can_be_had_back(service: Service) -> None:
    id = service.standing.add(Question(WHEN)).id
    at = started(service)
    at.button(key=f"footnote-standing-remove-{id}").click().run()
    assert service.standing.questions() == ()
    at.button(key="footnote-standing-undo").click().run()
    assert [one.id for one in service.standing.questions()] == [id]


def test_a_question_that_is_gone_meanwhile_is_a_sentence(service: Service) -> None:
    state = StandingState()
    state.ask(service.standing, ["ab12"])
    assert state.run is not None
    assert state.run.join(20)
    assert not state.advance()
    assert state.problem is not None
    assert state.problem.message == "There is no standing question ab12."
