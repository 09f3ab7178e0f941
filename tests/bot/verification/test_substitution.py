"""Words in each other's place, where a claim repeats a sentence nearly word for word."""

import pytest

from bot.verification.substitution import substitutions
from tests.bot.verification.fake_likeness import FakeLikeness, evidence_of

SENTENCE = "The old mill at Ner was bought by Ada Brandt for 40 dollars in the spring of the year."


def _found(claim: str, alike: float = 0.0, source: str = SENTENCE) -> list[tuple[str, str]]:
    evidence = evidence_of(claim, source)
    found = substitutions(evidence.pairing, evidence.alignment, lambda _one, _other: alike, 0.65, 0.3)
    return [(one.kind, one.reason) for one in found]


@pytest.mark.parametrize(
    ("old", "new"),
    [("Ner", "Oss"), ("Ada Brandt", "Karl Weiss"), ("40", "50"), ("spring", "autumn"), ("old", "new")],
)
def test_another_fact_in_the_same_place_is_in_conflict(old: str, new: str) -> None:
    ((conflict, reason), *_) = _found(SENTENCE.replace(old, new))
    assert conflict
    assert "where the claim has" in reason


def test_a_negation_put_in_is_in_conflict() -> None:
    assert _found(SENTENCE.replace("was bought", "was not bought")) == [
        ("denial", "The claim says “not”, and the passage does not.")
    ]


def test_a_negation_taken_out_is_in_conflict() -> None:
    assert _found(SENTENCE, source=SENTENCE.replace("was bought", "was never bought"))[0][0]


def test_a_single_other_word_is_suspect_unless_it_means_the_same() -> None:
    claim = SENTENCE.replace("mill", "windmill")
    assert _found(claim, alike=0.6) == [("", "The passage has “mill” where the claim has “windmill”.")]
    assert _found(claim, alike=0.7) == []


def test_where_several_words_differ_it_is_another_wording() -> None:
    assert _found(SENTENCE.replace("bought", "purchased").replace("dollars", "coins")) == []


def test_numbers_that_change_places_are_in_conflict() -> None:
    assert _found("She won by 47 votes to 52.", source="She won by 52 votes to 47.")[0][0]


def test_the_fake_knows_the_same_word() -> None:
    assert FakeLikeness().alike("mill", "mills") == 1
