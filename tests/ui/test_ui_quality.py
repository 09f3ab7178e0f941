"""What the kept answers look like: figures, and what people said, filtered and paged."""

import csv
import io
import json
from pathlib import Path

import pytest
from fake_rooms import WORDS, Rooms, answered, judge, rate
from streamlit.testing.v1 import AppTest

from bot.conversation.history import History, Tally
from bot.ui.components.opinions import GONE, Opinion, rating_row, review_row, reviews_csv
from bot.ui.components.tally import FigureGroup, groups
from bot.ui.pages.quality import SHOWN

NOTHING = Tally({}, 0, {}, 0, 0, {}, 0, 0, {})


@pytest.fixture
def history(rooms: Rooms) -> History:
    return rooms.history()


def figures(group: FigureGroup) -> list[str]:
    return [f"{one.count} {one.words}" for one in group.figures]


def test_the_figures_are_told_in_words(history: History) -> None:
    _, turn = answered(history, "Why?", "supported", "quoted", "number differs", "check")
    judge(history, turn, "accepted", "rejected", "rejected")
    rate(history, turn, "wrong")
    found = {one.title: one for one in groups(history.opinions.tally())}
    assert {title: figures(group) for title, group in found.items()} == {
        "Answers": ["1 complete"],
        "Claims": ["1 quoted", "1 supported", "1 to check", "1 with a number that differs"],
        "Reviewed citations": ["1 accepted", "2 rejected"],
        "People and the machine": ["2 of 3 where both say the same"],
        "Feedback": ["1 wrong"],
    }
    assert found["Claims"].note == "2 of 4 hold, in the one answer that there is."
    assert found["Reviewed citations"].note == "1 of 4 have no decision yet, in the one answer that there is."


def test_each_group_says_that_there_is_nothing_yet() -> None:
    assert all(group.none and not group.figures and not group.note for group in groups(NOTHING))


def test_the_bar_is_the_share_of_the_claims_that_hold(history: History) -> None:
    answered(history, "Why?", "supported", "quoted", "check", "check")
    assert groups(history.opinions.tally())[1].share == 0.5


def test_a_review_is_told_beside_the_machine_s_verdict(history: History) -> None:
    conversation, turn = answered(history, "Why?", "supported", "number differs")
    judge(history, turn, "accepted", "accepted")
    row = next(review_row(one) for one in history.opinions.reviews().items if one.citation == 1)
    assert row["machine"] is not None
    assert (row["person"]["text"], row["machine"]["text"], row["quote"]) == (
        "Accepted",
        "A number differs",
        WORDS,
    )
    assert (row["href"], row["who"]) == (f"/?conversation={conversation}&turn={turn}&citation=2", "Ann")


def test_a_review_of_a_citation_that_is_gone_says_so(history: History) -> None:
    _, turn = answered(history, "Why?", "supported")
    history.opinions.review(turn, 7, "rejected")
    row = review_row(history.opinions.reviews().items[0])
    assert (row["source"], row["machine"], row["quote"]) == (GONE, None, "")


def test_feedback_opens_its_answer(history: History) -> None:
    conversation, turn = answered(history, "Why?", "supported")
    rate(history, turn, "missing source")
    row = rating_row(history.opinions.ratings().items[0])
    assert (row["href"], row["person"]["text"]) == (f"/?conversation={conversation}&turn={turn}", "Missing source")


def test_a_title_of_the_readers_own_is_told_and_the_questions_own_is_not(history: History) -> None:
    judge(history, answered(history, "Why?", "supported")[1], "accepted")
    judge(history, answered(history, "Who?", "supported", title="The bridge")[1], "accepted")
    assert {review_row(one)["conversation"] for one in history.opinions.reviews().items} == {"", "The bridge"}


def test_the_file_has_a_row_for_each_review_and_no_formula(history: History) -> None:
    _, turn = answered(history, "=cmd()", "supported", "check")
    judge(history, turn, "accepted", "rejected")
    text = reviews_csv(history.opinions.reviews().items).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {(one["citation"], one["review"], one["verdict"]) for one in rows} == {
        ("1", "accepted", "supported"),
        ("2", "rejected", "check"),
    }
    assert (rows[0]["question"], rows[0]["quotation"]) == ("'=cmd()", WORDS)


def started(rooms: Rooms) -> AppTest:
    return AppTest.from_function(_page, kwargs={"service": rooms}, default_timeout=30).run()


def listed(at: AppTest, label: str = "Reviews") -> list[Opinion]:
    found = [json.loads(one.proto.json) for one in at.get("bidi_component")]
    return next((one["rows"] for one in found if one.get("label") == label), [])


def test_an_empty_page_says_what_will_stand_there(rooms: Rooms) -> None:
    at = started(rooms)
    assert [one.value.split(".")[0] for one in at.text][-2:] == [
        "No citation has been reviewed yet",
        "Nobody has rated an answer yet",
    ]


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        ("All", {"Accepted", "Rejected", "Note"}),
        ("Accepted", {"Accepted"}),
        ("Rejected", {"Rejected"}),
        ("Notes only", {"Note"}),
        ("Where the two differ", {"Rejected"}),
    ],
)
def test_reviews_are_filtered(rooms: Rooms, history: History, choice: str, found: set[str]) -> None:
    judge(history, answered(history, "Why?", "supported", "supported", "check")[1], "accepted", "rejected", "none")
    at = started(rooms)
    at.button_group(key="footnote-quality-review-kind").set_value(choice).run()
    assert {row["person"]["text"] for row in listed(at)} == found


def test_feedback_is_filtered(rooms: Rooms, history: History) -> None:
    rate(history, answered(history, "Why?", "supported")[1], "useful")
    rate(history, answered(history, "Who?", "supported")[1], "wrong")
    at = started(rooms)
    at.button_group(key="footnote-quality-rating-kind").set_value("Wrong").run()
    assert [row["question"] for row in listed(at, "Feedback")] == ["Who?"]


def test_one_conversation_can_be_chosen(rooms: Rooms, history: History) -> None:
    judge(history, answered(history, "Why?", "supported")[1], "accepted")
    conversation, turn = answered(history, "Who?", "supported")
    judge(history, turn, "accepted")
    at = started(rooms)
    at.selectbox(key="footnote-quality-review-of").set_value(conversation).run()
    assert [row["question"] for row in listed(at)] == ["Who?"]


def test_a_long_list_is_paged_and_another_choice_begins_at_its_first_page(rooms: Rooms, history: History) -> None:
    for n in range(SHOWN + 5):
        judge(history, answered(history, f"Question {n}?", "supported")[1], "accepted")
    at = started(rooms)
    assert len(listed(at)) == SHOWN
    at.button(key="footnote-quality-review-older").click().run()
    assert len(listed(at)) == 5
    at.button_group(key="footnote-quality-review-kind").set_value("Accepted").run()
    assert len(listed(at)) == SHOWN


def test_a_history_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").write_text("no database at all, by far")
    at = started(Rooms(tmp_path))
    assert at.header[0].value == "The conversations can't be read"
    assert at.error


def _page(service: "Rooms") -> None:
    from bot.ui.pages.quality import page

    page(service)
