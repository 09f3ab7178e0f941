"""Boxes and lists of terms in the dialects of Markdown -> the same words as paragraphs and items, without their marks; pure.

CommonMark knows none of them, so their marks would be read, and quoted, as words: callouts (GitHub, Obsidian), admonitions
(Python-Markdown, MkDocs), containers (Docusaurus, Astro, VuePress, pandoc) and definition lists (PHP Markdown Extra, pandoc).
A quotation is somebody else's word and keeps its marks.
"""

import re
from collections.abc import Iterator, Sequence

LONGEST_TERM = 100
"""Characters of a term; a longer line over a colon is a paragraph."""
MOST_TERMS = 4
"""Lines that one explanation may belong to."""
DEEPEST = 20
"""Boxes within boxes; what lies deeper keeps its marks, since each level reads its lines once more."""

# Looked for first, as most texts have no box.
_SIGNS = re.compile(r"^[ \t>]*(?:>[ \t]*\[!|!!!|\?\?\?|:)", re.MULTILINE)
_CODE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_CALLOUT = re.compile(r" {0,3}>[ \t]*\[![\w-]+\][+-]?[ \t]*(?P<title>.*)$")
_QUOTED = re.compile(r" {0,3}> ?")
# `!!! note inline "Ice"`; `???` and `???+` fold the box.
_ADMONITION = re.compile(
    r"(?P<indent>[ \t]*)(?:!!!|\?\?\?\+?)[ \t]+[\w-]+(?:[ \t]+[\w-]+)*(?:[ \t]+\"(?P<title>.{0,300})\")?[ \t]*$"
)
# `:::tip[Ice]`, `::: tip Ice`, `::: {.callout-note title="Ice"}`.
_OPENING = re.compile(
    r"(?P<indent>[ \t]*):{3,}[ \t]*(?:\{(?P<attributes>[^{}]*)\}|[\w-]+)"
    r"(?:\[(?P<label>.{0,300})\])?(?:[ \t]*\{[^{}]*\})?(?P<title>[^{}:]*)(?::+[ \t]*)?$"
)
_CLOSING = re.compile(r"[ \t]*:{3,}[ \t]*$")
_TITLE = re.compile(r"\btitle=\"([^\"]*)\"")
_EXPLANATION = re.compile(r" {0,3}:[ \t]+(?=\S)")
# A heading, an item, a quotation, a row, a rule or code: none of them is a term.
_NO_TERM = re.compile(r"\s|[#>|:]|[-*+•][ \t]|\(?\d{1,3}[.)][ \t]|[-=*_]{3,}\s*$|`{3}|~{3}|<")
_ENDS = (".", "!", ";", ",", "。")


def without_boxes(text: str) -> str:
    """The text with the words of its boxes as paragraphs, and of its lists of terms as items; any other text as it is.

    >>> without_boxes("> [!NOTE]\\n> The gate closes at nine.")
    'The gate closes at nine.'
    >>> without_boxes("Bollard\\n: A short post on a quay.")
    '- Bollard: A short post on a quay.'
    """
    return "\n".join(_Unboxer(text.split("\n"), 0).lines()) if _SIGNS.search(text) else text


