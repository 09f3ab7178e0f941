"""What sentences are about, by their layout."""

import pytest

from bot.verification.layout import SentenceScope, answers_no, tokens
from bot.verification.statements import SourceText, taken_apart

TALK = "TOBIAS: I don't like the depot. It is cold.\n\nADA: I promised the traders that rent will be waived.\n"
QUESTIONS = "Q: Who pays?\nA: Visitors do. The city gave us the land.\n\nQ: Is it open?\nA: No. The gate is locked.\n"
TOURS = "- Castle tour\n  - lasts 90 minutes\n- River tour\n  - lasts three hours\n"
CANALS = "The Halden Canal was dug by soldiers. It is 31 km long. The Morrow Canal was dug by farmers. It is short."


def _scope(source: SourceText, words: str) -> SentenceScope:
    return next(
        s for one, s in zip(source.sentences, source.layout.scopes, strict=True) if words in _text(source, one.start, one.end)
    )


def _text(source: SourceText, start: int, end: int) -> str:
    return source.text[start:end]


def _labels(text: str, words: str, kind: str) -> list[str]:
    return [label.text for label in _scope(taken_apart(text), words).labels if label.group[0] == kind]


@pytest.mark.parametrize(
    ("text", "words", "kind", "label"),
    [
        (TALK, "It is cold", "speaker", "TOBIAS"),
        (QUESTIONS, "Visitors do", "question", "Q: Who pays?"),
        (TOURS, "three hours", "item", "River tour"),
        ("## 2019\n\nIt grew.\n\n## 2020\n\nIt shrank.\n", "shrank", "heading", "2020"),
        ("Members must not bring:\n\n- dogs\n", "dogs", "list", "Members must not bring:"),
        ("| Village | Founded |\n|---|---|\n| Aal | 1901 |\n| Bek | 1933 |\n", "1933", "row", "Bek"),
        (CANALS, "31 km", "subject", "Halden Canal"),
    ],
)
def test_a_sentence_stands_under_a_label(text: str, words: str, kind: str, label: str) -> None:
    assert label in _labels(text, words, kind)


def test_a_question_and_a_header_say_nothing_by_themselves() -> None:
    source = taken_apart(QUESTIONS)
    assert not _scope(source, "Who pays").says
    assert _scope(source, "Visitors").says


def test_only_the_first_sentence_answers_directly() -> None:
    source = taken_apart(QUESTIONS)
    assert (_scope(source, "Visitors").direct, _scope(source, "The city").direct) == (True, False)


def test_no_is_an_answer() -> None:
    source = taken_apart(QUESTIONS)
    at = QUESTIONS.index("A: No.")
    assert answers_no(QUESTIONS, _scope(source, "A: No."), (at, at + 6))
    assert not answers_no(QUESTIONS, _scope(source, "Visitors"), (0, 20))


def test_a_claim_names_the_label_that_has_its_own_word() -> None:
    named = taken_apart(TOURS).layout.named("The river tour is long.")
    assert {label.text for labels in named.values() for label in labels if label.group[0] == "item"} == {"River tour"}


def test_of_two_speakers_a_claim_is_about_the_first() -> None:
    named = taken_apart(TALK).layout.named("Ada does not agree with Tobias.")
    assert {label.text for group, labels in named.items() if group[0] == "speaker" for label in labels} == {"ADA"}


def test_a_plural_lends_no_subject_to_it() -> None:
    text = "Aspirin relieves pain. Adults take 500 mg. It must be taken with food."
    assert "Adults" not in _labels(text, "with food", "subject")


def test_single_letters_count_only_as_capitals() -> None:
    assert tokens("He saw a Model B") == tokens("he saw Model B")
    assert "B" in tokens("Model B")
