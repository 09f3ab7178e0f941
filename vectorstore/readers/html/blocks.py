"""A page's tree -> all of its blocks in reading order, each with what the markup around it says of it; pure.

Only what is never read (scripts, pictures, controls) is left out here: `main_text.py` tells the article from the rest.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from vectorstore.readers.document import DocumentBlock
from vectorstore.readers.html.footnotes import (
    REFERENCE,
    is_footnote,
    is_note,
    is_note_mark,
    is_sign,
    mark_of_note,
    raised_words,
)
from vectorstore.readers.html.hints import CONTENTS, HEADINGS, HIDDEN, hint_of, is_unseen
from vectorstore.readers.html.tables import is_layout, table_blocks

_SKIPPED_TAGS = (
    "script style noscript svg canvas iframe object embed video audio picture source img input select option textarea math "
    "map area track param link meta base head title progress meter datalist rp rt"
)
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_BLOCK_TAGS = (
    "html body address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form "
    "frameset header hgroup hr legend li main menu nav ol p pre search section summary table tbody td tfoot th thead tr ul "
    "caption template"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split()) | frozenset(HEADINGS)
# The arrow by which a note leads back to where it is called, and Wikipedia's `^` before it.
_BACK = re.compile(r"\s*(?:[↩↑^⏎⤴]\ufe0e?\s*)+|^\s*\^\s*")
_SPACE = re.compile(r"\s+")
# Elements inside each other: each takes some four calls of Python's thousand.
_DEEPEST = 150


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A block of a page.

    `hints` are the reasons of the elements around it, from the outermost, why it may be none of the article; `container` is the
    element that it stands in, and `linked` the share of its characters that are links to other pages, in [0, 1].
    """

    block: DocumentBlock
    container: HtmlElement
    hints: tuple[tuple[str, int], ...] = ()
    linked: float = 0.0

    @property
    def words(self) -> str:
        """The block's words, those of a row with its cells side by side."""
        return " ".join(self.block.cells) if self.block.kind == "row" else self.block.text


