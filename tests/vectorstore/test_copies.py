"""Copies are found, exact, near and shortened ones, whichever language they are in; what is only alike is not one."""

from pathlib import Path

import pytest

from tests.vectorstore.fake_encoder import write
from vectorstore.copies import CopyFinder, CopySignature, signature
from vectorstore.curation import ArticleCurator
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.index import Index
from vectorstore.ingest import Ingestor, manifest_of
from vectorstore.searching.search import Query, Searcher

_LIST = "mill river bridge harbour winter council market ferry tower garden letter engine school painter paper glass stone"
WORDS = _LIST.split()
REPORT = " ".join(
    f"In {1900 + n} the {WORDS[n % 17]} of {WORDS[n * 5 % 17]} cost {n * 37} crowns and {WORDS[n * 7 % 17]} burnt {n} times."
    for n in range(40)
)
OTHER = " ".join(f"Nobody saw a {WORDS[n * 3 % 17]} beside the {WORDS[n * 11 % 17]} on day {n}." for n in range(40))
DIGEST = f"{REPORT} " + " ".join(f"item{n}" for n in range(6000))
CHINESE = "".join(f"第{n}年，港口的桥由市议会修建，花费{n * 7}万元，工人们在冬天休息了{n}天。" for n in range(1, 40))


def finder_of(texts: dict[str, str]) -> CopyFinder:
    finder = CopyFinder(texts.__getitem__)
    for id, text in texts.items():
        finder.add(id, signature(text))
    return finder


def found(first: str, second: str) -> bool:
    texts = {"a": first, "b": second}
    finder = CopyFinder(texts.__getitem__)
    finder.add("a", signature(first))
    return finder.add("b", signature(second)) == {"b": "a"}


@pytest.mark.parametrize(
    "copy",
    [
        REPORT.replace(" ", "\n"),
        REPORT.replace("1907", "1917").replace("burnt 12 times", "burnt 13 times"),
        "Another headline.\n\n" + REPORT,
        REPORT[: len(REPORT) // 2],
    ],
    ids=["wrapped anew", "corrected", "another headline", "shortened"],
)
def test_a_copy_is_found(copy: str) -> None:
    assert found(REPORT, copy)
    assert found(copy, REPORT)


def test_a_corrected_chinese_text_is_a_copy() -> None:
    assert found(CHINESE, CHINESE.replace("第5年", "第6年"))


@pytest.mark.parametrize("other", [OTHER, REPORT[:300], DIGEST, "", "…"])
def test_what_is_only_alike_is_no_copy(other: str) -> None:
    assert not found(REPORT, other)


def test_short_texts_are_copies_only_when_they_are_equal() -> None:
    assert (found("It froze.", "it froze"), found("It froze in May.", "It froze in June.")) == (True, False)


def test_texts_without_words_are_no_copies() -> None:
    assert not found("…", "!!")


def test_a_signature_survives_the_catalog() -> None:
    made = signature(REPORT)
    kept = CopySignature.unpacked(made.packed())
    assert kept and (kept.digest, kept.shingles, kept.minhash.tolist()) == (made.digest, made.shingles, made.minhash.tolist())
    assert CopySignature.unpacked(b"") is None
    assert CopySignature.unpacked(b"\xff" + made.packed()[1:]) is None


def test_when_the_original_goes_the_oldest_copy_takes_its_place() -> None:
    finder = finder_of({"a": REPORT, "b": REPORT, "c": REPORT})
    assert finder.forget(["a"]) == {"b": "", "c": "b"}


def test_a_copy_that_changes_is_none_any_more() -> None:
    texts = {"a": REPORT, "b": REPORT}
    finder = finder_of(texts)
    texts["b"] = OTHER
    assert finder.add("b", signature(OTHER)) == {"b": ""}


def test_the_first_stays_the_original_when_it_changes() -> None:
    texts = {"a": OTHER, "b": REPORT}
    finder = finder_of(texts)
    texts["a"] = REPORT
    assert finder.add("a", signature(REPORT)) == {"b": "a"}


# --- in an index


@pytest.fixture
def ingestor(index: Index, minilm_encoder: LocalEncoder) -> Ingestor:
    return Ingestor(index, minilm_encoder, limit=60)


@pytest.fixture
def searcher(index: Index, minilm_encoder: LocalEncoder) -> Searcher:
    return Searcher(index, minilm_encoder, manifest_of(minilm_encoder, 60))


def test_a_hit_that_repeats_a_copy_is_marked(ingestor: Ingestor, searcher: Searcher, index: Index, tmp_path: Path) -> None:
    ingestor.ingest([write(tmp_path / "in", {"a.txt": REPORT, "b.txt": "A headline.\n\n" + REPORT, "c.txt": OTHER})])
    assert index.catalog.variants() == {"b.txt": "a.txt"}
    hits = searcher.search(Query("What did the mill of the ferry cost in 1907?"), 8).hits
    assert {(hit.article, hit.copy_of) for hit in hits if hit.copy_of} & {("b.txt", "a.txt"), ("a.txt", "b.txt")}
    own = [hit for hit in hits if not hit.copy_of]
    sentences = [hit.text[s - hit.start : e - hit.start] for hit in own for s, e in hit.sentences]
    assert len(set(sentences)) == len(sentences)


def test_where_a_version_differs_both_are_shown(ingestor: Ingestor, searcher: Searcher, tmp_path: Path) -> None:
    corrected = REPORT.replace("In 1907", "In 1977")
    ingestor.ingest([write(tmp_path / "in", {"a.txt": REPORT, "b.txt": corrected})])
    hits = searcher.search(Query("1907 1977"), 6).hits
    assert any("1907" in hit.text and not hit.copy_of for hit in hits)
    assert any("1977" in hit.text and not hit.copy_of for hit in hits)


def test_an_archived_original_hands_over_to_its_copy(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    ingestor.ingest([write(tmp_path / "in", {"a.txt": REPORT, "b.txt": REPORT, "c.txt": REPORT})])
    curator = ArticleCurator(index, ingestor.writer)
    curator.archive(["a.txt"])
    assert index.catalog.variants() == {"c.txt": "b.txt"}


def test_articles_of_an_older_home_get_their_signatures(ingestor: Ingestor, index: Index, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.txt": REPORT, "b.txt": REPORT})
    ingestor.ingest([folder])
    index.catalog.set_signatures({"a.txt": b"", "b.txt": b""})
    index.catalog.set_variants({"b.txt": ""})
    ingestor.ingest([write(tmp_path / "more", {"c.txt": OTHER})])
    assert index.catalog.variants() == {"b.txt": "a.txt"}
