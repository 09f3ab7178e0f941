"""Titles by rule, and what a search compares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.history.texts import LONGEST, UNTITLED, cleaned, excerpt, folded, needle, title_of


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("When was the bridge opened?", "When was the bridge opened?"),
        ("When was the bridge opened? And by whom?", "When was the bridge opened?"),
        ("When was the bridge opened, and who paid for it?", "When was the bridge opened"),
        ("In 1990, who was the mayor of the town?", "In 1990, who was the mayor of the town?"),
        ("Dr. Smith said it was 3.5 metres high; was it?", "Dr. Smith said it was 3.5 metres high"),
        ("  \n## What is\tnew?\nTell me all of it.", "What is new?"),
        ("日本と台湾の同盟はいつ始まりましたか？教えてください。", "日本と台湾の同盟はいつ始まりましたか？"),
        ("What is <b>this</b>?", "What is <b>this</b>?"),
        ("What did the council decide on Jan. 14 in Ner?", "What did the council decide on Jan. 14 in Ner?"),
        ("Whom did J. K. Rowling meet there? And why?", "Whom did J. K. Rowling meet there?"),
        ("Tell me all of Dr. Who the doctor. Then stop.", "Tell me all of Dr. Who the doctor"),
        ("Did it really rise by 3.5 percent? Say how.", "Did it really rise by 3.5 percent?"),
        ("## What did **Mara _Lund_** say of `ice` in [this](x.md)?", "What did Mara Lund say of ice in this?"),
        ("1. What is 2*3*4 in snake_case_name?", "What is 2*3*4 in snake_case_name?"),
        ("", UNTITLED),
        (" \n\t ", UNTITLED),
        ("...", UNTITLED),
        (
            "Which of the many local leaders who came to Tokyo that winter signed the paper?",
            "Which of the many local leaders who came to Tokyo that…",
        ),
        ("長" * 100, "長" * 59 + "…"),
    ],
)
def test_the_first_clause_is_the_title(question: str, title: str) -> None:
    assert title_of(question) == title


def test_an_excerpt_is_read_without_marks_of_markdown() -> None:
    text = "## Ice\n\n- The **harbour** froze `twice`\n\n| year | days |\n|---|---|\n| 1931 | nine |"
    assert excerpt(text, "the harbour") == "Ice The harbour froze twice year · days 1931 · nine"
    assert excerpt(text, "**harbour**").startswith("## Ice")


@given(st.text())
def test_a_title_is_short_and_one_line(question: str) -> None:
    title = title_of(question)
    assert 0 < len(title) <= LONGEST
    assert len(title.splitlines()) == 1


@given(st.text(st.characters()))
def test_what_is_cleaned_can_be_stored_anywhere(text: str) -> None:
    assert "\x00" not in cleaned(text)
    assert cleaned(text).encode().decode() == cleaned(text)


@pytest.mark.parametrize(("one", "other"), [("STRASSE", "straße"), ("e\u0301tude", "ÉTUDE"), ("a\n  b", "A B")])
def test_case_white_space_and_composition_make_no_difference(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_an_excerpt_shows_the_words_as_they_stand() -> None:
    assert excerpt("In der Hauptstraße\n 5 wohnt er.", "STRASSE 5") == "In der Hauptstraße 5 wohnt er."


def test_an_excerpt_of_a_long_text_says_that_it_is_one() -> None:
    found = excerpt("x " * 200 + "needle" + " y" * 200, "needle")
    assert found.startswith("…x") and found.endswith("y…") and " needle " in found


@given(st.text(min_size=1), st.text(), st.text())
def test_whatever_folds_alike_is_found(words: str, left: str, right: str) -> None:
    text = f"{left} {words} {right}"
    assert bool(excerpt(text, words.upper())) >= (bool(needle(words.upper())) and needle(words.upper()) in folded(text))
