"""A draft: what is taken for one, the thread that checks it, what its component and the panel are told."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from fake_pages import ARTICLES, HARBOUR, FakePages
from settling import rerun
from streamlit.testing.v1 import AppTest

from bot.conversation.history import History
from bot.errors import HistoryError
from bot.export.draft import paragraphs
from bot.types import Checked, Status
from bot.ui.components.draft.panel import GONE, draft_source
from bot.ui.components.draft.view import DraftData, draft_data, stage, tallies
from bot.ui.components.source.view import NOT_THERE, NOTHING_HERE
from bot.ui.draft_check import UNEXPECTED, DraftCheck
from bot.ui.draft_state import EMPTY, LARGEST, NOT_TEXT, TOO_LARGE, DraftState
from bot.ui.draft_state import GONE as DRAFT_GONE
from bot.ui.exchange import SourceTarget
from tests.waiting import until
from vectorstore.types import Article, Span

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


class Slow(FakePages):
    """Takes its time for a sentence, and notes when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def check(self, draft: str, spans: Sequence[Span] | None = None) -> Iterator[Checked]:
        try:
            for one in super().check(draft, spans):
                time.sleep(0.3)
                yield one
        finally:
            self.let_go.set()


class Emptied(FakePages):
    """The article that was cited is gone, or reads otherwise."""

    def __init__(self, text: str | None) -> None:
        super().__init__()
        self.text = text

    def article(self, id: str) -> Article | None:
        return Article(id, self.text, "Harbour") if self.text else None


def settled(state: DraftState) -> DraftCheck:
    until(lambda: not state.advance())
    assert state.check is not None
    return state.check


def done(text: str = DRAFT, service: FakePages | None = None) -> DraftState:
    state = DraftState(text)
    state.start(service or FakePages())
    settled(state)
    return state


def whole(state: DraftState) -> DraftData:
    assert state.check is not None
    return draft_data(state.check, None)


def test_every_sentence_that_states_something_is_checked_in_order() -> None:
    check = settled(done())
    assert (check.status, [one.text for one in check.checked]) == ("done", SENTENCES)


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
    ("status", "said"), [("running", "3 of 4 sentences"), ("stopped", "Stopped: 3 of 4 sentences checked")]
)
def test_how_far_it_has_come_is_told(status: Status, said: str) -> None:
    assert stage(status, 3, 4) == said


def test_a_draft_that_states_nothing_says_so() -> None:
    assert whole(done("# Only a heading\n\nWhy?"))["stage"] == "The draft holds no sentence that states anything."


def test_stop_keeps_what_is_there_and_ends_the_thread() -> None:
    service = Slow()
    state = DraftState(DRAFT)
    state.start(service)
    until(lambda: not state.check or state.check.found)
    state.stop()
    assert state.check is not None
    assert (state.check.status, bool(state.check.found), state.advance()) == ("stopped", True, False)
    assert service.let_go.wait(10)


def test_a_second_click_lets_the_check_of_the_same_text_go_on() -> None:
    state = DraftState(DRAFT)
    service = Slow()
    state.start(service)
    first, state.writing = state.check, True
    state.start(service)
    assert (state.check is first, state.writing) == (True, False)
    state.stop()


def test_our_errors_become_their_two_sentences() -> None:
    problem = settled(done("This is unreadable today.")).problem
    assert problem is not None
    assert (problem.message, problem.help) == ("The model at example.test is gone.", "Start it again.")


def test_a_bug_is_told_without_its_traceback_and_what_was_checked_stays(caplog: pytest.LogCaptureFixture) -> None:
    check = settled(done("Ferries stayed there. Then a crash came."))
    assert (check.problem, len(check.checked), "ZeroDivisionError" in caplog.text) == (UNEXPECTED, 1, True)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [(b" \n", EMPTY), (b"\xff\xfe\x00", NOT_TEXT), (b"a" * (LARGEST + 1), TOO_LARGE)],
)
def test_a_file_that_cannot_be_checked_leaves_the_text_as_it_was(raw: bytes, problem: object) -> None:
    state = DraftState("What I wrote.")
    state.upload(raw)
    assert (state.text, state.fault) == ("What I wrote.", problem)


def test_a_file_takes_the_place_of_the_text() -> None:
    state = DraftState("What I wrote.", fault=NOT_TEXT)
    state.upload(b"\xef\xbb\xbfOne.\r\nTwo.\rThree.")
    assert (state.text, state.fault) == ("One.\nTwo.\nThree.", None)


