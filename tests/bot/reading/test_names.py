"""Names in a claim, and whether a source has them in any form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.names import KnownNames, Name, common_words, names, names_in, related, same_name, with_capitals, word_set

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
    assert KnownNames(SOURCE).lacks(_first(name)) == []


@pytest.mark.parametrize(
    "name", ["the Steelers", "in Austria", "by IBM", "king Louis XIII", "the First World War", "of Pierre"]
)
def test_a_source_lacks_other_names(name: str) -> None:
    assert KnownNames(SOURCE).lacks(_first(name))


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
        ("The case of Honorable Justice Smith.", "Smith ruled."),
    ],
)
def test_an_abbreviation_an_alias_or_a_title_is_the_same_name(claim: str, source: str) -> None:
    assert [KnownNames(source).lacks(name) for name in names_in(claim)] == [[]]


def test_us_in_small_letters_is_no_country() -> None:
    (name,) = names_in("It is in the United States.")
    assert KnownNames("They let us go.").lacks(name)


def test_what_a_source_writes_small_is_no_name_in_it() -> None:
    assert KnownNames("Many studies show it.").writes_small("Studies")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The op-ed was translated by Eddy Chang.", ["Eddy Chang"]),
        ("It was led by Ludwig van Beethoven and by the Bank of England.", ["Ludwig van Beethoven", "Bank of England"]),
        ("Yao Chung-yuan is a professor.", ["Yao Chung-yuan"]),
        ("However, Yao disagreed.", ["Yao"]),
        ("The Abe administration declined.", ["Abe"]),
        ("In Tokyo, leaders met.", ["Tokyo"]),
        ("Yao's op-ed names Abe’s rule.", ["Yao", "Abe"]),
        ("It was held in Tokyo.", ["Tokyo"]),
        ("He wrote: “The Diet must act.”", ["Diet"]),
        ("Łukasz met Élodie Åkesson in Łódź.", ["Łukasz", "Élodie Åkesson", "Łódź"]),
        ("It was Deng Xiaoping (鄧小平).", ["Deng Xiaoping", "鄧小平"]),
        ("The U.S. and NATO agreed.", ["U.S", "NATO"]),
        ("He met J. R. R. Tolkien.", ["J. R. R. Tolkien"]),
        ("The launch was in December, on a Friday.", []),
        ("When I left, nobody spoke.", []),
        ("Cooperation remains a sensitive issue.", []),
        ("Fear has never left the party.", ["Fear"]),  # nothing in its form tells it from "Musk has never left"
        ("Institutions remain weak.", []),
        ("Restrictions stand in the way. Such laws are rare.", []),
        ("nothing here is a name", []),
        ("", []),
    ],
)
def test_names_as_they_stand(text: str, found: list[str]) -> None:
    assert names(text) == found


def test_a_word_written_small_elsewhere_is_no_name_at_the_beginning() -> None:
    common = common_words(["The ships of Ner lay there.", "Brown was the brown dog of Mr Brown."])
    assert names("Ships lay there. Brown barked. Musk left.", common) == ["Brown", "Musk"]


def test_common_words_are_those_that_are_never_names() -> None:
    assert common_words(["Ner saw the Bay.", "The bay froze.", "the ships"]) == {"saw", "froze", "the", "ships"}


@given(st.text())
def test_names_are_words_of_the_text(text: str) -> None:
    assert all(name in text for name in names(text))


@pytest.mark.parametrize(
    ("asked", "written"),
    [("who is ada brandt", "who is Ada Brandt"), ("what did o'brien say", "what did O'Brien say"), ("is it red", "is it red")],
)
def test_names_typed_small_get_the_capitals_of_the_sources(asked: str, written: str) -> None:
    sources = ["Then Ada Brandt came.", "They met O’Brien in a red house.", "The red one of Ada is old."]
    assert with_capitals(asked, sources) == written


def test_words_are_told_apart_without_case() -> None:
    assert word_set("Taiwan, TAIWAN and Straße") == {"taiwan", "and", "strasse"}
