"""Claims with their footnotes, and footnotes with their passages."""

from dataclasses import replace

import pytest

from bot.answering.cited import groups, markers, passage_of
from bot.types import Answer, Citation, Claim, Passage

TEXT = "The bridge was opened in 1932. It was the longest of its kind."


def citation(n: int, start: int = 0, end: int = 30, article: str = "bridge.txt") -> Citation:
    return Citation(n, article, "The bridge", start, end, TEXT[start:end], "supported")


def passage(n: int, start: int, end: int, article: str = "bridge.txt") -> Passage:
    return Passage(n, article, "The bridge", "", "", start, end, TEXT[start:end], 1.0)


def answer(numbers: tuple[int, ...], *claims: tuple[int, ...]) -> Answer:
    """An answer with footnotes of these numbers, and claims that carry some of them."""
    made = tuple(Claim(f"Claim {at}.", 0, 8, "supported", wanted) for at, wanted in enumerate(claims))
    passages = (passage(1, 0, 30), passage(2, 31, 62))
    return Answer("When?", "When?", "", False, 0.9, "model", made, tuple(map(citation, numbers)), passages)


def grouped(made: Answer) -> list[tuple[str, list[int]]]:
    """Each claim's words and the places of its citations."""
    return [(group.claim.text if group.claim else "", [one.i for one in group.cited]) for group in groups(made)]


def test_claims_take_their_citations_in_turn() -> None:
    assert grouped(answer((1, 1, 7, 1), (1, 1, 7), (1,), ())) == [("Claim 0.", [0, 1, 2]), ("Claim 1.", [3]), ("Claim 2.", [])]


def test_a_number_without_words_belongs_to_no_claim() -> None:
    assert grouped(answer((2, 1), (1,))) == [("", [0]), ("Claim 0.", [1])]


def test_citations_without_claims_are_kept() -> None:
    assert grouped(answer((1, 2))) == [("", [0, 1])]


def test_a_claim_that_is_its_own_quotation_is_not_stated_twice() -> None:
    quoted = Claim(TEXT[:30], 0, 30, "quoted", (1,))
    (group,) = groups(Answer("When?", "", TEXT[:30], False, 0.9, "quotes", (quoted,), (citation(1),), ()))
    assert group.stated is None
    (other,) = groups(answer((1,), (1,)))
    assert other.stated == other.claim


@pytest.mark.parametrize(("start", "end", "n"), [(0, 30, 1), (40, 50, 2), (20, 40, 1)])
def test_a_citation_lies_in_the_passage_that_holds_it_else_in_its_article(start: int, end: int, n: int) -> None:
    found = passage_of(answer(()), citation(9, start, end))
    assert found is not None and found.n == n


def test_a_citation_of_nothing_lies_nowhere() -> None:
    assert passage_of(answer(()), citation(9, article="")) is None


def test_markers_are_footnotes_in_order_and_other_numbers_are_text() -> None:
    text = "In [2019] one [1], [3] two [2], one again [1]. [4]"
    assert [*markers(replace(answer((1, 2, 1)), text=text))] == [(14, 17, 0), (27, 30, 1), (42, 45, 2)]
