"""Article text -> its blocks with exact spans and kinds; pure.

The spans are those of `sentences.paragraphs`, so every sentence of the index lies in one block. What kind a block is comes from
a Markdown parser (markdown-it-py, which gives the lines of everything that it finds) and, where nothing is marked, from the
shape of plain text. `block_context.py` then finds what each block goes on from.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from vectorstore.readers.dates import iso_date
from vectorstore.splitting.block_context import with_headings, with_leads, with_questions, with_turns
from vectorstore.splitting.blocks import BOLD, LINK, ArticleBlock, BlockKind, Outline, plain
from vectorstore.splitting.markup import blanked
from vectorstore.splitting.sentences import ends_sentence, is_heading, paragraphs
from vectorstore.text_cache import TEXTS, remembered
from vectorstore.types import Span

UNMARKED = 7
"""The level of a heading that nothing marks as one, below the six of Markdown."""
HEADINGS_IN_A_ROW = 3
"""More lines in a row that look like headings are the items of a list."""
LONGEST_HEADING = 200
"""Characters."""
BAR_PARTS = 3
"""More short names than this between bars are a row of links; fewer may be a date and a place."""
LONGEST_PARSED = 2_000_000
"""Characters; a longer text is read as plain paragraphs."""

_FRONT_MATTER = re.compile(
    r"\+\+\+[ \t]*\n(?:.*\n){0,60}?\+\+\+[ \t]*(?:\n|\Z)"
    r"|---[ \t]*\n(?:[ \t]*[\w-]+:.*\n(?:(?!---|\.\.\.).*\n){0,60}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
)
_NEWLINE = re.compile(r"\r\n?|[\n\v\f\x85\u2028\u2029]")
_OTHER_BREAKS = str.maketrans(dict.fromkeys("\v\f\x85\u2028\u2029", "\n"))
_SERVICE = re.compile(
    r"\b(?:Facebook|Twitter|WhatsApp|LinkedIn|Telegram|Reddit|Pinterest|Instagram|Bluesky|Mastodon|Threads|Flipboard|Pocket|Xing|"
    r"WeChat|Weibo|VK|Tumblr|TikTok|YouTube|E-?[Mm]ail)\b|微信|微博|はてな|카카오톡"
)
_BAR = re.compile(r"\s[|·•›»]\s")
_DIGIT = re.compile(r"\d")
_CALLOUT = re.compile(r"(?:>\s*)+\[![\w-]+\]")
# A link to a place in the same text.
_ANCHOR = re.compile(r"\]\(#")
_IMAGE = re.compile(r"\[!\[[^\]]*\]\([^)]*\)\]\([^)]*\)|!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])")
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL)
_WORD = re.compile(r"\w+")
_AROUND_DATE = " \t\n-–—:;,|()[]*·•"
_BULLET = re.compile(r"\s*(?:[•‣◦▪·–—]\s|\([a-z\d]{1,2}\)\s)")
# Dots or blanks that lead to the number of a page.
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\d+\W*$|\s{3,}\d+$")

# What a line must begin with for anything but a paragraph to begin or to end there.
_OPENS_BLOCK = re.compile(r"^[ \t]*(?:[#>*+\-_=`~|<\[:]|\d{1,9}[.)])", re.MULTILINE)

# What is set in by four blanks is code to CommonMark, but a paragraph to most who write so.
_parser = MarkdownIt("commonmark", {"html": True}).enable("table").disable("code")
# Only the lines of the blocks are wanted, and nothing of what is inside them.
_parser.core.ruler.disable(["inline"], True)


@dataclass(frozen=True, slots=True)
class _ParsedLine:
    """What the parser says of a line."""

    kind: BlockKind
    level: int = 0
    group: int = -1


@remembered(TEXTS)
def outline(text: str) -> Outline:
    """The blocks of a Markdown or plain text; the last texts are remembered."""
    spans = paragraphs(text)
    lines = _lines_by_markdown(text)
    starts = [0, *(found.end() for found in _NEWLINE.finditer(text))]
    words = blanked(text)
    blocks = [_block(text, words, span, lines.get(bisect_right(starts, span[0]) - 1)) for span in spans]
    # Each step needs the kinds that the one before it has found.
    blocks = with_turns(text, _with_contents_and_links(text, _with_items(text, _with_plain_headings(words, blocks))))
    return Outline(text, tuple(with_leads(text, with_headings(with_questions(text, blocks)))))


def _lines_by_markdown(text: str) -> dict[int, _ParsedLine]:
    """What the parser says of each line with something on it, by the line's number."""
    front = _FRONT_MATTER.match(text)
    count = len(_NEWLINE.findall(text, 0, front.end())) if front else 0
    found = dict.fromkeys(range(count), _ParsedLine("front matter"))
    if len(text) > LONGEST_PARSED:
        return found
    # The parser must not read the front matter as a heading; blank lines in its place keep the lines' numbers.
    body = "\n" * count + text[front.end() :] if front else text
    body = body.translate(_OTHER_BREAKS)
    # Most plain texts are paragraphs and nothing else, which their lines tell at a tenth of the parser's cost.
    if "\r" not in body and not _OPENS_BLOCK.search(body):
        return found | {n: _ParsedLine("paragraph") for n, line in enumerate(body.split("\n")) if line.strip(" \t")}
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
        # Whatever comes between the opening and the closing of a table's head is part of the head.
        header = name == "thead_open" or (header and name != "thead_close")
        if (line := _line(token, within, header)) and token.map:
            yield from ((number, line) for number in range(*token.map))


