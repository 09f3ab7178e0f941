"""The example articles that are no plain text: each is what the committed script makes."""

from tests.corpus.make_seeds import BEES, SEEDS, bicycle_docx, lens_pdf
from vectorstore.readers import read
from vectorstore.types import Article


def test_the_files_are_those_that_the_script_makes() -> None:
    assert (SEEDS / "lighthouse-lens.pdf").read_bytes() == lens_pdf()
    assert (SEEDS / "bicycle-chain.docx").read_bytes() == bicycle_docx()
    assert (SEEDS / "waggle-dance.html").read_text(encoding="utf-8") == BEES


def test_the_word_file_shows_a_table_and_a_note() -> None:
    (found,) = read(SEEDS / "bicycle-chain.docx", SEEDS)
    assert isinstance(found, Article)
    assert (found.title, found.author, found.date) == ("How the bicycle got its chain", "Footnote editors", "2026-11-20")
    assert "to the rear one.[1]" in found.text and "| Year | Machine | What drives it |" in found.text


def test_the_chinese_article_states_its_language() -> None:
    (found,) = read(SEEDS / "abacus-zh.md", SEEDS)
    assert isinstance(found, Article)
    assert (found.title, found.language) == ("算盘：珠子上的算术", "zh")