class PageBlocks:
    """Makes blocks of one page.

    >>> from lxml.html import document_fromstring
    >>> root = document_fromstring("<nav><a href=/>Home</a></nav><h1>Rain</h1><p>It <b>rained</b>.<ul><li>a<li>b</ul>")
    >>> [(one.block.kind, one.block.text, one.hints) for one in PageBlocks().blocks(root)][:2]
    [('paragraph', 'Home', (('menu', 1),)), ('heading', 'Rain', ())]
    """

    def __init__(self) -> None:
        self._found: list[PageBlock] = []
        self._groups = 0
        self._containers = 0
        self._hints: list[tuple[str, int]] = []
        self._controlled: frozenset[str] = frozenset()
        self._notes: frozenset[str] = frozenset()
        self._level = 1
        self._depth = 0
        self._in_link = False
        self._clear()

    def blocks(self, root: HtmlElement) -> list[PageBlock]:
        """The blocks of a page in reading order."""
        # What a button opens, such as an answer to a question, is part of the article although it is hidden at first.
        self._controlled = frozenset(
            word for node in root.iter() for word in (node.get("aria-controls") or "").split() if isinstance(node.tag, str)
        )
        # The ids that the marks of footnotes lead to, without their `#`.
        self._notes = frozenset(link.get("href", "")[1:] for link in root.iterfind(".//a[@href]") if is_note_mark(link))
        body = root.find(".//body")
        self._inside(root if body is None else body, DocumentBlock("paragraph"))
        return self._found

    def _clear(self) -> None:
        self._words: list[str] = []
        self._linked = self._length = 0
        self._inline: Counter[str] = Counter()

    def _inside(self, node: HtmlElement, like: DocumentBlock) -> None:
        """The blocks in an element; words that stand in no block of their own are one like `like`."""
        self._line_of(node, like, self._in_link, "")
        self._flush(node, like)

    def _line_of(self, node: HtmlElement, like: DocumentBlock, link: bool, hint: str) -> None:
        """What stands in an element: words go into the line at hand, and a block begins a new one."""
        if self._depth > _DEEPEST:
            # Whatever stands this deep is read as words without structure: Python's stack has an end.
            self._add_words(" ".join(_words_in(node)), link, hint)
            return
        self._depth += 1
        self._add_words(node.text, link, hint)
        for child in node:
            tag = child.tag
            if not isinstance(tag, str):
                self._add_words(child.text if getattr(child, "name", "") else None, link, hint)
            # Only a site's own elements have a hyphen in their names, and these are blocks as a rule.
            elif tag in _BLOCKS or "-" in tag or (len(child) and _holds_blocks(child)):
                self._flush(node, like)
                self._block(child, tag, like)
            elif tag == "br":
                self._add_break(node, like)
            elif tag not in _SKIPPED:
                self._inline_element(child, tag, like, link, hint)
            self._add_words(child.tail, link, hint)
        self._depth -= 1

    def _inline_element(self, node: HtmlElement, tag: str, like: DocumentBlock, link: bool, hint: str) -> None:
        # The words of a button that opens something are the heading of that, such as the question to an answer.
        if tag == "button" and not node.get("aria-controls") and like.kind != "heading":
            hint = "button"
        else:
            hint = hint or (HIDDEN if is_unseen(node) else hint_of(node))
        if tag == "a" and like.kind != "note" and node.get("href", "")[1:] in self._notes and is_note_mark(node):
            self._add_words(f"[{str(node.text_content()).strip().strip('[]()')}]", link, hint)
        elif tag in ("sup", "sub") and (words := raised_words(node, tag)) is not None:
            self._add_words(words, link, hint)
        else:
            goes_to = node.get("href", "") if tag == "a" else ""
            if goes_to.startswith("#") and is_sign(node, like):
                # The number of a footnote may be the link that leads back.
                self._add_words(f"[{words}] " if like.kind == "note" and (words := mark_of_note(node)) else None, link, hint)
                return
            link = link or _leads_away(node, tag)
            # A line that only leads to another place of the page is of a list of contents, or a control.
            hint = hint or (CONTENTS if goes_to.startswith("#") and like.kind != "heading" else "")
            self._line_of(node, like, link, hint)

    def _add_words(self, words: str | None, link: bool, hint: str) -> None:
        if not words:
            return
        if hint in (HIDDEN, "editing mark", "button"):
            # What stands inside a line and isn't seen, or is no word of the author's, would spoil a quotation.
            return
        self._words.append(words)
        if count := len(words.strip()):
            self._length += count
            self._linked += count if link else 0
            if hint:
                self._inline[hint] += count

    def _add_break(self, node: HtmlElement, like: DocumentBlock) -> None:
        """A line's end; two of them in a row end a paragraph, as in pages that know no others."""
        if self._words and self._words[-1] == "\n":
            self._flush(node, like)
        elif not self._words or self._words[-1].strip() or len(self._words) < 2 or self._words[-2] != "\n":
            self._words.append("\n")
        else:
            self._flush(node, like)

    def _flush(self, node: HtmlElement, like: DocumentBlock) -> None:
        """Ends the line at hand: a block like `like`, if it has words."""
        text = _SPACE.sub(" ", "".join(self._words)).strip()
        if text:
            hints = tuple(self._hints)
            reason, count = self._inline.most_common(1)[0] if self._inline else ("", 0)
            # A line is a byline, or tags, only where most of it is marked so.
            if count > 0.7 * self._length:
                # The line itself is no element that others stand in, so it has no number of its own.
                hints += ((reason, -1),)
            self._found.append(PageBlock(replace(like, text=text), node, hints, self._linked / max(1, self._length)))
        self._clear()

    def _block(self, node: HtmlElement, tag: str, like: DocumentBlock) -> None:
        """The blocks of an element that stands by itself, with what its markup says."""
        hint = hint_of(node)
        if is_unseen(node) and node.get("id") not in self._controlled:
            hint = HIDDEN
        if hint:
            # The number tells this element from others with the same reason: `main_text` may exempt it alone.
            self._containers += 1
            self._hints.append((hint, self._containers))
        # A link may go around a heading, or around the whole of a teaser.
        outer, self._in_link = self._in_link, self._in_link or _leads_away(node, tag)
        self._by_tag(node, tag, like)
        self._in_link = outer
        if hint:
            self._hints.pop()

    def _by_tag(self, node: HtmlElement, tag: str, like: DocumentBlock) -> None:
        if tag in HEADINGS:
            self._level = int(tag[1])
            self._inside(node, DocumentBlock("heading", level=self._level))
        elif tag == "summary":
            self._inside(node, DocumentBlock("heading", level=min(self._level + 1, 6)))
        elif tag in ("ul", "ol", "menu", "dir"):
            self._of_list(node, tag, like)
        elif tag == "dl":
            self._of_terms(node)
        elif tag == "table":
            self._of_table(node, like)
        elif tag == "pre":
            self._of_code(node)
        elif tag == "blockquote":
            self._inside(node, DocumentBlock("quote"))
        elif tag == "template":
            # The declared shadow of an element is shown; another template waits for a script.
            if node.get("shadowrootmode"):
                self._inside(node, like)
        elif (node.get("id") in self._notes or is_footnote(node, self._notes)) and like.kind not in (
            "item",
            "heading",
            "note",
        ):
            self._of_note(node, "")
        else:
            self._inside(node, like)

    def _of_list(self, node: HtmlElement, tag: str, like: DocumentBlock) -> None:
        """Items with their level and number; a list of footnotes is notes."""
        level = like.level + 1 if like.kind == "item" else 1
        # A list in an item is a part of the list around it.
        if level == 1:
            self._groups += 1
        number = _number(node.get("start"), 1)
        for child in node:
            # What stands in a list outside of its items is read as an item.
            if child.tag != "li":
                if isinstance(child.tag, str) and child.tag not in _SKIPPED:
                    self._block(child, child.tag, DocumentBlock("item", level=level, group=self._groups))
                continue
            number = _number(child.get("value"), number)
            if is_note(child, self._notes):
                self._of_note(child, str(number))
            else:
                marker = f"{number}." if tag == "ol" else ""
                self._of_item(child, DocumentBlock("item", level=level, marker=marker, group=self._groups))
            number += 1

    def _of_item(self, node: HtmlElement, item: DocumentBlock) -> None:
        """One item; what follows on its first line is a paragraph of its own."""
        before = len(self._found)
        self._block(node, "li", item)
        for at in range(before + 1, len(self._found)):
            one = self._found[at].block
            if one.kind == "item" and one.level == item.level:
                self._found[at] = replace(self._found[at], block=replace(one, kind="paragraph", level=1, marker=""))

    def _of_note(self, node: HtmlElement, number: str) -> None:
        """A footnote, without the sign that leads back to its place."""
        before = len(self._found)
        self._inside(node, DocumentBlock("note"))
        for at in range(before, len(self._found)):
            one = self._found[at].block
            words = _BACK.sub("", one.text).strip()
            found = REFERENCE.match(words)
            if not number and found and found[0] != found[1]:
                number, words = found[1], words[found.end() :].strip()
            marker = number if at == before else ""
            self._found[at] = replace(self._found[at], block=replace(one, kind="note", text=words, marker=marker, level=1))

    def _of_terms(self, node: HtmlElement) -> None:
        """A list of terms: each with the first line of its explanation is one item."""
        self._groups += 1
        item = DocumentBlock("item", group=self._groups)
        terms: list[PageBlock] = []
        for child in _terms(node):
            made = self._apart(child, item)
            if child.tag == "dt":
                terms += made
            elif made:
                rest = [
                    replace(one, block=replace(one.block, kind="paragraph")) if one.block.kind == "item" else one
                    for one in made[1:]
                ]
                self._found += [_explained(terms, made[0], item), *rest]
                terms = []
        # Terms that are left have nothing behind them.
        self._found += terms

    def _of_table(self, node: HtmlElement, like: DocumentBlock) -> None:
        """The rows of a table, or what stands in the cells of one that only lays a page out."""
        if is_layout(node):
            self._inside(node, like)
            return
        for caption in node.iterchildren("caption"):
            self._block(caption, "caption", DocumentBlock("paragraph"))
        self._groups += 1
        hints = tuple(self._hints)
        for block, linked in table_blocks(node, self._groups, self._cell):
            self._found.append(PageBlock(block, node, hints, linked))

    def _cell(self, node: HtmlElement) -> tuple[str, float]:
        """The words of a cell on one line, and the share of them that is linked."""
        made = self._apart(node, DocumentBlock("paragraph"))
        count = sum(len(one.words) for one in made)
        return " ".join(one.words for one in made), sum(len(one.words) * one.linked for one in made) / max(1, count)

    def _apart(self, node: HtmlElement, like: DocumentBlock) -> list[PageBlock]:
        """The blocks of an element by themselves, not yet among those of the page."""
        outer, self._found = self._found, []
        self._block(node, str(node.tag), like)
        made, self._found = self._found, outer
        return made

    def _of_code(self, node: HtmlElement) -> None:
        text = "".join(_code_text(node))
        if text.strip():
            self._found.append(PageBlock(DocumentBlock("code", text.strip("\n")), node, tuple(self._hints)))


