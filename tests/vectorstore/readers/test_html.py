"""Web pages: what the corpus does not show by itself, one thing a test."""

from pathlib import Path

import pytest
from lxml.html import document_fromstring

from vectorstore.errors import ReadError
from vectorstore.readers import read
from vectorstore.readers.html import tables
from vectorstore.readers.html.blocks import PageBlocks
from vectorstore.readers.html.json_ld import linked_data
from vectorstore.readers.html.parsing import decode_page, parse_page
from vectorstore.types import Article, Failure

PROSE = "The harbour of Ner will have two new piers by 2029, the town council decided on Monday evening with a large majority."


def article(tmp_path: Path, page: str | bytes, name: str = "page.html") -> Article:
    found = results(tmp_path, page, name)
    assert len(found) == 1 and isinstance(found[0], Article), found
    return found[0]


def results(tmp_path: Path, page: str | bytes, name: str = "page.html") -> list[Article | Failure]:
    file = tmp_path / name
    file.write_bytes(page if isinstance(page, bytes) else page.encode())
    return list(read(file, tmp_path))


def rows(html: str) -> list[tuple[str, ...]]:
    return [one.block.cells for one in PageBlocks().blocks(document_fromstring(html)) if one.block.kind == "row"]


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-le", "utf-32", "cp1252", "iso-8859-15"])
def test_a_page_is_read_in_the_charset_that_it_is_in(charset: str) -> None:
    page = '<html><head><meta charset="utf-8"></head><body><p>Le café d’Élise ferme à midi, où qu’on aille.</p></body></html>'
    assert "café d" in decode_page(page.encode(charset, "replace"))


@pytest.mark.parametrize(
    ("charset", "words"),
    [("koi8-r", "Последний паром ходит с мая по октябрь"), ("gb18030", "老码头的最后一班渡船"), ("euc-jp", "橋の下の図書室")],
)
def test_a_charset_that_a_page_claims_rightly_is_taken(charset: str, words: str) -> None:
    page = f'<meta charset="{charset}"><p>{words}</p>'.encode(charset)
    assert words in decode_page(page)


def test_a_single_wrong_byte_does_not_spoil_a_page_in_utf8() -> None:
    page = "<p>Der Bürgermeister grüßt die Gäste aus Århus, Łódź und Škofja Loka.</p>".encode() + b"<p>caf\xe9</p>"
    assert "Bürgermeister grüßt" in decode_page(page) and "café" in decode_page(page)


def test_an_empty_file_and_one_of_white_space_are_refused(tmp_path: Path) -> None:
    assert [one.reason for one in results(tmp_path, "") if isinstance(one, Failure)] == ["The file is empty."]
    assert "white space" in str(results(tmp_path, " \n "))


def test_a_page_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "large.html"
    with file.open("wb") as sparse:
        sparse.truncate(20_000_001)
    assert "the limit is 20.0 MB" in str(list(read(file, tmp_path)))


def test_pictures_in_the_page_itself_are_never_text(tmp_path: Path) -> None:
    picture = "data:image/png;base64," + "iVBORw0KGgo" * 4000
    found = article(tmp_path, f'<p>{PROSE}</p><img src="{picture}" alt="a pier"><p>{PROSE[:-1]} again.</p>')
    assert "iVBOR" not in found.text and "iVBOR" not in str(found.omitted)


def test_elements_nested_without_end_are_read_all_the_same(tmp_path: Path) -> None:
    found = article(tmp_path, "<p>" + "<font><b>" * 400 + PROSE + f"<p>{PROSE}</p>" + "<div>" * 900 + f"<p>{PROSE}</p>")
    assert found.text.count("two new piers") == 3


def test_entities_of_a_page_are_not_expanded(tmp_path: Path) -> None:
    page = f'<!DOCTYPE html [<!ENTITY a "{"ha" * 50}"><!ENTITY b "&a;&a;&a;&a;">]><html><body><p>{PROSE} &b;</p></body></html>'
    assert "haha" not in article(tmp_path, page).text.partition(PROSE)[2]


def test_a_cell_over_several_rows_is_in_each_of_them() -> None:
    html = "<table><tr><th>Line<th>Year<th>Ships</tr><tr><td rowspan=2>Osby<td>2020<td>3</tr><tr><td>2021<td>4</tr></table>"
    assert rows(html) == [("Line", "Year", "Ships"), ("Osby", "2020", "3"), ("Osby", "2021", "4")]


def test_a_span_of_millions_of_columns_is_cut() -> None:
    html = "<table><tr><th colspan=99999999>A<th>B</tr><tr><td>1<td rowspan=99999999>2</tr><tr><td>3<td>4</tr></table>"
    assert max(map(len, rows(html))) <= tables.MOST_COLUMNS + 1


