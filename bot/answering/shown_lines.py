"""An article's text -> the lines that are drawn of it: what each is, and which runs of the text stand in it; pure.

The outline of the text says what its blocks are. What makes a block a heading, an item, a row or bold stands between the runs,
so it is not drawn, and every run keeps its place in the stored text: that is how a citation finds the words it marks.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from vectorstore.splitting.blocks import ArticleBlock
from vectorstore.splitting.outline import outline
from vectorstore.types import Span

LineKind = Literal["text", "heading", "item", "quote", "code", "header", "cell", "rule"]
"""What is drawn on its own: "header" and "cell" are cells of a table, and a "rule" has no words."""
RunStyle = Literal["", "strong", "em", "code", "struck"]

DEEPEST = 6
"""The deepest level that a heading is drawn with."""
LONGEST_LABEL = 120
"""Characters before the colon behind a speaker's name."""

# Four spaces before the `#` would make it code; the word behind it is not taken along, as it is drawn.
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(?=\S)")
# "## Ice ##": the signs at the end are Markdown's too.
_CLOSING = re.compile(r"[ \t]+#+[ \t]*$")
# "Ice" over "===" or "---" is a heading as well.
_UNDERLINE = re.compile(r"\n[ \t]*(?:=+|-+)[ \t]*$")
# A bullet of Markdown, a number or one or two letters ("1.", "(a)", "iv)"), or a sign of typography; then, perhaps, the box of
# a task.
_ITEM = re.compile(r"[\s>]*(?:([-*+])|(\(?(?:\d{1,9}|[A-Za-z]{1,2})[.)])|([•‣◦▪·–—]))[ \t]+(?:\[([ xX])\][ \t]+)?")
# ">" before each line of a quotation, and several where quotations are nested.
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
# `---` is the fence of front matter, which is drawn as code too.
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,}|---)[^\n]*")
_RULE = re.compile(r"\s*(?:[-*_][ \t]*){3,}\s*")
# "|---|:-:|", the line between a table's header and its rows.
_BETWEEN_ROWS = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*")
# "\|" is a pipe in a cell, and no border of it.
_PIPE = re.compile(r"(?<!\\)\|")
# Comments and tags of HTML on lines of their own are drawn nowhere; DOTALL, as a comment may have several lines.
_TAGS_ONLY = re.compile(r"(?:\s*(?:<!--.*?-->|</?[A-Za-z][^<>]*>)\s*)+", re.DOTALL)
# Without the full stop or the bracket that ends the sentence around it. What it leads to is opened only when it is clicked.
_ADDRESS = r"(?<![\w/])https?://[^\s<>\"'“”‘’«»|\\^`{}\[\]()]{1,2000}(?:\([^\s<>()]{0,200}\)[^\s<>\"'“”|()]{0,500})?(?<![.,;:!?*_~。，；：！？、])"
# No "javascript:" and no "data:", and no path either, which would lead into Footnote's own pages.
_SAFE = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
# Every length has a bound: a line of a million characters may hold thousands of openings that nothing closes.
_INLINE = re.compile(
    # The order is that of precedence: what is escaped or code is read before any other sign in it. The name of the group that
    # matched says what it is, so each alternative has exactly one that ends last.
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<ticks>`+)(?P<code>.{1,1000}?)(?<!`)(?P=ticks)(?!`)"
    r"|(?P<image>!?)\[(?P<label>(?:[^\[\]]|\[[^\[\]]{0,200}\]){0,500})\]"
    r"\((?P<target>(?:[^()\s]|\([^()\s]{0,200}\)){0,2000})(?:\s+[\"'][^\"'\n]*[\"'])?\)"
    r"|!?\[\[(?:[^\[\]|\n]{0,200}\|)?(?P<wiki>[^\[\]|\n]{1,200})\]\]"
    r"|<(?P<address>https?://[^\s<>]+)>"
    rf"|(?P<bare>{_ADDRESS})"
    r"|\*\*(?=\S)(?P<bold>.{1,1000}?)(?<=\S)\*\*(?!\*)"
    r"|(?<!\w)__(?=\S)(?P<bold_too>.{1,1000}?)(?<=\S)__(?!\w)"
    r"|~~(?=\S)(?P<struck>.{1,1000}?)(?<=\S)~~"
    r"|(?<![\w*])\*(?=[^\s*])(?P<em>[^*]{1,1000}?)(?<=\S)\*(?![\w*])"
    r"|(?<![\w_])_(?=[^\s_])(?P<em_too>[^_]{1,1000}?)(?<=\S)_(?![\w_])",
    re.DOTALL,
)
_STYLES: dict[str, RunStyle] = {
    "code": "code", "bold": "strong", "bold_too": "strong", "struck": "struck", "em": "em", "em_too": "em"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StyledRun:
    """`text[start:end]` of an article, to the letter, in one style; `link` is the web address that it leads to, or ""."""

    start: int
    end: int
    style: RunStyle = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A paragraph, a heading, an item, a cell and so on, as it is drawn; `start` and `end` hold also what is not drawn of it.

    `level` is that of a heading or an item, `group` the number of its table, `row` counts the rows of the article's tables, and
    `sign` stands before an item ("" for none).

    >>> text = "## Ice\\n\\n- **nine** days"
    >>> [(line.kind, [text[run.start : run.end] for run in line.runs]) for line in shown_lines(text)]
    [('heading', ['Ice']), ('item', ['nine', ' days'])]
    """

    kind: LineKind
    start: int
    end: int
    runs: tuple[StyledRun, ...]
    level: int = 0
    group: int = -1
    row: int = -1
    sign: str = ""


def shown_lines(text: str, *, marks: bool = True, emphasis: bool = True) -> Iterator[ShownLine]:
    """The lines of an article. Without `marks`, the text is plain, and every character of it is shown; `emphasis` says whether
    a `*` and its like in it are Markdown, which they are not in what was converted from another format.
    """
    found = outline(text)
    reader = _Reader(text, marks, marks and emphasis)
    for kind, run in _runs_of_code(found.blocks):
        if kind == "code" and marks:
            yield from reader.code(run[0].start, run[-1].end)
            continue
        for one in run:
            yield from reader.lines(one)


def _runs_of_code(blocks: Sequence[ArticleBlock]) -> Iterator[tuple[str, list[ArticleBlock]]]:
    """The blocks one by one, but for those of a piece of code, which belong together with the blank lines between them."""
    run: list[ArticleBlock] = []
    for one in blocks:
        if run and one.kind != "code":
            yield "code", run
            run = []
        if one.kind in ("code", "front matter"):
            run.append(one)
        else:
            yield one.kind, [one]
    if run:
        yield "code", run


class _Reader:
    """Draws the blocks of one text."""

    def __init__(self, text: str, marks: bool, emphasis: bool) -> None:
        self._text = text
        self._marks = marks
        self._emphasis = emphasis
        self._rows = 0
        self._headed = False

    def lines(self, one: ArticleBlock) -> Iterator[ShownLine]:
        """What is drawn of a block; nothing of one that only says how another is set."""
        kind = _shape(one)
        # A line of "---" below a heading is its underline; anywhere else it is a rule.
        below_heading, self._headed = self._headed, kind == "heading"
        if not self._marks:
            # Plain text has no marks, but it may well have speakers.
            yield self._line("text", one, self._spoken(one))
        elif kind == "markup":
            yield from self._markup(one, below_heading)
        elif kind in ("header", "row"):
            yield from self._row(one, "header" if kind == "header" else "cell")
        elif kind == "heading":
            yield self._heading(one)
        elif kind == "item":
            yield self._item(one)
        elif kind == "quote":
            yield self._line("quote", one, self._unquoted(one.start, one.end))
        else:
            yield self._line("text", one, self._spoken(one))

    def code(self, start: int, end: int) -> Iterator[ShownLine]:
        """Pieces of code, without the fences around them."""
        start = self._text.rfind("\n", 0, start) + 1
        open_at, fence = start, ""
        for match in re.finditer(r"[^\n]*(?:\n|\Z)", self._text[start:end]):
            line, at = match[0], start + match.start()
            # "```" in a block that "~~~" has opened is code: a fence is closed by its own sign, in at least its own length.
            found = _FENCE.fullmatch(line.rstrip("\n"))
            if found and (not fence or found[1].startswith(fence)):
                yield from self._piece(open_at, at)
                open_at = start + match.end()
                fence = "" if fence else found[1]
        yield from self._piece(open_at, end)

    def _piece(self, start: int, end: int) -> Iterator[ShownLine]:
        # Not `strip`: the indentation of the first line is part of the code.
        while end > start and self._text[end - 1] in "\r\n":
            end -= 1
        if self._text[start:end].strip():
            yield ShownLine("code", start, end, (StyledRun(start, end),))

    def _line(self, kind: LineKind, one: ArticleBlock, runs: Iterable[StyledRun]) -> ShownLine:
        return ShownLine(kind, one.start, one.end, tuple(runs), one.level, one.group)

    def _markup(self, one: ArticleBlock, below_heading: bool) -> Iterator[ShownLine]:
        words = self._text[one.start : one.end]
        underlines = below_heading and not words.strip("=- \t")
        # The group is that of a table: the same signs outside of one are a rule or text.
        if underlines or (one.group != -1 and _BETWEEN_ROWS.fullmatch(words)) or _TAGS_ONLY.fullmatch(words):
            return
        if _RULE.fullmatch(words):
            yield ShownLine("rule", one.start, one.end, ())
        else:
            yield self._line("text", one, self._inline(one.start, one.end))

    def _heading(self, one: ArticleBlock) -> ShownLine:
        start, end = one.start, one.end
        if match := _HEADING.match(self._text, start, end):
            start = match.end()
            end = closing.start() if (closing := _CLOSING.search(self._text, start, end)) else end
        elif match := _UNDERLINE.search(self._text, start, end):
            end = match.start()
        level = min(one.level, DEEPEST)
        return ShownLine("heading", one.start, one.end, tuple(self._inline(start, end)), level)

    def _item(self, one: ArticleBlock) -> ShownLine:
        match = _ITEM.match(self._text, one.start, one.end)
        if match is None:
            return self._line("item", one, self._inline(one.start, one.end))
        # A number stays as it was written, since the article may refer to it ("see 3.").
        sign = match[2] or match[3] or "•"
        if match[4]:
            sign = "☐" if match[4] == " " else "☑"
        # An item may hold quoted lines ("- > so").
        runs = tuple(self._unquoted(match.end(), one.end))
        return ShownLine("item", one.start, one.end, runs, max(one.level, 1), one.group, sign=sign)

    def _row(self, one: ArticleBlock, kind: LineKind) -> Iterator[ShownLine]:
        # Counted over the whole article: cells with one number stand in one row of the page.
        self._rows += 1
        edges = [match.start() for match in _PIPE.finditer(self._text, one.start, one.end)]
        # The pipes at both ends may be left out.
        if not edges or self._text[one.start : edges[0]].strip():
            # One before the row, as a cell begins one behind its pipe.
            edges.insert(0, one.start - 1)
        if self._text[edges[-1] + 1 : one.end].strip():
            edges.append(one.end)
        for left, right in pairwise(edges):
            start, end = self._trimmed(left + 1, right)
            yield ShownLine(kind, left + 1, right, tuple(self._inline(start, end, cell=True)), 0, one.group, self._rows)

    def _trimmed(self, start: int, end: int) -> Span:
        words = self._text[start:end]
        lead = len(words) - len(words.lstrip())
        # An empty cell: both strips take the same spaces, and the end would lie before the beginning.
        return start + lead, max(start + lead, start + len(words.rstrip()))

    def _unquoted(self, start: int, end: int) -> Iterator[StyledRun]:
        """The words of a quotation, which may begin each of its lines with its mark."""
        at = start
        for match in _QUOTED.finditer(self._text, start, end):
            yield from self._inline(at, match.start())
            at = match.end()
        yield from self._inline(at, end)

    def _spoken(self, one: ArticleBlock) -> list[StyledRun]:
        """The words of a block; the name of who says them is set in bold."""
        runs = [*self._inline(one.start, one.end)]
        # The outline says who speaks and not where that stands: before the colon, near the beginning.
        at = self._text.find(one.speaker, one.start, min(one.end, one.start + LONGEST_LABEL)) if one.speaker else -1
        after = at + len(one.speaker)
        colon = re.compile(r"[*_\s]*[:：]").match(self._text, after, one.end) if at >= 0 else None
        if colon is None:
            return runs
        # The colon is bold with its name.
        return [piece for run in runs for piece in _in_bold(run, at, colon.end())]

    def _inline(self, start: int, end: int, style: RunStyle = "", *, cell: bool = False, link: str = "") -> Iterator[StyledRun]:
        """The runs of a piece of text, in order, without what sets them apart."""
        # Converted text has no emphasis ("2 * 3 * 4"), but its tables were written by Footnote, which escapes the pipes in
        # their cells.
        pattern = _INLINE if self._emphasis else _CELL if cell else _PLAIN
        at = start
        for match in pattern.finditer(self._text, start, end):
            if at < match.start():
                yield StyledRun(at, match.start(), style, link)
            # Of the groups with a name that matched, the one that closed last: "target" for a link, "code" for code between
            # ticks.
            name = match.lastgroup or ""
            if name in ("escaped", "code", "wiki"):
                yield StyledRun(*match.span(name), _STYLES.get(name, style), link)
            elif name in ("address", "bare"):
                yield StyledRun(*match.span(name), style, link or match[name])
            elif name == "target":
                # An image leads nowhere: its words stand in its place.
                inner = "" if match["image"] or not _SAFE.fullmatch(match[name]) else match[name]
                yield from self._inline(*match.span("label"), style, link=link or inner)
            else:
                # Bold may hold italics and links; each level is shorter by its signs, so this ends.
                yield from self._inline(*match.span(name), _STYLES.get(name, style), link=link)
            at = match.end()
        if at < end:
            yield StyledRun(at, end, style, link)


_PLAIN = re.compile(rf"(?P<bare>{_ADDRESS})")
_CELL = re.compile(rf"\\(?P<escaped>\|)|(?P<bare>{_ADDRESS})")


def _in_bold(run: StyledRun, start: int, end: int) -> Iterator[StyledRun]:
    """The run, cut where the span from `start` to `end` begins and ends, with what lies in it in bold."""
    # A run may begin in the name and end behind it, where the name is no run of its own.
    edges = sorted({run.start, run.end, *(edge for edge in (start, end) if run.start < edge < run.end)})
    for left, right in pairwise(edges):
        yield StyledRun(left, right, "strong" if start <= left and right <= end else run.style, run.link)


def _shape(one: ArticleBlock) -> str:
    """How a block is set, whatever it says: a question may be a heading or an item, and so may a list of links."""
    if one.kind == "question":
        return "item" if one.level and one.group != -1 else "heading" if one.level else "text"
    if one.kind in ("contents", "links"):
        return "item" if one.level and one.group != -1 else "text"
    return one.kind
