"""Citation recall and precision by ALCE's definitions."""

import pytest
from lab_runs import Said, answer, passage, support

from bot.evals.grounding import citation_precision, citation_recall, supporting
from bot.types import Answer
from bot.verification.verify import Verifier
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.encoding.late_interaction import TokenSimilarity

IRON = passage(1, "The bridge is iron")
OPENED = passage(2, "The bridge opened in 1932")
HILLS = passage(3, "The hills are steep")


def says(*said: Said) -> Answer:
    return answer((IRON, OPENED, HILLS), *said)


def both(*said: Said) -> tuple[float | None, float | None]:
    one = says(*said)
    return citation_recall(one, support), citation_precision(one, support)


def test_a_claim_that_its_passage_supports_counts_in_both() -> None:
    assert both(("The bridge is iron", (1,), "supported")) == (1.0, 1.0)


def test_a_claim_without_a_citation_earns_nothing() -> None:
    assert both(("The bridge is iron", (), "uncited")) == (0.0, 0.0)


def test_a_citation_of_a_claim_that_is_not_supported_is_of_no_use() -> None:
    assert both(("The bridge is iron", (3,), "not found")) == (0.0, 0.0)


def test_a_citation_beside_a_sufficient_one_is_of_no_use() -> None:
    assert both(("The bridge is iron", (1, 3), "supported")) == (1.0, 0.5)


def test_two_passages_that_support_a_claim_only_together_are_both_of_use() -> None:
    assert both(("The iron bridge opened in 1932", (1, 2), "supported")) == (1.0, 1.0)


def test_a_number_that_no_passage_has_spoils_its_sentence() -> None:
    assert both(("The bridge is iron", (1, 9), "supported")) == (0.0, 0.0)
    assert both(("The bridge is iron", (9,), "no such passage")) == (0.0, 0.0)


def test_they_are_means_over_claims_and_over_citations() -> None:
    found = both(
        ("The bridge is iron", (1, 3), "supported"),
        ("The hills are steep", (3,), "supported"),
        ("Trams are late", (2,), "not found"),
        ("Trams are slow", (), "uncited"),
    )
    assert found == (0.5, pytest.approx(2 / 4))


def test_an_answer_that_claims_nothing_has_neither() -> None:
    assert both() == (None, None)


def test_the_verifier_is_the_judge(minilm_encoder: LocalEncoder) -> None:
    judge = supporting(Verifier(TokenSimilarity(minilm_encoder.tokens)))
    assert judge("The bridge opened in 1932.", [OPENED])
    assert not judge("The bridge opened in 1933.", [OPENED])
    assert judge("The hills are steep.", [OPENED, HILLS])
