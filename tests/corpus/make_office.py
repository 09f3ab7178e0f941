"""Makes the files of tests/corpus/office: `python -m tests.corpus.make_office`. The same bytes come out each time.

What is expected of each file stands beside it (NAME.expected.yaml) and is written by hand: a reader's own output is no measure.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from pptx import Presentation
from pptx.util import Inches

from tests.corpus.docx_drafts import DocxDraft, cell, p, packed_zip, paragraph, repacked, run, style, table, zip_with_names_in
from tests.corpus.office_drafts import (
    BILLION_LAUGHS,
    book,
    book_bomb,
    encrypted_open_document,
    french_rtf,
    open_document,
    open_document_bomb,
    protected_book,
    russian_rtf,
)

OFFICE = Path(__file__).parent / "office"
BEES = "---\ntitle: Bees of the moor\nauthor: Ann Reid\ndate: 2019-07-02\n---\n\nThe moor has nine kinds of bees.\n"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def tables_and_notes() -> bytes:
    """A report of Word with a title, a table with merged cells, one inside another, footnotes and an endnote."""
    ferry = table(
        cell("Route") + cell("Passengers", '<w:gridSpan w:val="2"/>'),
        cell("Tornvik–Ness", '<w:vMerge w:val="restart"/>') + cell("Summer") + cell("41,200"),
        cell("", "<w:vMerge/>") + cell("Winter") + cell("9,870"),
        cell("Ness–Halm")
        + f"<w:tc><w:tcPr/>{table(cell('Cars') + cell('310'), cell('Bicycles') + cell('1,204'))}{p('')}</w:tc>"
        + cell("12,003"),
    )  # fmt: skip
    body = (
        p("The Tornvik Ferry in 2024", "Title")
        + p("Traffic", "Heading1")
        + paragraph(
            run("The ferry carried more passengers than in any year since 1998.")
            + '<w:r><w:footnoteReference w:id="2"/></w:r>'
            + run(" Winter traffic fell by a tenth.")
            + '<w:r><w:endnoteReference w:id="2"/></w:r>'
        )
        + ferry
        + p("Money", "Heading1")
        + '<w:p><w:hyperlink r:id="rId9"><w:r><w:t>The harbour board</w:t></w:r></w:hyperlink>'
        + f"{run(' paid 2.4 million crowns for the new ramp.')}"
        + '<w:r><w:footnoteReference w:id="3"/></w:r></w:p>'
    )
    footnotes = (
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>{run(" Counted at the Ness pier.")}</w:p></w:footnote>'
        f'<w:footnote w:id="3"><w:p><w:r><w:footnoteRef/></w:r>{run(" Without the cost of dredging.")}</w:p></w:footnote>'
    )
    dock = run(" The boat lay in dock for all of January.")
    endnotes = f'<w:endnote w:id="2"><w:p><w:r><w:endnoteRef/></w:r>{dock}</w:p></w:endnote>'
    core = {"title": "Template of 2019", "creator": "Sunniva Dahl;Per Aas", "created": "2025-02-03T08:15:00Z"}
    styles = style("Title", "Title") + style("Heading1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    return DocxDraft(body, styles=styles, footnotes=footnotes, endnotes=endnotes, core=core).packed()


def tracked_changes() -> bytes:
    """A draft with inserted and deleted words, a deleted row, two paragraphs made one, comments, hidden words, a header."""
    change = 'w:id="1" w:author="Ola Rud" w:date="2026-03-01T10:00:00Z"'
    gone = f'<w:del {change}><w:r><w:delText xml:space="preserve">forty-one</w:delText></w:r></w:del>'
    new = f"<w:ins {change}>{run('thirty-eight')}</w:ins>"
    deleted_row = f"<w:tr><w:trPr><w:del {change}/></w:trPr>{cell('Skuld')}{cell('Wrecked')}</w:tr>"
    ships = table(cell("Ship") + cell("State"), cell("Embla") + cell("Afloat")).replace("</w:tbl>", f"{deleted_row}</w:tbl>")
    body = (
        p("The museum fleet", "Heading1")
        + paragraph(
            run("The museum keeps ")
            + gone
            + new
            + '<w:commentRangeStart w:id="0"/>'
            + run(" wooden boats")
            + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
            + run(" in two sheds.")
        )
        + f"<w:p><w:pPr><w:rPr><w:del {change}/></w:rPr></w:pPr>{run('Most of them were built in Sogn, ')}</w:p>"
        + p("where pine is cheap.")
        + f"<w:p>{run('Do not print this sentence.', '<w:vanish/>')}{run('The sheds are open in July.')}</w:p>"
        + ships
    )
    comments = f'<w:comment w:id="0" w:author="Ola Rud"><w:p>{run("Are the prams counted?")}</w:p></w:comment>'
    core = {"title": "The museum fleet", "creator": "Microsoft Office User", "created": "2026-02-27T09:00:00Z"}
    styles = style("Heading1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    return DocxDraft(body, styles=styles, comments=comments, header=p("Confidential draft"), core=core).packed()


def localised_headings() -> bytes:
    """A German file: the ids of its styles are German, one style goes on from a heading, one heading has only a level."""
    body = (
        p("Wärme aus dem See", "Titel")
        + p("Wie es begann", "berschrift1")
        + p("Im Jahr 2017 fragte die Gemeinde Ufernau nach Wärme aus dem Nebelsee.")
        + p("Die Bohrung", "Kapitelberschrift")
        + p("Das Rohr liegt in 38 Metern Tiefe.")
        + p("Was es kostet", extra='<w:outlineLvl w:val="1"/>')
        + p("Eine Kilowattstunde kostet 9 Rappen.")
    )
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>'
        + style("Titel", "Title")
        + style("berschrift1", "heading 1", '<w:basedOn w:val="Standard"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
        + style("Kapitelberschrift", "Kapitelüberschrift", '<w:basedOn w:val="berschrift1"/>')
    )
    core = {"creator": "Regula Amstutz", "created": "2023-05-11T14:00:00Z", "language": "de-CH"}
    return DocxDraft(body, styles=styles, core=core).packed()


def translated_styles() -> bytes:
    """A French file of a program that translates the names of the styles and writes no levels."""
    body = (
        p("Les moulins de la Vaire", "a1")
        + p("La vallée compte neuf moulins, dont trois tournent encore.")
        + p("Le moulin Perrin", "a2")
        + p("Il moud du sarrasin depuis 1871.")
    )
    styles = style("a1", "Titre 1") + style("a2", "Titre 2")
    return DocxDraft(body, styles=styles, core={"creator": "Odile Garance", "created": "2022-09-30T07:00:00Z"}).packed()


def lists() -> bytes:
    """Lists of three kinds: bullets in two levels, numbers with letters below them, and numbered headings."""

    def level(number: int, form: str, text: str) -> str:
        inner = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
        return f'<w:lvl w:ilvl="{number}">{inner}</w:lvl>'

    def numbered(words: str, number: int, depth: int, named: str = "") -> str:
        listed = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
        return p(words, named, listed)

    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{level(0, "bullet", "•")}{level(1, "bullet", "o")}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="1">{level(0, "decimal", "%1.")}{level(1, "lowerLetter", "%2)")}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="2">{level(0, "decimal", "%1")}{level(1, "decimal", "%1.%2")}</w:abstractNum>'
        + "".join(f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(3))
    )
    body = (
        numbered("Before you dive", 3, 0, "Heading1")
        + p("Bring:")
        + numbered("a knife", 1, 0)
        + numbered("gloves", 1, 0)
        + numbered("of wool in winter", 1, 1)
        + numbered("Signals", 3, 1, "Heading2")
        + numbered("One pull means stop.", 2, 0)
        + numbered("Two pulls mean more line:", 2, 0)
        + numbered("a metre at a time", 2, 1)
        + numbered("never more than ten", 2, 1)
        + numbered("Three pulls mean come up.", 2, 0)
        + numbered("After the dive", 3, 0, "Heading1")
        + p("Rinse the gear in fresh water.")
    )
    styles = "".join(style(f"Heading{n}", f"heading {n}", f'<w:pPr><w:outlineLvl w:val="{n - 1}"/></w:pPr>') for n in (1, 2))
    core = {"title": "Rules for divers at Holm", "creator": "Holm Diving Club", "created": "2021-06-01T00:00:00Z"}
    return DocxDraft(body, styles=styles, numbering=numbering, core=core).packed()


def text_box() -> bytes:
    """A leaflet with a text box, which Word writes twice, a box made of a table of one cell, and a field for the date."""
    inner = f"<w:txbxContent>{p('Opening hours: Tuesday to Saturday, ten to four.')}</w:txbxContent>"
    box = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><wp:docPr id='1' name='Box 1' "
        f"descr='A drawing of the kiln'/><a:graphic><a:graphicData><wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp>"
        f"</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE \\@ "d MMMM yyyy"</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("4 May 2024")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    body = (
        paragraph(run("The Lime Kiln at Grundvik") + box, "Heading1")
        + p("The kiln burned lime from 1840 to 1912 and has been a museum since 1987.")
        + table(cell("Children under twelve enter free."))
        + paragraph(run("Printed on ") + field + run("."))
    )
    styles = style("Heading1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    return DocxDraft(body, styles=styles, core={"creator": "Grundvik Parish", "created": "2024-05-04T10:00:00Z"}).packed()


def pages() -> bytes:
    """Three pages, of which Word has noted where the breaks fell and how many pages there are."""
    turn = "<w:r><w:lastRenderedPageBreak/></w:r>"
    body = (
        p("A Winter on Skarv", "Heading1")
        + p("The first boat of the winter brought flour, paraffin and the mail.")
        + paragraph(turn + run("By December the well had frozen, and water came from snow."))
        + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        + paragraph(turn + run("In March the lighthouse keeper saw the first eider."))
    )
    styles = style("Heading1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    core = {"creator": "Ingrid Moe", "created": "2020-11-20T18:30:00Z"}
    return DocxDraft(body, styles=styles, core=core, pages=3).packed()


def letter() -> bytes:
    """A letter without headings, made by python-docx, whose own name and date are no author's."""
    document = Document()
    for words in (
        "Brekke, 14 April 2026",
        "Dear Ms Holt,",
        "Thank you for the photographs of the old cannery. The third one shows my grandmother at the sealing machine.",
        "The cannery closed in 1958, not in 1961 as your caption says.",
        "Yours sincerely,",
        "Tove Brekke",
    ):
        document.add_paragraph(words)
    packed = BytesIO()
    document.save(packed)
    return repacked(packed.getvalue())