class _Unboxer:
    """Goes through the lines of a text, or of one box, from the first to the last; `written` are the clean ones."""

    def __init__(self, lines: Sequence[str], depth: int) -> None:
        self._lines = lines
        self._depth = depth
        self._written: list[str] = []
        # Lines with the places of those that close what they open.
        self._closings = _closings(lines)
        self._closed = frozenset(self._closings.values())

    def lines(self) -> list[str]:
        """All lines without the marks of boxes."""
        at = 0
        while at < len(self._lines):
            at = self._take(at)
        return self._written

    def _take(self, at: int) -> int:
        """Writes what begins at a line, and gives the line that follows it."""
        line = self._lines[at]
        if code := _CODE.match(line):
            return self._copy(at, _end_of_code(self._lines, at, code[1]))
        if _EXPLANATION.match(line) and (terms := self._terms()):
            return self._explanations(at, terms)
        if at in self._closed:
            self._blank_next(at + 1)
            return at + 1
        return self._box(at, line) or self._copy(at, at + 1)

    def _box(self, at: int, line: str) -> int:
        """Writes the words of the box that a line opens, and gives the line that follows it; 0 where it opens none."""
        if at in self._closings and (opening := _OPENING.match(line)):
            self._part()
            self._entitle(opening["indent"], _title_of(opening))
            # Its words come next, and the line that closes it was found with it.
            return at + 1
        if self._depth < DEEPEST and (callout := _CALLOUT.match(line)):
            return self._callout(at, callout["title"])
        if self._depth < DEEPEST and (admonition := _ADMONITION.match(line)) and (end := self._end_of_indented(at, admonition)):
            return self._admonition(at, end, admonition)
        return 0

    def _copy(self, at: int, end: int) -> int:
        self._written += self._lines[at:end]
        return end

    # Boxes

    def _callout(self, at: int, title: str) -> int:
        end = at + 1
        while end < len(self._lines) and _QUOTED.match(self._lines[end]) and not _CALLOUT.match(self._lines[end]):
            end += 1
        self._part()
        self._entitle("", title)
        self._write_inner([_QUOTED.sub("", line, count=1) for line in self._lines[at + 1 : end]])
        self._blank_next(end)
        return end

    def _end_of_indented(self, at: int, admonition: re.Match[str]) -> int:
        """The line behind the last that is set in under an admonition; 0 where none is: then it is an exclamation."""
        indent, end = admonition["indent"], 0
        for place in range(at + 1, len(self._lines)):
            line = self._lines[place]
            if line.startswith((indent + "    ", indent + "\t")):
                end = place + 1
            elif line.strip():
                break
        return end

    def _admonition(self, at: int, end: int, admonition: re.Match[str]) -> int:
        indent = admonition["indent"]
        self._part()
        self._entitle(indent, admonition["title"] or "")
        inner = (line.removeprefix(indent) for line in self._lines[at + 1 : end])
        self._write_inner([f"{indent}{rest}" if (rest := _set_out(line)).strip() else "" for line in inner])
        self._blank_next(end)
        return end

    def _write_inner(self, lines: list[str]) -> None:
        first = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
        self._written += _Unboxer(lines[first:], self._depth + 1).lines()

    def _entitle(self, indent: str, title: str) -> None:
        """Writes the title of a box as a paragraph of its own, where it has any words."""
        if title.strip():
            self._written += (f"{indent}{title.strip()}", "")

    def _part(self) -> None:
        """Parts what comes from the text before it."""
        if self._written and self._written[-1].strip():
            self._written.append("")

    def _blank_next(self, at: int) -> None:
        """Parts what stands at `at` from the box before it."""
        if at < len(self._lines) and self._lines[at].strip() and at not in self._closed:
            self._part()

    # Lists of terms

    def _terms(self) -> list[str]:
        """The lines that were written last, where they can be terms; [] where they cannot."""
        end = len(self._written)
        # A single blank line may stand between a term and what it means.
        if end and not self._written[-1].strip():
            end -= 1
        start = end
        while start and end - start <= MOST_TERMS and self._written[start - 1].strip():
            start -= 1
        found = self._written[start:end]
        if not found or len(found) > MOST_TERMS or not all(map(_can_be_term, found)):
            return []
        del self._written[start:]
        return found

    def _explanations(self, at: int, terms: Sequence[str]) -> int:
        """Writes the explanations of terms, the first one behind them; each is an item."""
        named = ", ".join(term.strip() for term in terms)
        before = f"{named} " if named[-1] in ".:?!：？！。" else f"{named}: "
        while at < len(self._lines) and (mark := _EXPLANATION.match(self._lines[at])):
            end = at + 1
            while end < len(self._lines) and self._goes_on(end):
                end += 1
            words = [self._lines[at][mark.end() :], *self._lines[at + 1 : end]]
            self._written.append(f"- {before}{' '.join(line.strip() for line in words)}")
            before, at = "", self._further(end)
        return at

    def _goes_on(self, at: int) -> bool:
        """Whether a line is of the same paragraph as the line before it, which explains a term."""
        below = self._lines[at + 1] if at + 1 < len(self._lines) else ""
        line = self._lines[at]
        is_next_term = _EXPLANATION.match(below) and _can_be_term(line)
        return bool(line.strip()) and not _EXPLANATION.match(line) and not is_next_term and not _CODE.match(line)

    def _further(self, at: int) -> int:
        """Writes the further paragraphs of an explanation, which are set in under it."""
        end = at
        for place in range(at, len(self._lines)):
            if self._lines[place].startswith(("    ", "\t")):
                end = place + 1
            elif self._lines[place].strip():
                break
        inner = (_set_out(line) for line in self._lines[at:end])
        self._written += [f"  {line}" if line.strip() else "" for line in inner]
        return end


def _can_be_term(line: str) -> bool:
    return len(line) <= LONGEST_TERM and not _NO_TERM.match(line) and not line.rstrip().endswith(_ENDS)


def _set_out(line: str) -> str:
    """A line that was set in by four blanks or a tab, without these."""
    return line[1:] if line.startswith("\t") else line[4:] if line.startswith("    ") else line.lstrip()


def _title_of(opening: re.Match[str]) -> str:
    attribute = _TITLE.search(opening["attributes"] or "")
    return opening["label"] or opening["title"].strip() or (attribute[1] if attribute else "")


def _end_of_code(lines: Sequence[str], at: int, fence: str) -> int:
    """The line behind a block of code, which goes to the end where nothing closes it."""
    for place in range(at + 1, len(lines)):
        found = _CODE.match(lines[place])
        if found and found[1].startswith(fence) and not lines[place].strip().strip(fence[0]):
            return place + 1
    return len(lines)


def _closings(lines: Sequence[str]) -> dict[int, int]:
    """The lines that open a container, with those that close them."""
    return dict(_pairs(lines))


def _pairs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    opened: list[int] = []
    at = 0
    while at < len(lines):
        if code := _CODE.match(lines[at]):
            at = _end_of_code(lines, at, code[1])
            continue
        if _CLOSING.match(lines[at]):
            if opened:
                yield opened.pop(), at
        elif _OPENING.match(lines[at]):
            opened.append(at)
        at += 1
