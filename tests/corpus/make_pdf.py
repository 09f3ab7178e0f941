"""Makes the files of tests/corpus/pdf with what is expected of them: `python -m tests.corpus.make_pdf`.

What is expected is what was given to be set, and no reader's output. The same bytes come out each time, but for the encrypted
file.
"""

import textwrap
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from tests.corpus.pdf_drafts import (
    BODY,
    BYLINE,
    HEADING,
    INDENTED,
    LARGE,
    SUBHEADING,
    TITLE,
    kept,
    laid_out,
    lines,
    on_canvas,
    paragraphs,
    photographed,
)
from tests.corpus.pdf_texts import CHINESE, FERRY, FOOTNOTED, HERONS, HYPHENATED, KILNS, MILL, REPORT, SALT, SLIDES

PDF = Path(__file__).parent / "pdf"
WIDTH, HEIGHT = A4


def one_column(folder: Path) -> None:
    """A report of two pages; its title in the information is what a word processor put there."""
    story = [Paragraph("The last ferry to Sandholm", TITLE), Paragraph("By Marit Lunde", BYLINE), *paragraphs(FERRY, LARGE)]
    info = {"title": "Microsoft Word - ferry_final2.doc", "author": "Admin"}
    expected = "\n".join(["By Marit Lunde", *FERRY])
    pages = {"p. 1": FERRY[0][:40], "p. 2": FERRY[-1][-60:]}
    kept(
        folder,
        "one-column",
        laid_out(story, info=info),
        title="The last ferry to Sandholm",
        author="Marit Lunde",
        language="en",
        text=expected,
        pages=pages,
    )


def two_columns(folder: Path) -> None:
    """Two columns under a headline over both, first lines indented."""

    def headline(canvas: Canvas, number: int) -> None:
        if number == 1:
            canvas.setFont("Helvetica-Bold", 20)
            canvas.drawString(62, HEIGHT - 90, "Herons return to the lower Aune")

    data = laid_out(paragraphs(HERONS, INDENTED), columns=2, around=headline, first=60, info={"author": "Jon Vik"})
    kept(
        folder,
        "two-columns",
        data,
        title="Herons return to the lower Aune",
        author="Jon Vik",
        text="\n".join(["Herons return to the lower Aune", *HERONS]),
    )


def running_heads(folder: Path) -> None:
    """Heads that differ on left and right pages, and page numbers at the foot."""

    def around(canvas: Canvas, number: int) -> None:
        canvas.setFont("Times-Italic", 9)
        if number % 2:
            canvas.drawRightString(WIDTH - 62, HEIGHT - 40, "Chapter 3: The salt road")
        else:
            canvas.drawString(62, HEIGHT - 40, "A History of the Hill Farms")
        canvas.drawCentredString(WIDTH / 2, 34, f"– {number + 40} –")

    story = [Paragraph("The salt road", TITLE), *paragraphs(SALT * 16)]
    kept(
        folder,
        "running-heads",
        laid_out(story, around=around, info={"title": "The salt road"}),
        title="The salt road",
        text="\n".join(["The salt road", *SALT * 16]),
        without=["Chapter 3", "History of the Hill", "– 42 –"],
        omitted=["Chapter 3: The salt road", "A History of the Hill Farms"],
        pages={"p. 41": SALT[0][:50]},
    )


