"""A turn of a conversation as a test case, and the hand-edited file that it is kept in."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.conversation.history import AskedQuestion, Decision, Exchange, Feedback, Rating, Review
from bot.errors import InputError
from bot.evals.cases import load
from bot.evals.keeping import case_of, keep, remove, with_case
from bot.evals.records import Case, ExpectedCitation
from bot.types import Answer, Citation, Mode, Passage, Turn
from vectorstore.types import Stage

WHEN = datetime(2026, 3, 4, tzinfo=UTC)
TEXT = "Ferries stayed in port.\n# A heading\nIt lasted: nine | ten days."
PASSAGE = Passage(
    1, "harbour.md", "The harbour", "Ada", "1931", 0, len(TEXT), TEXT, 1.5, {"dense": Stage(1, 0.5)}, ((0, 23),), (2.5,)
)
FERRIES = Citation(1, "harbour.md", "The harbour", 0, 23, "Ferries stayed in port.", "quoted")
DAYS = Citation(1, "harbour.md", "The harbour", 36, 62, "It lasted: nine | ten days.", "quoted")
HISTORY = (Turn("user", "What of the harbour?"), Turn("assistant", "It froze."))
PLAIN = Case("plain", "Is it: so?", must=("1931",))


def turn(mode: Mode = "quotes", *citations: Citation, abstained: bool = False) -> Exchange:
    answer = Answer("q", "q", "Said.", abstained, 0.9, mode, (), citations, (PASSAGE,), searched=True)
    return Exchange("0123456789abcdef", AskedQuestion("How long did it last?"), answer, mode, at=WHEN)


def review(decision: Decision, note: str = "") -> Review:
    return Review(decision, note, "Ann", WHEN)


def feedback(verdict: Rating, note: str = "") -> Feedback:
    return Feedback(verdict, note, "Ann", WHEN)


def test_the_question_its_history_and_its_passages_are_the_turns() -> None:
    found = case_of(turn(), HISTORY, {})
    assert (found.id, found.question, found.history) == ("how-long-did-it-last-01234567", "How long did it last?", HISTORY)
    assert found.given == (PASSAGE,)
    assert (found.cites, found.must_not, found.abstain) == ((), (), None)


def test_a_turn_that_never_searched_is_searched_for() -> None:
    bare = replace(turn(), answer=Answer("q"))
    assert case_of(bare, (), {}).given is None


def test_an_accepted_citation_is_what_it_should_cite() -> None:
    found = case_of(turn("model", FERRIES, DAYS), (), {0: review("accepted")})
    assert (found.cites, found.abstain) == ((ExpectedCitation("harbour.md", FERRIES.quote),), False)


def test_a_rejected_quotation_must_not_be_in_the_answer_again() -> None:
    assert case_of(turn("quotes", FERRIES), (), {0: review("rejected")}).must_not == (FERRIES.quote,)


def test_a_bar_in_rejected_words_makes_no_alternatives() -> None:
    assert case_of(turn("quotes", DAYS), (), {0: review("rejected")}).must_not == ("It lasted: nine",)


def test_words_that_were_accepted_elsewhere_are_not_forbidden() -> None:
    found = case_of(turn("quotes", FERRIES, FERRIES), (), {0: review("accepted"), 1: review("rejected")})
    assert found.must_not == ()


def test_what_a_model_wrote_is_not_forbidden_for_a_rejected_citation() -> None:
    found = case_of(turn("model", FERRIES), (), {0: review("rejected", "Another winter.")})
    assert found.must_not == ()
    assert "Rejected: [1] The harbour: Another winter." in found.notes


@pytest.mark.parametrize(("verdict", "abstain"), [(None, True), ("useful", True), ("wrong", None), ("missing source", None)])
def test_an_answer_that_abstained_should_do_so_unless_a_reader_minds(verdict: Rating | None, abstain: bool | None) -> None:
    said = feedback(verdict, "It is in the 1988 report.") if verdict else None
    assert case_of(turn(abstained=True), (), {}, said).abstain is abstain


def test_an_answer_that_abstained_wants_no_citation(tmp_path: Path) -> None:
    found = case_of(turn("model", FERRIES, abstained=True), (), {0: review("accepted")})
    keep(found, tmp_path / "mine.yaml")  # which refuses both together
    assert found.cites == ()


def test_what_a_reader_noted_is_in_the_notes() -> None:
    found = case_of(turn("model", FERRIES), (), {0: review("none", "Look again.")}, feedback("wrong", "It was\nten."))
    assert found.notes.split("\n") == [
        "From a conversation, 2026-03-04.",
        "A reader found the answer wrong: It was ten.",
        "Noted: [1] The harbour: Look again.",
    ]


def test_a_case_that_is_kept_is_read_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "cases" / "mine.yaml"
    found = case_of(turn("quotes", FERRIES, DAYS), HISTORY, {0: review("accepted"), 1: review("rejected")})
    keep(found, path)
    assert [replace(one, where="") for one in load(path)] == [found]
    assert path.read_text().startswith("#")


def test_cases_and_comments_that_stand_there_stay_to_the_letter(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    mine = "# My cases\n\n- id: a   # the first\n  question: Why?\n\n# About ferries\n- {id: b, question: 'How?'}\n# The end\n"
    path.write_text(mine)
    keep(PLAIN, path)
    assert path.read_text().startswith(mine)
    assert [one.id for one in load(path)] == ["a", "b", "plain"]


def test_the_same_turn_replaces_its_case_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    keep(case_of(turn(), (), {}), path)
    mine = path.read_text().replace("  question:", "  # Asked by Ann\n  question:") + "\n# Another\n- id: b\n  question: How?\n"
    path.write_text(mine)
    again = case_of(turn("quotes", FERRIES), HISTORY, {0: review("accepted")})
    keep(again, path)
    assert [replace(one, where="") for one in load(path)] == [again, Case("b", "How?")]
    assert "  # Asked by Ann\n- id: how-long" in path.read_text()
    assert path.read_text().endswith("\n# Another\n- id: b\n  question: How?\n")
    # The heading of an article is text, and no comment of the case.
    assert path.read_text().count("# A heading") == mine.count("# A heading")


def test_a_list_that_is_indented_and_other_line_ends_stay_so() -> None:
    made = with_case("  - id: a\r\n    question: Why?\r\n", PLAIN)
    assert made.startswith("  - id: a\r\n    question: Why?\r\n\r\n  - id: plain\r\n    question: ")
    assert "\n" not in made.replace("\r\n", "")


def test_a_hyphen_in_a_text_is_no_case(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    noted = Case("a", "Why?", notes="One\n- id: plain\n- two")
    for case in (noted, PLAIN, replace(PLAIN, must=("1932",))):
        keep(case, path)
    assert [replace(one, where="") for one in load(path)] == [noted, replace(PLAIN, must=("1932",))]


def test_a_file_of_another_form_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("[{id: a, question: Why?}]\n")
    with pytest.raises(InputError, match="no list with a hyphen"):
        keep(PLAIN, path)
    assert path.read_text() == "[{id: a, question: Why?}]\n"


def test_a_mistake_in_the_file_is_told_by_its_line_and_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("- id: a\n  qestion: Why?\n")
    with pytest.raises(InputError, match=r"mine\.yaml, line 2"):
        keep(PLAIN, path)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.yaml"]
    assert "plain" not in path.read_text()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "cases").write_text("a file")
    with pytest.raises(InputError, match="cannot be"):
        keep(PLAIN, tmp_path / "cases" / "mine.yaml")


def test_a_case_is_taken_out_and_the_rest_stays_to_the_letter(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("# Mine\n- id: a\n  question: Why?\n\n# The second\n- id: b\n  question: When?\n", encoding="utf-8")
    remove(["a"], path)
    assert path.read_text(encoding="utf-8") == "# Mine\n\n# The second\n- id: b\n  question: When?\n"
    remove(["b"], path)
    assert "- id" not in path.read_text(encoding="utf-8")
