"""Names of a claim: there in any form, lacking, or with another in their place."""

from bot.verification.misnaming import wrong_names
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
