"""Numbers and dates of a claim: there, lacking, or with another in their place."""

import pytest

from bot.verification.numbers import exchanged, in_its_place, supported_facts, wrong_facts
from bot.verification.statements import claimed
from tests.bot.verification.fake_likeness import pairing_of

TRIAL = (
    "The trial of 80 patients lasted from January to June 2019. The drug helped 62 of them. "
    "A second trial had 200 patients in 2021."
)


def _found(claim: str, source: str = TRIAL, context: str = "") -> list[tuple[str, str]]:
    return [(one.kind, one.reason) for one in wrong_facts(pairing_of(claim, source, context))]


@pytest.mark.parametrize(
    "claim",
    [
        "The trial of eighty patients lasted until June 2019.",
        "The trial of 80 patients lasted until 2019.",
    ],
)
def test_facts_in_other_forms_fit(claim: str) -> None:
    assert _found(claim) == []


def test_another_number_of_the_kind_is_in_conflict() -> None:
    assert _found("The trial of 90 patients lasted until June 2019.") == [
        ("number", "The passage has “80” where the claim has “90”.")
    ]


def test_a_number_with_no_other_in_its_place_is_lacking() -> None:
    assert _found("The drug cost 5 dollars.", "The drug was cheap.") == [("", "“5” does not stand in the passage.")]


def test_another_month_is_in_conflict() -> None:
    assert _found("The trial lasted until July 2019.")[0][0]


def test_a_year_alone_is_in_conflict_with_that_of_a_date() -> None:
    assert _found("The trial of 80 patients lasted until 2018.")[0][0]


def test_a_number_whose_words_stand_with_another_is_in_doubt() -> None:
    source = "The first trial had 80 patients in Oslo. The second had 200 in Bergen."
    assert _found("The first trial in Oslo had 200 patients.", source) == [
        ("", "The passage has “80” where the claim has “200”.")
    ]


def test_a_year_that_the_article_gives_counts_as_given() -> None:
    assert _found("The drug helped 62 of them in 2020.", "The drug helped 62 of them.", "Trials, 2020") == []


def test_a_decade_is_supported_by_a_year_of_it() -> None:
    assert _found("The mill closed in the 1990s.", "The mill closed in 1994.") == []
    assert _found("The mill closed in the 1980s.", "The mill closed in 1994.") != []


def test_the_facts_that_stand_there_are_counted() -> None:
    assert supported_facts(pairing_of("The trial of 80 patients lasted until June 2019 and cost 7 dollars.", TRIAL)) == 2


def _rival(claim: str, source: str) -> str:
    pairing = pairing_of(claim, source)
    found = next(filter(None, (in_its_place(one, pairing) for one in pairing.claim.facts)), None)
    return source[found.start : found.end] if found else ""


@pytest.mark.parametrize(
    ("claim", "source", "rival"),
    [
        ("The ferry carries 90 passengers.", "The ferry carries 60 passengers and 12 cars.", "60"),
        ("The ferry was launched in 1962.", "The ferry was built in Bergen and launched in 1957.", "1957"),
        ("The ferry was launched on 3 May 1957.", "The ferry was launched on 8 May 1957.", "8 May 1957"),
        ("The crossing takes 40 minutes.", "The crossing takes two hours.", "two"),
        ("The share of walkers fell to 30%.", "The share of walkers fell to 25%.", "25%"),
        ("The ferry cost 3 million euros.", "The ferry cost 3 million Swiss francs.", "3 million"),
    ],
)
def test_another_of_its_kind_and_unit_by_the_same_words(claim: str, source: str, rival: str) -> None:
    assert _rival(claim, source) == rival


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        # It is said of something else.
        ("The ferry was launched in 1962.", "In 1957 the harbour was closed to sailing ships."),
        # It is of another unit, or may be the same money.
        ("The ferry is 40 metres long.", "The ferry is long and carries 60 tonnes."),
        ("The ferry cost 3 million euros.", "The ferry cost 3.4 million dollars."),
        # It is rounder, or a time that holds it.
        ("The ferry carries 61 passengers.", "The ferry carries about 60 passengers."),
        ("The ferry was launched in 1957.", "The ferry was launched in the 1950s."),
    ],
)
def test_what_does_not_exclude_it_is_not_in_its_place(claim: str, source: str) -> None:
    assert _rival(claim, source) == ""


def _crossed(claim: str, source: str) -> bool:
    return exchanged(claimed(claim), [claimed(source)]) is not None


def test_numbers_with_each_others_companions_are_crossed() -> None:
    source = "The households averaged 3.07 and the families averaged 3.62."
    assert _crossed("Families averaged 3.07, and households averaged 3.62.", source)
    assert not _crossed("Households averaged 3.07, and families averaged 3.62.", source)


def test_years_and_counts_are_never_crossed() -> None:
    assert not _crossed("1,442 items came in 1913.", "In 1913 the museum got 1,442 items.")
