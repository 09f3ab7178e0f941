"""An answer's Markdown -> the lines that are drawn of it, each run of words with its place in the text. Pure.

A parser (markdown-it-py) says what is a list, a table, code or emphasis. Nothing that a model writes is ever markup elsewhere:
HTML, links and images are not known to the parser and stay text, and whoever draws an answer builds it from these lines. Every
run keeps its place, by which footnotes and the marks of claims are put in.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bot.answering.marker_shapes import MATHEMATICS
from vectorstore.types import Span

DrawnLineKind = Literal["text", "heading", "item", "quotation", "code", "header", "cell", "rule"]
AnswerStyle = Literal["strong", "em", "struck", "code"]

_STYLES: dict[str, AnswerStyle] = {"strong": "strong", "em": "em", "s": "struck"}
_BULLET = re.compile(r"[•‣◦▪][ \t]+(?=\S)")
_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_PIPE = re.compile(r"(?<!\\)\|")
_DOUBLE_MATHEMATICS = re.compile(r"\\\[(?:(?!\n\n).)+?\\\]|\\\((?:(?!\n\n).)+?\\\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DrawnRun:
    """`text[start:end]` to the letter, in these styles."""

    start: int
    end: int
    styles: tuple[AnswerStyle, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """What is drawn on its own. `sign` stands before an item, "" where it goes on; `depth` is how far that is set in.

    `row` is the same for all cells of a row of a table, and 0 for what is no cell; `level` is that of a heading, from 1.

    >>> text = "## Ice\\n\\n- **nine** days\\n"
    >>> [(line.kind, [text[run.start : run.end] for run in line.runs]) for line in answer_lines(text)]
    [('heading', ['Ice']), ('item', ['nine', ' days'])]
    """

    kind: DrawnLineKind
    start: int
    end: int
    runs: tuple[DrawnRun, ...]
    depth: int = 0
    sign: str = ""
    row: int = 0
    level: int = 0


def answer_lines(text: str, *, running: bool = False) -> list[DrawnLine]:
    """The lines of an answer; of one that is still `running`, a table is one from the first row on.

    What lies before the last blank line of a growing text is not read again: the parts of the last answers are remembered.
    """
    found = list[DrawnLine]()
    at = 0
    for part in _parts(text):
        # Only the last part may still grow into a table.
        found += _placed(part, at, running and at + len(part) == len(text))
        at += len(part)
    return found


@lru_cache(maxsize=2048)
def _placed(part: str, at: int, growing: bool) -> tuple[DrawnLine, ...]:
    """The lines of a part that begins at `at`."""
    # The header of a table is drawn as one before the line of dashes has come, or its bars would flash as text.
    whole = _with_delimiter(part) if growing else part
    read = tuple(_Reader(whole.replace("\r", " ")).lines())  # the parser knows one kind of line end; a blank keeps all places
    if whole is not part:
        # What was put in to make a table of it may have become something else.
        kept = (replace(line, runs=tuple(run for run in line.runs if run.end <= len(part))) for line in read)
        read = tuple(line for line in kept if line.runs or line.start < len(part))
    return tuple(_moved(line, at) for line in read)


def _parts(text: str) -> Iterator[str]:
    """The text, cut before paragraphs that nothing before them can belong to."""
    start = at = 0
    fence, blank = "", False
    for line in _LINE.findall(text):
        # What is set in, or begins as an item, may go on with a list in spite of the blank line.
        if blank and not fence and not line[0].isspace() and line[0] not in "-*+•>|" and not line[0].isdigit():
            yield text[start:at]
            start = at
        if found := _FENCE.match(line):
            # A fence is closed by one of the same sign that is at least as long.
            fence = "" if fence and found[1].startswith(fence) else fence or found[1]
        blank = not line.strip()
        at += len(line)
    yield text[start:]


def _moved(line: DrawnLine, by: int) -> DrawnLine:
    runs = tuple(replace(run, start=run.start + by, end=run.end + by) for run in line.runs)
    return replace(line, start=line.start + by, end=line.end + by, runs=runs, row=line.row + by if line.row else 0)


def _with_delimiter(part: str) -> str:
    """A table of which only the header has come, with the line that would make it one."""
    lines = part.rstrip("\n").split("\n")
    # Half a line of dashes is replaced by a whole one.
    if len(lines) > 1 and re.fullmatch(r"[ |:-]*", lines[-1]) and lines[-2].startswith("|"):
        lines.pop()
    if not lines[-1].startswith("|") or (len(lines) > 1 and lines[-2].startswith("|")):
        return part
    # A bar at the end of the row closes its last cell and begins none.
    columns = len(_PIPE.findall(lines[-1])) - lines[-1].rstrip().endswith("|")
    return "\n".join([*lines, "|---" * max(columns, 1) + "|"])


def _mathematics(state: StateInline, silent: bool) -> bool:
    """A rule of the parser: what is mathematics holds no emphasis and no escaped sign."""
    found = (MATHEMATICS if state.src[state.pos] == "$" else _DOUBLE_MATHEMATICS).match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        # The token of an escaped sign: it is drawn as it stands, and `markup` says how long it is in the text.
        state.push("text_special", "", 0).content = found[0]
        state.tokens[-1].markup = found[0]
    state.pos = found.end()
    return True


def _made_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # What is disabled stays text: nothing that a model writes may become a link, an image or HTML.
    parser.disable(["code", "lheading", "link", "image", "autolink", "reference", "html_inline", "html_block", "entity"])
    # These two would change the text, so that its places were lost.
    parser.core.ruler.disable(["normalize", "text_join"])
    parser.inline.ruler.before("escape", "mathematics", _mathematics)
    return parser


_PARSER = _made_parser()


class _Reader:
    """Follows the parser's tokens through one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        # The last entry is one beyond the end, as if a line end stood there: `_line` takes one off each.
        self._starts = [0, *(found.end() for found in re.finditer("\n", text)), len(text) + 1]
        self._lists: list[str] = []
        self._sign = ""
        self._item = 0
        self._quotes = 0
        self._heading = 0
        self._cell: DrawnLineKind | None = None
        self._at = 0
        self._row = 0

    def lines(self) -> Iterator[DrawnLine]:
        """What is drawn of the text, in order."""
        for token in _PARSER.parse(self._text):
            if self._sign and token.type in ("list_item_close", "list_item_open", "fence", "hr", "table_open", "heading_open"):
                # "2021." alone would be an item without words.
                yield DrawnLine("item", *self._line(self._item), (), depth=self._depth, sign=self._sign)
                self._sign = ""
            if token.type == "tr_close":
                yield from self._beyond()
            self._follow(token)
            if token.map is None:
                continue
            if token.type == "hr":
                yield DrawnLine("rule", *self._line(token.map[0]), ())
            elif token.type == "fence":
                yield self._code(token)
            elif token.type == "inline":
                yield from [self._in_cell(token)] if self._cell else self._words(token)

    def _follow(self, token: Token) -> None:
        name = token.type
        if name in ("bullet_list_open", "ordered_list_open"):
            self._lists.append(name)
        elif name in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
        elif name == "list_item_open":
            self._item = token.map[0] if token.map else 0
            # For an item of a numbered list `info` is its number and `markup` the sign behind it.
            self._sign = f"{token.info}{token.markup}" if self._lists[-1].startswith("ordered") else "•"
        # `nesting` is 1 where it opens and -1 where it closes.
        elif name.startswith("blockquote"):
            self._quotes += token.nesting
        elif name.startswith("heading"):
            self._heading = int(token.tag[1]) if token.nesting == 1 else 0
        elif name == "tr_open" and token.map:
            self._begin_row(token.map[0])
        elif name in ("th_open", "td_open"):
            self._cell = "header" if name == "th_open" else "cell"
        elif name == "table_close":
            self._cell = None

    def _line(self, number: int) -> Span:
        return self._starts[number], self._starts[number + 1] - 1

    def _begin_row(self, number: int) -> None:
        start, end = self._line(number)
        # A row is known by its place in the text, counted from 1, as 0 says that a line is no cell.
        self._row = start + 1
        lead = re.compile(r"[ \t>]*\|?").match(self._text, start, end)
        self._at = lead.end() if lead else start

    def _code(self, token: Token) -> DrawnLine:
        """A block of code without its fences; each line of it without what it is set in by."""
        assert token.map is not None
        runs = list[DrawnRun]()
        for number, line in enumerate(_LINE.findall(token.content), token.map[0] + 1):
            if number + 1 >= len(self._starts):
                break
            start, end = self._line(number)
            runs.append(DrawnRun(max(start, end - len(line.rstrip("\n"))), min(end + 1, len(self._text))))
        start = runs[0].start if runs else self._line(token.map[0])[0]
        # The line end before the closing fence is none of the code's.
        if runs and self._text[runs[-1].end - 1] == "\n":
            runs[-1] = replace(runs[-1], end=runs[-1].end - 1)
        runs = [run for run in runs if run.start < run.end]
        return DrawnLine("code", start, runs[-1].end if runs else start, tuple(runs), depth=self._depth)

    @property
    def _depth(self) -> int:
        return max(len(self._lists) - 1, 0)

    def _in_cell(self, token: Token) -> DrawnLine:
        assert token.map is not None and self._cell is not None
        begin, end = self._line(token.map[0])
        # The parser takes the stroke from "\\|" in a cell.
        said = re.compile(re.escape(token.content).replace(r"\|", r"\\?\|"))
        # Where a row is no quotation, though a ">" stands before it, the sign is a part of its first cell.
        words = said.search(self._text, self._at, end) or said.search(self._text, begin, end)
        if words is None:
            return self._whole_cell(end)
        start, stop = words.span()
        pipe = _PIPE.search(self._text, stop, end)
        before, self._at = self._at, pipe.end() if pipe else end
        places = [at for at in range(start, stop) if not self._text.startswith("\\|", at)]
        runs = tuple(run for line in _runs(token, places) for run in line)
        return DrawnLine(self._cell, min(before, start), pipe.start() if pipe else end, runs, row=self._row)

    def _whole_cell(self, end: int) -> DrawnLine:
        """A cell up to its bar, without the styles within it: what the parser read of it does not stand there as such."""
        assert self._cell is not None
        start, pipe = self._at, _PIPE.search(self._text, self._at, end)
        stop, self._at = (pipe.start(), pipe.end()) if pipe else (end, end)
        words = self._text[start:stop]
        first = start + len(words) - len(words.lstrip())
        runs = (DrawnRun(first, start + len(words.rstrip())),) if words.strip() else ()
        return DrawnLine(self._cell, start, stop, runs, row=self._row)

    def _beyond(self) -> Iterator[DrawnLine]:
        """What a row has beyond the columns of its table, which the parser drops."""
        start = self._at
        end = self._starts[bisect_right(self._starts, self._row - 1)] - 1
        words = self._text[start:end].rstrip(" \t|")
        if words.strip():
            first = start + len(words) - len(words.lstrip())
            yield DrawnLine(self._cell or "cell", start, end, (DrawnRun(first, start + len(words)),), row=self._row)

    def _words(self, token: Token) -> Iterator[DrawnLine]:
        """The lines of a paragraph, a heading or an item: an end of line is one, as a model means it."""
        kind: DrawnLineKind = "item" if self._lists else "quotation" if self._quotes else "text"
        for runs in _runs(token, [*self._places(token)]):
            if not runs:
                continue
            start = runs[0].start
            end = self._starts[bisect_right(self._starts, start)] - 1
            sign, self._sign = self._sign, ""
            # To Markdown a line goes on with the item above it; a model that does not set it in means a paragraph.
            line_kind: DrawnLineKind = (
                "text" if kind == "item" and not sign and start == self._starts[bisect_right(self._starts, start) - 1] else kind
            )
            if self._heading:
                yield DrawnLine("heading", start, end, runs, level=self._heading)
            elif line_kind == "text" and (bullet := _BULLET.match(self._text, start, runs[0].end)):
                yield DrawnLine("item", start, end, (replace(runs[0], start=bullet.end()), *runs[1:]), sign="•")
            else:
                depth = self._depth if line_kind == "item" else 0
                yield DrawnLine(line_kind, start, end, runs, depth=depth, sign=sign if line_kind == "item" else "")

    def _places(self, token: Token) -> Iterator[int]:
        """Where each character of the token's content stands in the text."""
        assert token.map is not None
        for number, line in enumerate(token.content.split("\n"), token.map[0]):
            start, end = self._line(number)
            # The parser makes blanks of a tab that an item has taken a part of: only the words stand in the text as they are.
            said = line.lstrip(" \t")
            # What sets a line in stands before its words, what closes a heading behind them.
            at = self._text.find(said, max(start, end - len(said) - 1), end)
            at = at if at >= 0 else self._text.rfind(said, start, end)
            # Blanks that the parser made up all stand for the place before the words.
            yield from [max(at - 1, start)] * (len(line) - len(said))
            yield from range(at, at + len(said))
            yield end


