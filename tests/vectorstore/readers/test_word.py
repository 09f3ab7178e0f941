"""Word files: what stands on the page is the text, in order; what was changed, said beside it or hidden is apart."""

from pathlib import Path

import pytest

from tests.corpus.docx_drafts import DocxDraft, cell, p, packed_zip, paragraph, run, style, table
from tests.corpus.make_office import OFFICE
from vectorstore.readers import read
from vectorstore.types import Article, Failure

HEADING = style("Heading1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')


def corpus(name: str) -> Article:
    (found,) = read(OFFICE / name, OFFICE)
    assert isinstance(found, Article)
    return found


def taken(folder: Path, draft: DocxDraft | bytes, name: str = "a.docx") -> Article:
    (found,) = read(written(folder, draft, name), folder)
    assert isinstance(found, Article), found
    return found


def written(folder: Path, draft: DocxDraft | bytes, name: str = "a.docx") -> Path:
    path = folder / name
    path.write_bytes(draft if isinstance(draft, bytes) else draft.packed())
    return path


def omitted(article: Article) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in article.omitted:
        found.setdefault(part.reason, []).append(part.text)
    return found


def test_a_note_stands_under_the_paragraph_that_calls_it() -> None:
    text = corpus("tables-and-notes.docx").text
    assert "since 1998.[1] Winter traffic fell by a tenth.[i]\n\n[1] Counted at the Ness pier.\n\n|" in text
    assert text.endswith("\n\n[i] The boat lay in dock for all of January.")


def test_merged_cells_are_repeated_and_a_table_in_a_cell_is_read() -> None:
    assert corpus("tables-and-notes.docx").text.split("\n\n")[4].split("\n") == [
        "| Route | Passengers | Passengers |",
        "| --- | --- | --- |",
        "| Tornvik–Ness | Summer | 41,200 |",
        "| Tornvik–Ness | Winter | 9,870 |",
        "| Ness–Halm | Cars, 310; Bicycles, 1,204 | 12,003 |",
    ]


def test_the_title_on_the_page_counts_more_than_the_property() -> None:
    article = corpus("tables-and-notes.docx")
    assert (article.title, article.author, article.date) == ("The Tornvik Ferry in 2024", "Sunniva Dahl, Per Aas", "2025-02-03")


def test_chapters_are_a_level_below_the_title() -> None:
    text = corpus("tables-and-notes.docx").text
    assert text.startswith("# The Tornvik Ferry in 2024\n\n## Traffic\n\n")


def test_inserted_words_are_kept_and_deleted_ones_left_out() -> None:
    article = corpus("tracked-changes.docx")
    assert "The museum keeps thirty-eight wooden boats in two sheds." in article.text
    assert omitted(article)["deleted text"] == ["forty-one", "Skuld Wrecked"]


def test_paragraphs_whose_border_was_deleted_are_one() -> None:
    assert "built in Sogn, where pine is cheap." in corpus("tracked-changes.docx").text


def test_comments_headers_and_hidden_words_are_apart() -> None:
    found = omitted(corpus("tracked-changes.docx"))
    assert found["comment"] == ["Ola Rud: Are the prams counted?"]
    assert found["running head"] == ["Confidential draft"]
    assert found["hidden text"] == ["Do not print this sentence."]


def test_headings_are_found_by_level_and_by_what_their_style_is_based_on() -> None:
    lines = corpus("localised-headings.docx").text.split("\n\n")
    headings = ["# Wärme aus dem See", "## Wie es begann", "## Die Bohrung", "### Was es kostet"]
    assert [line for line in lines if line.startswith("#")] == headings


def test_headings_are_found_by_the_translated_names_of_their_styles() -> None:
    text = corpus("translated-styles.docx").text
    assert text.startswith("# Les moulins de la Vaire\n\n") and "\n\n## Le moulin Perrin\n\n" in text


def test_lists_have_the_numbers_that_word_draws() -> None:
    text = corpus("lists.docx").text
    assert "- a knife\n- gloves\n  - of wool in winter\n\n## 1.1 Signals\n\n1. One pull" in text
    assert "2. Two pulls mean more line:\n  a) a metre at a time\n  b) never more than ten\n3. Three pulls" in text
    assert text.startswith("# 1 Before you dive\n") and "\n# 2 After the dive\n" in text


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    text = corpus("text-box.docx").text
    assert text.count("Opening hours") == 1
    assert text.startswith("# The Lime Kiln at Grundvik\n\nOpening hours: Tuesday to Saturday, ten to four.\n\nThe kiln")


def test_a_table_of_one_cell_is_a_paragraph_and_a_field_its_result() -> None:
    assert corpus("text-box.docx").text.endswith("Children under twelve enter free.\n\nPrinted on 4 May 2024.")


def test_what_a_picture_shows_is_not_text() -> None:
    assert omitted(corpus("text-box.docx")) == {"image": ["A drawing of the kiln"]}


def test_pages_are_told_where_the_file_counts_as_many() -> None:
    article = corpus("pages.docx")
    assert [(page.label, article.text[page.start : page.end][:12]) for page in article.pages] == [
        ("1", "# A Winter o"),
        ("2", "By December "),
        ("3", "In March the"),
    ]


def test_pages_are_not_told_where_the_count_differs(tmp_path: Path) -> None:
    body = p("One.") + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>' + p("Two.")
    assert taken(tmp_path, DocxDraft(body, pages=5)).pages == ()
    assert [page.number for page in taken(tmp_path, DocxDraft(body, pages=2)).pages] == [1, 2]


def test_what_programs_fill_in_is_no_author_and_no_date() -> None:
    article = corpus("letter.docx")
    assert (article.author, article.date, article.metadata) == ("", "", {})


def test_a_letter_is_called_by_its_first_sentence(tmp_path: Path) -> None:
    assert taken(tmp_path, DocxDraft(p("Dear Ann, it rained. The boat is full."))).title == "Dear Ann, it rained"


def test_the_first_heading_is_the_title_where_nothing_is_stated(tmp_path: Path) -> None:
    draft = DocxDraft(p("Hello.") + p("Rain", "Heading1"), styles=HEADING)
    assert taken(tmp_path, draft).title == "Rain"


def test_links_controls_and_breaks_keep_their_words(tmp_path: Path) -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('Ness')}</w:sdtContent></w:sdt>"
    waiting = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Click here')}</w:sdtContent></w:sdt>"
    body = f'<w:p><w:hyperlink r:id="x">{run("See")}</w:hyperlink><w:r><w:br/></w:r>{control}<w:r><w:tab/></w:r>{waiting}</w:p>'
    assert taken(tmp_path, DocxDraft(body)).text == "See Ness"


