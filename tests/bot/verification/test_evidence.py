"""Which sentences of a source a claim rests on, and how surely."""

from bot.verification.evidence import MOST_PIECES, SUPPORTED, Evidence, pieces
from bot.verification.statements import claimed, taken_apart
from tests.bot.verification.fake_likeness import FakeLikeness, evidence_of

TEXT = "It rained. The bridge at Ner opened in spring. Ada Brandt paid for it. Cats purr. The mayor of Oss spoke."


def test_the_sentence_that_says_most_comes_first() -> None:
    assert evidence_of("In spring the bridge opened.", TEXT).pairing.chosen[0] == 1


def test_a_further_sentence_is_counted_in_where_it_adds_enough() -> None:
    assert set(evidence_of("The bridge opened, and the mayor of Oss spoke.", TEXT).pairing.chosen) == {1, 4}


def test_no_other_sentence_is_counted_in_where_one_says_all() -> None:
    assert evidence_of("In spring the bridge at Ner opened.", TEXT).pairing.chosen == (1,)


def test_what_is_said_is_likely_and_what_is_not_is_not() -> None:
    assert evidence_of("In spring the bridge opened.", TEXT).likely > 0.9
    assert evidence_of("Dogs bark at night.", TEXT).likely < 0.1


def test_a_number_that_stands_there_lowers_the_bar() -> None:
    source = "The bridge carries 127 trains."
    plain, counted = evidence_of("Bridge traffic: trains.", source), evidence_of("Bridge traffic: 127 trains.", source)
    assert counted.likely > plain.likely or counted.score > SUPPORTED


def test_a_clause_of_which_nothing_is_said_is_told() -> None:
    (found,) = evidence_of("The bridge at Ner opened in spring, and the ferry firm went bankrupt.", TEXT).unsaid()
    assert "the ferry firm went bankrupt" in found.reason


def test_a_claim_that_repeats_a_sentence_asks_for_no_likeness() -> None:
    likeness = FakeLikeness()
    claim, source = claimed("The bridge at Oss opened in spring."), taken_apart(TEXT)
    assert Evidence(claim, source, likeness).likely > 0.5
    assert likeness.grids == 0


def test_of_a_long_source_only_the_pieces_that_share_words_are_compared() -> None:
    text = (
        "Cats purr all day long in the sun of the yard. " * 100 + "The bridge at Ner opened. " + "Dogs bark at the moon. " * 100
    )
    source = taken_apart(text)
    chosen = pieces(claimed("The bridge at Ner"), source)
    assert len(chosen) == MOST_PIECES
    assert any("bridge" in text[start:end] for start, end in chosen)
