"""A draft's sentences, each with its best source: what is checked, and which passage is taken for it."""

import pytest

from bot.answering.drafting import bare, carried_subjects, check_draft, draft_statements, with_subject
from bot.types import Checked
from bot.verification.verify import Verifier
from tests.bot.answering.written import BRIDGE, PEOPLE, TEXTS, Canned, about


def found(draft: str, verifier: Verifier, search: Canned | None = None) -> list[Checked]:
    return list(check_draft(draft, search or Canned(), about, verifier))


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


def test_an_unsupported_sentence_shows_its_nearest_passage(verifier: Verifier) -> None:
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
    assert draft_statements(draft) == []


@pytest.mark.parametrize(
    "draft", ["The bridge at Ner opened in the year 1931", "- it carries twelve trains a day", "> It is of iron."]
)
def test_a_claim_without_a_full_stop_is_not_passed_over(draft: str) -> None:
    assert len(draft_statements(draft)) == 1


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


@pytest.mark.parametrize(
    ("draft", "sentences"),
    [
        ("Die Brücke wurde am 4. Mai 1931 eröffnet. Sie trägt z. B. zwölf Züge.", 2),
        ("El puente se abrió en 1931. ¿Quién lo construyó? Lo construyó el Sr. Brandt en Ner.", 2),
        ("Le pont a été ouvert en 1931 par M. Brandt. Il porte douze trains par jour.", 2),
        ("这座桥于1931年5月4日开放。它每天承载十二列火车。谁建造了它？", 2),
        ("この橋は1931年5月4日に開通した。毎日十二本の列車が通る。", 2),
        ("افتتح الجسر عام 1931. يمر عليه اثنا عشر قطارا كل يوم. من بناه يا ترى؟", 2),
        ("Мост был открыт в 1931 г. инженером Брандт. Он несёт двенадцать поездов.", 2),
        ("Sie sagte: „Die Brücke ist sehr alt.“ Wer baute „die Brücke“?", 1),
    ],
)
def test_sentences_end_and_state_something_by_the_rules_of_their_language(draft: str, sentences: int) -> None:
    assert len(draft_statements(draft)) == sentences


def test_a_foreign_paragraph_of_a_draft_has_its_own_sentence_ends() -> None:
    english = "The bridge carries twelve trains every day of the year. " * 20
    german = "Die Brücke wurde am 4. Mai 1931 von Dr. Brandt eröffnet, und trägt, d. h. seit vielen Jahren, zwölf Züge."
    assert len(draft_statements(f"{english}\n\n{german}")) == 21


@pytest.mark.parametrize("line", ["桥梁的历史", "橋の歴史", "第一章　橋梁"])
def test_a_short_line_in_a_script_without_spaces_is_a_heading(line: str) -> None:
    assert draft_statements(line) == []


def test_some_sentences_of_a_draft_can_be_checked_alone(verifier: Verifier) -> None:
    draft = "The bridge at Ner opened on 4 May 1931. Its plans were drawn by Ada Brandt. Bananas are yellow all year."
    second = draft_statements(draft)[1]
    (one,) = check_draft(draft, Canned(), about, verifier, [second])
    assert (one.verdict, one.start, one.end) == ("supported", *second)


def test_a_pronoun_stands_for_the_subject_of_the_sentence_before(verifier: Verifier) -> None:
    right = found("The bridge at Ner was opened in 1931. It is made of iron.", verifier)
    wrong = found("The tower of Riga is old. It is made of iron.", verifier)
    assert (right[1].verdict, wrong[1].verdict) == ("quoted", "check")
    assert wrong[1].text == "It is made of iron."


@pytest.mark.parametrize(
    ("draft", "subject"),
    [
        ("The old mill at Ner closed. It was sold.", "The old mill"),
        ("The mills of Ner closed. They were sold.", "The mills of Ner"),
        ("Ada Brandt drew plans. Her plans were good.", "Ada Brandt"),
        ("Ada Brandt drew plans. This was good.", "Ada Brandt"),
        ("The old mill closed. They were sold.", ""),
        ("The old mill closed. It is clear that this is bad.", ""),
        ("In May the mill closed. It was sold.", ""),
        ("The old mill closed.\n\nIt was sold.", ""),
        ("The old mill closed. This year is bad.", ""),
    ],
)
def test_which_subject_a_pronoun_carries_over(draft: str, subject: str) -> None:
    assert "".join(carried_subjects(draft).values()) == subject


def test_a_possessive_takes_the_subject_with_its_ending() -> None:
    assert with_subject("Its deck is long.", "The bridge") == "The bridge's deck is long."


@pytest.mark.parametrize("draft", ["Really?[1]", "Was it old? [2]", "Quite so.[1]"])
def test_a_footnote_marker_is_no_word_and_hides_no_question_mark(draft: str) -> None:
    assert draft_statements(draft) == []
