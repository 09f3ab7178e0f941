"""Names of a claim: there in any form, lacking, or with another in their place."""

from bot.verification.entities import agents, patients, roles_swapped, wrong_names
from bot.verification.statements import claimed
from tests.bot.verification.fake_likeness import pairing_of

ELECTION = "Ada Brandt was elected chair in 2004. Karl Weiss left the council. She moved to Oslo in 2010."


def _found(claim: str, source: str = ELECTION, alike: dict[str, str] | None = None) -> list[tuple[str, str]]:
    return [(one.kind, one.reason) for one in wrong_names(pairing_of(claim, source, "", alike))]


def test_a_surname_will_do() -> None:
    assert _found("In 2004 Brandt was elected chair.") == []


def test_a_fuller_name_than_the_sources_will_do() -> None:
    assert _found("In 2004 Ada Maria Brandt was elected chair.") == []


def test_a_name_that_the_passage_lacks_is_lacking() -> None:
    assert _found("They say Tom was elected chair in 2004.") == [("", "“Tom” does not stand in the passage.")]


def test_another_name_in_its_place_is_in_conflict() -> None:
    found = _found("She moved to Bergen in 2010.", alike={"Bergen": "Oslo"})
    assert found == [("other", "The passage has “Oslo” where the claim has “Bergen”.")]


def test_a_name_from_elsewhere_conflicts_where_another_stands() -> None:
    found = _found("In 2004 Karl Weiss was elected chair.", alike={"Karl": "Ada", "Weiss": "Brandt"})
    assert ("other", "The passage has “Ada Brandt” where the claim has “Karl Weiss”.") in found


def test_a_pronoun_may_stand_for_what_the_claim_is_about() -> None:
    assert _found("Ada Brandt moved to Oslo in 2010.") == []


def test_names_on_the_wrong_side_of_a_verb_are_in_conflict() -> None:
    found = _found("Karl Weiss defeated Ada Brandt.", "Ada Brandt defeated Karl Weiss.")
    assert found[-1] == ("other", "The passage does not have “Karl Weiss” in this part, but the other way round.")


def test_a_word_that_only_begins_the_claim_is_never_missed() -> None:
    assert _found("Based on votes she was elected chair in 2004.") == []


def _stems(found: object) -> list[tuple[str, str]]:
    return [(verb, name.text) for verb, name in found]  # type: ignore[attr-defined]


def test_who_does_it_stands_before_an_active_verb_or_behind_by() -> None:
    assert _stems(agents(claimed("Ada Brandt defeated Karl Weiss."))) == [("defeat", "Ada Brandt")]
    assert _stems(agents(claimed("Karl Weiss was defeated by Ada Brandt."))) == [("defeat", "Ada Brandt")]


def test_to_whom_it_is_done_stands_the_other_way_round() -> None:
    assert _stems(patients(claimed("Ada Brandt defeated Karl Weiss."))) == [("defeat", "Karl Weiss")]


def test_a_place_is_not_who_does_it() -> None:
    assert _stems(agents(claimed("The men of Ner defeated him."))) == []


def _turned(claim: str, source: str) -> bool:
    return roles_swapped(claimed(claim), [claimed(source)]) is not None


def test_names_that_changed_places_are_told() -> None:
    assert _turned("Karl Weiss defeated Ada Brandt.", "Ada Brandt defeated Karl Weiss.")
    assert _turned("Karl Weiss beat her.", "She defeated Karl Weiss.")


def test_a_passive_sentence_turns_nothing() -> None:
    assert not _turned("Karl Weiss was defeated by Ada Brandt.", "Ada Brandt defeated Karl Weiss.")


def test_a_name_on_both_sides_of_what_is_done_is_left_open() -> None:
    assert not _turned(
        "It was Japanese leaders who launched the alliance.",
        "The Japan-Taiwan Leader Alliance was launched by 127 Japanese leaders.",
    )
