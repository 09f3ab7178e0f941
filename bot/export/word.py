"""A checked draft as a Word file: the text as it is, and a comment on each sentence with its verdict and its sources."""

import re
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from bot.answering.as_read import read_plain
from bot.conversation.history.texts import cleaned
from bot.export.draft import DraftParagraph, DraftReport, paragraphs, sides
from bot.export.pack import byline
from bot.types import Checked
from bot.verification.verdicts import LEGEND, opinion_told

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

AUTHOR, INITIALS = "Footnote", "F"
"""Who the comments are by."""
MOST_COMMENTS = 1000
"""They take the square of their number: 3.5 s for a thousand, 36 s for three. Of more sentences, those that hold have none."""

# Word has its own headings, so the signs of Markdown are taken off.
_HEADING = re.compile(r"\s*(#{1,6})\s+")
_NO_XML = re.compile("[\ufffe\uffff]")
# What may follow the mark for "right to left" among a paragraph's properties: the format wants them in this order.
_AFTER_BIDI = (
    *("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents"),
    *("w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl"),
    *("w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange"),
)


def draft_as_docx(report: DraftReport) -> bytes:
    """The whole file of a draft, ready to be written to disk."""
    import docx  # 0.3 s, and few export to Word

    document, chosen = docx.Document(), commented(report)
    _set_properties(document, report)
    runs = [one for paragraph in paragraphs(report.text, report.spans) for one in _add_paragraph(document, paragraph)]
    # A comment needs words to hang on: of an empty draft there is none.
    for _, run in runs[:1]:
        _add_comment(document, run, _summary(report))
    for at, run in runs:
        if at in chosen:
            _add_comment(document, run, _comment(report.found[at]))
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _add_paragraph(document: "Document", paragraph: DraftParagraph) -> "Iterator[tuple[int, Run]]":
    """Adds a paragraph; its runs, each with the place of its sentence, from 0, or -1 for none."""
    added = document.add_paragraph()
    runs = [(run["text"], run["n"] - 1) for run in paragraph["runs"]]
    if paragraph["heading"] and (mark := _HEADING.match(runs[0][0])):
        added.style = document.styles[f"Heading {len(mark[1])}"]
        runs[0] = (runs[0][0][mark.end() :], runs[0][1])
    # Word takes the direction of a paragraph from a mark, and not from its letters as a browser does.
    rightward = _is_right_to_left("".join(text for text, _ in runs))
    if rightward:
        _mark_right_to_left(added)
    for text, at in runs:
        run = added.add_run(_xml_text(text))
        # None leaves the property out of the file; False would be written.
        run.font.rtl = True if rightward else None
        yield at, run


def commented(report: DraftReport) -> frozenset[int]:
    """The places, from 0, of the sentences that get a comment: all that were checked, unless they are too many."""
    if len(report.found) <= MOST_COMMENTS:
        return frozenset(report.found)
    doubtful = [at for at in sorted(report.found) if LEGEND[report.found[at].verdict].tone != "good"]
    return frozenset(doubtful[:MOST_COMMENTS])


def _set_properties(document: "Document", report: DraftReport) -> None:
    properties = document.core_properties
    # Word keeps 255 characters of each, and would otherwise name python-docx as the author.
    properties.title, properties.author, properties.last_modified_by = _xml_text(report.title)[:255], "", ""
    properties.comments = _xml_text(f"{report.summary} {report.program}".strip())[:255]
    properties.created = properties.modified = report.made.replace(tzinfo=None)


def _summary(report: DraftReport) -> str:
    left = len(report.found) - len(commented(report))
    more = [f"{left:,} of the sentences that were checked have no comment, as there are too many."] if left else []
    return "\n".join([report.summary, *more, *(f"{name}: {value}" for name, value in report.facts)])


def _comment(one: Checked) -> str:
    lines = [f"{LEGEND[one.verdict].label}."]
    if one.source is None:
        lines.append("No passage was found for it.")
    lines += [opinion_told(one.opinion)] if one.opinion else []
    for side, citation in sides(one):
        lines += [citation.reason] if citation.reason else []
        quote = f"“{read_plain(citation.quote).strip()}” " if citation.quote else ""
        lines.append(f"{side}: {quote}({' · '.join((citation.title, *byline(citation, None)))})")
    return "\n".join(lines)


def _add_comment(document: "Document", run: "Run", text: str) -> None:
    document.add_comment([run], text=_xml_text(text), author=AUTHOR, initials=INITIALS)


def _is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is written from right to left."""
    directions = (unicodedata.bidirectional(character) for character in text)
    # L is left to right, R Hebrew and the like, AL Arabic; digits and marks have no direction of their own.
    return next((one in ("R", "AL") for one in directions if one in ("L", "R", "AL")), False)


def _mark_right_to_left(paragraph: "Paragraph") -> None:
    from docx.oxml import OxmlElement

    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)


def _xml_text(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NO_XML.sub("\ufffd", cleaned(text))
