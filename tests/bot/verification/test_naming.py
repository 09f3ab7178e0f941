"""Names in a claim, and whether a source has them in any form."""

import pytest

from bot.verification.naming import Known, Name, names_in, related, same_name

SOURCE = (
    "The Broncos of the United States met Kawann Short in Italy. Digital Equipment Corporation paid the Vikings. "
    "Louis XIV slept. In World War II Marie Curie's lab moved to Germany."
)


def _first(text: str) -> Name:
    return names_in(text)[0]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("They saw Queen Elizabeth II in New York.", ["Queen Elizabeth II", "New York"]),
        ("The Bank of England and Ludwig van Beethoven met.", ["Bank of England", "Ludwig van Beethoven"]),
        ("However, Ada's bridge opened in May.", ["Ada"]),
        ("Thirty-five of the V&A's items", ["V&A"]),
        ("an iPhone X with iOS 11", ["iPhone X", "iOS"]),
        ("It was the first, and he left.", []),
        ("Dr. A. B. Clark spoke", ["A. B. Clark"]),
    ],
)
def test_names_are_runs_of_capitalised_words(text: str, names: list[str]) -> None:
    assert [name.text for name in names_in(text)] == names


def test_a_word_that_begins_its_sentence_may_be_no_name() -> None:
    assert _first("Bridges are built.").weak
    assert not _first("They say that Ada came.").weak


@pytest.mark.parametrize(
    "name",
    [
        "the Short",
        "of Americans",
        "the U.S.",
        "by DEC",
        "an Italian",
        "the German",
        "a Viking",
        "in the Second World War",
        "of Marie",
    ],
)
def test_a_source_has_a_name_in_another_form(name: str) -> None:
    assert Known(SOURCE).lacks(_first(name)) == []


@pytest.mark.parametrize(
    "name", ["the Steelers", "in Austria", "by IBM", "king Louis XIII", "the First World War", "of Pierre"]
)
def test_a_source_lacks_other_names(name: str) -> None:
    assert Known(SOURCE).lacks(_first(name))


@pytest.mark.parametrize(
    ("one", "other"), [("italian", "italy"), ("paris", "parisian"), ("vikings", "viking"), ("west", "western")]
)
def test_a_people_and_its_place_are_related(one: str, other: str) -> None:
    assert related(one, other)


@pytest.mark.parametrize(("one", "other"), [("australia", "austria"), ("iran", "iraq"), ("marina", "mario")])
def test_names_that_only_look_alike_are_not(one: str, other: str) -> None:
    assert not related(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Brandt", "Brandt"),
        ("Polish-born", "Poland"),
        ("CSIRO", "Commonwealth Scientific Industrial Research Organisation"),
    ],
)
def test_two_names_may_be_of_one_thing(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("They went to the U.S. Supreme Court.", "The Supreme Court of the United States."),
        ("They asked the UN.", "The United Nations said so."),
        ("It is in the United States.", "The US army came."),
        ("They use RDA.", "It is the recommended dietary allowance."),
        ("The case of Honorable Justice Smith.", "Smith ruled."),
    ],
)
def test_an_abbreviation_an_alias_or_a_title_is_the_same_name(claim: str, source: str) -> None:
    assert [Known(source).lacks(name) for name in names_in(claim)] == [[]]


def test_us_in_small_letters_is_no_country() -> None:
    (name,) = names_in("It is in the United States.")
    assert Known("They let us go.").lacks(name)


def test_what_a_source_writes_small_is_no_name_in_it() -> None:
    assert Known("Many studies show it.").writes_small("Studies")
