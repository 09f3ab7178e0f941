"""Names as a question can say them, and what only looks like one."""

import pytest

from bot.suggestions.subjects import Subjects

ARTICLE = (
    "Ada Brandt drew the bridge at Ner for the Board of Works in 1931. Brandt came from Riga. The Board of Works paid her. "
    "The Riga office closed in May. Welding was new."
)


def told(sentence: str, article: str = ARTICLE) -> list[str]:
    return [one.text for one in Subjects(article).within(sentence)]


def test_a_surname_is_the_whole_name_that_came_before() -> None:
    assert told("Brandt came from Riga.") == ["Ada Brandt", "Riga"]


def test_a_surname_that_two_people_have_stays_as_it_is() -> None:
    assert told("In the end Brandt won.", "Ada Brandt met Otto Brandt. In the end Brandt won.") == ["Brandt"]


def test_a_name_that_was_met_alone_first_is_not_made_longer() -> None:
    assert told("We like Riga.", "We like Riga. The talks began at Riga Castle.") == ["Riga"]


def test_a_name_keeps_its_article() -> None:
    assert told("In 1931 the Board of Works paid.") == ["the Board of Works"]
    assert told("Money came from Board of Works funds.") == ["the Board of Works"]


def test_a_possessive_is_left_off() -> None:
    assert told("The plan was Brandt’s idea.") == ["Ada Brandt"]


def test_two_that_and_joins_are_one() -> None:
    assert told("The road runs between Riga and Ner.") == ["Riga and Ner"]


def test_the_end_of_a_longer_list_is_not_joined() -> None:
    assert told("The road links Riga, Ner and Sund.") == ["Riga", "Ner", "Sund"]


@pytest.mark.parametrize(
    "sentence",
    [
        "However, the work was late.",
        "Digging was slow.",
        "In January the work began.",
        "We wrote to the BBC about it.",
        "The Riga office closed.",
        "Many Japanese came.",
        "It was a Norwegian Board Member who paid.",
        "",
    ],
)
def test_what_is_no_name_by_itself_is_left_out(sentence: str) -> None:
    assert told(sentence) == []


def test_the_end_of_a_name_that_began_before_is_none() -> None:
    assert told("We saw the Ner Committee (2+2) Meeting.") == ["the Ner Committee"]


def test_a_word_that_begins_its_sentence_is_a_name_where_it_is_one_elsewhere() -> None:
    assert told("Riga lies far away.") == ["Riga"]
    assert told("Welding lies far away.") == []


@pytest.mark.parametrize(
    ("sentence", "alone"),
    [
        ("We saw Riga.", True),
        ("We saw Riga with her.", True),
        ("We saw Riga’s harbour.", True),
        ("We saw that Riga opened.", True),
        ("We saw Riga harbour.", False),
    ],
)
def test_a_name_before_a_noun_does_not_stand_alone(sentence: str, alone: bool) -> None:
    (one,) = Subjects(ARTICLE).within(sentence)
    assert (one.alone, sentence[one.start : one.end]) == (alone, "Riga")


def test_its_place_takes_in_the_article() -> None:
    sentence = "In 1931 the Board of Works paid."
    (one,) = Subjects(ARTICLE).within(sentence)
    assert sentence[one.start : one.end] == "the Board of Works"


def test_a_name_is_counted_and_met_first_somewhere() -> None:
    known = Subjects(ARTICLE)
    assert (known.times("Riga"), known.times("the Board of Works"), known.times("Sund")) == (2, 2, 0)
    assert known.introduces("Brandt came from Riga.", "Riga")
    assert not known.introduces("The Riga office closed in May.", "Riga")