def hyphenation(folder: Path) -> None:
    """Words that the ends of lines break, and words that have a hyphen of their own."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 18)
        canvas.drawString(90, 760, "Tin from the valley")
        canvas.setFont("Times-Roman", 11)
        lines(canvas, 90, 720, HYPHENATED)

    text = (
        "Tin from the valley\n"
        "The management of the mine was a well-known family of merchants. They sold the smelted ore in long-term contracts, "
        "and the smelted bars went by river to the coast. A well-known buyer was the crown. The harbour took tin on Monday, "
        "copper on Friday. The agreement was for pre- and post-war deliveries, and it was management that broke the agreement."
    )
    kept(folder, "hyphenation", on_canvas(draw), title="Tin from the valley", text=text, without=["-agement", "smel-"])


def rotated(folder: Path) -> None:
    """A page that is stored on its side and turned when it is shown, as a scanner or a spreadsheet writes it."""

    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(80, WIDTH - 80, "Rainfall on the plateau")
        canvas.setFont("Helvetica", 11)
        lines(canvas, 80, WIDTH - 120, RAIN)

    kept(
        folder, "rotated", on_canvas(draw), title="Rainfall on the plateau", text="\n".join(["Rainfall on the plateau", *RAIN])
    )


RAIN = [
    "The gauge on the plateau has been read each morning since 1911 by members of one family.",
    "In the wettest year, 1954, it held 1,912 millimetres; in the driest, 1976, barely 640.",
    "Snow is melted on the kitchen stove before it is measured, as the first reader wrote down.",
]


def footnotes(folder: Path) -> None:
    """Two pages with notes at their feet, in smaller type, with raised numbers in the text."""

    def page(canvas: Canvas, at: int) -> None:
        canvas.setFont("Times-Roman", 11)
        top = 770.0
        for text, mark in FOOTNOTED[at]["lines"]:
            canvas.drawString(80, top, text)
            if mark:
                canvas.setFont("Times-Roman", 7)
                canvas.drawString(80 + canvas.stringWidth(text, "Times-Roman", 11), top + 4, mark)
                canvas.setFont("Times-Roman", 11)
            top -= 15
        canvas.line(80, 130, 220, 130)
        canvas.setFont("Times-Roman", 8.5)
        lines(canvas, 80, 116, FOOTNOTED[at]["notes"], 11)
        canvas.showPage()

    def draw(canvas: Canvas) -> None:
        page(canvas, 0)
        page(canvas, 1)

    text = (
        "The bell of Tveit was cast in 1688 from the copper of three stills.[1] It hung in the old church until the fire of "
        "1842, and was found whole in the ashes by a boy of nine, who was given a silver coin for it.\n"
        "[1] The stills had been taken from farmers by the bailiff.\n"
        "The new tower was finished only in 1851.[2] Since then it has been rung by hand on each Saturday at five.\n"
        "[2] Church accounts, volume 4, leaf 12.\n"
    )
    kept(folder, "footnotes", on_canvas(draw), text=text, pages={"p. 2": "The new tower was finished"})


def tables(folder: Path) -> None:
    """A ruled table and one whose columns are only aligned, between paragraphs."""
    ruled = Table([list(row) for row in RULED], colWidths=[120, 110, 160])
    ruled.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONTSIZE", (0, 0), (-1, -1), 9.5)]))
    plain = Table([list(row) for row in ALIGNED], colWidths=[150, 90, 90], hAlign="LEFT")
    story: list[Flowable] = [
        Paragraph("Passengers of the island boats", TITLE),
        Paragraph(REPORT[0], BODY),
        ruled,
        Paragraph(REPORT[1], ParagraphStyle("after", BODY, spaceBefore=12)),
        plain,
        Paragraph(REPORT[2], ParagraphStyle("last", BODY, spaceBefore=12)),
    ]
    text = "\n".join([
        "Passengers of the island boats",
        REPORT[0],
        *(" | ".join(row).replace("\n", " ") for row in RULED),
        REPORT[1],
        *(" | ".join(row) for row in ALIGNED),
        REPORT[2],
    ])  # fmt: skip
    kept(folder, "tables", laid_out(story), title="Passengers of the island boats", text=text)


RULED = (
    ("Boat", "Passengers", "Remark"),
    ("Embla", "41,200", "new engine in March,\nno days lost"),
    ("Skuld", "9,870", "in dock from May"),
    ("Ran", "12,003", "summer only"),
)
ALIGNED = (("Month", "Days", "Fog"), ("January", "31", "4"), ("February", "28", "9"), ("March", "31", "6"))


def headings(folder: Path) -> None:
    """Numbered headings of two levels, a list, and an outline."""

    class Marked(Paragraph):
        """A heading that stands in the outline."""

        def draw(self) -> None:
            self.canv.bookmarkPage(self.text)
            self.canv.addOutlineEntry(self.getPlainText(), self.text, 0)
            super().draw()

    story: list[Flowable] = [
        Paragraph("Handbook for lock keepers", TITLE),
        Marked("1 Before the season", HEADING),
        *paragraphs(MILL[:1]),
        Paragraph("1.1 Gates", SUBHEADING),
        *paragraphs(MILL[1:2]),
        Paragraph("Look for rot at the water line.", BODY, bulletText="•"),
        Paragraph("Grease the collars.", BODY, bulletText="•"),
        Paragraph("Count the paddles.", BODY, bulletText="•"),
        Paragraph("1.2 Sluices", SUBHEADING),
        *paragraphs(MILL[2:3]),
        Marked("2 High water", HEADING),
        *paragraphs(MILL[3:]),
    ]
    bullets = ["Look for rot at the water line.", "Grease the collars.", "Count the paddles."]
    text = ["Handbook for lock keepers", "1 Before the season", MILL[0], "1.1 Gates", MILL[1], *bullets, "1.2 Sluices"]
    info = {"title": "Handbook for lock keepers", "author": "Inland Waters Office"}
    kept(
        folder,
        "headings",
        laid_out(story, info=info),
        title="Handbook for lock keepers",
        author="Inland Waters Office",
        text="\n".join([*text, MILL[2], "2 High water", *MILL[3:]]),
    )


def chinese(folder: Path) -> None:
    """Chinese text, whose lines are joined without a space."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = ParagraphStyle("chinese", fontName="STSong-Light", fontSize=11, leading=17, wordWrap="CJK", firstLineIndent=22)
    title = ParagraphStyle("chinese title", body, fontSize=18, leading=26, firstLineIndent=0)
    story = [Paragraph(CHINESE[0], title), *paragraphs(CHINESE[1:], body)]
    kept(folder, "chinese", laid_out(story), title=CHINESE[0], language="zh", text="\n".join(CHINESE))


