"""A draft on the desk: what is taken for one, the thread that checks it, what its component and the panel are told."""

import gc
import json
import threading
import time
from collections.abc import Iterator

import pytest
from fake_pages import ARTICLES, HARBOUR, FakePages
from streamlit.testing.v1 import AppTest

from bot.types import Checked
from bot.ui.checking import EMPTY, LARGEST, NOT_TEXT, TOO_LARGE, UNEXPECTED, Check, Checker, Desk
from bot.ui.components.draft.panel import GONE, draft_source
from bot.ui.components.draft.view import DraftData, draft_data, paragraphs, tallies
from bot.ui.components.source.view import NOT_THERE, NOTHING_HERE
from bot.ui.state import Opened
from vectorstore.types import Article

DRAFT = """# The harbour

Ferries stayed at their berths for nine days. It lasted eleven days.
How long is that?

- The lighthouse was sold twice.

Nobody said <b>this</b> 🧊 before."""
SENTENCES = [
    "Ferries stayed at their berths for nine days.",
    "It lasted eleven days.",
    "- The lighthouse was sold twice.",
    "Nobody said <b>this</b> 🧊 before.",
]


class Endless(FakePages):
    """Checks one sentence again and again until it is let go, and notes that it was."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def check(self, draft: str) -> Iterator[Checked]:
        try:
            while True:
                time.sleep(0.001)
                yield next(super().check(draft))
        finally:
            self.let_go.set()


class Emptied(FakePages):
    """The article that was cited is gone, or reads otherwise."""

    def __init__(self, text: str | None) -> None:
        super().__init__()
        self.text = text

    def article(self, id: str) -> Article | None:
        return Article(id, self.text, "Harbour") if self.text else None


def settled(desk: Desk) -> Check:
    end = time.monotonic() + 20
    while desk.advance() and time.monotonic() < end:
        time.sleep(0.005)
    assert desk.check is not None
    return desk.check


def done(text: str = DRAFT, service: FakePages | None = None) -> Desk:
    desk = Desk(text)
    desk.start(service or FakePages())
    settled(desk)
    return desk


def whole(desk: Desk) -> DraftData:
    assert desk.check is not None
    return draft_data(desk.check, None)


def test_every_sentence_that_states_something_is_checked_in_order() -> None:
    check = settled(done())
    assert (check.status, [one.text for one in check.found]) == ("done", SENTENCES)


def test_the_text_comes_back_to_the_letter_paragraph_by_paragraph() -> None:
    check = settled(done())
    told = [*paragraphs(check.text, check.spans or ())]
    assert ["".join(run["text"] for run in one["runs"]) for one in told] == DRAFT.split("\n\n")
    assert [run["text"] for one in told for run in one["runs"] if run["n"]] == SENTENCES
    assert [one["heading"] for one in told] == [True, False, False, False]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "\n a\n\n\n b \n", "a\u2028\u2028b c d e f.\n\nx", "One two three.\n \nFour five six."]
)
def test_blank_lines_part_paragraphs_and_nothing_else_is_lost(text: str) -> None:
    told = paragraphs(text, FakePages().statements(text))
    assert " ".join(run["text"] for one in told for run in (*one["runs"], {"text": " "})).split() == text.split()


def test_a_browser_is_told_only_what_is_new_to_it() -> None:
    check = settled(done())
    data = draft_data(check, 3)
    assert (data["paragraphs"], data["first"], len(data["sentences"]), data["total"]) == (None, 3, 1, 4)


def test_a_browser_that_has_nothing_is_told_everything() -> None:
    data = whole(done())
    assert (len(data["paragraphs"] or ()), data["first"], len(data["sentences"])) == (4, 0, 4)


def test_the_verdicts_are_counted_and_each_has_its_reason() -> None:
    data = whole(done())
    assert [one["text"] for one in data["tallies"]] == ["1 quoted", "1 to check", "1 not found", "1 with a number that differs"]
    assert [one["tone"] for one in data["sentences"]] == ["good", "bad", "weak", "weak"]
    assert data["sentences"][1]["reason"] == "“eleven” is “twelve” here."


def test_a_sentence_without_any_passage_opens_nothing() -> None:
    (one,) = whole(done("There is a void here."))["sentences"]
    assert (one["opens"], one["said"], tallies([])) == (False, "No passage was found for it", [])


@pytest.mark.parametrize(
    ("status", "said"), [("running", "4 of 4 sentences"), ("stopped", "Stopped: 4 of 4 sentences checked")]
)
def test_how_far_it_has_come_is_told(status: str, said: str) -> None:
    check = settled(done())
    check.status = "running" if status == "running" else "stopped"
    assert draft_data(check, None)["stage"] == said


def test_a_draft_that_states_nothing_says_so() -> None:
    assert whole(done("# Only a heading\n\nWhy?"))["stage"] == "The draft holds no sentence that states anything."


def test_stop_keeps_what_is_there_and_ends_the_thread() -> None:
    service = Endless()
    desk = Desk(DRAFT)
    desk.start(service)
    while desk.check and not desk.check.found:
        desk.advance()
    desk.stop()
    assert desk.check is not None
    assert (desk.check.status, bool(desk.check.found), desk.advance()) == ("stopped", True, False)
    assert service.let_go.wait(10)


def test_a_check_whose_session_is_forgotten_ends() -> None:
    service = Endless()
    checker = Checker(service, DRAFT)
    del checker
    gc.collect()
    assert service.let_go.wait(10)


def test_our_errors_become_their_two_sentences() -> None:
    problem = settled(done("This is unreadable today.")).problem
    assert problem is not None
    assert (problem.message, problem.help) == ("The model at example.test is gone.", "Start it again.")


def test_a_bug_is_told_without_its_traceback_and_what_was_checked_stays(caplog: pytest.LogCaptureFixture) -> None:
    check = settled(done("Ferries stayed there. Then a crash came."))
    assert (check.problem, len(check.found), "ZeroDivisionError" in caplog.text) == (UNEXPECTED, 1, True)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [(b" \n", EMPTY), (b"\xff\xfe\x00", NOT_TEXT), (b"a" * (LARGEST + 1), TOO_LARGE)],
)
def test_a_file_that_cannot_be_checked_leaves_the_text_as_it_was(raw: bytes, problem: object) -> None:
    desk = Desk("What I wrote.")
    desk.upload(raw)
    assert (desk.text, desk.fault) == ("What I wrote.", problem)


def test_a_file_takes_the_place_of_the_text() -> None:
    desk = Desk("What I wrote.", fault=NOT_TEXT)
    desk.upload(b"\xef\xbb\xbfOne.\r\nTwo.\rThree.")
    assert (desk.text, desk.fault) == ("One.\nTwo.\nThree.", None)


@pytest.mark.parametrize(("text", "problem"), [("  ", EMPTY), ("ä" * (LARGEST // 2 + 1), TOO_LARGE)])
def test_a_text_that_cannot_be_checked_is_not(text: str, problem: object) -> None:
    desk = Desk(text)
    desk.start(FakePages())
    assert (desk.fault, desk.check, desk.writing) == (problem, None, True)


def opened(desk: Desk, at: int, id: str = "") -> Desk:
    assert desk.check is not None
    desk.opened = Opened("citation", id or desk.check.id, at, serial=7)
    return desk


def marks(desk: Desk, service: FakePages) -> list[tuple[str, str]]:
    return [
        (one["mark"], one["text"]) for part in draft_source(desk, service)["blocks"] for one in part["segments"] if one["mark"]
    ]


@pytest.mark.parametrize(
    ("at", "kicker", "mark", "words"),
    [
        (0, "Sentence 1 · Quoted word for word", "cited", SENTENCES[0]),
        (1, "Sentence 2 · A number differs", "against", "It lasted eleven days"),
        (2, "Sentence 3 · Check this against the passage", "cited", "sold last week for a single crown"),
    ],
)
def test_the_source_of_a_sentence_has_the_words_marked(at: int, kicker: str, mark: str, words: str) -> None:
    desk = opened(done(), at)
    data = draft_source(desk, FakePages())
    assert (data["kicker"], data["serial"], marks(desk, FakePages())) == (kicker, 7, [(mark, words)])


def test_the_reason_stands_above_the_source() -> None:
    data = draft_source(opened(done(), 1), FakePages())
    assert (data["note"], data["title"], data["tone"]) == ("“eleven” is “twelve” here.", ARTICLES[0].title, "bad")


def test_a_sentence_that_nothing_carries_opens_the_nearest_passage_and_says_so() -> None:
    desk = opened(done(), 3)
    line = next(one for one in HARBOUR.splitlines() if one.startswith("Paragraph 20 "))
    assert marks(desk, FakePages()) == [("place", line)]
    assert draft_source(desk, FakePages())["note"].startswith(NOTHING_HERE)


def test_an_article_that_is_gone_or_reads_otherwise_is_told() -> None:
    desk = opened(done(), 0)
    assert draft_source(desk, Emptied(None))["note"] == GONE
    assert (draft_source(desk, Emptied("Other words."))["note"], marks(desk, Emptied("Other words."))) == (NOT_THERE, [])


@pytest.mark.parametrize(("at", "id"), [(4, ""), (-1, ""), (0, "another check")])
def test_what_is_no_sentence_of_this_check_opens_nothing(at: int, id: str) -> None:
    assert draft_source(opened(done(), at, id), FakePages())["key"] == ""


def checking(service: "FakePages") -> None:
    from bot.ui.pages.check import page

    page(service)


def app(service: FakePages | None = None) -> AppTest:
    return AppTest.from_function(checking, kwargs={"service": service or FakePages()}, default_timeout=30).run()


def drawn(at: AppTest, name: str) -> list[DraftData]:
    protos = [element.proto for element in at.get("bidi_component")]
    return [json.loads(proto.json) for proto in protos if proto.component_name == f"footnote_{name}"]


def checked(at: AppTest, text: str) -> AppTest:
    at.text_area[0].set_value(text).run()
    at.button(key="footnote-draft-check").click().run()
    end = time.monotonic() + 20
    while drawn(at, "draft") and drawn(at, "draft")[0]["status"] == "running" and time.monotonic() < end:
        time.sleep(0.02)
        at.run()
    return at


def test_a_text_is_checked_on_the_page() -> None:
    at = checked(app(), DRAFT)
    (data,) = drawn(at, "draft")
    assert (data["stage"], data["total"], not at.exception) == ("4 sentences checked", 4, True)


def test_the_text_can_be_edited_again_and_the_verdicts_come_back() -> None:
    at = checked(app(), DRAFT)
    at.button(key="footnote-draft-turn").click().run()
    assert (at.text_area[0].value, drawn(at, "draft")) == (DRAFT, [])
    at.button(key="footnote-draft-turn").click().run()
    assert drawn(at, "draft")[0]["total"] == 4


def test_without_a_text_the_page_says_what_is_missing() -> None:
    at = checked(app(), "  ")
    assert "There is no text" in json.dumps(drawn(at, "notice"))
    assert drawn(at, "draft") == []


def test_a_file_is_read_into_the_field() -> None:
    at = app()
    at.file_uploader[0].upload("draft.md", "Nine days – exactly.".encode()).run()
    assert at.text_area[0].value == "Nine days – exactly."
