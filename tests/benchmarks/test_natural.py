"""The natural questions: what they expect stands in the articles, their halves are even, and the judge goes by its rules."""

from collections import Counter
from functools import cache

import pytest

from tests.benchmarks.common import Record
from tests.benchmarks.natural import SETS, SPLITS, NaturalCase, articles_of, cases, fault, folded, holds
from vectorstore.readers import read
from vectorstore.types import Article

CASES = [case for file in SETS.values() for case in cases(file)]
ANSWERED = [case for case in CASES if case.needs]


@cache
def _articles(collection: str) -> dict[str, str]:
    """What the program's own readers make of a collection, with the title and the author, by the articles' ids."""
    folder = articles_of(collection)
    found = [one for file in sorted(folder.iterdir()) for one in read(file, folder)]
    return {one.id: f"{one.title}\n{one.author}\n{one.date}\n\n{one.text}" for one in found if isinstance(one, Article)}


def _named(**expected: object) -> NaturalCase:
    return NaturalCase.model_validate(
        {"id": "1", "split": "open", "kind": "who", "question": "?", "collection": "note"} | expected
    )


def _answer(*quotes: str, article: str = "a.md", text: str = "", abstained: bool = False) -> Record:
    citations = [{"article": article, "title": "A title", "quote": quote} for quote in quotes]
    return {"answer": text or "\n".join(quotes), "abstained": abstained, "citations": citations}


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case.id)
def test_what_a_case_needs_stands_in_an_article_that_it_cites(case: NaturalCase) -> None:
    articles = _articles(case.collection)
    whole = "\n".join(articles.values())
    lost = [word for group in case.needs for word in group if not holds(whole, word)]
    assert lost == []
    cited = "\n".join(articles[name] for name in case.cites or articles)
    assert any(holds(cited, word) for group in case.needs for word in group)


@pytest.mark.parametrize("case", [case for case in CASES if case.not_first], ids=lambda case: case.id)
def test_what_misleads_stands_in_an_article(case: NaturalCase) -> None:
    whole = "\n".join(_articles(case.collection).values())
    assert [word for word in case.not_first if not holds(whole, word)] == []


def test_each_case_has_an_id_a_question_and_something_to_be_judged_by() -> None:
    assert max(Counter(case.id for case in CASES).values()) == 1
    asked = Counter((case.collection, case.question, str(case.history)) for case in CASES)
    assert [question for question, count in asked.items() if count > 1] == []
    assert [case.id for case in CASES if not (case.needs or case.says or case.spread or case.abstain == "must")] == []


def test_the_kinds_are_halved_evenly() -> None:
    for file in SETS.values():
        counts = Counter((case.kind, case.split) for case in cases(file))
        assert [kind for kind, _ in counts if abs(counts[kind, "open"] - counts[kind, "held"]) > 1] == []
        assert {split for _, split in counts} == set(SPLITS)


@pytest.mark.parametrize(
    ("text", "wanted", "there"),
    [
        ("118 Haushalte", "18", False),
        ("It was 4.15.", "4.1", False),
        ("It was 4.1.", "4.1", True),
        ("It weighs 1,900 kg", "900", False),
        ("The **Old** “Bridge”\n is shut", 'old "bridge" is', True),
        ("只有27个年轻人", "27个年轻人", True),
        ("scarves", "carves", False),
    ],
)
def test_numbers_and_words_are_found_whole(text: str, wanted: str, there: bool) -> None:
    assert holds(text, wanted) is there


def test_folding_leaves_words_and_single_spaces() -> None:
    assert folded("**A**\n\n  B") == "a b"


def test_an_answer_counts_in_the_first_two_quotations_only() -> None:
    case = _named(needs=[["Rosalind"]], cites=["a.md"])
    assert fault(case, _answer("Keys.", "Ask Rosalind.")) is None
    assert fault(case, _answer("Keys.", "Shed.", "Ask Rosalind.")) == "quoted too late"
    assert fault(case, _answer("Keys.")) == "not quoted: Rosalind"


def test_a_first_quotation_must_not_mislead() -> None:
    case = _named(needs=[["Rosalind"]], cites=["a.md"], not_first=["Edgar"])
    assert fault(case, _answer("Ask Edgar.", "Ask Rosalind.")) == "first quotation misleads: Edgar"
    assert fault(case, _answer("**Whom do I ask?**", "Rosalind.")) == "first quotation only asks"
    assert fault(case, _answer("Ask Rosalind.", article="b.md")) == "first quotation from b.md"


def test_every_part_of_a_question_is_needed_unless_some_are_enough() -> None:
    parts = [["Rosalind"], ["shed 14"]]
    assert fault(_named(needs=parts), _answer("Ask Rosalind.")) == "not quoted: shed 14"
    assert fault(_named(needs=parts, enough=1), _answer("Ask Rosalind.")) is None


def test_abstentions_are_right_only_where_the_articles_do_not_say() -> None:
    silent, spoken = _answer(abstained=True), _answer("Ask Rosalind.")
    assert [fault(_named(abstain="must"), answer) is None for answer in (silent, spoken)] == [True, False]
    assert [fault(_named(needs=[["Rosalind"]]), answer) is None for answer in (silent, spoken)] == [False, True]
    assert fault(_named(abstain="must"), _answer(text="I only answer from the articles.")) is None
    assert [fault(_named(needs=[["Rosalind"]], abstain="may"), answer) is None for answer in (silent, spoken)] == [True, True]


def test_the_collection_is_judged_by_what_is_shown() -> None:
    case = _named(says=[["Choir on Thursday"]], never=["Keys"])
    assert fault(case, _answer(text="There is one: Choir on Thursday.")) is None
    assert fault(case, _answer(text="Choir on Thursday; Keys.")) == "should not say: Keys"
    assert fault(_named(quotes="none", says=[["ask"]]), _answer("Ask Rosalind.")) == "quotes where nothing was asked"
    assert (
        fault(_named(says=[["ask"]], cites=["a.md"]), _answer("Ask Rosalind.", article="b.md")) == "first quotation from b.md"
    )
    assert fault(_named(spread=2), _answer("One.", "Two.")) == "cites 1 articles of at least 2"