def slides(folder: Path) -> None:
    """Slides as a program exports them: large type, few words, a foot on each."""
    wide = landscape(A4)

    def draw(canvas: Canvas) -> None:
        for number, (title, points) in enumerate(SLIDES, 1):
            canvas.setFont("Helvetica-Bold", 30)
            canvas.drawString(60, 500, title)
            canvas.setFont("Helvetica", 20)
            lines(canvas, 80, 430, [f"•  {point}" for point in points], 36)
            canvas.setFont("Helvetica", 10)
            canvas.drawString(60, 24, "Otter survey · spring meeting")
            canvas.drawRightString(wide[0] - 60, 24, str(number))
            canvas.showPage()

    text = "\n".join(line for title, points in SLIDES for line in (title, *points))
    kept(
        folder,
        "slides",
        on_canvas(draw, pagesize=wide),
        title=SLIDES[0][0],
        text=text,
        without=["spring meeting"],
        pages={"p. 3": SLIDES[2][1][0]},
    )


def journal(folder: Path) -> None:
    """An article of a journal: authors and abstract over both columns, running heads, pages 113 and following."""

    def around(canvas: Canvas, number: int) -> None:
        canvas.setFont("Times-Roman", 8.5)
        canvas.drawString(62, HEIGHT - 44, "Journal of Upland Archaeology 12 (2019)")
        canvas.drawRightString(WIDTH - 62, HEIGHT - 44, str(number + 112))
        if number == 1:
            canvas.setFont("Helvetica-Bold", 17)
            canvas.drawCentredString(WIDTH / 2, HEIGHT - 100, "Charcoal kilns of the Rana plateau")
            canvas.setFont("Times-Roman", 11)
            canvas.drawCentredString(WIDTH / 2, HEIGHT - 124, "Ingrid Solheim and Pavel Novak")
            canvas.setFont("Times-Bold", 10)
            canvas.drawString(90, HEIGHT - 156, "Abstract")
            canvas.setFont("Times-Roman", 9.5)
            lines(canvas, 90, HEIGHT - 170, KILNS["abstract"], 12)

    story: list[Flowable] = []
    for heading, texts in KILNS["sections"]:
        story += [Paragraph(heading, SUBHEADING), *paragraphs(texts, INDENTED)]
    text = ["Charcoal kilns of the Rana plateau", "Ingrid Solheim and Pavel Novak", "Abstract", " ".join(KILNS["abstract"])]
    text += [line for heading, texts in KILNS["sections"] for line in (heading, *texts)]
    info = {"title": "Charcoal kilns of the Rana plateau", "author": "Ingrid Solheim; Pavel Novak"}
    kept(
        folder,
        "journal",
        laid_out(story, columns=2, around=around, first=160, info=info),
        title="Charcoal kilns of the Rana plateau",
        author="Ingrid Solheim, Pavel Novak",
        text="\n".join(text),
        without=["Journal of Upland"],
        omitted=["Journal of Upland Archaeology"],
        pages={"p. 113": KILNS["abstract"][0]},
    )


