"""The words that a reason names are found in the text that they belong to, and nowhere else."""

import pytest

from bot.verification.differences import differing_words
from vectorstore.types import Span

CLAIM = "On 5 May 134 leaders, all of them mayors, did not sign; 12 of 120 came at 1.12 p.m."
PASSAGE = "On 5 May 127 leaders signed, and 134 others never came; Mara Lund banned 12."


def words(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [text[slice(*span)] for span in spans]


@pytest.mark.parametrize(
    ("reason", "mine", "theirs"),
    [
        ("The passage has “127” where the claim has “134”.", ["134"], ["127"]),
        ("The passage has “MARA  Lund” where the claim has “all”.", ["all"], ["Mara Lund"]),
        ("“mayors” does not stand in the passage.", ["mayors"], []),
        ("The passage does not say “all” of it.", ["all"], []),
        ("The claim says “not”, and the passage does not.", ["not"], []),
        ("The passage says “never”, and the claim does not.", [], ["never"]),
        ("The passage has “banned” before it.", [], ["banned"]),
        ("The passage has “134” and “12” the other way round.", ["134", "12"], ["134", "12"]),
        ("The words “did not sign” do not stand in the passage.", ["did not sign"], []),
        ("The row of “leaders” has “127” under “others”, not “134”.", ["134", "leaders"], ["127", "leaders", "others"]),
        ("The passage does not have the address https://a.b/c.", [], []),
        ("", [], []),
    ],
)
def test_the_words_in_question_are_found(reason: str, mine: list[str], theirs: list[str]) -> None:
    found = differing_words(reason, CLAIM, PASSAGE)
    assert (words(CLAIM, found.claim), words(PASSAGE, found.passage)) == (mine, theirs)


def test_words_within_other_words_are_marked_once() -> None:
    found = differing_words("The claim has “in 1932” and the claim has “1932”.", "It opened in 1932.", "")
    assert found.claim == ((10, 17),)


def test_where_words_are_not_set_apart_they_are_found_too() -> None:
    found = differing_words(
        "The passage has “九日間” where the claim has “十日間”.", "船は十日間止まった。", "船は九日間止まった。"
    )
    assert (found.claim, found.passage) == (((2, 5),), ((2, 5),))
