"""Which sentences can be evidence for a claim."""

from bot.verification.relevance import Relevance
from bot.verification.statements import claimed, taken_apart
from tests.bot.verification.fake_likeness import pairing_of

TALK = "TOBIAS: The depot has no cold water. It is small.\n\nADA: Rent will be waived for six months.\n"
QUESTIONS = "Q: Who pays for the garden?\nA: Visitors do. The city gave us the land.\n\nQ: Is it open?\nA: No.\n"


def _foreign(claim: str, source: str) -> list[str]:
    read = taken_apart(source)
    relevance = Relevance(claimed(claim), read)
    return [source[one.start : one.end] for n, one in enumerate(read.sentences) if n in relevance.foreign]


def test_what_another_speaker_says_is_no_evidence() -> None:
    assert _foreign("Ada said that the depot has no cold water.", TALK) == [
        "TOBIAS: The depot has no cold water.",
        "It is small.",
    ]


def test_a_claim_that_names_nobody_may_rest_on_anybody() -> None:
    assert _foreign("The depot has no cold water.", TALK) == []


def test_a_sentence_that_has_the_name_itself_is_evidence() -> None:
    talk = "TOBIAS: Ada waived the rent.\n\nADA: I did it in May.\n"
    assert "TOBIAS: Ada waived the rent." not in _foreign("Ada waived the rent.", talk)


def test_a_question_is_no_evidence() -> None:
    assert "Q: Who pays for the garden?" in _foreign("The city pays for the garden.", QUESTIONS)


def test_two_turns_do_not_add_up_to_one_statement() -> None:
    relevance = Relevance(claimed("The depot has no rent."), taken_apart(TALK))
    assert relevance.together(0, 1)
    assert not relevance.together(0, 2)


def test_they_do_for_a_claim_of_two_clauses() -> None:
    relevance = Relevance(claimed("The depot has no cold water, but rent will be waived."), taken_apart(TALK))
    assert relevance.together(0, 2)


def test_the_question_counts_with_its_answer() -> None:
    relevance = Relevance(claimed("Visitors pay for the garden."), taken_apart(QUESTIONS))
    assert "garden" in relevance.offered[1]


def test_no_takes_the_question_back() -> None:
    pairing = pairing_of("The garden is open.", QUESTIONS)
    assert [one.reason for one in Relevance(pairing.claim, taken_apart(QUESTIONS)).answers(pairing)] == [
        "The passage answers “Q: Is it open?” with “A: No.”."
    ]


def test_whom_the_passage_says_it_of_is_told() -> None:
    pairing = pairing_of("Ada said that the depot has no cold water.", TALK)
    (problem,) = Relevance(pairing.claim, taken_apart(TALK)).elsewhere(pairing.chosen)
    assert problem.reason == "The passage has this from “TOBIAS”, not “ADA”."


def test_another_rows_names_are_not_known() -> None:
    table = "| Village | Mayor |\n|---|---|\n| Aal | Ada Roos |\n| Bek | Karl Vos |\n"
    pairing = pairing_of("The mayor of Bek is Ada Roos.", table)
    assert pairing.source.known.lacks(pairing.claim.names[-1]) == ["ada", "roos"]
