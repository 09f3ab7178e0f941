"""What the sentences of a source leave open of a claim, though they are about the same."""

import pytest

from bot.verification.evidence import Evidence
from bot.verification.omissions import in_order_of_dates, not_asserted, omissions, wrong_order
from bot.verification.statements import claimed, taken_apart
from tests.bot.verification.fake_likeness import pairing_of
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.encoding.late_interaction import TokenSimilarity

FERRY = (
    "The ferry Terna leaves Oss on Fridays. Two of its five boats failed the test. You may book a bed three days ahead. "
    "The captain asked that the mast be painted in May. The deck was swept until the guests had left. "
    "Ada Brandt is the captain. An old pier stands at Ner, and gulls nest on the roof of the mill."
)


@pytest.fixture(scope="module")
def likeness(minilm_encoder: LocalEncoder) -> TokenSimilarity:
    return TokenSimilarity(minilm_encoder.tokens)


def open_of(claim: str, likeness: TokenSimilarity, source: str = FERRY) -> list[str]:
    evidence = Evidence(claimed(claim), taken_apart(source), likeness)
    return [one.reason for one in omissions(evidence.pairing, likeness.alike)]


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("Ada Brandt is the captain and a dentist.", "“dentist” does not stand in the passage."),
        ("All its boats failed the test.", "The passage does not say “All” of it."),
        ("You must book a bed three days ahead.", "The passage does not say “must” of it."),
        ("The ferry leaves on Fridays because gulls nest on the roof.", "The passage does not say “because” of it."),
        ("The deck was swept before the guests left.", "The passage has “until” where the claim has “before”."),
        ("The mast was painted in May.", "The passage says “asked that” before it."),
        ("Fewer than two boats failed the test.", "The passage says “More than two”."),
        ("The captain denied that gulls nest on the roof.", "The passage does not say “denied”."),
    ],
)
def test_what_is_not_said_is_told(claim: str, told: str, likeness: TokenSimilarity) -> None:
    assert told in open_of(claim, likeness, FERRY.replace("Two of", "More than two of") if "Fewer" in claim else FERRY)


@pytest.mark.parametrize(
    "claim",
    [
        "Two boats of the ferry failed their test.",
        "A bed may be booked three days ahead.",
        "The ferry goes every Friday.",
        "The captain is Ada Brandt.",
        "The captain wanted the mast to be painted in May.",
    ],
)
def test_other_words_for_the_same_leave_nothing_open(claim: str, likeness: TokenSimilarity) -> None:
    assert open_of(claim, likeness) == []


def test_what_a_pronoun_stands_for_may_be_named_before(likeness: TokenSimilarity) -> None:
    source = "The bridge at Ner opened in 1931. Queen Maria came. Many wept. It was not damaged in the war."
    assert open_of("The war did not damage the bridge.", likeness, source) == []


def test_an_exception_to_what_is_said_of_all_is_told(likeness: TokenSimilarity) -> None:
    source = "All conifers keep their needles for years; the larch is the exception, and drops its needles in autumn."
    assert "The passage says “exception” of it." in open_of("All conifers keep their needles.", likeness, source)


def test_in_a_long_claim_a_word_may_be_the_writers_own(likeness: TokenSimilarity) -> None:
    claim = (
        "Notably, the ferry Terna leaves Oss on Fridays, two of its five boats failed the test, and Ada Brandt is the captain."
    )
    assert open_of(claim, likeness) == []


def test_all_of_one_thing_is_not_all_of_another(likeness: TokenSimilarity) -> None:
    source = "The ministers took part. Two guests of each country sat at the table."
    assert "The passage does not say “All” of it." in open_of("All ministers took part.", likeness, source)
    assert open_of("All ministers took part.", likeness, "Each of the ministers took part.") == []


def test_what_the_dates_tell_needs_no_before(likeness: TokenSimilarity) -> None:
    source = "The first satellite was launched in 1957. Apollo landed people on the moon in 1969."
    assert open_of("The satellite was launched before Apollo landed on the moon.", likeness, source) == []


def _not_asserted(claim: str, source: str) -> list[str]:
    return [one.reason for one in not_asserted(pairing_of(claim, source))]


@pytest.mark.parametrize(
    ("claim", "source", "reason"),
    [
        ("The Diet passed the law.", "The Diet would have to pass the law.", "The passage says “would have to pass”."),
        (
            "The Huns conquered the coast.",
            "The Huns attempted to conquer the coast.",
            "The passage says “attempted to conquer”.",
        ),
        (
            "The union will pay for the damage.",
            "The union has not said whether it will pay for the damage.",
            "The passage says “not said whether” before it.",
        ),
    ],
)
def test_what_is_not_said_to_be_so_is_told(claim: str, source: str, reason: str) -> None:
    assert reason in _not_asserted(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The Diet would have to pass the law.", "The Diet would have to pass the law."),
        ("The Diet may have passed the law.", "The Diet would have to pass the law."),
        ("The term is applied to games.", "The term may also be applied to games."),
        ("The union has not said that it will pay.", "The union has not said whether it will pay."),
        ("Karl won the title.", "Karl managed to win the title."),
    ],
)
def test_what_is_said_alike_is_left(claim: str, source: str) -> None:
    assert _not_asserted(claim, source) == []


SPACE = "The first satellite was launched in 1957. People landed on the moon in 1969."


def _wrong_order(claim: str, source: str) -> list[str]:
    return [one.reason for one in wrong_order(pairing_of(claim, source))]


def test_before_for_after_is_told() -> None:
    found = _wrong_order("The law was adopted before the embassy moved.", "The law was adopted after the embassy had moved.")
    assert found == ["The passage has “after” where the claim has “before”."]


def test_dates_tell_which_came_first() -> None:
    claim = "People landed on the moon before the first satellite was launched."
    assert _wrong_order(claim, SPACE) == ["By the dates in the passage it was the other way round."]
    assert _wrong_order("The first satellite was launched before people landed on the moon.", SPACE) == []


@pytest.mark.parametrize("claim", ["The first satellite was launched.", "Karl ate before Ada slept."])
def test_without_both_dates_nothing_is_said_of_the_order(claim: str) -> None:
    assert in_order_of_dates(pairing_of(claim, SPACE)) is None
