"""Article text -> its blocks (headings, paragraphs, list items, table rows, turns of speakers, ...) with exact spans; pure.

The spans are those of `sentences.paragraphs`, so every sentence of the index lies in one block. What kind a block is comes from
a Markdown parser (markdown-it-py, which gives the lines of everything that it finds) and, where nothing is marked, from the
shape of plain text. A block knows what a reader must have read to understand it: the heading above it, and the block that leads
in to it.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Literal, get_args

from markdown_it import MarkdownIt
from markdown_it.token import Token

from vectorstore.splitting.sentences import ends_sentence, is_heading, paragraphs, sentences_within
from vectorstore.types import Span

QuotableKind = Literal["paragraph", "item", "row", "turn", "quote", "code"]
BlockKind = QuotableKind | Literal["front matter", "heading", "header", "question", "contents", "links", "markup"]
"""What a block is: "header" is the first row of a table and "row" one below it, "question" a line that only asks, "contents"
and "links" lists of places to go to, "markup" images, HTML without words, and rules."""

QUOTABLE: frozenset[str] = frozenset(get_args(QuotableKind))
"""The kinds that say something by themselves."""
UNMARKED = 7
"""The level of a heading that nothing marks as one, below the six of Markdown."""
HEADINGS_IN_A_ROW = 3
"""More lines in a row that look like headings are the items of a list."""
LONGEST_HEADING, LONGEST_QUESTION = 200, 250
"""Characters."""
ONLY_TURNS = 0.8
"""Where such a share of the paragraphs stands behind names, they are turns though nobody speaks twice."""
LONGEST_PARSED = 2_000_000
"""Characters; a longer text is read as plain paragraphs."""

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:[ \t]*[\w-]+:.*\n(?:(?!---|\.\.\.).*\n){0,60}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_NEWLINE = re.compile(r"\r\n?|\n")
_LINK = re.compile(
    r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+[\"'][^\"'\n]*[\"'])?\)|\[[^\]]*\])|<?https?://[^\s>]+>?"
)
_ANCHOR = re.compile(r"\]\(#")
_IMAGE = re.compile(r"\[!\[[^\]]*\]\([^)]*\)\]\([^)]*\)|!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])")
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL)
_WORD = re.compile(r"\w+")
_MARKER = re.compile(r"^[\s>]*(?:(?:[-*+•‣◦▪·–—]|#{1,6}|\(?(?:\d{1,3}|[A-Za-z])[.)])\s+)*")
_BULLET = re.compile(r"\s*(?:[•‣◦▪·–—]\s|\([a-z\d]{1,2}\)\s)")
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\d+\W*$|\s{3,}\d+$")
_QUESTION_MARK = re.compile(r"[?？؟][\s\"'”’»)\]*_`#]*$")
_Q_LABEL = re.compile(r"(?:Q|Question)(?:\s?\d+)?\s*[.:)]\s*", re.IGNORECASE)
_BOLD = re.compile(r"(?:\*\*|__)(?=\S)[^\n]*?(?:\*\*|__)[.:?]?\s*$")
_TIME = r"(?P<time>[\[(]?(?:\d{4}-\d\d-\d\d[ T])?\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp][Mm])?[\])]?(?: [-–—])?\s+)?"
_LABEL = re.compile(
    _TIME + r"(?:\*\*|__)?(?P<who>[^\W\d_][\w.’'&-]*(?: [\w.’'&()-]+){0,4})(?:\*\*|__)?\s?[:：](?:\*\*|__)?\s*(?=\S)"
)
_MARKS = re.compile(r"(?<!\w)(?:\*{1,3}|_{1,3}|`+|~~)|(?:\*{1,3}|_{1,3}|`+|~~)(?!\w)")
_CELL = re.compile(r"(?<!\\)\|")

_parser = MarkdownIt("commonmark", {"html": True}).enable("table").disable("code")
_parser.core.ruler.disable(["inline"], True)


@dataclass(frozen=True, slots=True)
class TextBlock:
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
    """The blocks of a text, in order and apart from each other."""

    text: str
    blocks: tuple[TextBlock, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    def at(self, offset: int) -> TextBlock | None:
        """The block that the character at `offset` stands in, or the last one before it; None where there is none."""
        place = bisect_right(self._starts, offset) - 1
        return self.blocks[place] if place >= 0 else None

    def words(self, block: TextBlock) -> str:
        """The block's text without marks of Markdown at its ends and around its words."""
        return plain(self.text[block.start : block.end])

    def leads(self, block: TextBlock) -> Iterator[TextBlock]:
        """What leads in to the block, the nearest first."""
        while block.lead is not None:
            block = self.blocks[block.lead]
            yield block

    def headings(self, block: TextBlock) -> Iterator[TextBlock]:
        """The headings that the block stands under, the nearest first."""
        while block.heading is not None:
            block = self.blocks[block.heading]
            yield block

    def members(self, group: int) -> list[TextBlock]:
        """The blocks of one list, table or talk."""
        return [block for block in self.blocks if block.group == group]