def front_matter(folder: Path) -> None:
    """A book whose preface has Roman page numbers, in the document's own page labels."""

    def draw(canvas: Canvas) -> None:
        canvas.addPageLabel(0, style="ROMAN_LOWER", start=3)
        canvas.addPageLabel(2, style="ARABIC", start=1)
        for text in MILL[:4]:
            canvas.setFont("Times-Roman", 11)
            lines(canvas, 80, 740, textwrap.wrap(text, 88))
            canvas.showPage()

    kept(
        folder,
        "page-labels",
        on_canvas(draw),
        text="\n".join(MILL[:4]),
        pages={"p. iii": MILL[0][:30], "p. iv": MILL[1][:30], "p. 2": MILL[3][:30]},
    )


def stamped(folder: Path) -> None:
    """A mark across the page and a stamp along its edge, which are none of the text."""

    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica-Bold", 60)
        canvas.setFillGray(0.85)
        canvas.translate(150, 300)
        canvas.rotate(50)
        canvas.drawString(0, 0, "CONFIDENTIAL")
        canvas.restoreState()
        canvas.saveState()
        canvas.setFont("Times-Roman", 12)
        canvas.translate(30, 250)
        canvas.rotate(90)
        canvas.drawString(0, 0, "received 12 May 2020")
        canvas.restoreState()
        canvas.setFont("Times-Bold", 16)
        canvas.drawString(80, 760, "The wells of Hovden")
        canvas.setFont("Times-Roman", 11)
        lines(canvas, 80, 725, textwrap.wrap(" ".join(REPORT), 88))

    kept(
        folder,
        "stamped",
        on_canvas(draw),
        title="The wells of Hovden",
        text="\n".join(["The wells of Hovden", " ".join(REPORT)]),
        without=["CONFIDENTIAL", "received"],
        omitted=["CONFIDENTIAL", "received 12 May 2020"],
    )


def scanned(folder: Path) -> None:
    """A page that is a picture, and a document of which one page is."""
    original = laid_out(
        [
            Paragraph("Minutes of the harbour board", TITLE),
            *paragraphs(REPORT, ParagraphStyle("big", BODY, fontSize=13, leading=18)),
        ]
    )
    picture = photographed(original)

    def whole(canvas: Canvas) -> None:
        canvas.drawImage(picture, 0, 0, WIDTH, HEIGHT)

    def mixed(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 11)
        lines(canvas, 80, 740, textwrap.wrap(MILL[0], 88))
        canvas.showPage()
        canvas.drawImage(picture, 0, 0, WIDTH, HEIGHT)

    text = "\n".join(["Minutes of the harbour board", *REPORT])
    kept(folder, "scanned", on_canvas(whole), text=text, omitted=["is a picture"], pages={"p. 1": "harbour"})
    kept(folder, "mixed-scanned", on_canvas(mixed), text=f"{MILL[0]}\n{text}", omitted=["Page 2 is a picture"])


def hostile(folder: Path) -> None:
    """What is refused."""
    data = laid_out(paragraphs(FERRY))
    locked = on_canvas(
        lambda canvas: canvas.drawString(80, 700, "Nobody reads this."), encrypt=StandardEncryption("open sesame")
    )
    kept(folder, "encrypted", locked, refused="protected with a password")
    kept(folder, "corrupt", data[:700] + b"\x00" * 200, refused="damaged")
    kept(folder, "empty", b"", refused="empty")
    kept(folder, "web-page", b"<!doctype html><p>Please sign in to download.</p>", refused="is no PDF")
    kept(folder, "blank", on_canvas(lambda canvas: canvas.showPage()), refused="no text on its pages")


def main() -> None:
    """Writes all files."""
    PDF.mkdir(exist_ok=True)
    for make in (one_column, two_columns, running_heads, hyphenation, rotated, footnotes, tables, headings, chinese, slides):
        make(PDF)
    for make in (journal, front_matter, stamped, scanned, hostile):
        make(PDF)


if __name__ == "__main__":
    main()
