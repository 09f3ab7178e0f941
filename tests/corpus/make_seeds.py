"""Makes those of the articles in seeds/ that are no plain text: `python -m tests.corpus.make_seeds`. The same bytes each time.

They show what else than text Footnote reads: a PDF of two pages, a Word file with a table and a footnote, and a web page as a
browser saves it, with the menu, the teasers and the note on cookies that are not part of the article.
"""

from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from tests.corpus.docx_drafts import DocxDraft, cell, p, paragraph, run, style, table

SEEDS = Path(__file__).parents[2] / "seeds"
EDITORS = "Footnote editors"

LENS_TITLE = "How Fresnel's lens brightened the lighthouses"
LENS_PAGES = (
    (
        ("h1", LENS_TITLE),
        (
            "p",
            "Augustin-Jean Fresnel was a French engineer who turned the study of light into a lamp for sailors. "
            "Fresnel lived from "
            "1788 to 1827, and from 1819 on he worked for the French commission of lighthouses.",
        ),
        ("h2", "The trouble with a thick lens"),
        (
            "p",
            "Before Fresnel, a lighthouse threw its light with mirrors of polished metal, which swallow about "
            "half of the light that "
            "falls on them. A glass lens wastes less, but a lens wide enough for a lighthouse would be so thick "
            "at its middle that "
            "it would be too heavy to turn and would swallow light itself.",
        ),
        (
            "p",
            "Fresnel's lens leaves out the glass that does not bend the light. Only the curved surface is kept, "
            "cut into rings that "
            "stand side by side, so that a Fresnel lens is thin and light for its width.",
        ),
    ),
    (
        ("h2", "The first light"),
        (
            "p",
            "The first Fresnel lens in a lighthouse was lit in July 1823 in the tower of Cordouan, which stands "
            "in the mouth of the "
            "Gironde in France. Its beam could be seen from more than 30 kilometers away.",
        ),
        ("h2", "Large and small lenses"),
        (
            "p",
            "Fresnel lenses were made in several sizes. The largest of the early ones has a focal length of 920 millimeters "
            "and stood on the open coast, and the smallest has one of 150 millimeters and stood in harbors.",
        ),
        (
            "p",
            "The first Fresnel lens in America was set up in 1841 at Navesink in New Jersey. Today lenses cut "
            "into rings are also "
            "found in stage lamps and in overhead projectors.",
        ),
    ),
)

