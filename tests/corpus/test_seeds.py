"""The example articles that are no plain text: the script makes them as they are, and the readers see what they are to show."""

from tests.corpus.make_seeds import SEEDS, made
from vectorstore.readers import read
from vectorstore.types import Article


def article(name: str) -> Article:
    (found,) = read(SEEDS / name, SEEDS)
    assert isinstance(found, Article)
    return found


def test_the_files_are_those_that_the_script_makes() -> None:
    assert [name for name, data in made().items() if (SEEDS / name).read_bytes() != data] == []


def test_the_pdf_has_two_pages_that_bear_their_numbers() -> None:
    heap = article("compost-heap.pdf")
    assert (heap.title, heap.author, heap.date) == (
        "How a compost heap works",
        "Footnote editors",
        "2026-11-02",
    )
    assert [page.label for page in heap.pages] == ["14", "15"]
    assert "| Material | Carbon to nitrogen | Kind |" in heap.text
    headings = [line for line in heap.text.splitlines() if line.startswith("## ")]
    assert headings[0] == "## Building a compost heap" and headings[-1] == "## When a compost heap smells bad"


def test_the_web_page_is_read_without_what_stands_around_it() -> None:
    lichens = article("lichens.html")
    assert (lichens.author, lichens.date, lichens.language) == ("Footnote editors", "2026-11-09", "en")
    assert {one.reason for one in lichens.omitted} == {"page header", "dialog", "teaser", "comment", "page foot"}
    assert not {"cookies", "Sphagnum", "fernfan", "Newsletter"} & set(lichens.text.replace(":", "").split())


def test_the_word_file_has_its_table_and_its_footnote() -> None:
    violin = article("violin-parts.docx")
    assert (violin.title, violin.author, violin.date) == ("What holds a violin together", "Footnote editors", "2026-11-05")
    assert "20 kilograms.[1]" in violin.text and "[1] The standard ISO 16" in violin.text
    assert "| String | Frequency in hertz | Usual core |" in violin.text


def test_the_chinese_article_states_its_language() -> None:
    assert (article("tofu-zh.md").title, article("tofu-zh.md").language) == ("豆腐是怎样做成的", "zh")
