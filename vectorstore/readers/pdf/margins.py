"""Running heads, running feet and page numbers: found because they come again on other pages at the same height; pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from vectorstore.readers.pdf.runs import PageRuns, TextRun

EDGE_LINES = 3
"""So many lines from the top and from the bottom are looked at."""
EDGE = 0.14
"""Only lines within this part of the page's height from the top or the bottom may be running heads or feet."""
NEAR = 4
"""Pages before and after on which the same line is looked for: heads of a chapter change, and left pages differ from right."""

_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]{1,8}", re.I)
_NUMBER_ALONE = re.compile(
    r"\W*(?:(?:page|seite|p|pag|página|pagina|第)[.\s]*)?(\d{1,5}|[ivxlc]{1,8})\W*(?:(?:of|von|de|/|sur)\W*\d{1,5}|页|頁)?\W*",
    re.I,
)


@dataclass(slots=True)
class PageMargins:
    """What was taken out of a page, as (reason, text), and the number that is printed on it, "" for none."""

    omitted: list[tuple[str, str]] = field(default_factory=list)
    printed: str = ""


def without_margins(pages: Sequence[PageRuns]) -> list[PageMargins]:
    """Takes running heads, feet and page numbers out of the pages' runs, and tells what they were."""
    margins = [PageMargins() for _ in pages]
    for top in (True, False):
        edges = [_edge(page, top) for page in pages]
        offset = _usual_offset(edges)
        keys = [{_key(line, page) for line in lines} for lines, page in zip(edges, pages, strict=True)]
        for at, (page, lines) in enumerate(zip(pages, edges, strict=True)):
            _take_out(at, page, lines, keys, margins[at], offset, top=top)
        _take_out_alike(pages, edges, margins, top=top)
    return margins