def _line(token: Token, within: Sequence[tuple[str, int]], header: bool) -> _ParsedLine | None:
    """What the lines of a token are; None for one that only holds others."""
    # A paragraph inside a list is an item, also where a quotation lies between them.
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


def _block(text: str, unmarked: str, span: Span, line: _ParsedLine | None) -> ArticleBlock:
    """A paragraph as a block. A line of which the parser says nothing defines the address of a link.

    `unmarked` is the text with blanks for shortcodes, embeds and their like: where no word is left, the block is markup.
    """
    words = text[slice(*span)]
    line = line or _ParsedLine("links" if len(text) <= LONGEST_PARSED else "paragraph")
    kind = line.kind
    # A line over dashes is a heading to Markdown, also where a paragraph stands over a rule.
    if kind == "heading" and (len(words) > LONGEST_HEADING or (not words.lstrip().startswith("#") and ends_sentence(words))):
        kind = "paragraph"
    if kind in ("paragraph", "item", "quote"):
        rest = _TAG.sub("", _IMAGE.sub("", words))
        kind = "links" if kind != "item" and _only_links(rest) else kind if _WORD.search(rest) else "markup"
    if kind in ("paragraph", "item") and _is_bar(words):
        kind = "links"
    # The title of a callout ("> [!note] Ferries") names what follows and says nothing by itself.
    callout = kind == "quote" and _CALLOUT.match(words) and not ends_sentence(words)
    if (callout or not _WORD.search(unmarked, *span)) and kind not in ("code", "front matter"):
        kind = "markup"
    return ArticleBlock(kind, *span, level=line.level, group=line.group)


def _is_bar(words: str) -> bool:
    """Whether a line is a row of buttons or of places to go: services to share with, or short names between bars."""
    if "\n" in words or len(words) > LONGEST_HEADING or ends_sentence(words):
        return False
    services = len(_SERVICE.findall(words))
    # Two services and hardly another word: "Share on Facebook, Twitter and by e-mail" is a row of buttons.
    if services > 1 and len(_WORD.findall(words)) <= 3 * services + 1:
        return True
    parts = [part.strip() for part in _BAR.split(words)] if not words.startswith("|") else []
    return len(parts) > BAR_PARTS and all(0 < len(part.split()) <= 3 and not _DIGIT.search(part) for part in parts)


def _with_plain_headings(text: str, blocks: list[ArticleBlock]) -> list[ArticleBlock]:
    """Headings that nothing marks: short or bold lines over something. Many of them in a row are a list."""
    alike = [_like_heading(text, one) for one in blocks]
    found: list[ArticleBlock] = []
    for looks, run in groupby(range(len(blocks)), key=alike.__getitem__):
        places = list(run)
        before = text[blocks[places[0] - 1].start : blocks[places[0] - 1].end] if places[0] else ""
        listed = len(places) > HEADINGS_IN_A_ROW or (len(places) > 1 and before.rstrip().endswith(":"))
        for at in places:
            one = blocks[at]
            # Only plain lines in a row are taken for a list; bold ones stay headings however many there are.
            if looks and listed and not BOLD.match(text[one.start : one.end]):
                # Lists that the parser did not see get negative numbers, so that they never meet the parser's own; -1 means no
                # list.
                one = replace(one, kind="item", level=1, group=-2 - places[0])
            # What stands at the end of the text heads nothing.
            elif looks and at + 1 < len(blocks):
                one = replace(one, kind="heading", level=UNMARKED)
            found.append(one)
    return found


def _like_heading(text: str, one: ArticleBlock) -> bool:
    words = text[one.start : one.end].strip()
    if one.kind != "paragraph" or words.endswith((":", "：")):
        return False
    return bool(is_heading(words) or (BOLD.match(words) and len(words) <= LONGEST_HEADING and "\n" not in words))


def _with_items(text: str, blocks: list[ArticleBlock]) -> list[ArticleBlock]:
    """Items behind bullets that Markdown doesn't know."""
    found: list[ArticleBlock] = []
    for at, one in enumerate(blocks):
        if one.kind != "paragraph" or not _BULLET.match(text, one.start):
            found.append(one)
            continue
        goes_on = found and found[-1].kind == "item" and found[-1].group < -1
        found.append(replace(one, kind="item", level=1, group=found[-1].group if goes_on else -2 - at))
    return found


def _with_contents_and_links(text: str, blocks: list[ArticleBlock]) -> list[ArticleBlock]:
    """Lists of contents and of links are told from other lists: nothing in them can be quoted."""
    titles = {plain(text[one.start : one.end]).casefold() for one in blocks if one.kind == "heading"}
    found: list[ArticleBlock] = []
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
    # Not all of them: a list of contents may end with a line about something else.
    most = 0.8 * len(items)
    own = sum(bool(_ANCHOR.search(item) or _LEADERS.search(item) or plain(item).casefold() in titles) for item in items)
    if own >= most and len(items) > 1:
        return "contents"
    return "links" if sum(map(_only_links, items)) >= most else None


def _only_links(words: str) -> bool:
    """Whether hardly a word stands outside of the links, a date apart; one link among no words is one too."""
    if not (links := LINK.findall(words)):
        return False
    # An index of notes says when each of them was written ("[Title](address) - 2021-05-25"); a year alone says more.
    rest = plain(LINK.sub(" ", words)).strip(_AROUND_DATE)
    return len(_WORD.findall(rest)) <= len(links) // 2 or "-" in iso_date(rest)
