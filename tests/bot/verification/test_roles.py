"""Who does what to whom: roles exchanged around a verb, and a verb with another object."""

import pytest

from bot.verification.roles import opening_subject, other_object, roles_turned
from bot.verification.statements import claimed
from tests.bot.verification.fake_likeness import FakeLikeness, pairing_of

TALK = """HOLM: Who taught you?

VIK: Old Ada Brandt lent me a saw and showed me how to use it. I called the foreman."""


def _turned(claim: str, source: str) -> bool:
    return roles_turned(pairing_of(claim, source)) is not None


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Japan proposed a plan to Taiwan.", "Taiwan proposed a plan to Japan."),
        ("The workers praised the writer.", "The unnamed writer praised the workers in a newspaper."),
        ("The army is holding back the islands.", "The islands are holding back the army."),
        ("The clerk answered the chairwoman.", "The chairwoman answered that the county would pay."),
        ("The ministers gave a key to the mill.", "The ministers were given a key to the mill."),
        ("The mill was named after the nurse.", "The nurse was named after the mill."),
        ("Vik lent Brandt a saw.", TALK),
        ("The foreman called Vik.", TALK),
    ],
)
def test_roles_that_are_exchanged_are_told(claim: str, source: str) -> None:
    assert _turned(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The plan was proposed by Taiwan.", "Taiwan proposed a plan to Japan."),
        ("Taiwan was proposed a plan by Japan.", "Japan proposed a plan to Taiwan."),
        ("Brandt lent Vik a saw.", TALK),
        ("Vik called the foreman.", TALK),
        ("Thirty choirs were performed outdoors.", "Thirty choirs performed outdoors before a crowd."),
        ("Degrees are required of teachers.", "Teachers are required to have degrees."),
        ("Ned sings “Give Karl the Keys”.", "“Karl Gave the Keys to Ned” was written by Ned."),
    ],
)
def test_the_same_in_other_words_is_not_turned(claim: str, source: str) -> None:
    assert not _turned(claim, source)


def test_a_pronoun_stands_for_whom_the_paragraph_is_about() -> None:
    source = "Ada Brandt blames the flood. The gravel was washed away. She rejects the view of the drivers' union."
    assert _turned("The union rejects Brandt's view.", source)


def _object(claim: str, source: str) -> str:
    found = other_object(pairing_of(claim, source), FakeLikeness({"tower": "spire"}).alike)
    return found.reason if found else ""


def test_a_verb_with_another_object_is_told() -> None:
    found = _object("The officials signed a treaty.", "The officials signed a petition in May.")
    assert found == "The passage has “petition” where the claim has “treaty”."


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("They painted the tower.", "They painted the old spire."),
        ("They signed the petition.", "They signed a long petition."),
        ("Work raises the chance of error.", "Work raises the risk of error."),
        ("They met the mayor.", "They met Karl Weiss."),
    ],
)
def test_an_object_that_may_be_the_same_is_left(claim: str, source: str) -> None:
    assert _object(claim, source) == ""


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("The old bridge at Ner opened in 1931.", "The old bridge"),
        ("The University of Bergen has moved.", "The University of Bergen"),
        ("In May the bridge opened.", ""),
        ("When it rains, the pool closes.", ""),
    ],
)
def test_what_a_sentence_opens_with_is_its_subject(text: str, subject: str) -> None:
    assert opening_subject(claimed(text)) == subject