@pytest.mark.parametrize(("text", "problem"), [("  ", EMPTY), ("ä" * (LARGEST // 2 + 1), TOO_LARGE)])
def test_a_text_that_cannot_be_checked_is_not(text: str, problem: object) -> None:
    state = DraftState(text)
    state.start(FakePages())
    assert (state.fault, state.check, state.writing) == (problem, None, True)


def visited(service: FakePages, id: str) -> DraftState:
    """Another session, which follows the draft's address."""
    state = DraftState()
    state.visit(service, id)
    return state


def texts(state: DraftState) -> list[tuple[str, str]]:
    """Each sentence that was checked with what stands in its place in the text."""
    assert state.check is not None
    return [(one.text, state.check.text[one.start : one.end]) for one in state.check.checked]


def test_a_draft_and_its_verdicts_are_there_for_another_session() -> None:
    service = FakePages()
    first = done(service=service)
    state = visited(service, first.draft)
    assert (state.writing, state.text, whole(state)) == (False, DRAFT, whole(first))


def test_a_draft_and_its_verdicts_are_there_after_a_restart() -> None:
    service = FakePages()
    first = done(service=service)
    service.history().close()
    service.kept = History.open(service.home)
    assert whole(visited(service, first.draft))["sentences"] == whole(first)["sentences"]


def test_a_check_goes_on_without_its_session_and_is_watched_from_another() -> None:
    service = FakePages(delay=0.05)
    first = DraftState(DRAFT)
    first.start(service)
    id, check = first.draft, first.check
    first.clear()
    state = visited(service, id)
    assert state.check is check and state.advance()
    assert len(settled(state).checked) == 4


def test_a_check_of_an_ended_server_is_stopped_and_can_be_resumed() -> None:
    service = Slow()
    first = DraftState(DRAFT)
    first.start(service)
    until(lambda: not first.check or first.check.order)
    checker = first.checker
    first.stop()
    assert checker is not None and checker.join(10)
    others = FakePages(home=service.home)
    state = visited(others, first.draft)
    assert (whole(state)["stage"][:7], whole(state)["left"]) == ("Stopped", True)
    state.resume(others)
    assert [one.text for one in settled(state).checked] == SENTENCES
    assert whole(visited(others, first.draft))["stage"] == "4 sentences checked"


def test_a_draft_that_is_not_kept_any_more_is_told() -> None:
    state = visited(FakePages(), "abc")
    assert (state.fault, state.writing, state.check) == (DRAFT_GONE, True, None)


def test_an_unchecked_text_survives_a_visit_to_a_kept_draft() -> None:
    service = FakePages()
    id = done(service=service).draft
    state = DraftState("Half a thought")
    state.visit(service, id)
    state.clear()
    assert (state.text, state.check) == ("Half a thought", None)
    state.clear()
    assert state.text == ""


def test_without_a_history_a_draft_is_checked_and_said_not_to_be_kept() -> None:
    state = done(service=FakePages(kept=HistoryError("The disk is full.", "Make room on it.")))
    assert state.check is not None and state.check.unkept is not None
    assert (len(state.check.checked), state.draft) == (4, "")
    assert state.check.unkept.message == "This draft is not kept: The disk is full."


def test_a_changed_text_is_the_same_draft_and_another_text_another() -> None:
    service = FakePages()
    state = done(service=service)
    id = state.draft
    state.text = DRAFT + " The lighthouse is gone."
    state.start(service)
    settled(state)
    assert state.draft == id
    state.text = "Something else entirely."
    state.start(service)
    settled(state)
    assert state.draft != id
    assert [match.head.sentences for match in service.history().drafts.search().items] == [1, 5]


@pytest.mark.parametrize(
    ("at", "words", "sentences"),
    [
        (1, "It lasted nine days and a half.", [SENTENCES[0], "It lasted nine days and a half.", *SENTENCES[2:]]),
        (0, "One is new. Two are new too.", ["One is new.", "Two are new too.", *SENTENCES[1:]]),
        (3, "Why does nobody say so?", SENTENCES[:3]),
        (2, "", [SENTENCES[0], SENTENCES[1], SENTENCES[3]]),
        (1, "🧊 It froze hard,\r\nthat year. ", [SENTENCES[0], "🧊 It froze hard,\nthat year.", *SENTENCES[2:]]),
    ],
)
def test_a_sentence_is_rewritten_and_checked_alone(at: int, words: str, sentences: list[str]) -> None:
    service = Counting()
    state = done(service=service)
    service.asked_for.clear()
    state.rewrite(service, state.check.key if state.check else "", at, words)
    check = settled(state)
    assert [one.text for one in check.checked] == sentences
    assert all(text == place for text, place in texts(state))
    assert set(service.asked_for) == set(sentences) - set(SENTENCES)
    assert whole(visited(service, state.draft))["sentences"] == [
        {**one, "at": n} for n, one in enumerate(sorted(whole(state)["sentences"], key=lambda one: one["at"]))
    ]


def test_a_sentence_can_be_checked_again_as_it_is() -> None:
    service = Counting()
    state = done(service=service)
    service.asked_for.clear()
    state.rewrite(service, state.check.key if state.check else "", 1, SENTENCES[1])
    assert ([one.text for one in settled(state).checked], service.asked_for) == (SENTENCES, [SENTENCES[1]])


def test_a_removed_full_stop_has_the_next_sentence_checked_too() -> None:
    service = Counting()
    state = done(service=service)
    service.asked_for.clear()
    state.rewrite(service, state.check.key if state.check else "", 0, "Ferries stayed at their berths, and")
    joined = "Ferries stayed at their berths, and It lasted eleven days."
    assert ([one.text for one in settled(state).checked], service.asked_for) == ([joined, *SENTENCES[2:]], [joined])


@pytest.mark.parametrize(("key", "at"), [("another", 0), ("", 9), ("", -1)])
def test_what_is_no_sentence_cannot_be_rewritten(key: str, at: int) -> None:
    state = done()
    assert state.check is not None
    before = state.check
    state.rewrite(FakePages(), key or before.key, at, "Some other words here.")
    assert state.check is before


def test_a_draft_that_grows_too_large_is_told_and_stays_as_it_was() -> None:
    state = done()
    assert state.check is not None
    before = state.check
    state.rewrite(FakePages(), before.key, 0, "a" * LARGEST)
    assert (state.check, state.fault) == (before, TOO_LARGE)


def test_what_two_windows_make_of_one_draft_is_not_mixed() -> None:
    service = FakePages()
    one = done(service=service)
    other = visited(service, one.draft)
    for state, words in ((one, "The first window says this."), (other, "The second window says that.")):
        state.rewrite(service, state.check.key if state.check else "", 0, words)
        settled(state)
    assert other.check is not None and other.check.unkept is not None and "another window" in other.check.unkept.message
    assert visited(service, one.draft).text.count("The first window") == 1


class Counting(FakePages):
    """Notes the sentences that it is asked to check."""

    def __init__(self) -> None:
        super().__init__()
        self.asked_for: list[str] = []

    def check(self, draft: str, spans: Sequence[Span] | None = None) -> Iterator[Checked]:
        for one in super().check(draft, spans):
            self.asked_for.append(one.text)
            yield one


def opened(state: DraftState, at: int, id: str = "") -> DraftState:
    assert state.check is not None
    state.opened = SourceTarget("citation", id or state.check.key, at, serial=7)
    return state


def marks(state: DraftState, service: FakePages) -> list[tuple[str, str]]:
    return [
        (one["mark"], one["text"]) for part in draft_source(state, service)["blocks"] for one in part["segments"] if one["mark"]
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
    state = opened(done(), at)
    data = draft_source(state, FakePages())
    assert (data["kicker"], data["serial"], marks(state, FakePages())) == (kicker, 7, [(mark, words)])


def test_the_reason_stands_above_the_source() -> None:
    data = draft_source(opened(done(), 1), FakePages())
    assert (data["note"], data["title"], data["tone"]) == ("“eleven” is “twelve” here.", ARTICLES[0].title, "bad")


def test_an_unsupported_sentence_opens_the_nearest_passage() -> None:
    state = opened(done(), 3)
    line = next(one for one in HARBOUR.splitlines() if one.startswith("Paragraph 20 "))
    assert marks(state, FakePages()) == [("place", line)]
    assert draft_source(state, FakePages())["note"].startswith(NOTHING_HERE)


def test_what_speaks_against_a_sentence_stands_beside_what_speaks_for_it() -> None:
    state = opened(done("The council had fuel for it."), 0)
    data = draft_source(state, FakePages())
    assert [(one["side"], "".join(piece["text"] for piece in one["quote"]), one["current"]) for one in data["pair"]] == [
        ("For", "voted 7 to 2 for a reserve of 300 tonnes", True),
        ("Against", "but nobody had fuel for it", False),
    ]
    assert marks(state, FakePages()) == [
        ("against", "but nobody had fuel for it"),
        ("cited", "voted 7 to 2 for a reserve of 300 tonnes"),
    ]


def test_an_article_that_speaks_against_a_sentence_opens_in_place() -> None:
    state = opened(done("It cost a single crown."), 0)
    assert [(one["here"], one["kind"]) for one in draft_source(state, FakePages())["pair"]] == [
        (True, "citation"),
        (False, "against"),
    ]
    state.opened = replace(state.opened or SourceTarget("against"), kind="against")
    data = draft_source(state, FakePages())
    assert (data["title"], marks(state, FakePages())) == (ARTICLES[1].title, [("against", "A page about markup.")])
    assert [one["current"] for one in data["pair"]] == [False, True]


def test_a_sentence_with_one_side_has_no_cards() -> None:
    assert draft_source(opened(done(), 0), FakePages())["pair"] == []


def test_an_article_that_is_gone_or_reads_otherwise_is_told() -> None:
    state = opened(done(), 0)
    assert draft_source(state, Emptied(None))["note"] == GONE
    assert (draft_source(state, Emptied("Other words."))["note"], marks(state, Emptied("Other words."))) == (NOT_THERE, [])


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
    return rerun(at, lambda: drawn(at, "draft") and drawn(at, "draft")[0]["status"] == "running")


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
    assert "There is no text" in at.error[0].value
    assert drawn(at, "draft") == []


def test_a_file_is_read_into_the_field() -> None:
    at = app()
    at.file_uploader[0].upload("draft.md", "Nine days – exactly.".encode()).run()
    assert at.text_area[0].value == "Nine days – exactly."