BEES_TITLE = "The waggle dance: how a honeybee points the way"
BEES = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{BEES_TITLE} | The Footnote Reader</title>
<meta name="author" content="{EDITORS}">
<meta name="description" content="A dance on the comb says where the flowers are.">
<meta property="og:type" content="article">
<meta property="og:title" content="{BEES_TITLE}">
<meta property="article:published_time" content="2026-11-20T08:00:00+00:00">
<script type="application/ld+json">
{{"@context": "https://schema.org", "@type": "Article", "headline": "{BEES_TITLE}",
"author": {{"@type": "Organization", "name": "{EDITORS}"}}, "datePublished": "2026-11-20", "inLanguage": "en"}}
</script>
</head>
<body>
<header><a href="/">The Footnote Reader</a>
<nav><ul><li><a href="/animals">Animals</a></li><li><a href="/lamps">Lamps</a></li><li><a href="/wheels">Wheels</a></li>
<li><a href="/subscribe">Subscribe</a></li></ul></nav></header>
<div id="cookie-banner" role="dialog"><p>We use cookies to improve your experience. <button>Accept all</button></p></div>
<main>
<article>
<h1>{BEES_TITLE}</h1>
<p class="byline">By {EDITORS} · <time datetime="2026-11-20">20 November 2026</time></p>
<p>A honeybee that has found a rich patch of flowers tells the others in the hive where the flowers are. The bee does so with a
waggle dance, which it performs in the dark on the upright comb.</p>
<h2>How the dance is read</h2>
<p>In a waggle dance the bee runs straight ahead while shaking its body, turns back to where it began, and runs again,
so that its
path is a figure of eight. The angle between the straight run and the vertical is the angle between the flowers and the
sun. A run
straight up means that the flowers lie in the direction of the sun.</p>
<p>The length of the straight run tells how far the flowers are. A run of about one second stands for about one kilometer of
flight, and a longer run stands for a longer way.</p>
<blockquote><p>A bee that dances for flowers close to the hive runs in circles, which is called the round
dance.</p></blockquote>
<h2>Who understood the dance</h2>
<p>The Austrian zoologist Karl von Frisch found out what the waggle dance means. Karl von Frisch shared the Nobel Prize in
Physiology or Medicine of 1973 with Konrad Lorenz and Nikolaas Tinbergen.</p>
</article>
<aside class="related"><h2>Related stories</h2><ul><li><a href="/ants">Why ants walk in lines …</a></li>
<li><a href="/storks">The stork that wintered in town …</a></li></ul></aside>
</main>
<section id="comments"><h2>Comments</h2><p>hivefan: My bees dance the tango.</p></section>
<footer><p>© 2026 The Footnote Reader. All rights reserved. <a href="/privacy">Privacy</a></p></footer>
</body>
</html>
"""

BICYCLE_TITLE = "How the bicycle got its chain"
BICYCLE_ROWS = (
    ("Year", "Machine", "What drives it"),
    ("1817", "running machine of Drais", "the feet of the rider, on the ground"),
    ("1860s", "velocipede", "pedals on the front wheel"),
    ("1885", "Rover safety bicycle", "pedals and a chain to the rear wheel"),
)


def lens_pdf() -> bytes:
    """A PDF of two pages, with the number of the page at its foot."""
    body = ParagraphStyle("p", fontName="Times-Roman", fontSize=11, leading=15, spaceAfter=8)
    looks = {
        "h1": ParagraphStyle("h1", parent=body, fontName="Times-Bold", fontSize=17, leading=21, spaceAfter=12),
        "h2": ParagraphStyle("h2", parent=body, fontName="Times-Bold", fontSize=13, leading=17, spaceBefore=6),
        "p": body,
    }
    story = []
    for number, blocks in enumerate(LENS_PAGES):
        story += [PageBreak()] * bool(number) + [Paragraph(words, looks[kind]) for kind, words in blocks]
    packed = BytesIO()
    made = SimpleDocTemplate(packed, pagesize=A5, title=LENS_TITLE, author=EDITORS, invariant=1)
    made.build(story, onFirstPage=_foot, onLaterPages=_foot)
    # Without this the file would differ each time; the library then puts the same day on all files.
    return packed.getvalue().replace(b"D:20000101000000", b"D:20261120090000")


def _foot(canvas: Canvas, made: SimpleDocTemplate) -> None:
    canvas.setFont("Times-Roman", 9)
    canvas.drawCentredString(A5[0] / 2, 30, str(made.page))


def bicycle_docx() -> bytes:
    """A Word file with a title, headings, a table and a footnote."""
    body = (
        p(BICYCLE_TITLE, "Title")
        + p(
            "The bicycle began without pedals. Karl von Drais, a German forester, rode a wooden running machine with two "
            "wheels near Mannheim in 1817, and its rider pushed it along with the feet."
        )
        + p("Pedals on the front wheel", "Heading1")
        + p(
            "In the 1860s French makers put pedals on the axle of the front wheel. A larger wheel went further with each turn, "
            "so that the front wheels of the high bicycles grew as tall as a rider's legs allowed."
        )
        + p("The chain", "Heading1")
        + paragraph(
            run(
                "A chain turns the rear wheel more often than the pedals turn, so that the wheels can be small. The Rover "
                "safety bicycle, which John Kemp Starley sold in Coventry from 1885 on, had two wheels of nearly the same "
                "size and a chain to the rear one."
            )
            + '<w:r><w:footnoteReference w:id="2"/></w:r>'
        )
        + table(*("".join(map(cell, row)) for row in BICYCLE_ROWS))
        + p("Air in the tires", "Heading1")
        + p("John Boyd Dunlop, a veterinarian in Belfast, made a tire filled with air for his son's tricycle in 1887.")
    )
    told = run(" It was called a safety bicycle because a fall from it was not as deep as from a high one.")
    footnotes = f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>{told}</w:p></w:footnote>'
    styles = style("Title", "Title") + style("Heading1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    core = {"title": BICYCLE_TITLE, "creator": EDITORS, "created": "2026-11-20T09:00:00Z", "language": "en"}
    return DocxDraft(body, styles=styles, footnotes=footnotes, core=core).packed()


def main() -> None:
    """Writes the three files."""
    (SEEDS / "lighthouse-lens.pdf").write_bytes(lens_pdf())
    (SEEDS / "waggle-dance.html").write_text(BEES, encoding="utf-8")
    (SEEDS / "bicycle-chain.docx").write_bytes(bicycle_docx())


if __name__ == "__main__":
    main()