def _take_out_alike(
    pages: Sequence[PageRuns], edges: Sequence[Sequence["_EdgeLine"]], margins: Sequence[PageMargins], *, top: bool
) -> None:
    """Takes out the outermost line where it is set like the heads that were removed from other pages, and apart from the text.

    Its words come on no other page, so `_take_out` has missed it: the title of a section that is one page long, for example.
    """
    remaining = [{id(run) for run in page.runs} for page in pages]
    known = list(zip(pages, edges, remaining, strict=True))
    taken = Counter(_height(line, page) for page, lines, there in known for line in lines if id(line.runs[0]) not in there)
    for (page, lines, there), margin in zip(known, margins, strict=True):
        line = lines[0] if lines else None
        if line is None or id(line.runs[0]) not in there or len(line.runs) == len(page.runs):
            continue
        # A running head stands further from the text than one line from the next.
        apart = len(lines) < 2 or abs(lines[1].runs[0].base - line.runs[0].base) > 1.8 * lines[1].runs[0].size
        if apart and taken[_height(line, page)] >= max(2, len(pages) // 4):
            _remove(page, line, margin, "running head" if top else "running foot")


def _height(line: "_EdgeLine", page: PageRuns) -> tuple[int, int]:
    """Where a line stands on its page, and the size of its type."""
    # In steps of half a hundredth of the page's height.
    return round(line.runs[0].base * 200 / (page.height or 1)), round(line.runs[0].size)


@dataclass(frozen=True, slots=True)
class _EdgeLine:
    """A line at the top or the bottom of a page, of one run or several."""

    runs: tuple[TextRun, ...]

    @property
    def text(self) -> str:
        """The words of its runs, from left to right."""
        return " ".join(run.text for run in self.runs)


def _edge(page: PageRuns, top: bool) -> list[_EdgeLine]:
    """The lines nearest to an edge, the outermost first."""
    lines: list[list[TextRun]] = []
    for run in sorted(page.runs, key=lambda run: run.base if top else -run.base):
        # The number of a page may be set a little higher or lower than its running head.
        if lines and abs(lines[-1][0].base - run.base) < 0.4 * run.size:
            lines[-1].append(run)
        elif len(lines) < EDGE_LINES and _near_edge(run, page, top):
            lines.append([run])
        else:
            break
    return [_EdgeLine(tuple(sorted(line, key=lambda run: run.left))) for line in lines]


def _near_edge(run: TextRun, page: PageRuns, top: bool) -> bool:
    return run.base < EDGE * page.height if top else run.base > (1 - EDGE) * page.height


def _key(line: _EdgeLine, page: PageRuns) -> tuple[str, int]:
    """What makes two lines the same one on two pages: their words but for numbers, and their height."""
    # The number of the page or of a chapter changes from page to page.
    words = _DIGITS.sub("#", line.text.casefold())
    return ("#" if _number(line.text) else words, round(line.runs[0].base * 200 / (page.height or 1)))


def _number(text: str) -> str:
    found = _NUMBER_ALONE.fullmatch(text.strip())
    return found[1] if found else ""


def _usual_offset(edges: Sequence[Sequence[_EdgeLine]]) -> int | None:
    """The printed number of most pages minus their place, which counts from 0; None where too few pages agree on one."""
    offsets: Counter[int] = Counter()
    for at, lines in enumerate(edges):
        # A set, so that a page with two numbers on it has no more say than the others.
        offsets.update({int(number) - at for line in lines if (number := _printed_in(line)).isdecimal()})
    found = offsets.most_common(1)
    return found[0][0] if found and found[0][1] >= max(3, len(edges) // 3) else None


def _take_out(
    at: int,
    page: PageRuns,
    lines: Sequence[_EdgeLine],
    keys: Sequence[set[tuple[str, int]]],
    margins: PageMargins,
    offset: int | None,
    *,
    top: bool,
) -> None:
    """Takes the lines out that come again, from the edge inwards until one does not."""
    near = [other for other in range(max(0, at - NEAR), min(len(keys), at + NEAR + 1)) if other != at]
    # In a short document each of two heads may come but twice; in a longer one a line of prose may do so by chance.
    least = 1 if len(keys) < 10 else 2
    for line in lines:
        key = _key(line, page)
        again = sum(_comes_again(key, keys[other]) for other in near)
        number = _number(line.text)
        # A line that is only a number is the page's number where it equals the page's place in the file, or is Roman. That
        # counts at the foot alone: at the top it may be the number of a chapter, except in a document of one page.
        lone = bool(number) and _as_number(number) in (at + 1, None) and (len(keys) == 1 or not top)
        # A head that comes only once, over a chapter of one page, is still known by the page number beside it, which is as far
        # from the page's place in the file as on most pages.
        numbered = offset is not None and _printed_in(line) == str(at + offset)
        if again < least and not lone and not numbered:
            break
        reason = "page number" if number else "running head" if top else "running foot"
        if number:
            margins.printed = margins.printed or number
        elif not margins.printed:
            margins.printed = _printed_in(line)
        if len(line.runs) == len(page.runs):
            # What is all that stands on a page is its text, though it stands on others too.
            break
        _remove(page, line, margins, reason)


def _remove(page: PageRuns, line: _EdgeLine, margins: PageMargins, reason: str) -> None:
    margins.omitted.append((reason, line.text))
    gone = {id(run) for run in line.runs}
    page.runs = [run for run in page.runs if id(run) not in gone]


def _comes_again(key: tuple[str, int], others: set[tuple[str, int]]) -> bool:
    # The height is rounded, and two pages may be rounded to either side.
    return any((key[0], key[1] + shift) in others for shift in (-1, 0, 1))


def _printed_in(line: _EdgeLine) -> str:
    """The page number beside the words of a running head: at one of its ends."""
    # Its number stands at the outer end: the last run on a right page, the first on a left one.
    for run in (line.runs[-1], line.runs[0]):
        if number := _number(run.text):
            return number
    words = line.text.split() or [""]
    return next((word for word in (words[-1], words[0]) if word.isdecimal()), "")


def _as_number(printed: str) -> int | None:
    """A page number in figures; None for a Roman one."""
    return int(printed) if printed.isdecimal() else None


def page_labels(stated: Sequence[str], printed: Sequence[str]) -> list[str]:
    """What each page is called: by the document's own labels, else by the numbers that are printed, else by counting.

    The printed ones are taken where they rise with the pages on most of them, as in an article of a journal.

    >>> page_labels(["", "", ""], ["113", "114", "115"])
    ['113', '114', '115']
    """
    counted = [str(at) for at in range(1, len(stated) + 1)]
    if any(stated) and list(stated) != counted:
        return [label or count for label, count in zip(stated, counted, strict=True)]
    offsets = Counter(int(number) - at for at, number in enumerate(printed) if number.isdecimal())
    if offsets:
        offset, times = offsets.most_common(1)[0]
        # On six pages in ten the printed number must be the same step ahead, as figures are printed for other reasons, too.
        if times >= max(2, 0.6 * len(printed)) and offset > 0:
            return [str(at + offset) for at in range(len(printed))]
    return (
        [
            number.lower() if _ROMAN.fullmatch(number) and at < len(printed) / 2 else count
            for at, (number, count) in enumerate(zip(printed, counted, strict=True))
        ]
        if offsets
        else counted
    )
