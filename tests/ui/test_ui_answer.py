"""What the page is given around an answer: versions of the question, what can be done with it, and what is copied of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from exchanges import asked, done, now
from fake_pages import ARTICLES, NINE, PASSAGES, FakePages, cite

from bot.conversation.history import Exchange, Feedback
from bot.types import Answer, Citation, Judged, Question
from bot.ui.components.answer import PARTS, rating
from bot.ui.components.answer.copying import copied
from bot.ui.components.answer.view import AnswerContext, Branch, answer_data
from bot.ui.components.mounting import component_text

FERRIES = cite(1, ARTICLES[0], NINE)


def told(*citations: Citation, words: str = "Nine days [1].") -> Exchange:
    """A finished answer of these words."""
    return done(Answer("q", "q", words, False, 1.0, "model", (), citations, PASSAGES, searched=True))


def halfway() -> Exchange:
    """An answer on its way, with its first claim."""
    found = asked("q")
    for event in FakePages(name="some-model").stream(Question("q")):
        found = now(found, event)
        if isinstance(event, Judged):
            return found
    raise AssertionError("nothing was judged")


def offering(exchange: Exchange) -> Exchange:
    """The exchange with a question to go on with."""
    return replace(exchange, answer=replace(exchange.answer, offered=("And then?",)))


def branched(*branches: str) -> AnswerContext:
    return AnswerContext(branches=branches)


def test_a_question_that_was_asked_once_has_no_versions() -> None:
    exchange = asked("q")
    assert [answer_data(exchange, branched(*ids))["branch"]["of"] for ids in ((), (exchange.id,))] == [0, 0]


@pytest.mark.parametrize(
    ("branches", "branch"),
    [
        (("own", "b"), Branch(at=1, of=2, earlier="", later="b")),
        (("a", "own", "b"), Branch(at=2, of=3, earlier="a", later="b")),
        (("a", "own"), Branch(at=2, of=2, earlier="a", later="")),
    ],
)
def test_the_versions_beside_a_question_are_named(branches: tuple[str, ...], branch: Branch) -> None:
    assert answer_data(replace(asked("q"), id="own"), branched(*branches))["branch"] == branch


def test_versions_that_the_question_is_not_among_are_not_offered() -> None:
    assert answer_data(asked("q"), branched("a", "b"))["branch"]["of"] == 0


def test_what_only_a_finished_answer_needs_is_not_sent_with_every_word() -> None:
    exchange = offering(halfway())
    data = answer_data(exchange, AnswerContext(conversation="c", last=True))
    assert (data["copy"], data["conversation"], data["reviewed"], data["offered"]) == ("", "", False, [])


def test_questions_to_go_on_with_are_offered_below_the_last_answer_only() -> None:
    exchange = offering(told(FERRIES))
    assert [answer_data(exchange, AnswerContext(last=last))["offered"] for last in (True, False)] == [["And then?"], []]


def test_the_place_of_questions_that_may_come_is_kept() -> None:
    assert answer_data(told(FERRIES), AnswerContext(offering=True))["offering"]


def test_only_an_answer_with_footnotes_can_be_reviewed() -> None:
    assert [answer_data(one, AnswerContext())["reviewed"] for one in (told(FERRIES), told(words="None."))] == [True, False]


def test_feedback_is_shown_as_it_is_kept() -> None:
    feedback = Feedback("missing source", "Look at p. 3", "", datetime.now(UTC))
    data = answer_data(halfway(), AnswerContext(feedback=feedback))
    assert (data["rated"], data["note"]) == ("missing source", "Look at p. 3")


def test_what_is_copied_names_the_source_with_its_words() -> None:
    passages = tuple(replace(one, source="https://example.org/harbour") for one in PASSAGES)
    assert copied(replace(told(FERRIES).answer, passages=passages)) == (
        "Nine days [1].\n\nSources\n"
        "[1] The winter the harbour froze · Mara Lund · 2024-01-20 · https://example.org/harbour\n"
        "    “Ferries stayed at their berths for nine days.”"
    )


def test_a_number_that_is_cited_twice_is_one_source_with_both_quotations() -> None:
    text = copied(told(FERRIES, cite(1, ARTICLES[0], "The harbour of Lindmark froze"), words="Nine [1]. Froze [1].").answer)
    assert text.count("[1] The winter") == 1
    assert text.endswith(f"    “{NINE}”\n    “The harbour of Lindmark froze”")


def test_quotations_are_copied_without_the_marks_of_markdown() -> None:
    cited = replace(FERRIES, quote="- **Nine** days")
    answer = Answer("q", text="Word for word:\n\n- **Nine** days [1]", mode="quotes", citations=(cited,))
    assert copied(answer).startswith("Word for word:\n\n• Nine days [1]\n\n") and "“Nine days”" in copied(answer)


def test_words_that_do_not_carry_their_sentence_are_copied_as_such() -> None:
    assert copied(told(replace(FERRIES, verdict="number differs")).answer).endswith(f"“{NINE}” (A number differs)")


def test_a_passage_that_does_not_exist_is_copied_as_no_source() -> None:
    never = Citation(9, "", "", 0, 0, "", "no such passage")
    assert copied(told(never, words="Ten days [9].").answer).endswith("[9] No source\n    (No such passage)")


def test_an_answer_without_footnotes_is_copied_without_a_list() -> None:
    assert copied(told(words="The articles do not say.").answer) == "The articles do not say."


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ({"verdict": "useful", "note": "Yes"}, ("useful", "Yes")),
        ({"verdict": "", "note": ""}, (None, "")),
        ({"verdict": "perfect", "note": ""}, None),
        ({"verdict": "wrong", "note": 3}, None),
        ({"verdict": ["wrong"], "note": ""}, None),
        ("wrong", None),
    ],
)
def test_feedback_is_taken_from_the_browser_only_where_it_makes_sense(sent: object, meant: object) -> None:
    assert rating(sent) == meant


def test_a_component_is_put_together_of_all_its_files() -> None:
    scripts, styles = component_text("answer", "js", *PARTS), component_text("answer", "css", *PARTS)
    assert all(word in scripts for word in ("function mount", "function drawLines", "function editor", "export default"))
    assert all(word in styles for word in (".card {", ".body >", ".noting", ".question"))


def test_a_row_about_an_article_carries_its_footnote() -> None:
    words = "There is one article here:\n\nFerries · Ada Brandt [1]\n\nThat is all."
    answer = Answer("q", "q", words, False, 1.0, "quotes", (), (FERRIES,), PASSAGES)
    drawn = answer_data(done(answer), AnswerContext())["paragraphs"]
    assert [one["kind"] for one in drawn] == ["lead", "item", "lead"]
    assert [(run["kind"], run["text"]) for run in drawn[1]["runs"]] == [
        ("bullet", "•"),
        ("text", "Ferries · Ada Brandt "),
        ("chip", "1"),
    ]
