"""Books: chapters in the order of the spine, each under a heading, and what the package file states."""

from pathlib import Path

import pytest
from lxml import etree

from tests.corpus.docx_drafts import packed_zip
from tests.corpus.make_office import OFFICE
from vectorstore.readers import read
from vectorstore.readers.converted import OmittedParts
from vectorstore.readers.document import rendered
from vectorstore.readers.xhtml import XhtmlBlocks
from vectorstore.types import Article, Failure


def book() -> Article:
    (found,) = read(OFFICE / "salt-road.epub", OFFICE)
    assert isinstance(found, Article)
    return found


def page(inside: str) -> str:
    root = etree.fromstring(f'<body xmlns:epub="http://www.idpf.org/2007/ops">{inside}</body>')
    return rendered(XhtmlBlocks(OmittedParts()).blocks(root))[0]


def test_the_package_file_states_title_people_date_and_language() -> None:
    article = book()
    assert (article.title, article.author, article.translator) == ("The Salt Road", "Hanna Lie", "Jon Ask")
    assert (article.date, article.language, article.metadata) == ("2015-08", "en", {"publisher": "Fjord Press"})


def test_chapters_follow_the_spine_and_take_their_name_from_the_contents() -> None:
    text = book().text
    assert text.startswith("# The pans\n\nSalt was boiled at Ruse Bay from 1720 on.[1] Forty pans")
    assert "\n\n# The road\n\nThe road ran inland for nine days.\n\n- Carters" in text


def test_what_is_not_quite_xml_is_read_all_the_same() -> None:
    assert book().text.endswith("- horses drank at three fords.\n\nIt was paved only in 1888 & never widened.")


@pytest.mark.parametrize(
    ("name", "reason"), [("protected.epub", "protected against copying"), ("xml-bomb.epub", "declares XML entities")]
)
def test_what_is_not_read_is_refused_with_a_sentence(name: str, reason: str) -> None:
    (found,) = read(OFFICE / name, OFFICE)
    assert isinstance(found, Failure) and reason in found.reason


def test_a_zip_that_is_no_book_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.epub").write_bytes(packed_zip({"a.txt": "Hello."}))
    (found,) = read(tmp_path / "a.epub", tmp_path)
    assert isinstance(found, Failure) and "has no part content.opf" in found.reason


PAGES = {
    "loose words around blocks": ("a<p>b</p>c", "a\n\nb\n\nc"),
    "a list in a list": ("<ol start='4'><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "4. a\n  - b\n5. c"),
    "an item of two paragraphs": ("<ol><li><p>a</p><p>b</p></li></ol>", "1. a\n\nb"),
    "cells that span": (
        "<table><tr><td>x</td><th colspan='2'>a</th></tr><tr><td rowspan='2'>b</td><td>c</td><td/></tr>"
        "<tr><td>d</td></tr></table>",
        "| x | a | a |\n| --- | --- | --- |\n| b | c |  |\n| b | d |  |",
    ),
    "a span without end": ("<table><tr><td colspan='99999999'>a</td></tr></table>", "a"),
    "code": ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
    "a quotation": ("<blockquote>a</blockquote>", "> a"),
    "readings of characters": ("<p><ruby>山<rt>やま</rt></ruby>です</p>", "山です"),
    "notes at the end": (
        "<p>a<a epub:type='noteref'>[2]</a></p><section epub:type='endnotes'><ol><li>x</li><li>y</li></ol></section>",
        "a[2]\n\n[1] x\n\n[2] y",
    ),
    "blocks in a link": ("<a href='x'><h2>a</h2></a>", "## a"),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_blocks_of_a_page(name: str) -> None:
    inside, text = PAGES[name]
    assert page(inside) == text
