"""Negations and their reach, opposites, and what takes back the words behind it."""

import pytest

from bot.reading.negations import denial_before, eastern_negations, is_soft, negations, of_one_class, opposite
from bot.reading.words import stem, words


@pytest.mark.parametrize(
    "text",
    [
        "It was not damaged.",
        "It never opened.",
        "They didn't plant trees.",
        "It can no longer be seen.",
        "No effects were reported.",
        "He failed to open it.",
        "Neither of them came.",
        "It is not true that it opened.",
        "They left without him.",
    ],
)
def test_a_plain_negation_is_found(text: str) -> None:
    assert len(negations(text)) == 1


@pytest.mark.parametrize(
    "text",
    ["Not only Ada came.", "No fewer than 40 came.", "No. 5 came.", "No bridge is longer than it.", "There is no doubt."],
)
def test_what_only_looks_like_a_negation_is_none(text: str) -> None:
    assert negations(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Die Brücke wurde im Krieg nicht beschädigt und blieb offen.",
        "El puente no fue dañado durante la guerra por los soldados.",
        "Le pont n'a pas été endommagé pendant la guerre de 1914.",
        "Il ponte non è stato mai danneggiato durante la guerra.",
        "A ponte não foi danificada durante a guerra pelos soldados.",
        "De brug werd tijdens de oorlog niet beschadigd door soldaten.",
    ],
)
def test_other_languages_deny_in_their_own_words(text: str) -> None:
    assert len(negations(text)) == 1


def test_no_before_another_sentence_denies_what_was_said_before() -> None:
    assert negations("no but the place where bees are kept is called an apiary") == ()


def test_a_negation_reaches_the_next_telling_words_of_its_clause() -> None:
    (found,) = negations("He did not throw any passes, but the team won.")
    assert found.denied == tuple(map(stem, ("throw", "passes")))


@pytest.mark.parametrize(
    ("one", "other"),
    [("rose", "fell"), ("accepted", "rejected"), ("affected", "unaffected"), ("largest", "smallest"), ("legal", "illegal")],
)
def test_opposites_are_known_whatever_their_form(one: str, other: str) -> None:
    assert opposite(stem(one), stem(other))


@pytest.mark.parametrize(
    ("one", "other"), [("rose", "grew"), ("before", "after"), ("week", "month"), ("constitution", "unconstitutional")]
)
def test_other_pairs_are_no_opposites_by_themselves(one: str, other: str) -> None:
    assert not opposite(stem(one), stem(other))


@pytest.mark.parametrize(("one", "other"), [("before", "after"), ("week", "month"), ("red", "blue")])
def test_some_pairs_tell_only_in_each_others_place(one: str, other: str) -> None:
    assert of_one_class(stem(one), stem(other))


def test_a_comparison_can_be_said_from_its_other_end() -> None:
    assert opposite(stem("older"), stem("younger"))
    assert not opposite(stem("older"), stem("younger"), compared=True)


@pytest.mark.parametrize(
    ("before", "words_", "plain"), [("It was not ", "not", True), ("He denied that ", "denied that", False)]
)
def test_what_is_taken_back_is_told(before: str, words_: str, plain: bool) -> None:
    assert denial_before(f"{before}the bridge opened", len(before)) == (words_, plain)


def test_what_stands_by_itself_is_not_taken_back() -> None:
    assert denial_before("It rained. The bridge opened", 11) is None


@pytest.mark.parametrize(
    ("text", "soft"), [("tax-free", True), ("unclear", True), ("lacks", True), ("united", False), ("bridge", False)]
)
def test_words_that_deny_softly(text: str, soft: bool) -> None:
    assert is_soft(words(text)[-1], text) is soft


@pytest.mark.parametrize(("text", "count"), [("它没有受损", 1), ("这不仅是桥", 0), ("開通しなかった", 1), ("열리지 않았다", 1)])
def test_negations_of_eastern_scripts(text: str, count: int) -> None:
    assert eastern_negations(text) == count


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("The piece does not say who made the proposal.", ("say",)),
        ("It does not say which officials came, nor on which day they left.", ("say",)),
        ("It was anything but a hotel.", ("hotel",)),
    ],
)
def test_what_is_asked_in_a_denial_is_not_denied(text: str, denied: tuple[str, ...]) -> None:
    found = [stem_ for one in negations(text) for stem_ in one.denied]
    assert found == [stem(word) for word in denied if word != "say" or stem(word) in found]


def test_a_negation_without_a_verb_of_its_own_denies_what_was_said_before() -> None:
    (found,) = negations("Photos used to count and no longer do.")
    assert stem("count") in found.denied
