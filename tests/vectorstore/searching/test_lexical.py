"""The lexical index, on real tantivy."""

import math
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from vectorstore.errors import IndexDamaged
from vectorstore.searching.folding import terms
from vectorstore.searching.lexical import LexicalIndex

TEXTS = {
    1: "The economy of China grew fast.",
    2: "Deng Xiaoping (鄧小平) opened the economy.",
    3: "Cats sleep all day.",
    4: "中国经济增长很快。",
    5: "The cat and the dog.",
}


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    made = LexicalIndex(tmp_path / "lexical")
    made.apply(TEXTS.items(), [])
    return made


def found(index: LexicalIndex, question: str) -> list[int]:
    return [number for number, _ in index.query([(question, 1.0)], 10)]


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("economies", [1, 2]),
        ("鄧小平", [2]),
        ("经济", [4]),
        ("the CAT", [5, 3]),
        ("", []),
        ("?!", []),
        ('body:economy AND NOT "the" OR [* TO *]', [1, 2]),
    ],
)
def test_words_find_their_chunks(index: LexicalIndex, question: str, numbers: list[int]) -> None:
    assert sorted(found(index, question)) == sorted(numbers)


def test_scores_are_bm25(index: LexicalIndex) -> None:
    """Against the formula, with k1 1.2 and b 0.75; tantivy keeps lengths to a few bits, which these short ones fit."""
    documents = {number: terms(text)[0] for number, text in TEXTS.items()}
    average = sum(map(len, documents.values())) / len(documents)

    def bm25(number: int, term: str) -> float:
        having = sum(term in words for words in documents.values())
        rarity = math.log(1 + (len(documents) - having + 0.5) / (having + 0.5))
        times = Counter(documents[number])[term]
        return rarity * times * 2.2 / (times + 1.2 * (1 - 0.75 + 0.75 * len(documents[number]) / average))

    expected = {1: bm25(1, "economi") + bm25(1, "china"), 2: bm25(2, "economi")}
    assert dict(index.query([("economy of China", 1.0)], 10)) == pytest.approx(expected, rel=1e-4)


def test_a_parts_weight_multiplies_its_score(index: LexicalIndex) -> None:
    whole = dict(index.query([("cats", 1.0)], 10))
    assert dict(index.query([("cats", 0.5)], 10)) == pytest.approx({number: score / 2 for number, score in whole.items()})


def test_a_part_without_weight_is_not_searched(index: LexicalIndex) -> None:
    assert index.query([("economy", 1.0), ("cats", 0.0)], 10) == index.query([("economy", 1.0)], 10)


def test_equals_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.apply([(9, "same words"), (3, "same words")], [])
    assert found(index, "same") == [3, 9]


def test_at_most_k_come_back(index: LexicalIndex) -> None:
    assert len(index.query([("economy cats dog", 1.0)], 2)) == 2


def test_removed_chunks_are_not_found(index: LexicalIndex) -> None:
    index.apply([], [1, 77])
    assert (found(index, "economy"), index.count()) == ([2], 4)


def test_adding_again_replaces(index: LexicalIndex) -> None:
    index.apply([(1, "Now about elephants.")], [])
    assert (found(index, "economy"), found(index, "elephant"), index.count()) == ([2], [1], 5)


def test_it_is_there_after_opening_again(index: LexicalIndex, tmp_path: Path) -> None:
    assert found(LexicalIndex(tmp_path / "lexical"), "economy") == found(index, "economy")


def test_another_process_is_seen_after_reopening(index: LexicalIndex, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from vectorstore.searching.lexical import LexicalIndex\n"
        "LexicalIndex(Path(sys.argv[1])).apply([(6, 'a zebra')], [])"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "lexical")], check=True)
    index.reopen()
    assert found(index, "zebra") == [6]


def test_damaged_files_are_said_to_be_damaged(index: LexicalIndex, tmp_path: Path) -> None:
    for file in (tmp_path / "lexical").glob("meta.json"):
        file.write_text("{")
    with pytest.raises(IndexDamaged, match="lexical index"):
        LexicalIndex(tmp_path / "lexical")