@dataclass(frozen=True, slots=True)
class _ParsedLine:
    """What the parser says of a line."""

    kind: BlockKind
    level: int = 0
    group: int = -1


@lru_cache(maxsize=64)
def outline(text: str) -> Outline:
    """The blocks of a Markdown or plain text; the last texts are remembered."""
    spans = paragraphs(text)
    lines = _marked(text)
    starts = [0, *(found.end() for found in _NEWLINE.finditer(text))]
    blocks = [_block(text, span, lines.get(bisect_right(starts, span[0]) - 1)) for span in spans]
    blocks = _listed(text, _headed(text, blocks))
    blocks = _turns(text, _places_to_go(text, blocks))
    blocks = [replace(one, kind="question") if _asks(text, one) else one for one in blocks]
    return Outline(text, tuple(_led(text, _under(blocks))))


def plain(text: str) -> str:
    """A block's text without list markers, heading marks, emphasis and the addresses of links."""
    return _MARKS.sub("", _LINK.sub(r"\1", _MARKER.sub("", text))).strip().rstrip("#").rstrip()


def cells(row: str) -> list[str]:
    """The cells of a table's row, as plain text."""
    inner = row.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [plain(cell.replace("\\|", "|")) for cell in _CELL.split(inner)]


def _marked(text: str) -> dict[int, _ParsedLine]:
    """What the parser says of each line with something on it, by the line's number."""
    front = _FRONT_MATTER.match(text)
    count = text.count("\n", 0, front.end()) if front else 0
    found = dict.fromkeys(range(count), _ParsedLine("front matter"))
    if len(text) > LONGEST_PARSED:
        return found
    body = "\n" * count + text[front.end() :] if front else text
    for number, line in _parsed(_parser.parse(body)):
        found[number] = line
    return found


def _parsed(tokens: Sequence[Token]) -> Iterator[tuple[int, _ParsedLine]]:
    """Lines and what they are, from the parser's tokens; lists and tables are numbered."""
    within: list[tuple[str, int]] = []
    groups = 0
    header = False
    for token in tokens:
        name = token.type
        if name.endswith("_close"):
            if within and name.removesuffix("_close") == within[-1][0]:
                within.pop()
        elif name in ("bullet_list_open", "ordered_list_open", "table_open", "blockquote_open"):
            groups += 1
            within.append((name.removesuffix("_open"), groups))
        header = name == "thead_open" or (header and name != "thead_close")
        if (line := _line(token, within, header)) and token.map:
            yield from ((number, line) for number in range(*token.map))


def _line(token: Token, within: Sequence[tuple[str, int]], header: bool) -> _ParsedLine | None:
    """What the lines of a token are; None for one that only holds others."""
    lists = [number for name, number in within if name.endswith("_list")]
    innermost, group = within[-1] if within else ("", -1)
    if token.type == "heading_open":
        return _ParsedLine("heading", int(token.tag[1]))
    if token.type == "paragraph_open" and lists:
        return _ParsedLine("item", len(lists), lists[-1])
    words = token.type != "html_block" or _WORD.search(_TAG.sub("", token.content))
    kinds: dict[str, BlockKind] = {
        "tr_open": "header" if header else "row",
        "table_open": "markup",
        "hr": "markup",
        "fence": "code",
        "html_block": "paragraph" if words else "markup",
        "paragraph_open": "quote" if innermost == "blockquote" else "paragraph",
    }
    return _ParsedLine(kinds[token.type], group=group) if token.type in kinds else None


def _block(text: str, span: Span, line: _ParsedLine | None) -> TextBlock:
    """A paragraph as a block. A line of which the parser says nothing defines the address of a link."""
    words = text[slice(*span)]
    line = line or _ParsedLine("links" if len(text) <= LONGEST_PARSED else "paragraph")
    kind = line.kind
    if kind == "heading" and (len(words) > LONGEST_HEADING or (not words.lstrip().startswith("#") and ends_sentence(words))):
        kind = "paragraph"
    if kind in ("paragraph", "item", "quote"):
        rest = _TAG.sub("", _IMAGE.sub("", words))
        kind = "links" if kind != "item" and _only_links(rest) else kind if _WORD.search(rest) else "markup"
    if not _WORD.search(words) and kind not in ("code", "front matter"):
        kind = "markup"
    return TextBlock(kind, *span, level=line.level, group=line.group)


