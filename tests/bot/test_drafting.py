"""A draft's sentences, each with its best source: what is checked, and which passage is taken for it."""

import pytest

from bot.drafting import bare, checked, statements
from bot.steps.verify import Verifier
from bot.types import Checked
from tests.bot.written import BRIDGE, PEOPLE, TEXTS, Canned, about


def found(draft: str, verifier: Verifier, search: Canned | None = None) -> list[Checked]:
    return list(checked(draft, search or Canned(), about, verifier))


def test_each_sentence_gets_its_best_source_and_a_verdict(verifier: Verifier) -> None:
    draft = "The bridge at Ner opened on 4 May 1931. Its plans were drawn by Ada Brandt. Bananas are yellow all year."
    one, two, three = found(draft, verifier)
    assert (one.verdict, two.verdict, three.verdict) == ("quoted", "supported", "not found")
    assert one.source is not None and two.source is not None
    assert (one.source.article, two.source.article) == ("bridge.md", "people.md")


def test_the_words_of_the_source_stand_in_its_article(verifier: Verifier) -> None:
    for one in found(f"{PEOPLE} {BRIDGE}", verifier):
        assert one.source is not None
        assert TEXTS[one.source.article][one.source.start : one.source.end] == one.source.quote != ""


def test_a_sentence_that_the_articles_contradict_is_told_with_the_words(verifier: Verifier) -> None:
    (one,) = found("The bridge at Ner opened on 4 May 1932.", verifier)
    assert one.source is not None
    assert (one.verdict, one.source.quote) == ("number differs", "The bridge at Ner opened on 4 May 1931.")
    assert "1932" in one.source.reason


def test_a_sentence_that_nothing_carries_shows_its_nearest_passage_and_no_words(verifier: Verifier) -> None:
    (one,) = found("Bananas are yellow all year.", verifier)
    assert one.source is not None and one.source.quote == "" and one.source.start == one.source.end


def test_where_nothing_is_found_there_is_no_source(verifier: Verifier) -> None:
    (one,) = found("The bridge at Ner opened on 4 May 1931.", verifier, Canned({}))
    assert (one.verdict, one.source) == ("not found", None)


def test_offsets_are_those_of_the_draft(verifier: Verifier) -> None:
    draft = "# Bridges\n\nThe **bridge** at Ner opened on 4 May 1931 [3].\n\n- It is made of iron.\n"
    sentences = found(draft, verifier)
    assert all(draft[one.start : one.end] == one.text for one in sentences)
    assert [one.verdict for one in sentences] == ["quoted", "quoted"]


@pytest.mark.parametrize(
    "draft", ["", "# The bridge at Ner", "Why did it open?", "The old bridge", "Yes.", "It is as follows:"]
)
def test_what_states_nothing_is_passed_over(draft: str) -> None:
    assert statements(draft) == []


@pytest.mark.parametrize(
    "draft", ["The bridge at Ner opened in the year 1931", "- it carries twelve trains a day", "> It is of iron."]
)
def test_a_claim_without_a_full_stop_is_not_passed_over(draft: str) -> None:
    assert len(statements(draft)) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The **bridge** is _old_ [1][2].", "The bridge is old."),
        ("- It [opened](https://a.test) in 1931", "It opened in 1931"),
        ("2. It is of iron.", "It is of iron."),
        ("It cost 5 * 3 crowns", "It cost 5 * 3 crowns"),
        ("snake_case stays", "snake_case stays"),
    ],
)
def test_marks_of_markdown_are_no_words(text: str, words: str) -> None:
    assert bare(text) == words
