"""The blocks of a text: headings, paragraphs, list items, table rows, turns of speakers, and what each goes on from; pure.

`outline.py` finds them. A block knows what a reader must have read to understand it: the heading above it, and the block that
leads in to it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

QuotableKind = Literal["paragraph", "item", "row", "turn", "quote", "code"]
BlockKind = QuotableKind | Literal["front matter", "heading", "header", "question", "contents", "links", "markup"]
"""What a block is: "header" is the first row of a table and "row" one below it, "question" a line that only asks, "contents"
and "links" lists of places to go to, "markup" images, HTML without words, and rules."""

QUOTABLE: frozenset[str] = frozenset(get_args(QuotableKind))
"""The kinds that say something by themselves."""

LINK = re.compile(
    r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+[\"'][^\"'\n]*[\"'])?\)|\[[^\]]*\])|<?https?://[^\s>]+>?"
)
"""A link or an image of Markdown, or a bare address; its first group is what is shown of it."""
MARKER = re.compile(r"^[\s>]*(?:(?:[-*+•‣◦▪·–—]|#{1,6}|\(?(?:\d{1,3}|[A-Za-z])[.)])\s+)*")
"""What stands before the words of an item, a heading or a quotation."""
BOLD = re.compile(r"(?:\*\*|__)(?=\S)[^\n]*?(?:\*\*|__)[.:?]?\s*$")
"""A line that is bold as a whole."""
_WIKILINK = re.compile(r"!?\[\[([^\[\]|\n]*?)(?:\|([^\[\]\n]*))?\]\]")
_ATTRIBUTES = re.compile(r"\s\^[A-Za-z\d-]+\s*$|\s*\{[#:.][^{}\n]*\}\s*$")
"""The id that Obsidian gives a block, and the attributes that Hugo and kramdown give a heading."""
# Marks at the edge of a word, so that `snake_case` keeps its own.
_EMPHASIS = re.compile(r"(?<!\w)(?:\*{1,3}|_{1,3}|`+|~~)|(?:\*{1,3}|_{1,3}|`+|~~)(?!\w)")
# A bar without a backslash before it.
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class ArticleBlock:
    """`text[start:end]` of an article. `heading` and `lead` are the places of other blocks in its outline.

    `level` is that of a heading or a list (from 1), `group` the number of the list, table or talk that the block is part of (-1
    for none), `speaker` who says a turn. `lead` is what the block goes on from: the line before a list, the header of a row,
    the question that is answered, a paragraph that ends with a colon.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    group: int = -1
    heading: int | None = None
    lead: int | None = None
    speaker: str = ""

    @property
    def quotable(self) -> bool:
        """Whether the block says something by itself."""
        return self.kind in QUOTABLE


@dataclass(frozen=True)
class Outline:
    """The blocks of a text, in order and apart from each other.

    >>> from vectorstore.splitting.outline import outline
    >>> found = outline("# Harbours\\n\\nThey need:\\n\\n- ships\\n- cranes")
    >>> [(block.kind, found.words(block)) for block in found.blocks]
    [('heading', 'Harbours'), ('paragraph', 'They need:'), ('item', 'ships'), ('item', 'cranes')]
    >>> [found.words(lead) for lead in found.leads(found.blocks[3])]
    ['They need:']
    """

    text: str
    blocks: tuple[ArticleBlock, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    def at(self, offset: int) -> ArticleBlock | None:
        """The block that the character at `offset` stands in, or the last one before it; None where there is none."""
        place = bisect_right(self._starts, offset) - 1
        return self.blocks[place] if place >= 0 else None

    def words(self, block: ArticleBlock) -> str:
        """The block's text without marks of Markdown at its ends and around its words."""
        return plain(self.text[block.start : block.end])

    def leads(self, block: ArticleBlock) -> Iterator[ArticleBlock]:
        """What leads in to the block, the nearest first."""
        while block.lead is not None:
            block = self.blocks[block.lead]
            yield block

    def headings(self, block: ArticleBlock) -> Iterator[ArticleBlock]:
        """The headings that the block stands under, the nearest first."""
        while block.heading is not None:
            block = self.blocks[block.heading]
            yield block

    def members(self, group: int) -> list[ArticleBlock]:
        """The blocks of one list, table or talk."""
        return [block for block in self.blocks if block.group == group]


def plain(text: str) -> str:
    """A block's text without list markers, heading marks, emphasis and the addresses of links.

    >>> plain("- **The [last](https://site.example/1) ferry**"), plain("## Ner {#ner}")
    ('The last ferry', 'Ner')
    """
    # Most texts have no wiki links, and looking for two brackets is cheaper than the pattern.
    if "[[" in text:
        text = _WIKILINK.sub(lambda link: link[2] or link[1], text)
    return _EMPHASIS.sub("", LINK.sub(r"\1", MARKER.sub("", _ATTRIBUTES.sub("", text)))).strip().rstrip("#").rstrip()


def cells(row: str) -> list[str]:
    """The cells of a table's row, as plain text.

    >>> cells("| **Ner** | 12 | |")
    ['Ner', '12', '']
    """
    inner = row.strip().removeprefix("|")
    # A bar behind a backslash is part of the last cell.
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [plain(cell.replace("\\|", "|")) for cell in _CELL.split(inner)]
