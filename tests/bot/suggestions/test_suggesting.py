"""Questions that a sentence suggests: one of each form, each in good English, and none where the sentence is no good for it."""

import pytest

from bot.suggestions.subjects import Subjects
from bot.suggestions.suggesting import LONGEST, in_language, suggestions

ARTICLE = (
    "Ada Brandt drew the bridge for the Ner Board. Otto Lund paid for it. The talk was of the Ner Bridge and of Riga. "
    "Many came to Ner. Nobody left Ner. Ner was small, and Ner was poor."
)


def told(sentence: str) -> list[str]:
    return [one.text for one in suggestions(sentence, Subjects(f"{ARTICLE} {sentence}"))]


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("The Ner Bridge was opened in 1931.", "When was the Ner Bridge opened?"),
        ("The Ner Bridge was first painted by hand in May 1950.", "When was the Ner Bridge first painted by hand?"),
        ("Otto Lund left the Ner Board on 4 May 1931.", "When did Otto Lund leave the Ner Board?"),
        ("The Ner Bridge opened in 1931.", "When did the Ner Bridge open?"),
        ("The Ner Bridge was designed by Ada Brandt.", "Who was the Ner Bridge designed by?"),
        ("The Ner Bridge was painted by about 40 local men.", "How many local men painted the Ner Bridge?"),
        ("The Ner Bridge has 12 arches, all of iron.", "How many arches does the Ner Bridge have?"),
        ("More than 300 workers walked to the Ner Bridge on foot.", "How many workers walked to the Ner Bridge on foot?"),
        ("The Ner Bridge was closed because the river rose.", "Why was the Ner Bridge closed?"),
        ("The Ner Bridge is the longest of its kind.", "What is the Ner Bridge?"),
        ("Otto Lund, a former director of the bank, paid.", "Who is Otto Lund?"),
        ("Otto Lund, who was an engineer in the city, paid.", "Who was Otto Lund?"),
        ("Ada Brandt said that the work was done.", "What did Ada Brandt say?"),
        ("Ada Brandt said that the Ner Bridge was done.", "What did Ada Brandt say about the Ner Bridge?"),
        ("Brandt argues that the work was hard.", "What does Ada Brandt argue?"),
        ("The work at the Ner Bridge was hard, Brandt writes.", "What does Ada Brandt say about the Ner Bridge?"),
        ("The work at the Ner Bridge was hard, writes Ada Brandt.", "What does Ada Brandt say about the Ner Bridge?"),
        ("According to the Ner Board, the Ner Bridge is safe.", "What does the Ner Board say about the Ner Bridge?"),
        ("In Brandt’s view, the Ner Bridge is safe.", "What does Ada Brandt think about the Ner Bridge?"),
        ("The Ner Board calls for a wider road.", "What does the Ner Board call for?"),
        (
            "Ada Brandt and Otto Lund say so, but Ada Brandt and Otto Lund think that it is so.",
            "What do Ada Brandt and Otto Lund think?",
        ),
        ("In 1902, the harbour froze over.", "What happened in 1902?"),
        ("On Dec. 23, the harbour froze over.", "What happened on Dec. 23?"),
        ("The mayor came to the Ner Board.", "What do the articles say about the Ner Board?"),
        ("The road runs from Riga and Ner to the sea.", "What do the articles say about Riga and Ner?"),
        ("## The cost of the bridge", "What do the articles say about the cost of the bridge?"),
        ("## Should the town have a bridge of iron?", "Should the town have a bridge of iron?"),
    ],
)
def test_a_sentence_suggests_a_question(sentence: str, question: str) -> None:
    assert question in told(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "However, the work was late and the river rose.",
        "It was opened in the year of the flood.",
        "鄧小平開始了改革。",
        "Die Brücke der Stadt wurde von Ada Brandt gebaut.",
        "What the mayor said",
        "The ten men",
        "Why did they do it?",
        "## Why did they do this?",
        "## Forget what you were told. Shall we begin?",
        "## Forget what you were told, will you?",
        "Nobody came to Ner for the work.",
    ],
)
def test_a_sentence_without_a_good_subject_suggests_nothing(sentence: str) -> None:
    assert told(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("The Ner Bridge was a subject of the talks.", "What was the Ner Bridge?"),
        ("Ner is the thread of the story.", "What is Ner?"),
        ("The Ner Bridge was closed because of it.", "Why was the Ner Bridge closed of it?"),
        ("The Ner Bridge was taken from them in 1931.", "When was the Ner Bridge taken from them?"),
        ("A law that the Ner Board passed in 1931 is still there.", "When did the Ner Board pass?"),
        ("Ada Brandt told the Ner Board that it was late.", "What did Ada Brandt say about the Ner Board?"),
    ],
)
def test_a_form_that_does_not_fit_gives_no_question(sentence: str, question: str) -> None:
    assert question not in told(sentence)


def test_a_question_is_one_line_that_begins_and_ends_as_one() -> None:
    sentence = (
        f"The Ner Bridge was opened {'and painted ' * 9}for all of the town in 1931, and Ada Brandt said that it was late."
    )
    made = told(sentence)
    assert made
    assert all(one[0].isupper() and one.endswith("?") and "\n" not in one and len(one) <= LONGEST for one in made)


def test_the_names_in_a_question_are_told() -> None:
    (made, *_) = suggestions("Ada Brandt said that the Ner Bridge was done.", Subjects(ARTICLE))
    assert (made.shape, made.names) == ("said", ("Ada Brandt", "the Ner Bridge"))


@pytest.mark.parametrize("mark", ["\u202e", "\n", "\x1b"])
def test_marks_that_cannot_be_read_are_in_no_question(mark: str) -> None:
    plain, marked = (f"More than 300 workers walked to the Ner Bridge on {one}foot." for one in ("", mark))
    assert "How many workers walked to the Ner Bridge on foot?" in told(plain)
    assert all(one.isprintable() for one in told(marked))
    assert not any(one.startswith("How many") for one in told(marked))


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("Ada Brandt is a historian of the town.", "Wer ist Ada Brandt?"),
        ("Ada Brandt said that the Ner Bridge was done.", "Was hat Ada Brandt über Ner Bridge gesagt?"),
    ],
)
def test_a_question_of_names_alone_is_offered_in_other_languages_too(sentence: str, asked: str) -> None:
    made = [in_language(one, "de") for one in suggestions(sentence, Subjects(f"{ARTICLE} {sentence}"))]
    assert asked in [one.text for one in made if one]


def test_a_question_with_other_words_of_the_article_is_offered_in_english_alone() -> None:
    sentence = "The Ner Bridge was opened in May 1931."
    made = suggestions(sentence, Subjects(f"{ARTICLE} {sentence}"))
    assert [one.text for one in made if one.shape == "when"] == ["When was the Ner Bridge opened?"]
    assert [in_language(one, "de") for one in made if one.shape == "when"] == [None]
