"""Blocks of a converted file as the light Markdown that is stored, and the pages in it."""

from vectorstore.readers.document import DocumentBlock, DocumentPage, page_at, page_label, rendered
from vectorstore.splitting.outline import outline

ONE, TWO = DocumentPage("page", 1, "iv"), DocumentPage("page", 2, "1")


def test_each_page_spans_its_own_blocks() -> None:
    text, pages = rendered([DocumentBlock("paragraph", "First.", page=ONE), DocumentBlock("paragraph", "Second.", page=TWO)])
    assert [(page.label, text[page.start : page.end]) for page in pages] == [("iv", "First."), ("1", "Second.")]


def test_a_page_is_named_as_a_citation_names_it() -> None:
    _, pages = rendered([DocumentBlock("paragraph", "First.", page=ONE)])
    found = page_at(pages, 3)
    assert found and page_label(found) == "p. iv"


def test_blocks_are_found_again_in_the_text() -> None:
    blocks = [
        DocumentBlock("heading", "Ships", level=2),
        DocumentBlock("paragraph", "They\n need:"),
        DocumentBlock("item", "sails", marker="1."),
        DocumentBlock("item", "masts", level=2),
        DocumentBlock("row", cells=("Town", "Ships")),
        DocumentBlock("row", cells=("Ner", "1|2")),
        DocumentBlock("quote", "Ahoy."),
    ]
    text, _ = rendered(blocks)
    kinds = [block.kind for block in outline(text).blocks]
    assert kinds == ["heading", "paragraph", "item", "item", "header", "markup", "row", "quote"]


def test_two_tables_in_a_row_are_parted_by_whatever_stands_between() -> None:
    text, _ = rendered(
        [DocumentBlock("row", cells=("A",)), DocumentBlock("paragraph", "x"), DocumentBlock("row", cells=("B",))]
    )
    assert text == "| A |\n| --- |\n\nx\n\n| B |\n| --- |"


def test_blocks_without_words_leave_nothing() -> None:
    assert rendered([DocumentBlock("paragraph", " \n "), DocumentBlock("row", cells=("", ""))]) == ("", ())