def _code_text(node: HtmlElement) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        # Each line may be a `code` of its own, without a line end between two of them.
        if child.tag == "br" or (child.tag == "code" and child.getprevious() is not None and not (node.text or "").strip()):
            yield "\n"
        if isinstance(child.tag, str) and child.tag not in _SKIPPED and child.tag != "button":
            yield from _code_text(child)
        yield child.tail or ""


def _explained(terms: list[PageBlock], first: PageBlock, item: DocumentBlock) -> PageBlock:
    """The first line of an explanation behind its terms, as one item."""
    term = ", ".join(one.words for one in terms)
    mark = "" if not term or term[-1] in ".:?!：？！。" else ":"
    return replace(first, block=replace(item, text=f"{term}{mark} {first.words}".strip()))


def _words_in(node: HtmlElement) -> Iterator[str]:
    """All words under an element but those that are never read."""
    for inner in node.iter():
        if isinstance(inner.tag, str) and inner.tag not in _SKIPPED:
            yield inner.text or ""
        if inner is not node:
            yield inner.tail or ""


def _holds_blocks(node: HtmlElement) -> bool:
    """Whether an element that belongs inside a line, such as a link, has blocks in it all the same."""
    return any(inner.tag in _BLOCKS for inner in node.iterdescendants() if isinstance(inner.tag, str))


def _leads_away(node: HtmlElement, tag: str) -> bool:
    """Whether an element is a link to another page."""
    return tag == "a" and bool(node.get("href")) and not node.get("href").startswith("#")


def _terms(node: HtmlElement) -> Iterator[HtmlElement]:
    for child in node:
        if child.tag == "div":
            yield from _terms(child)
        elif child.tag in ("dt", "dd"):
            yield child


def _number(stated: str | None, otherwise: int) -> int:
    return int(stated) if stated and stated.isdecimal() and len(stated) < 7 else otherwise
