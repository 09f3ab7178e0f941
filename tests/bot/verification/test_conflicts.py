"""Numbers and dates of a claim: there, lacking, or with another in their place."""

import pytest

from bot.verification.conflicts import supported_facts, wrong_facts
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
