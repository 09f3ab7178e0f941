"""An article's text cut into blocks and segments with marks. Pure.

Offsets count code points, and a script in the browser counts UTF-16 units: so the cutting is done here, and the browser
only strings the pieces together. `shown_lines.py` says what is drawn of the text, and every segment is a run of it to the
letter.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NotRequired, TypedDict

from bot.answering.as_read import read_pieces
from bot.answering.shown_lines import LineKind, RunStyle, StyledRun, shown_lines
from vectorstore.types import Article, Span

Mark = Literal["cited", "against", "passage", "other", "found", "place", "chunk", "next-chunk", "differs"]
"""Words that support; that say something else; a passage as such; words of other footnotes; what nobody cited; a mere place;
the passages that an article is cut into, by turns. "differs" is no mark of its own but a style within another
one: the very words that differ from the claim."""
# Of marks that lie over one another the smallest number wins: the cited words before the passage that holds them.
_PRIORITY: Mapping[str, int] = {
    "cited": 0,
    "against": 0,
    "found": 1,
    "other": 2,
    "passage": 3,
    "place": 4,
    "chunk": 5,
    "next-chunk": 5,
}


@dataclass(frozen=True, slots=True)
class Highlight:
    """A span to be marked, and the footnote that it belongs to: its number (0 for none), and its place in the answer from 0."""

    span: Span
    mark: Mark
    n: int = 0
    at: int = -1


class Segment(TypedDict):
    """A run of text in one style and under one mark ("" for none), with the number and the place of its footnote.

    `href` is the address of a link, http or https, where the run is one.
    """

    text: str
    style: RunStyle | Literal["differs"]
    mark: str
    n: int
    at: int
    href: NotRequired[str]


class QuotePiece(TypedDict):
    """A run of a quotation; one that `differs` from the claim is set apart."""

    text: str
    differs: bool


class TextBlock(TypedDict):
    """What is drawn on its own of an article, as a `ShownLine`, and its place among all of them, from 0."""

    at: int
    kind: LineKind
    level: int
    row: int
    sign: str
    segments: list[Segment]


def article_blocks(article: Article, highlights: Sequence[Highlight]) -> list[TextBlock]:
    """The blocks of an article. A file of plain text has no headings and no emphasis, whatever stands in it."""
    # Emphasis is Markdown only in what was written as a text: an article with a media type was converted from another format.
    return blocks(article.text, highlights, plain=article.origin.endswith(".txt"), emphasis=not article.media_type)


def blocks(text: str, highlights: Sequence[Highlight], *, plain: bool = False, emphasis: bool = True) -> list[TextBlock]:
    """A text as blocks of marked segments; where it is `plain`, nothing is left out but the white space between blocks, and
    without `emphasis` a `*` is one.
    """
    return [
        TextBlock(
            at=at,
            kind=line.kind,
            level=line.level,
            row=line.row,
            sign=line.sign,
            segments=[segment for run in line.runs for segment in _segments(text, run, highlights)],
        )
        for at, line in enumerate(shown_lines(text, marks=not plain, emphasis=emphasis))
    ]


def marked(found: Sequence[TextBlock]) -> list[TextBlock]:
    """The blocks that hold a mark: all that has to be sent to a browser which has the text already."""
    return [block for block in found if any(segment["mark"] for segment in block["segments"])]


def quote_pieces(quote: str, differing: Sequence[Span] = ()) -> list[QuotePiece]:
    r"""A quotation on one line as it is read, with the words that differ set apart.

    >>> [piece["text"] for piece in quote_pieces("## Ice\n\n- **nine** days")]
    ['Ice nine days']
    """
    found = list[QuotePiece]()
    for piece in read_pieces(quote, differing):
        if found and found[-1]["differs"] == piece.within:
            found[-1]["text"] += piece.text
        elif piece.text:
            found.append(QuotePiece(text=piece.text, differs=piece.within))
    return found


def _segments(text: str, run: StyledRun, highlights: Sequence[Highlight]) -> Iterator[Segment]:
    start, end = run.start, run.end
    # Overlapping, not only inside: a citation may begin in the middle of a run or reach over several blocks.
    inside = [one for one in highlights if one.span[0] < end and start < one.span[1]]
    # Every edge of a mark, clamped to the run: between two neighbouring cuts the same marks lie over all characters.
    cuts = sorted({start, end, *(min(max(edge, start), end) for one in inside for edge in one.span)})
    for left, right in pairwise(cuts):
        over = [one for one in inside if one.span[0] <= left and right <= one.span[1]]
        differs = any(one.mark == "differs" for one in over)
        # Of equals `min` takes the first.
        top = min((one for one in over if one.mark != "differs"), key=lambda one: _PRIORITY[one.mark], default=None)
        mark, n, at = (top.mark, top.n, top.at) if top else ("", 0, -1)
        found = Segment(text=text[left:right], style="differs" if differs else run.style, mark=mark, n=n, at=at)
        yield {**found, "href": run.link} if run.link else found