def test_a_table_of_contents_is_left_out_and_kept_apart(tmp_path: Path) -> None:
    body = p("Rain\t3", "TOC1") + p("Rain", "Heading1") + p("It rained.")
    article = taken(tmp_path, DocxDraft(body, styles=HEADING + style("TOC1", "toc 1")))
    assert (article.text, omitted(article)) == ("# Rain\n\nIt rained.", {"contents": ["Rain 3"]})


def test_a_list_of_number_0_takes_a_paragraph_out_of_its_list(tmp_path: Path) -> None:
    numbered = style("L", "list number", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
    lists = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="lowerRoman"/>'
        '<w:lvlText w:val="(%1)"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    body = p("a", "L") + p("b", "L", '<w:numPr><w:numId w:val="0"/></w:numPr>') + p("c", "L")
    assert taken(tmp_path, DocxDraft(body, styles=numbered, numbering=lists)).text == "(iii) a\n\nb\n\n(iv) c"


def test_a_note_that_calls_itself_is_read_once(tmp_path: Path) -> None:
    call = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    note = f'<w:footnote w:id="2"><w:p>{run("Indeed.")}{call}</w:p></w:footnote>'
    assert (
        taken(tmp_path, DocxDraft(paragraph(run("It rained.") + call), footnotes=note)).text == "It rained.[1]\n\n[1] Indeed."
    )


def test_a_note_in_a_table_stands_under_the_table(tmp_path: Path) -> None:
    call = f'<w:tc><w:p>{run("12")}<w:r><w:footnoteReference w:id="2"/></w:r></w:p></w:tc>'
    note = f'<w:footnote w:id="2"><w:p>{run("In May.")}</w:p></w:footnote>'
    body = table(cell("Town") + cell("Ships"), cell("Ner") + call)
    text = taken(tmp_path, DocxDraft(body, footnotes=note)).text
    assert text == "| Town | Ships |\n| --- | --- |\n| Ner | 12[1] |\n\n[1] In May."


def test_the_strict_variant_is_read(tmp_path: Path) -> None:
    names = "http://purl.oclc.org/ooxml/"
    kind = f"{names}officeDocument/relationships/officeDocument"
    files = {
        "_rels/.rels": f'<R><Relationship Id="a" Type="{kind}" Target="w/d.xml"/></R>',
        "w/d.xml": f'<w:document xmlns:w="{names}wordprocessingml/main"><w:body><w:p><w:r><w:t>It rained.</w:t></w:r></w:p>'
        "</w:body></w:document>",
    }
    assert taken(tmp_path, packed_zip(files)).text == "It rained."


def test_rich_text_and_new_word_are_read_under_the_old_name(tmp_path: Path) -> None:
    assert taken(tmp_path, rb"{\rtf1 It rained.\par}", "a.doc").text == "It rained."
    assert taken(tmp_path, DocxDraft(p("It rained.")), "b.doc").text == "It rained."


REFUSED = {
    "corrupt.docx": "damaged",
    "encrypted.docx": "protected with a password",
    "old-word.doc": "format of old Word",
    "xml-bomb.docx": "declares XML entities",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_a_sentence(name: str) -> None:
    (found,) = read(OFFICE / name, OFFICE)
    assert isinstance(found, Failure) and REFUSED[name] in found.reason


def test_a_document_without_words_is_refused(tmp_path: Path) -> None:
    (found,) = read(written(tmp_path, DocxDraft("<w:p/>")), tmp_path)
    assert found == Failure("a.docx", "There is no text in the file; its pictures are not read.")