def _runs(token: Token, places: Sequence[int]) -> Iterator[tuple[DrawnRun, ...]]:
    """The runs of a token's content, by the lines that they stand on."""
    at, styles, line = 0, list[AnswerStyle](), list[DrawnRun]()
    content = token.content

    def run(start: int, end: int, *more: AnswerStyle) -> None:
        """Adds the words from `start` to `end`, cut where the text has something between them."""
        # The stroke before a bar in a cell is none of its words.
        cuts = [start, *(at for at in range(start + 1, end) if places[at] - places[at - 1] > 1), end]
        for left, right in pairwise(cuts):
            if left < right:
                line.append(DrawnRun(places[left], places[right - 1] + 1, (*styles, *more)))

    for child in token.children or ():
        if child.type == "text":
            run(at, at + len(child.content))
            at += len(child.content)
        elif child.type == "text_special":
            run(at + len(child.markup) - len(child.content), at + len(child.markup))
            at += len(child.markup)
        elif child.type == "code_inline":
            # The content of a code span may be trimmed, so its end is looked for by its backticks.
            inner = at + len(child.markup)
            closing = re.compile(rf"(?<!`){child.markup}(?!`)").search(content, inner)
            end = closing.start() if closing else len(content)
            # A blank on each side only sets the code off from its marks.
            pad = (end - inner - len(child.content)) // 2
            run(inner + pad, end - pad, "code")
            at = closing.end() if closing else end
        elif child.type in ("softbreak", "hardbreak"):
            yield tuple(line)
            line.clear()
            # The parser drops the blanks around a line's end.
            at = content.index("\n", at) + 1
            at += len(content) - at - len(content[at:].lstrip(" \t"))
        elif child.nesting == 1:
            styles.append(_STYLES[child.tag])
            at += len(child.markup)
        elif child.nesting == -1:
            styles.pop()
            at += len(child.markup)
    yield tuple(line)
