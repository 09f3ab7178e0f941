"""Texts taken apart, and the pieces of a source that a model sees whole."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.verification.statements import (
    BORDER,
    MOST_COMPARED,
    PIECE,
    Statement,
    claimed,
    clauses,
    companions,
    distance,
    taken_apart,
)

TEXT = "The bridge opened on 4 May 1931. It carries 127 trains, and Ada Brandt did not pay."


def test_each_sentence_has_its_own_facts() -> None:
    first, second = taken_apart(TEXT).sentences
    assert ([date.year for date in first.dates], first.quantities) == ([1931], ())
    assert [one.value for one in second.quantities] == [127]
    assert [name.text for name in second.names] == ["Ada Brandt"]
    assert len(second.negations) == 1


def test_numbers_are_compared_by_their_value_in_any_form() -> None:
    assert "#127" in claimed("one hundred and twenty-seven trains").keys & claimed("127 trains").keys


def test_the_ordinal_of_a_name_is_no_number() -> None:
    assert claimed("It closed in the Second World War.").quantities == ()


def test_what_is_denied_is_offered_as_its_opposite() -> None:
    assert "undamag" in claimed("It was not damaged.").offered


def test_eastern_words_are_compared_by_pairs_of_characters() -> None:
    assert "大橋" in claimed("大橋は開通した").keys


def test_pieces_are_whole_sentences_and_short() -> None:
    source = taken_apart("The old bridge at Ner carries many trains a day. " * 60)
    assert len(source.pieces) > 1
    assert all(end - start <= 4 * PIECE for start, end in source.pieces)
    assert {start for start, _ in source.pieces} <= {one.start for one in source.sentences}


def test_no_piece_holds_words_of_two_passages() -> None:
    text = f"One ends here.\n{BORDER}\nAnother begins."
    assert [text[start:end] for start, end in taken_apart(text).pieces] == ["One ends here.", "Another begins."]


def test_a_table_in_one_line_is_looked_at_in_part() -> None:
    assert len(claimed("7 cats " * 500).quantities) == MOST_COMPARED


@given(st.text(min_size=1, max_size=120))
def test_any_text_can_be_taken_apart(text: str) -> None:
    source = taken_apart(text)
    assert all(0 <= one.start <= one.end <= len(text) for one in source.sentences)


def test_the_nearest_words_are_a_numbers_companions() -> None:
    claim = claimed("In rain, 40 patients slept badly.")
    nearest, *_ = companions(claim.quantities[0], claim, ["patient", "sleep", "rain"])
    assert nearest.text == "patients"


def test_a_clauses_end_parts_things_that_stand_side_by_side() -> None:
    claim = claimed("They paid 40, the rain fell.")
    near, far = (word for word in claim.words if word.text in ("paid", "rain"))
    assert distance(claim, near, claim.quantities[0]) < distance(claim, far, claim.quantities[0])


def test_clauses_cover_a_statement_between_their_ends() -> None:
    statement: Statement = claimed("It rained, but they came.")
    assert [statement.text[start:end].strip() for start, end in clauses(statement)] == ["It rained", "they came."]


def test_a_part_has_no_text_of_its_own() -> None:
    source = taken_apart("It rained. " * 400 + "The bridge is open.")
    assert source.part((4_400, 4_419)).text is source.sentences[0].text


def test_a_part_that_was_read_is_not_read_again_for_a_narrowed_source() -> None:
    source = taken_apart("The bridge is open. It rained.")
    read = source.part((0, 19))
    assert replace(source, given=read).part((0, 19)) is read
