"""What goes with what: numbers with their companions, names with what they do."""

from bot.verification.bindings import (
    agents,
    apart,
    belongs_to_another,
    clauses,
    companions,
    counted,
    distance,
    exchanged,
    patients,
    turned,
)
from bot.verification.statements import Statement, claimed

SALES = claimed("Oslo has 900 shops, and Bergen has 400 shops, while 12 of 80 mills closed.")


def _stems(found: object) -> list[tuple[str, str]]:
    return [(verb, name.text) for verb, name in found]  # type: ignore[attr-defined]


def _crossed(claim: str, source: str) -> bool:
    return exchanged(claimed(claim), [claimed(source)]) is not None


def test_the_nearest_words_are_a_numbers_companions() -> None:
    claim = claimed("In rain, 40 patients slept badly.")
    nearest, *_ = companions(claim.quantities[0], claim, ["patient", "sleep", "rain"])
    assert nearest.text == "patients"


def test_a_clauses_end_parts_things_that_stand_side_by_side() -> None:
    claim = claimed("They paid 40, the rain fell.")
    near, far = (word for word in claim.words if word.text in ("paid", "rain"))
    assert distance(claim, near, claim.quantities[0]) < distance(claim, far, claim.quantities[0])


def test_numbers_with_each_others_companions_are_crossed() -> None:
    source = "The households averaged 3.07 and the families averaged 3.62."
    assert _crossed("Families averaged 3.07, and households averaged 3.62.", source)
    assert not _crossed("Households averaged 3.07, and families averaged 3.62.", source)


def test_years_and_counts_are_never_crossed() -> None:
    assert not _crossed("1,442 items came in 1913.", "In 1913 the museum got 1,442 items.")


def test_a_number_of_a_list_belongs_to_its_name() -> None:
    claim = claimed("Oslo has 400 shops.")
    other = belongs_to_another(claim.quantities[0], claim, SALES)
    assert other is not None
    assert other.value == 900


def test_a_number_in_another_clause_than_its_companions() -> None:
    source = claimed("40% had children under ten, and 50% were couples.")
    claim = claimed("50% had children.")
    rival = apart(claim.quantities[0], claim, source, source.quantities)
    assert rival is not None
    assert rival.value == 40


def test_a_number_may_leave_out_what_it_counts() -> None:
    source = claimed("He planned 3,000 trees, but only 2,100 were planted.")
    claim = claimed("Only 2,100 trees were planted.")
    assert apart(claim.quantities[0], claim, source, source.quantities) is None


def test_what_a_number_counts_is_the_word_behind_it() -> None:
    claim = claimed("He made 24 interceptions.")
    word = counted(claim.quantities[0], claim)
    assert word is not None
    assert word.text == "interceptions"


def test_who_does_it_stands_before_an_active_verb_or_behind_by() -> None:
    assert _stems(agents(claimed("Ada Brandt defeated Karl Weiss."))) == [("defeat", "Ada Brandt")]
    assert _stems(agents(claimed("Karl Weiss was defeated by Ada Brandt."))) == [("defeat", "Ada Brandt")]


def test_to_whom_it_is_done_stands_the_other_way_round() -> None:
    assert _stems(patients(claimed("Ada Brandt defeated Karl Weiss."))) == [("defeat", "Karl Weiss")]


def test_a_place_is_not_who_does_it() -> None:
    assert _stems(agents(claimed("The men of Ner defeated him."))) == []


def _turned(claim: str, source: str) -> bool:
    return turned(claimed(claim), [claimed(source)]) is not None


def test_names_that_changed_places_are_told() -> None:
    assert _turned("Karl Weiss defeated Ada Brandt.", "Ada Brandt defeated Karl Weiss.")
    assert _turned("Karl Weiss beat her.", "She defeated Karl Weiss.")


def test_a_passive_sentence_turns_nothing() -> None:
    assert not _turned("Karl Weiss was defeated by Ada Brandt.", "Ada Brandt defeated Karl Weiss.")


def test_clauses_cover_a_statement_between_their_ends() -> None:
    statement: Statement = claimed("It rained, but they came.")
    assert [statement.text[start:end].strip() for start, end in clauses(statement)] == ["It rained", "they came."]


def test_a_name_on_both_sides_of_what_is_done_is_left_open() -> None:
    assert not _turned(
        "It was Japanese leaders who launched the alliance.",
        "The Japan-Taiwan Leader Alliance was launched by 127 Japanese leaders.",
    )