def test_a_list_in_a_list_has_a_level_below() -> None:
    html = "<ol start=3><li>Boats<ul><li>oars</ul><li>Nets</ol>"
    found = [(one.block.marker, one.block.level, one.block.text) for one in PageBlocks().blocks(document_fromstring(html))]
    assert found == [("3.", 1, "Boats"), ("", 2, "oars"), ("4.", 1, "Nets")]


def test_authors_that_are_references_are_looked_up() -> None:
    person = '{"@type":"Person","@id":"#p","name":"Ada Brandt"}'
    script = f'{{"@graph":[{person},{{"@type":"NewsArticle","headline":"Rain","author":[{{"@id":"#p"}}]}}]}}'
    page = document_fromstring(f'<script type="application/ld+json">{script}</script><p>x')
    assert linked_data(page).author == "Ada Brandt"


def test_data_that_are_broken_are_passed_over() -> None:
    page = document_fromstring('<script type="application/ld+json">{"@type": "NewsArticle", "headline": </script><p>x')
    assert linked_data(page).title == ""


def test_sections_under_linked_headings_are_no_teasers(tmp_path: Path) -> None:
    films = "".join(
        f"<div><h3><a href=/film/{n}>{n}) The {name} Pier</a></h3><p>{name} is a film. {PROSE * 4}</p></div>"
        for n, name in enumerate(("Old", "Long", "Lost", "Last"), start=1)
    )
    found = article(tmp_path, f"<article><h1>The best films</h1><p>{PROSE} {PROSE}</p>{films}<p>{PROSE}</p></article>")
    assert [f"{name} is a film" in found.text for name in ("Old", "Long", "Lost", "Last")] == [True] * 4


@pytest.mark.parametrize("name", ["kommentar-text", "sidebar-right", "toc-section", "menu-page"])
def test_a_name_does_not_take_the_whole_article_away(tmp_path: Path, name: str) -> None:
    text = "".join(f"<div class={name}><h2>Part {n}</h2><p>{PROSE} {PROSE}</p><p>{PROSE}</p></div>" for n in range(5))
    rest = "".join(f"<div class=box{n}><p>Box {n}: {PROSE[:60]}</p></div>" for n in range(40))
    found = article(tmp_path, f"<body><h1>Two piers</h1><main>{text}</main><div class=rest>{rest}</div></body>")
    assert found.text.count("Monday evening") == 15


def test_an_article_that_advertisements_cut_in_pieces_is_read_whole(tmp_path: Path) -> None:
    pieces = "".join(f"<div class=chunk><p>Piece {n}. {PROSE * 5}</p></div><div class=slot>Buy this.</div>" for n in range(3))
    found = article(tmp_path, f"<body><div class=outer><h1>Two piers</h1>{pieces}</div><div><p>{PROSE}</p></div></body>")
    assert [f"Piece {n}" in found.text for n in range(3)] == [True] * 3


def test_short_cards_under_linked_headings_are_left_out(tmp_path: Path) -> None:
    cards = "".join(
        f"<div><h3><a href=/{n}>Another story, number {n}</a></h3><p>{PROSE.replace('Ner', f'Ner {n}')}</p></div>"
        for n in range(9)
    )
    text = "".join(f"<p>{PROSE} {PROSE}</p>" for _ in range(4))
    found = article(tmp_path, f"<body><h1>Two piers</h1>{text}<section>{cards}</section></body>")
    assert "Another story" not in found.text and found.text.count("two new piers") == 8


def test_an_item_that_is_all_link_stays_in_a_list_of_prose(tmp_path: Path) -> None:
    items = f"<li>{PROSE}<li><a href=/b>The plan of the two piers is public</a><li>{PROSE}"
    found = article(tmp_path, f"<article><h1>News</h1><p>{PROSE}</p><ul>{items}</ul><p>{PROSE}</p></article>")
    assert "- The plan of the two piers is public" in found.text


def test_a_paragraph_that_a_picture_credit_begins_is_kept(tmp_path: Path) -> None:
    found = article(tmp_path, f"<article><h1>News</h1><p>© Harbour Press<br>{PROSE} {PROSE}</p><p>{PROSE}</p></article>")
    assert found.text.count("two new piers") == 3


def test_the_front_matter_of_a_page_of_jekyll_is_read(tmp_path: Path) -> None:
    page = f"---\nlayout: post\ntitle: 'Two piers: why'\nauthor: Ada Brandt\n---\n<html><body><h1>Hello</h1><p>{PROSE}</p>"
    found = article(tmp_path, page, "2021-03-04-two-piers.html")
    assert (found.title, found.author, found.date) == ("Two piers: why", "Ada Brandt", "2021-03-04")
    assert "layout" not in found.text


