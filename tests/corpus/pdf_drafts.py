"""What the PDFs of the corpus are drawn with: frames with running heads, pages that are pictures, and their expectations."""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import yaml
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph

BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=10.5, leading=13, spaceAfter=6, alignment=TA_JUSTIFY)
INDENTED = ParagraphStyle("indented", BODY, firstLineIndent=14, spaceAfter=0)
LARGE = ParagraphStyle("large", BODY, fontSize=13.5, leading=24)
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=19, leading=23, spaceAfter=10)
HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=13.5, leading=17, spaceBefore=10, spaceAfter=5)
SUBHEADING = ParagraphStyle("subheading", fontName="Helvetica-Bold", fontSize=10.5, leading=14, spaceBefore=8, spaceAfter=3)
BYLINE = ParagraphStyle("byline", fontName="Times-Italic", fontSize=11, leading=15, spaceAfter=10)

OnPage = Callable[[Canvas, int], None]
"""Draws what stands around the text of a page."""


def paragraphs(texts: Sequence[str], style: ParagraphStyle = BODY) -> list[Flowable]:
    return [Paragraph(text, style) for text in texts]


def laid_out(
    story: Sequence[Flowable],
    *,
    columns: int = 1,
    around: OnPage | None = None,
    info: Mapping[str, str] | None = None,
    size: tuple[float, float] = A4,
    first: float = 0,
) -> bytes:
    """The story in frames; `first` is the height that the first page's frames leave free at the top for `around`."""
    file = BytesIO()
    stated = info or {}
    document = BaseDocTemplate(
        file,
        pagesize=size,
        invariant=1,
        title=stated.get("title", ""),
        author=stated.get("author", ""),
        subject=stated.get("subject", ""),
    )
    gutter, margin, foot = 18, 62, 66
    wide = (size[0] - 2 * margin - (columns - 1) * gutter) / columns

    def frames(above: float) -> list[Frame]:
        return [
            Frame(margin + at * (wide + gutter), foot, wide, size[1] - 2 * foot - above, 0, 0, 0, 0) for at in range(columns)
        ]

    def drawn(canvas: Canvas, at: Any) -> None:
        if around is not None:
            around(canvas, at.page)

    document.addPageTemplates([
        PageTemplate("first", frames(first), onPage=drawn, autoNextPageTemplate="later"),
        PageTemplate("later", frames(0), onPage=drawn),
    ])  # fmt: skip
    document.build(list(story))
    return file.getvalue()


def on_canvas(draw: Callable[[Canvas], None], **options: Any) -> bytes:
    """A document that is drawn by hand."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=options.pop("pagesize", A4), invariant=1, **options)
    draw(canvas)
    canvas.save()
    return file.getvalue()


def lines(canvas: Canvas, left: float, top: float, texts: Sequence[str], leading: float = 14) -> None:
    """Lines of text from the top down, just as they are given."""
    for at, text in enumerate(texts):
        canvas.drawString(left, top - at * leading, text)


def photographed(data: bytes, at: int = 0) -> ImageReader:
    """A page as a scanner sees it: grey, and a picture."""
    document = pypdfium2.PdfDocument(data)
    try:
        image = document[at].render(scale=1.9, grayscale=True).to_pil()
    finally:
        document.close()
    file = BytesIO()
    image.save(file, "JPEG", quality=55)
    file.seek(0)
    return ImageReader(file)


def kept(folder: Path, name: str, data: bytes, **expected: Any) -> None:
    """Writes a file with what is expected of it."""
    (folder / f"{name}.pdf").write_bytes(data)
    shown = yaml.safe_dump(expected, allow_unicode=True, sort_keys=False, width=10_000)
    (folder / f"{name}.pdf.expected.yaml").write_text(shown, encoding="utf-8")
