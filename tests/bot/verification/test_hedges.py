"""Bounds, duties, plans, shares, rumours and changed places: what the claim says more surely or more widely than its source."""

import pytest

from bot.verification.evidence import Evidence
from bot.verification.hedges import hedged
from bot.verification.statements import claimed, taken_apart
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.encoding.similarity import TokenSimilarity


@pytest.fixture(scope="module")
def likeness(minilm_encoder: LocalEncoder) -> TokenSimilarity:
    return TokenSimilarity(minilm_encoder.tokens)


def told(claim: str, source: str, likeness: TokenSimilarity) -> list[str]:
    return [one.reason for one in hedged(Evidence(claimed(claim), taken_apart(source), likeness).pairing)]


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The chain has fewer than 460 shops.", "The chain has more than 460 shops in three countries."),
        ("Residents do not have to sort their waste.", "Residents must sort their waste into four bins."),
        ("Members are obliged to vote.", "Members need not vote, but most of them do."),
        ("The plan has already been approved.", "The plan must still be approved by the council."),
        ("The tunnel was opened in May.", "The tunnel is expected to be opened in May."),
        ("Few of the houses were damaged.", "Most of the houses were damaged by the flood."),
        ("Every school took part in the study.", "Some schools took part in the study."),
        ("The firm denied that it sold the ship.", "The firm sold the ship in June."),
        ("Borealis acquires Cantor.", "Cantor acquires Borealis for nine million euros."),
    ],
)
def test_what_is_said_more_surely_or_of_others_is_told(claim: str, source: str, likeness: TokenSimilarity) -> None:
    assert told(claim, source, likeness)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The chain has over 460 shops.", "The chain has more than 460 shops in three countries."),
        ("Waste has to be sorted by the residents.", "Residents must sort their waste into four bins."),
        ("The plan still needs approval.", "The plan must still be approved by the council."),
        ("The tunnel will open in May.", "The tunnel is expected to be opened in May."),
        ("The majority of the houses were damaged.", "Most of the houses were damaged by the flood."),
        ("All guests were counted in some rooms.", "Some rooms were full, and all guests were counted."),
        ("The firm denied the charge.", "The firm denied that it had sold the ship."),
        ("Cantor bought Borealis.", "Cantor bought Borealis for nine million euros."),
        ("Borealis was bought by Cantor.", "Cantor bought Borealis for nine million euros."),
    ],
)
def test_the_same_in_other_words_is_left_alone(claim: str, source: str, likeness: TokenSimilarity) -> None:
    assert told(claim, source, likeness) == []
