"""The text of an answer for a file, as HTML and as Markdown: its tables, code and lists as such, and every word escaped.

Only what the page draws of a model's Markdown (`answer_markdown`) becomes markup. An answer made of quotations is plain
text, and as HTML it is read without the marks of Markdown that its articles have.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from bot.answering.answer_markdown import DrawnLine, DrawnRun, answer_lines
from bot.answering.as_read import read_quotations
from bot.answering.cited import markers
from bot.conversation.history.texts import cleaned
from bot.types import Answer

Escape = Callable[[str], str]
_TAGS = {"strong": "strong", "em": "em", "struck": "s", "code": "code"}
_SIGNS = {"strong": "**", "em": "*", "struck": "~~"}
_TICKS = re.compile(r"`+")


def answer_html(answer: Answer, chip: Callable[[int], str], escape: Escape) -> Iterator[str]:
    """The blocks of the answer; `chip` gives the link in the place of the marker `i`, from 0."""
    if answer.mode == "quotes":
        for words, cited in read_quotations(answer):
            yield f'<p dir="auto">{" ".join(filter(None, (escape(words), *map(chip, cited))))}</p>'
        return
    lines = answer_lines(answer.text)
    for table, group in groupby(lines, key=lambda line: line.row > 0):
        if table:
            yield f"<table>{''.join(_row_html(answer, [*row], chip, escape) for row in _rows(group))}</table>"
        else:
            yield from (_line_html(answer, line, chip, escape) for line in group)


def _rows(cells: Iterator[DrawnLine]) -> Iterator[Iterator[DrawnLine]]:
    return (row for _, row in groupby(cells, key=lambda cell: cell.row))


def _row_html(answer: Answer, cells: Sequence[DrawnLine], chip: Callable[[int], str], escape: Escape) -> str:
    tags = {"header": "th", "cell": "td"}
    found = (f'<{tags[cell.kind]} dir="auto">{_words_html(answer, cell, chip, escape)}</{tags[cell.kind]}>' for cell in cells)
    return f"<tr>{''.join(found)}</tr>"


def _line_html(answer: Answer, line: DrawnLine, chip: Callable[[int], str], escape: Escape) -> str:
    words = _words_html(answer, line, chip, escape)
    match line.kind:
        case "rule":
            return "<hr>"
        case "code":
            return f"<pre>{words}</pre>"
        case "text":
            return f'<p dir="auto">{words}</p>'
        case "item":
            sign = f'<span class="sign">{escape(line.sign)}</span> ' if line.sign else ""
            # The style sheet knows three depths.
            return f'<p dir="auto" class="item depth{min(line.depth, 3)}">{sign}{words}</p>'
        case _:
            return f'<p dir="auto" class="{line.kind}">{words}</p>'


def _words_html(answer: Answer, line: DrawnLine, chip: Callable[[int], str], escape: Escape) -> str:
    found = ""
    for run in line.runs:
        words = _with_chips(answer, run, chip, escape)
        for style in run.styles:
            words = f"<{_TAGS[style]}>{words}</{_TAGS[style]}>"
        found += words
    return found


def _with_chips(answer: Answer, run: DrawnRun, chip: Callable[[int], str], escape: Escape) -> str:
    """The words of a run, escaped piece by piece so that the links between them stay links."""
    at, pieces = run.start, list[str]()
    # A marker that lies only in part within the run belongs to another one.
    for start, end, i in markers(answer):
        if run.start <= start and end <= run.end:
            pieces += [escape(answer.text[at:start]), chip(i)]
            at = end
    return "".join([*pieces, escape(answer.text[at : run.end])])


def answer_md(answer: Answer, escape: Escape) -> Iterator[str]:
    """The blocks of the answer in Markdown, to be parted by blank lines; `escape` takes a line."""
    if answer.mode == "quotes":
        yield from (escape(line) for line in answer.text.splitlines() if line.strip())
        return
    for kind, group in groupby(answer_lines(answer.text), key=_block):
        if kind == "table":
            yield _table_md(answer, group, escape)
        elif kind == "list":
            yield "\n".join(f"{_indent(line)}{_words_md(answer, line, escape)}" for line in group)
        else:
            yield from (_line_md(answer, line, escape) for line in group)


def _block(line: DrawnLine) -> str:
    return "table" if line.row else "list" if line.kind == "item" else ""


def _indent(line: DrawnLine) -> str:
    """What stands before an item: as many blanks as its parents' signs take, and its own sign."""
    sign = "-" if line.sign == "•" else line.sign
    # Four blanks, which every Markdown takes as one level, also below "10.".
    return f"{'    ' * line.depth}{sign} " if sign else "    " * (line.depth + 1)


def _table_md(answer: Answer, cells: Iterator[DrawnLine], escape: Escape) -> str:
    rows = [[_words_md(answer, cell, escape) for cell in row] for row in _rows(cells)]
    # Markdown knows a table by the dashes under its first row.
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _line_md(answer: Answer, line: DrawnLine, escape: Escape) -> str:
    if line.kind == "code":
        code = cleaned("".join(answer.text[run.start : run.end] for run in line.runs))
        # One backtick more than the longest run within the code, which would otherwise end the block.
        fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(code)), default=0))
        return f"{fence}\n{code}\n{fence}"
    # Two levels further down: the file's own headings stand above those of an answer.
    before = {"heading": f"{'#' * min(line.level + 2, 6)} ", "quotation": "> ", "rule": "---"}
    return f"{before.get(line.kind, '')}{_words_md(answer, line, escape)}"


def _words_md(answer: Answer, line: DrawnLine, escape: Escape) -> str:
    return "".join(_run_md(answer.text[run.start : run.end], run, escape, line.row > 0) for run in line.runs).strip()


def _run_md(words: str, run: DrawnRun, escape: Escape, cell: bool) -> str:
    inner = words.strip()
    if not inner:
        return " "
    # Markdown takes "** bold**" for stars and not for emphasis, so blanks stand outside of the signs.
    left, right = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    if "code" in run.styles:
        # A bar would end a cell of a table, also within code.
        inner = cleaned(" ".join(inner.split())).replace("|", r"\|" if cell else "|")
        ticks = "`" * (1 + max(map(len, _TICKS.findall(inner)), default=0))
        # A blank on both sides, which Markdown takes away again, where the code itself begins or ends with a backtick.
        text = f"{ticks} {inner} {ticks}" if "`" in inner else f"{ticks}{inner}{ticks}"
    else:
        text = escape(inner)
    for style in run.styles:
        text = f"{_SIGNS[style]}{text}{_SIGNS[style]}" if style in _SIGNS else text
    return f"{left}{text}{right}"
