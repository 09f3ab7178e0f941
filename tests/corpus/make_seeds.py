"""Makes the example articles that are no plain text: `python -m tests.corpus.make_seeds`. The same bytes come out each time.

They show at the first start what else Footnote reads: a PDF of two pages in columns, cited by the numbers that they bear; a web
page as a browser saves it, with a menu, a note on cookies and comments around the article, and the author and the date in
its JSON-LD alone; and a Word file with headings, a table and a footnote.
"""

from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, FrameBreak, Paragraph, Table, TableStyle

from tests.corpus.docx_drafts import DocxDraft, cell, p, paragraph, run, style, table
from tests.corpus.pdf_drafts import HEADING, laid_out, paragraphs
from tests.corpus.seed_texts import (
    EDITORS,
    HEAP_BASICS,
    HEAP_HEAT,
    HEAP_MIXING,
    HEAP_ROWS,
    HEAP_TITLE,
    HEAP_TROUBLE,
    HEAP_WORMS,
    LICHENS,
    VIOLIN_BAR,
    VIOLIN_BOW,
    VIOLIN_GLUE,
    VIOLIN_NOTE,
    VIOLIN_OPENING,
    VIOLIN_POST,
    VIOLIN_ROWS,
    VIOLIN_STRINGS,
    VIOLIN_TITLE,
)

SEEDS = Path(__file__).parents[2] / "seeds"
FIRST_PAGE = 14
"""The number that the PDF's first page bears, as pages of a magazine do."""
_TEXT = ParagraphStyle("text", fontName="Times-Roman", fontSize=12, leading=17, spaceAfter=8)
_WIDTH, _HEIGHT = 595, 680
"""Points; less high than a sheet of A4, which these words would leave half empty."""


def heap_pdf() -> bytes:
    """Two pages of two columns under a headline over both, with a ruled table; numbered and labelled 14 and 15."""
    story: list[Flowable] = [
        *paragraphs(HEAP_BASICS, _TEXT),
        _ruled_table(),
        *_section("Building a compost heap", HEAP_MIXING),
        FrameBreak(),
        *_section("Why a compost heap grows hot", HEAP_HEAT),
        FrameBreak(),
        *_section("Worms and the smell of earth", HEAP_WORMS),
        FrameBreak(),
        *_section("When a compost heap smells bad", HEAP_TROUBLE),
    ]
    info = {"title": HEAP_TITLE, "author": EDITORS}
    packed = laid_out(story, columns=2, around=_around, info=info, size=(_WIDTH, _HEIGHT), first=60)
    # The library puts one and the same day on every file that it makes without the clock.
    return packed.replace(b"D:20000101000000", b"D:20261102090000")


def _section(heading: str, texts: tuple[str, ...]) -> list[Flowable]:
    return [Paragraph(heading, HEADING), *paragraphs(texts, _TEXT)]


def _ruled_table() -> Table:
    ruled = TableStyle([("GRID", (0, 0), (-1, -1), 0.6, colors.grey), ("FONT", (0, 0), (-1, 0), "Times-Bold", 10.5)])
    ruled.add("FONT", (0, 1), (-1, -1), "Times-Roman", 10.5)
    return Table([list(row) for row in HEAP_ROWS], style=ruled, spaceBefore=4, spaceAfter=10)


def _around(canvas: Canvas, page: int) -> None:
    """The headline over both columns of the first page, the number at the foot of each."""
    if page == 1:
        # The labels are what a viewer shows in place of a count from 1.
        canvas.addPageLabel(0, style="ARABIC", start=FIRST_PAGE)
        canvas.setFont("Helvetica-Bold", 22)
        canvas.drawString(62, _HEIGHT - 90, HEAP_TITLE)
    canvas.setFont("Times-Roman", 10)
    canvas.drawCentredString(_WIDTH / 2, 36, str(FIRST_PAGE + page - 1))


def violin_docx() -> bytes:
    """A Word file with a title, headings, a table and a footnote."""
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    body = (
        p(VIOLIN_TITLE, "Title")
        + p(VIOLIN_OPENING)
        + p("Why the glue of a violin is weak", "Heading1")
        + p(VIOLIN_GLUE)
        + p("The sound post and the bass bar", "Heading1")
        + p(VIOLIN_POST)
        + p(VIOLIN_BAR)
        + p("How the strings are tuned", "Heading1")
        + paragraph(run(VIOLIN_STRINGS) + reference)
        + table(*("".join(map(cell, row)) for row in VIOLIN_ROWS))
        + p("Horsehair and rosin", "Heading1")
        + p(VIOLIN_BOW)
    )
    footnotes = f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>{run(f" {VIOLIN_NOTE}")}</w:p></w:footnote>'
    styles = style("Title", "Title") + style("Heading1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    core = {"title": VIOLIN_TITLE, "creator": EDITORS, "created": "2026-11-05T09:00:00Z", "language": "en"}
    return DocxDraft(body, styles=styles, footnotes=footnotes, core=core).packed()


def made() -> dict[str, bytes]:
    """The files by their names."""
    return {
        "compost-heap.pdf": heap_pdf(),
        "lichens.html": LICHENS.encode(),
        "violin-parts.docx": violin_docx(),
    }


def main() -> None:
    """Writes the files."""
    for name, data in made().items():
        (SEEDS / name).write_bytes(data)


if __name__ == "__main__":
    main()