def xml_bomb() -> bytes:
    """A Word file whose text is a few entities that stand for gigabytes."""
    text = f'{BILLION_LAUGHS}<w:document xmlns:w="x"><w:body>&lol9;</w:body></w:document>'
    return packed_zip({"[Content_Types].xml": "<Types/>", "word/document.xml": text})


def encrypted() -> bytes:
    """What Word makes of a document with a password: the old container, with the real file encrypted in it."""
    names = b"".join(
        name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", "EncryptionInfo", "EncryptedPackage")
    )
    return OLE + bytes(504) + names + bytes(1024)


def old_word() -> bytes:
    """A file of Word 97."""
    return OLE + bytes(504) + "WordDocument".encode("utf-16-le").ljust(128, b"\0") + bytes(1024)


def corrupt() -> bytes:
    """A download that broke off."""
    return letter()[:9000]


def slides() -> bytes:
    """A talk of three slides with a table, two levels of bullets, notes, a footer and a hidden slide."""
    talk = Presentation()
    title = talk.slides.add_slide(talk.slide_layouts[0])
    title.shapes.title.text = "Otters in the Lune"
    title.placeholders[1].text = "Report to the river trust"
    body = talk.slides.add_slide(talk.slide_layouts[1])
    body.shapes.title.text = "What we counted"
    frame = body.placeholders[1].text_frame
    frame.text = "Eleven holts below the weir"
    below = frame.add_paragraph()
    below.text, below.level = "four of them new", 1
    body.notes_slide.notes_text_frame.text = "Say that the winter count was done by volunteers."
    numbers = talk.slides.add_slide(talk.slide_layouts[5])
    numbers.shapes.title.text = "By year"
    grid = numbers.shapes.add_table(3, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for row, words in enumerate((("Year", "Otters"), ("2023", "17"), ("2024", "26"))):
        for column, word in enumerate(words):
            grid.cell(row, column).text = word
    numbers.shapes.add_textbox(Inches(1), Inches(5), Inches(4), Inches(1)).text_frame.text = "Cubs are not counted."
    hidden = talk.slides.add_slide(talk.slide_layouts[5])
    hidden.shapes.title.text = "Old figures"
    hidden._element.set("show", "0")
    core = talk.core_properties
    core.author, core.title = "Meg Ashworth", "Otters in the Lune"
    core.created = core.modified = datetime(2025, 1, 15, tzinfo=UTC)
    packed = BytesIO()
    talk.save(packed)
    return repacked(packed.getvalue())


def folders() -> bytes:
    """An archive of a folder: a note, a text and a Word file, and what macOS adds."""
    return packed_zip(
        {
            "notes/bees.md": BEES,
            "notes/deep/wasps.txt": "Wasps nest in the old lime kiln above the village.\n",
            "letter.docx": letter(),
            "__MACOSX/notes/._bees.md": b"\0\5\x16\7",
            "notes/.DS_Store": b"\0\0\0\1Bud1",
        }
    )


def japanese_names() -> bytes:
    """An archive that a Japanese Windows has packed: the names are in Shift-JIS, and one of their bytes is a backslash."""
    return zip_with_names_in(
        "cp932",
        {
            "資料/議事録.txt": "橋の工事は四月に始まり、十月に終わる予定である。\n",
            "資料/参加者の一覧表.txt": "会議には村の代表が九人出席した。欠席は二人だった。\n",
        },
    )


def parent_names() -> bytes:
    """An archive whose only files have names that lead out of it."""
    return packed_zip({"../../evil.txt": "The moor is closed.\n"})


FILES: dict[str, Callable[[], bytes]] = {
    "tables-and-notes.docx": tables_and_notes,
    "tracked-changes.docx": tracked_changes,
    "localised-headings.docx": localised_headings,
    "translated-styles.docx": translated_styles,
    "lists.docx": lists,
    "text-box.docx": text_box,
    "pages.docx": pages,
    "letter.docx": letter,
    "xml-bomb.docx": xml_bomb,
    "encrypted.docx": encrypted,
    "old-word.doc": old_word,
    "corrupt.docx": corrupt,
    "minutes.odt": open_document,
    "encrypted.odt": encrypted_open_document,
    "xml-bomb.odt": open_document_bomb,
    "cafes-cp1252.rtf": french_rtf,
    "bridge-unicode.rtf": russian_rtf,
    "salt-road.epub": book,
    "protected.epub": protected_book,
    "xml-bomb.epub": book_bomb,
    "otters.pptx": slides,
    "folders.zip": folders,
    "japanese-names.zip": japanese_names,
    "parent-names.zip": parent_names,
}


def main() -> None:
    """Writes the files."""
    OFFICE.mkdir(exist_ok=True)
    for name, make in FILES.items():
        (OFFICE / name).write_bytes(make())


if __name__ == "__main__":
    main()