def _headed(text: str, blocks: list[TextBlock]) -> list[TextBlock]:
    """Headings that nothing marks: short lines over something; bold lines too. Many of them in a row are a list."""
    alike = [_like_heading(text, one) for one in blocks]
    found: list[TextBlock] = []
    for looks, run in groupby(range(len(blocks)), key=alike.__getitem__):
        places = list(run)
        before = text[blocks[places[0] - 1].start : blocks[places[0] - 1].end] if places[0] else ""
        listed = len(places) > HEADINGS_IN_A_ROW or (len(places) > 1 and before.rstrip().endswith(":"))
        for at in places:
            one = blocks[at]
            if looks and listed and not _BOLD.match(text[one.start : one.end]):
                one = replace(one, kind="item", level=1, group=-2 - places[0])
            elif looks and at + 1 < len(blocks):
                one = replace(one, kind="heading", level=UNMARKED)
            found.append(one)
    return found


def _like_heading(text: str, one: TextBlock) -> bool:
    words = text[one.start : one.end].strip()
    if one.kind != "paragraph" or words.endswith((":", "：")):
        return False
    return bool(is_heading(words) or (_BOLD.match(words) and len(words) <= LONGEST_HEADING and "\n" not in words))


def _listed(text: str, blocks: list[TextBlock]) -> list[TextBlock]:
    """Items behind bullets that Markdown doesn't know."""
    found: list[TextBlock] = []
    for at, one in enumerate(blocks):
        if one.kind != "paragraph" or not _BULLET.match(text, one.start):
            found.append(one)
            continue
        goes_on = found and found[-1].kind == "item" and found[-1].group < -1
        found.append(replace(one, kind="item", level=1, group=found[-1].group if goes_on else -2 - at))
    return found


def _places_to_go(text: str, blocks: list[TextBlock]) -> list[TextBlock]:
    """Lists of contents and of links."""
    titles = {plain(text[one.start : one.end]).casefold() for one in blocks if one.kind == "heading"}
    found: list[TextBlock] = []
    for (group, kind), run in groupby(blocks, key=lambda one: (one.group, one.kind)):
        members = list(run)
        if kind == "item" and group != -1:
            words = [text[one.start : one.end] for one in members]
            goes = _goes_to(words, titles)
            members = [replace(one, kind=goes) for one in members] if goes else members
        found += members
    return found


def _goes_to(items: Sequence[str], titles: set[str]) -> Literal["contents", "links"] | None:
    """Whether most items of a list name the text's own headings, or are links."""
    most = 0.8 * len(items)
    own = sum(bool(_ANCHOR.search(item) or _LEADERS.search(item) or plain(item).casefold() in titles) for item in items)
    if own >= most and len(items) > 1:
        return "contents"
    return "links" if sum(map(_only_links, items)) >= most else None


def _only_links(words: str) -> bool:
    """Whether hardly a word stands outside of the links; one link among no words is one too."""
    if not (links := _LINK.findall(words)):
        return False
    rest = _WORD.findall(_LINK.sub(" ", words))
    return len(rest) <= len(links) // 2


def _turns(text: str, blocks: list[TextBlock]) -> list[TextBlock]:
    """The turns of a talk: paragraphs behind the names of two speakers and more; and what goes on from them.

    The speakers come again, or nearly all that is said stands behind a name.
    """
    labels = [_label(text, one) for one in blocks]
    names = [label["who"] if label else "" for label in labels]
    often = Counter(name for name in names if name)
    again = {name for name, times in often.items() if times > 1}
    prose = sum(one.kind == "paragraph" or bool(name) for one, name in zip(blocks, names, strict=True))
    says = [
        name for one, name in zip(blocks, names, strict=True) if _is_name(name) and ends_sentence(text[one.start : one.end])
    ]
    only = len(set(says)) > 1 and len(says) >= ONLY_TURNS * prose
    if not only and (len(again) < 2 or sum(often[name] for name in again) < 0.4 * prose):
        return blocks
    found: list[TextBlock] = []
    speaker = ""
    for one, name in zip(blocks, names, strict=True):
        speaker = name or (speaker if one.kind in ("paragraph", "item", "quote") else "")
        turn = name or (speaker and one.kind in ("paragraph", "heading", "quote"))
        found.append(replace(one, kind="turn", speaker=speaker, level=0, group=0) if turn else one)
    return found


