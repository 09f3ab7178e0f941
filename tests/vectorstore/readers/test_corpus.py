"""Each file of the corpus becomes the articles that it is expected to be, or is refused with its sentence."""

import doctest

import pytest

from tests import reading_corpus
from tests.reading_corpus import CorpusFile, ExpectedArticle, corpus_files, paired, read_whole, scored, wrong_fields
from vectorstore.readers.document import page_at, page_label
from vectorstore.types import Article

FILES = corpus_files()
CLEAN = [one for one in FILES if one.articles]
REFUSED = [one for one in FILES if one.refused]
ENOUGH = 0.95


def test_the_examples_of_the_corpus_module_hold() -> None:
    assert doctest.testmod(reading_corpus).failed == 0


@pytest.mark.parametrize("file", CLEAN, ids=lambda one: one.name)
def test_a_clean_file_becomes_its_articles(file: CorpusFile) -> None:
    articles, failures = read_whole(file.path)
    assert articles, failures
    for expected, article in paired(file.articles, articles):
        _holds(expected, article)
    said = [failure.reason for failure in failures]
    assert [note for note in file.notes if not any(note in reason for reason in said)] == [], said


@pytest.mark.parametrize("file", REFUSED, ids=lambda one: one.name)
def test_a_hostile_or_empty_file_is_refused(file: CorpusFile) -> None:
    articles, failures = read_whole(file.path)
    assert articles == []
    assert any(file.refused in failure.reason for failure in failures), failures


def _holds(expected: ExpectedArticle, article: Article) -> None:
    """The text is near enough, the fields are right, and what must not be in the text is listed as left out."""
    score = scored(expected, article.text)
    assert score.recall >= ENOUGH, f"recall {score.recall:.2f} of:\n{article.text}"
    assert score.precision >= ENOUGH, f"precision {score.precision:.2f} of:\n{article.text}"
    assert list(wrong_fields(expected, article)) == []
    assert [words for words in expected.without if words in article.text] == []
    left_out = "\n".join(one.text for one in article.omitted)
    assert [words for words in expected.omitted if words not in left_out] == []
    for label, words in expected.pages.items():
        page = page_at(article.pages, article.text.index(words))
        assert page and page_label(page) == label