def test_a_language_that_the_text_contradicts_is_not_taken(tmp_path: Path) -> None:
    german = (
        "Der Hafen von Ner bekommt bis 2029 zwei neue Molen, wie der Stadtrat am Montagabend mit großer Mehrheit beschloss. "
    )
    page = '<html lang="en"><body><h1>Hafen</h1><p>'
    assert article(tmp_path, f"{page}{german * 5}").language == ""
    assert article(tmp_path, f"{page}{PROSE * 5}").language == "en"


def test_the_name_of_a_blog_over_its_posts_is_no_title(tmp_path: Path) -> None:
    page = "<title>Harbour Notes » Archive » Two new piers</title><h1>Harbour Notes</h1><div><h2>Two new piers</h2>"
    assert article(tmp_path, f"{page}<p>{PROSE}</p><p>{PROSE}</p></div>").title == "Two new piers"


def test_a_byline_ends_before_the_name_of_a_month(tmp_path: Path) -> None:
    found = article(tmp_path, f"<h1>News</h1><div class=byline>By Ada Brandt March 4, 2021</div><p>{PROSE}</p><p>{PROSE}</p>")
    assert (found.author, found.date) == ("Ada Brandt", "2021-03-04")


def test_a_text_that_only_the_data_have_is_taken(tmp_path: Path) -> None:
    body = " ".join([PROSE] * 6)
    script = f'{{"@type":"NewsArticle","headline":"Two piers","articleBody":"{body}"}}'
    page = f'<html><head><script type="application/ld+json">{script}</script></head><body><div id="app"></div></body></html>'
    assert article(tmp_path, page).text == body


def test_a_quotation_set_beside_the_text_is_not_said_twice(tmp_path: Path) -> None:
    found = article(tmp_path, f"<article><p>{PROSE}</p><blockquote>{PROSE}</blockquote><p>{PROSE} Twice.</p></article>")
    assert "> " not in found.text and any(one.reason == "pull quote" for one in found.omitted)


def test_a_date_in_the_future_is_none(tmp_path: Path) -> None:
    page = f'<meta property="article:published_time" content="2199-01-01"><article><h1>Piers</h1><p>{PROSE}</p></article>'
    assert article(tmp_path, page).date == ""


def test_a_date_that_may_be_read_two_ways_is_said(tmp_path: Path) -> None:
    page = f'<html lang="en"><meta name="date" content="03/04/2021"><article><h1>Piers</h1><p>{PROSE}</p></article></html>'
    found = results(tmp_path, page)
    assert any(isinstance(one, Failure) and "03/04/2021" in one.reason for one in found)


def test_an_archive_without_a_page_is_refused(tmp_path: Path) -> None:
    assert "holds no page" in str(results(tmp_path, "Content-Type: text/plain\n\nhello", "page.mhtml"))


def test_a_saved_page_tells_its_address(tmp_path: Path) -> None:
    page = f"<!-- saved from url=(0024)https://coast.example/ner -->\n<html><body><p>{PROSE}</p></body></html>"
    assert article(tmp_path, page).source == "https://coast.example/ner"


def test_bytes_that_are_no_page_do_not_stop_the_reader() -> None:
    with pytest.raises(ReadError):
        parse_page(b"")
    assert parse_page(bytes(range(256)) * 20).root is not None


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ("<p class=byline>By <a>Ada Brandt</a>, Ner</p>", "Ada Brandt"),
        ("<p class=byline>By Ada Brandt and Jon Vik, staff writers</p>", "Ada Brandt, Jon Vik"),
        ("<p><em>By Ada Brandt, Correspondent in Ner</em></p>", "Ada Brandt"),
        ("<p class=byline>By Ada Brandt, Jr., Jon Vik</p>", "Ada Brandt, Jr., Jon Vik"),
        ("<p class=byline>Von Ada, Jon und Mia</p>", "Ada, Jon, Mia"),
    ],
)
def test_a_byline_names_people_and_not_their_work_or_place(tmp_path: Path, byline: str, author: str) -> None:
    assert article(tmp_path, f"<h1>News</h1>{byline}<p>{PROSE}</p><p>{PROSE}</p>").author == author


def test_styles_that_part_by_from_a_name_do_not_join_the_two(tmp_path: Path) -> None:
    byline = "<span class=byline><span>By</span><span>ADA BRANDT</span></span>"
    assert article(tmp_path, f"<h1>News</h1>{byline}<p>{PROSE}</p><p>{PROSE}</p>").author == "ADA BRANDT"


def test_a_byline_that_is_named_for_tests_alone_is_no_text(tmp_path: Path) -> None:
    page = f'<h1>News</h1><div class=css-1 data-testid="byline">Ada Brandt</div><p>{PROSE}</p><p>{PROSE}</p>'
    found = article(tmp_path, page)
    assert (found.author, "Brandt" in found.text) == ("Ada Brandt", False)