def _label(text: str, one: TextBlock) -> re.Match[str] | None:
    """The name that a block begins with; lines without a full stop look like a list's, and have one behind a time alone."""
    match = _LABEL.match(text, one.start, one.end)
    return match if match and (one.kind in ("paragraph", "heading") or (one.group < -1 and match["time"])) else None


def _is_name(words: str) -> bool:
    """Whether a label can be a speaker's name, and not the "Q" and "A" of a list of questions."""
    return len(words) > 1 and not _Q_LABEL.match(f"{words}:") and all(word[0].isupper() for word in words.split())


def _asks(text: str, one: TextBlock) -> bool:
    """Whether the block is one question and nothing else."""
    if one.kind not in ("paragraph", "heading", "item") or one.end - one.start > LONGEST_QUESTION:
        return False
    words = text[one.start : one.end]
    return _QUESTION_MARK.search(words) is not None and (
        one.kind == "heading" or len(sentences_within(text, one.start, one.end)) == 1
    )


def _under(blocks: Sequence[TextBlock]) -> list[TextBlock]:
    """The blocks with the headings that they stand under; a heading stands under the nearest one of a higher level."""
    found: list[TextBlock] = []
    over: list[int] = []
    for at, one in enumerate(blocks):
        heads = one.kind == "heading" or (one.kind == "question" and one.level and one.group == -1)
        while heads and over and found[over[-1]].level >= one.level:
            over.pop()
        found.append(replace(one, heading=over[-1] if over else None))
        if heads:
            over.append(at)
    return found


def _led(text: str, blocks: Sequence[TextBlock]) -> list[TextBlock]:
    """The blocks with what leads in to them."""
    found: list[TextBlock] = []
    first: dict[tuple[int, str], int | None] = {}
    asked: int | None = None
    for at, one in enumerate(blocks):
        before = found[-1] if found else None
        asked = _still_asked(text, found, asked, one)
        lead = asked if one.kind != "question" else None
        if one.kind == "turn":
            lead = _replied_to(text, found, one)
        elif one.kind == "row":
            lead = next((n for n in range(at - 1, -1, -1) if found[n].kind == "header" and found[n].group == one.group), None)
        elif asked is not None and one.kind == "item" and found[asked].group == one.group:
            lead = asked
        elif one.kind in ("item", "header"):
            if (one.group, one.kind) not in first:
                introduces = before is not None and before.kind in ("paragraph", "item", "turn") and before.group != one.group
                first[one.group, one.kind] = at - 1 if introduces else lead
            lead = first[one.group, one.kind]
        elif before and before.kind == "paragraph" and text[: before.end].endswith((":", "：")):
            lead = at - 1
        found.append(replace(one, lead=lead))
        if one.kind == "question":
            asked = at
    return found


def _replied_to(text: str, found: Sequence[TextBlock], turn: TextBlock) -> int | None:
    """The place of the question that a turn answers: the other speaker's last words, or what the turn's beginning answers."""
    before = found[-1] if found else None
    if before is None or before.kind != "turn":
        return None
    if before.speaker == turn.speaker:
        return before.lead
    return len(found) - 1 if _QUESTION_MARK.search(text, max(before.start, before.end - 12), before.end) else None


def _still_asked(text: str, found: Sequence[TextBlock], asked: int | None, one: TextBlock) -> int | None:
    """The question that still waits for an answer at a block; a plain line that asks is answered by the next block alone."""
    if asked is None or _begins_with_question(text, one):
        return None
    question = found[asked]
    if one.kind in ("heading", "question") and (not question.level or not one.level or one.level <= question.level):
        return None
    words = _MARKER.sub("", text[question.start : question.end])
    marked = question.level or _BOLD.match(words) or _Q_LABEL.match(words)
    first = asked == len(found) - 1
    return asked if marked or first or one.group == found[-1].group != -1 else None


def _begins_with_question(text: str, one: TextBlock) -> bool:
    """Whether a paragraph asks first and then answers."""
    if one.kind not in ("paragraph", "item") or "?" not in text[one.start : one.start + LONGEST_QUESTION]:
        return False
    (start, end), *rest = sentences_within(text, one.start, one.end)
    return bool(rest) and _QUESTION_MARK.search(text[start:end]) is not None
