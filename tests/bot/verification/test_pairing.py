"""A claim beside its sentences: what stands there, and how it is told."""

from bot.reading.names import names_in
from bot.verification.pairing import holds, stands
from bot.verification.statements import claimed
from tests.bot.verification.fake_likeness import pairing_of


def test_a_year_stands_in_a_date() -> None:
    (year,) = claimed("in 1931").quantities
    assert holds(claimed("on 4 May 1931"), year)


def test_less_of_a_date_stands_in_more_of_it() -> None:
    (month,) = claimed("in May 1931").dates
    assert holds(claimed("on 4 May 1931"), month)
    assert not holds(claimed("in 1931"), month)


def test_a_name_stands_by_a_part_of_it_but_not_by_its_home() -> None:
    (name,) = names_in("saw William White of Oslo")[:1]
    nothing = claimed("")
    assert stands(name, claimed("It was White who came."), nothing)
    assert not stands(name, claimed("He lives in Oslo."), nothing)


def test_names_that_the_claim_has_in_no_form_are_unclaimed() -> None:
    pairing = pairing_of("Brandt went there.", "Ada Brandt met Karl Weiss there.")
    assert [name.text for name in pairing.unclaimed] == ["Karl Weiss"]


def test_a_conflict_tells_both_and_its_sentence() -> None:
    pairing = pairing_of("It carries 5 trains.", "It rained. It carries 7 trains.")
    problem = pairing.conflict(pairing.near[0].quantities[0], pairing.claim.quantities[0])
    assert (problem.reason, problem.at) == ("The passage has “7” where the claim has “5”.", 1)
