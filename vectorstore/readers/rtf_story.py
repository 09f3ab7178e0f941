"""Follows the stream of an RTF file, and makes blocks of it: paragraphs, headings, items, tables and notes."""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from striprtf.striprtf import charset_map, destinations, specialchars

from vectorstore.errors import ReadError
from vectorstore.readers.converted import OmittedParts, TableCell, table_blocks
from vectorstore.readers.document import DocumentBlock

MOST_PARAGRAPHS = 500_000
"""Paragraphs and cells of one file; a file of nothing else must not fill the memory. A book has some 10,000."""
DEEPEST = 500
"""Groups inside each other; real files have some 20."""

# What stands in these groups is kept, each apart from the text; other destinations are skipped, as programs do.
_KEPT_APART = {
    "title": "title", "author": "author", "stylesheet": "styles", "fonttbl": "fonts", "listtext": "marker", "pntext": "marker",
    "footnote": "note", "annotation": "comment", "shptxt": "box", "header": "running head", "headerf": "running head",
    "headerl": "running head", "headerr": "running head", "footer": "running foot", "footerf": "running foot",
    "footerl": "running foot", "footerr": "running foot",
}  # fmt: skip
_ENTERED = {"info": "info", "creatim": "created"}
# `\~` is a no-break space, `\_` a no-break hyphen, and `\-` a place where a word may be divided.
_SIGNS = {"~": "\xa0", "_": "-", "-": "", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n"}
# What the file says of itself at its top; the last two are the code pages of DOS.
_CODE_PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
# The names that Word gives its own styles in the file, in whatever language it runs.
_HEADING = re.compile(r"heading ([1-9])|(title)")
# "1.", "(a)", "1.2.": anything else before an item is a bullet.
_NUMBERED = re.compile(r"\(?\w{1,5}(?:\.\w{1,5})*[.)]?")


class RtfToken(NamedTuple):
    """One token of the stream: its kind, and what it says; `number` is that of a word, None where it has none."""

    kind: str
    value: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class _RtfGroup:
    """What holds inside the braces that are open: where words go, and what marks they and their paragraph have."""

    target: str = ""
    font: int = -1
    # So many characters behind each `\u` are for programs that know no Unicode; it is one unless the file says otherwise.
    unicode_skip: int = 1
    deleted: bool = False
    hidden: bool = False
    style: int = 0
    # Outline levels count from 0, and 9 is that of the text.
    outline: int = 9
    level: int = 0
    in_table: bool = False

    def with_number(self, word: str, number: int) -> "_RtfGroup":
        """The same with what a word says by its number."""
        match word:
            case "s":
                return replace(self, style=number)
            case "outlinelevel":
                return replace(self, outline=number)
            case "ilvl":
                return replace(self, level=min(number, 8))
            case "uc":
                return replace(self, unicode_skip=number)
        return replace(self, font=number)


class RtfStory:
    """Reads one stream, once: `blocks(tokens)`, then `stated` and `created`.

    >>> from vectorstore.readers.rtf import rtf_tokens
    >>> story = RtfStory(OmittedParts())
    >>> story.blocks(rtf_tokens(r"{\\rtf1{\\info{\\title Rain}}It rained for\\~days.\\par}"))[0].text, story.stated("title")
    ('It rained for\\xa0days.', 'Rain')
    """

    def __init__(self, omitted: OmittedParts) -> None:
        self._omitted = omitted
        self._group = _RtfGroup()
        self._open: list[_RtfGroup] = []
        self._words: dict[str, list[str]] = {}
        # Bytes that came one by one, and are decoded together: some characters have two.
        self._pending = bytearray()
        # Characters that are still to be skipped behind a `\u`.
        self._skip = 0
        # Whether a `\*` stands before the word that comes.
        self._ignorable = False
        self._code_page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._styles: dict[int, str] = {}
        self._blocks: list[DocumentBlock] = []
        # Notes and boxes, which follow the paragraph that calls them.
        self._after: list[DocumentBlock] = []
        self._notes = 0
        self._cell: TableCell = []
        self._row: list[TableCell] = []
        self._grid: list[list[TableCell]] = []
        # For each cell of the row how it is merged, and what the next one says of that.
        self._merged: list[str] = []
        self._merges = ""
        self._tables = 0
        self._paragraphs = 0
        self._created: dict[str, int] = {}

    @property
    def created(self) -> str:
        """The day on which the file says that it was made, in ISO 8601, or ""."""
        year, month, day = (self._created.get(part, 0) for part in ("yr", "mo", "dy"))
        return f"{year:04}-{month:02}-{day:02}" if year and month and day else ""

    def stated(self, name: str) -> str:
        """The title or the author that the file states."""
        return self._taken(name)

    def blocks(self, tokens: Iterable[RtfToken]) -> list[DocumentBlock]:
        """The blocks of the text in reading order."""
        for token in tokens:
            if token.kind != "hex":
                self._decode_pending()
            match token.kind:
                case "brace":
                    self._brace(token.value)
                case "word":
                    self._skip = 0
                    self._word(token.value, token.number)
                # `\*`: who does not know the word that follows is to pass over its group.
                case "sign" if token.value == "*":
                    self._ignorable = True
                case "sign":
                    self._put(_SIGNS.get(token.value, ""))
                case "hex":
                    self._byte(token.value)
                case "text":
                    self._say(token.value[self._skip :])
                    self._skip = max(0, self._skip - len(token.value))
        self._decode_pending()
        self._end_paragraph()
        self._end_table()
        return self._blocks

    def _brace(self, brace: str) -> None:
        self._skip = 0
        if brace == "{":
            # A file of nothing but braces must not cost memory.
            if len(self._open) >= DEEPEST:
                raise ReadError("The file is damaged: its groups are nested too deeply.")
            self._open.append(self._group)
            return
        if self._open:
            inner, self._group = self._group, self._open.pop()
            self._ignorable = False
            # Each style is a group inside of the style sheet, which is of the same kind.
            if inner.target != self._group.target or inner.target == "styles":
                self._close(inner)

    def _close(self, inner: _RtfGroup) -> None:
        """Does with the words of a group that was kept apart what belongs to its kind."""
        match inner.target:
            case "styles":
                if name := self._taken("styles").rstrip(";"):
                    self._styles[inner.style] = name.casefold()
            # The names of fonts are not needed, only their character sets.
            case "fonts":
                self._taken("fonts")
            case "note":
                self._after.append(DocumentBlock("note", self._taken("note"), marker=str(self._notes)))
            case "box":
                self._after.append(DocumentBlock("paragraph", self._taken("box")))
            case "comment" | "running head" | "running foot":
                self._omitted.add(inner.target, self._taken(inner.target))

    def _word(self, word: str, number: int | None) -> None:
        ignorable, self._ignorable = self._ignorable, False
        # In this order, as striprtf counts most of what is kept here among the destinations that are skipped.
        if word in _KEPT_APART:
            self._enter(_KEPT_APART[word])
        elif word in _ENTERED:
            self._group = replace(self._group, target=_ENTERED[word])
        elif ignorable or word in destinations:
            self._group = replace(self._group, target="skipped")
        elif self._group.target == "created":
            self._created[word] = number or 0
        elif word == "u":
            self._unicode(number or 0)
        elif not (self._in_table_word(word) or self._state_word(word, number)):
            self._character_word(word)

    def _enter(self, target: str) -> None:
        # The data of a shape are not its text; the text box in it is. And only an item of the text itself needs its number.
        within = self._group.target
        if (within == "skipped" and target != "box") or (within and target == "marker"):
            target = "skipped"
        elif target == "note":
            self._notes += 1
            self._put(f"[{self._notes}]")
        self._group = replace(self._group, target=target)

    def _character_word(self, word: str) -> None:
        if word in ("par", "sect", "page") and not self._group.target:
            self._end_paragraph()
        # In a note, a box or a margin, the end of a paragraph is only that of a line.
        elif word == "line" or word in ("par", "sect", "page"):
            self._put("\n")
        elif word in specialchars and word not in ("row", "cell"):
            self._put(specialchars[word])

    def _in_table_word(self, word: str) -> bool:
        """Follows the words that build tables; whether it was one. A cell may say that it goes on from the one above."""
        match word:
            case "trowd":
                self._merged = []
            # A cell that is merged with that above it, or with that on its left; `\cellx` ends what is said of a cell.
            case "clvmrg" | "clmrg":
                self._merges = word
            case "cellx":
                self._merged.append(self._merges)
                self._merges = ""
            case "intbl":
                self._group = replace(self._group, in_table=True)
            case "cell" if not self._group.target:
                self._end_cell()
            case "row" if not self._group.target:
                self._grid.append(self._row)
                self._row = []
            case _:
                return False
        return True

    def _state_word(self, word: str, number: int | None) -> bool:
        """Follows the words that mark what comes; whether it was one."""
        group, on = self._group, number != 0
        match word:
            # `\pard` resets what a paragraph is, `\plain` what its characters are.
            case "pard":
                group = replace(group, style=0, outline=9, level=0, in_table=False)
            case "plain":
                group = replace(group, deleted=False, hidden=False)
            case "deleted":
                group = replace(group, deleted=on)
            case "v":
                group = replace(group, hidden=on)
            case "s" | "outlinelevel" | "ilvl" | "uc" | "f" | "deff":
                group = group.with_number(word, number or 0)
            case "fcharset" if number is not None:
                # Character set 0 is that of the file, and 1 the default.
                self._fonts[group.font] = charset_map.get(number, "cp1252") if number > 1 else ""
            case "ansicpg":
                self._code_page = _known(f"cp{number}")
            case "ansi" | "mac" | "pc" | "pca":
                self._code_page = _CODE_PAGES[word]
            case _:
                return False
        self._group = group
        return True

    def _unicode(self, number: int) -> None:
        # Numbers are signed 16-bit units; a character beyond them comes as two, which `_taken` puts together.
        self._put(chr(number % 0x10000))
        self._skip = self._group.unicode_skip

    def _byte(self, digits: str) -> None:
        if self._skip:
            self._skip -= 1
        else:
            self._pending += bytes.fromhex(digits)

    def _decode_pending(self) -> None:
        """Bytes that came one by one, as characters in the encoding of their font: some take two bytes."""
        if self._pending:
            words, self._pending = self._decoded(self._pending), bytearray()
            self._put(words)

    def _say(self, words: str) -> None:
        """Words of the stream itself: each character is a byte."""
        self._put(words if words.isascii() else self._decoded(words.encode("latin-1")))

    def _decoded(self, data: bytes | bytearray) -> str:
        return data.decode(self._fonts.get(self._group.font, "") or self._code_page, "replace")

    def _put(self, words: str) -> None:
        target = self._group.target
        if target in ("skipped", "info") or not words:
            return
        if not target and (self._group.deleted or self._group.hidden):
            target = "deleted text" if self._group.deleted else "hidden text"
        self._words.setdefault(target, []).append(words)

    def _taken(self, target: str) -> str:
        """The words that a target has collected, which is empty then; halves of characters are put together."""
        words = "".join(self._words.pop(target, ()))
        return words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()

    def _end_paragraph(self) -> None:
        block = self._paragraph(self._taken("").strip(), self._taken("marker"))
        for reason in ("deleted text", "hidden text"):
            self._omitted.add(reason, self._taken(reason))
        if self._group.in_table:
            self._cell = [*self._cell, block]
            return
        self._end_table()
        self._blocks += [block, *self._after]
        self._after = []

    def _paragraph(self, text: str, marker: str) -> DocumentBlock:
        self._paragraphs += 1
        if self._paragraphs > MOST_PARAGRAPHS:
            raise ReadError(f"The file has more than {MOST_PARAGRAPHS:,} paragraphs; cut it into smaller files.")
        named = _HEADING.fullmatch(self._styles.get(self._group.style, ""))
        if self._group.outline < 9 or named:
            own = self._group.outline + 1 if self._group.outline < 9 else 0
            return DocumentBlock("heading", text, level=own or int(named[1] or 1) if named else own)
        if marker:
            # Word draws the bullets of some levels as an "o".
            numbered = marker if _NUMBERED.fullmatch(marker) and marker != "o" else ""
            return DocumentBlock("item", text, level=self._group.level + 1, marker=numbered)
        return DocumentBlock("paragraph", text)

    def _end_cell(self) -> None:
        self._cell = [*self._cell, self._paragraph(self._taken(""), self._taken("marker"))]
        at = len(self._row)
        merged = self._merged[at] if at < len(self._merged) else ""
        # The same object in each of its places says that a cell spans them (`TableCell`).
        if merged == "clmrg" and self._row:
            self._cell = self._row[-1]
        elif merged == "clvmrg" and self._grid and at < len(self._grid[-1]):
            self._cell = self._grid[-1][at]
        self._row.append(self._cell)
        self._cell = []

    def _end_table(self) -> None:
        if self._row:
            self._grid.append(self._row)
        if self._grid:
            self._tables += 1
            self._blocks += [*table_blocks(self._grid, self._tables), *self._after]
            self._grid, self._row, self._after = [], [], []


def _known(encoding: str) -> str:
    """An encoding that Python knows, else UTF-8: code page 65001 and those that nobody has."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return "utf-8"
