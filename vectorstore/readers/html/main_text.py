"""All blocks of a page -> those of its article, and what was left out of it with the reason; pure.

Two judges look at each block. trafilatura says which texts are the main one; the markup around a block (`hints.py`) says what
else it may be. A block that both take for the article is kept, and so is one that stands among such blocks and that nothing
speaks against: trafilatura loses tables, lists and short paragraphs. Where it finds hardly anything, the markup alone decides.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from lxml.html import HtmlElement

from vectorstore.readers.document import LEVELS
from vectorstore.readers.html.blocks import PageBlock
from vectorstore.readers.html.hints import BYLINE, COMMENT, MENU, SIDEBAR, TAGS, TEASER
from vectorstore.splitting.language import EASTERN_LETTER

MOST_ELEMENTS = 60_000
"""trafilatura copies a page's tree several times, so a larger page is judged by its markup alone."""

LINKS = "links"
OUTSIDE = "outside the article"
# A block is links, and not text, where so much of it leads to other pages.
_LINKED = 0.8
# Words: what is longer is prose, in an element whose name misleads.
_SHORT_BYLINE = 30
_SHORT_PAYWALL = 80
# Words that an article has at least.
_FEW_WORDS = 25
_LONGEST_TEASER = 70
_WHOLE_ARTICLE = 150
# Words of a label at most, such as the section of a paper over a headline.
_LABEL = 5
_NEVER_MAIN = frozenset(
    (MENU, "cookie note", "hidden", TEASER, "newsletter box", "share buttons", "advertisement", "editing mark")
)
_SURE = frozenset(("cookie note", "hidden", "dialog", "advertisement", "newsletter box", "paywall notice", "editing mark"))
"""Reasons that no vote overrules: such notices are prose like any other, and may be the only prose of a page."""
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w+")
_NO_WORD = re.compile(r"\W+")
_AT_ONCE = 100_000
"""Characters that are looked through at once: the pieces between two spaces take ten times the memory of their text."""


@dataclass(frozen=True, slots=True)
class MainText:
    """The blocks of the article, and runs of blocks that are none of it, each with its reason, in reading order."""

    kept: Sequence[PageBlock]
    omitted: Sequence[tuple[str, Sequence[PageBlock]]]


def main_text(blocks: Sequence[PageBlock], root: HtmlElement, is_thread: bool) -> MainText:
    """The article among the blocks of a page; `is_thread` says that its comments are what it is about."""
    votes = _votes(blocks, root)
    exempt = _exempt(blocks, is_thread) | _outvoted(blocks, votes)
    reasons = [_reason(one, exempt) for one in blocks]
    for at, reason in enumerate(_outside(blocks, reasons, votes)):
        reasons[at] = reasons[at] or reason
    # Each step judges by what the ones before it have left, so their order matters.
    _with_teasers_of_linked_headings(blocks, reasons)
    _with_labels_of_headline(blocks, reasons)
    _with_headings_of_nothing(blocks, reasons)
    kept = [one for one, reason in zip(blocks, reasons, strict=True) if not reason]
    runs = groupby(zip(blocks, reasons, strict=True), key=lambda pair: pair[1])
    return MainText(kept, [(reason, [one for one, _ in run]) for reason, run in runs if reason])


def count_words(text: str) -> int:
    """Words, or characters of a script that puts no spaces between them, two of which are about a word."""
    # Counted by replacing: a list of all words would take ten times the memory of a long text.
    rest, eastern = EASTERN_LETTER.subn(" ", text)
    return eastern // 2 + _WORD.subn("", rest)[1]


def _exempt(blocks: Sequence[PageBlock], is_thread: bool) -> frozenset[int]:
    """The elements whose hint does not hold, by their numbers: those that hold most of the page, and a thread's comments.

    A class such as `page-header` or `subscribe` on the element around everything says nothing.
    """
    words: Counter[tuple[str, int]] = Counter()
    total = 0
    for one in blocks:
        count = count_words(one.words) if one.linked < _LINKED else 0
        total += count
        # A hint that stands around a block twice counts its words once.
        words.update(dict.fromkeys(one.hints, count))
    comments = {number for reason, number in words if reason == COMMENT}
    # Where hardly anything but comments has words, the comments are what the page is about.
    is_thread = is_thread or (bool(comments) and _words_outside(blocks, comments) < _FEW_WORDS <= total)
    most = {number for (reason, number), count in words.items() if count > 0.5 * total and reason not in (COMMENT, "hidden")}
    return frozenset(most | (comments if is_thread else set()))


def _outvoted(blocks: Sequence[PageBlock], votes: Sequence[bool]) -> frozenset[int]:
    """The elements whose hint does not hold since trafilatura finds most of the main text in elements with such a hint.

    A class such as `kommentar` may be that of comments or of an opinion, and `toc` that of what a list of contents leads to.
    """
    voted: Counter[str] = Counter()
    words: Counter[tuple[str, int]] = Counter()
    of_those: Counter[tuple[str, int]] = Counter()
    total = 0
    for one, vote in zip(blocks, votes, strict=True):
        count = count_words(one.words) if one.linked < _LINKED else 0
        words.update(dict.fromkeys(one.hints, count))
        if vote:
            total += count
            of_those.update(dict.fromkeys(one.hints, count))
            voted.update(dict.fromkeys({reason for reason, _ in one.hints}, count))
    doubtful = {reason for reason, count in voted.items() if 2 * count > total >= _WHOLE_ARTICLE and reason not in _SURE}
    return frozenset(hint[1] for hint, count in of_those.items() if hint[0] in doubtful and 2 * count > words[hint])


def _words_outside(blocks: Sequence[PageBlock], containers: Collection[int]) -> int:
    """Words of prose outside of these elements and of whatever is never the main text."""
    return sum(
        count_words(one.words)
        for one in blocks
        if one.linked < _LINKED and not any(number in containers or reason in _NEVER_MAIN for reason, number in one.hints)
    )


def _reason(one: PageBlock, exempt: Collection[int]) -> str:
    """Why the markup takes a block for none of the article."""
    # Figures or signs alone: a count of comments, a line between two parts.
    if one.block.kind == "paragraph" and not _LETTER.search(one.words):
        return "number"
    # A picture's credit may stand in one paragraph with the text.
    if one.words.startswith(("©", "Copyright ©", "Copyright (c)", "(c) ")) and count_words(one.words) <= _SHORT_BYLINE:
        return "page foot"
    for reason, number in one.hints:
        # A hint on the element around most of the page would take everything away.
        if number in exempt:
            continue
        if reason == BYLINE and count_words(one.words) > _SHORT_BYLINE:
            continue
        if reason == "paywall notice" and count_words(one.words) > _SHORT_PAYWALL:
            continue
        # Tags are links; prose in an element that is called so is none.
        if reason == TAGS and one.linked < _LINKED:
            continue
        if reason == SIDEBAR and _is_box_of_the_article(one):
            continue
        # A form wraps whole pages of some programs; what it asks for has no words of its own but short ones.
        if reason == "form" and count_words(one.words) > _SHORT_BYLINE:
            continue
        # No heading, row or code is the line of an author, whatever its element is called.
        if reason == BYLINE and one.block.kind in ("heading", "row", "code"):
            continue
        return reason
    return ""


def _is_box_of_the_article(one: PageBlock) -> bool:
    """Whether an aside stands in the article and is prose: a box of facts, a note."""
    aside = next((node for node in (one.container, *one.container.iterancestors()) if node.tag == "aside"), None)
    inside = aside is not None and next(aside.iterancestors("article", "main"), None) is not None
    return inside and one.linked < 0.3


def _votes(blocks: Sequence[PageBlock], root: HtmlElement) -> list[bool]:
    """Which blocks trafilatura takes for the main text."""
    text = _main_by_trafilatura(root)
    whole = _key(" ".join(text))
    pieces = {_key(piece) for piece in text}
    # A short text may stand somewhere in the main text by chance, so it must be an element of its own there.
    return [bool(key := _key(one.words)) and (key in pieces or (len(key) > 20 and key in whole)) for one in blocks]


def _main_by_trafilatura(root: HtmlElement) -> list[str]:
    """The texts of the elements of trafilatura's main text; none where it finds none."""
    from trafilatura import bare_extraction

    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        return []
    document = bare_extraction(root, fast=True, include_comments=False, include_tables=True, with_metadata=False)
    body = getattr(document, "body", None)
    return ["".join(node.itertext()) for node in body.iter()] if body is not None else []


def _key(text: str) -> str:
    """The letters and figures of a text: how two programs set its spaces does not matter."""
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return "".join(_NO_WORD.sub("", text[at : at + _AT_ONCE]) for at in range(0, len(text), _AT_ONCE))


def _outside(blocks: Sequence[PageBlock], reasons: Sequence[str], votes: Sequence[bool]) -> list[str]:
    """The reason for each block that no hint speaks against and that stands outside of the article all the same, or ""."""
    open_ = [at for at, reason in enumerate(reasons) if not reason and blocks[at].linked < _LINKED]
    voted = [at for at in open_ if votes[at]]
    words = {at: count_words(blocks[at].words) for at in open_}
    # trafilatura is believed where it finds a good part of what may be the article.
    believed = sum(words[at] for at in voted) >= 0.3 * sum(words.values())
    region = _region(
        [blocks[at] for at in (voted if believed else open_)], [words[at] for at in (voted if believed else open_)]
    )
    inside = [_is_inside(one, region) for one in blocks]
    first, last = (voted[0], voted[-1]) if voted and believed else (0, len(blocks) - 1)
    # A page of nothing but links, such as a list of sources, has these as its text.
    of_links = sum(words.values()) < _FEW_WORDS
    found = []
    lists = _linked_in_lists(blocks)
    for at, one in enumerate(blocks):
        # Where the article has no element of its own, its first and its last block bound it.
        beyond = region is not None and region.tag in ("html", "body") and not first <= at <= last
        linked = lists.get(one.block.group, one.linked) if one.block.kind == "item" and votes[at] else one.linked
        if linked >= _LINKED and one.block.kind != "heading" and not of_links and not _is_source(one, votes[at]):
            found.append(TEASER if one.block.kind != "item" else LINKS)
        elif _is_announced_link(one):
            found.append(TEASER)
        else:
            found.append(OUTSIDE if beyond or not (inside[at] or (votes[at] and believed)) else "")
    _with_headline(blocks, reasons, found)
    return found


def _linked_in_lists(blocks: Sequence[PageBlock]) -> dict[int, float]:
    """How much of each list is linked: in one with prose, an item that is all link is said by the author."""
    words: Counter[int] = Counter()
    linked: Counter[int] = Counter()
    for one in blocks:
        if one.block.kind == "item":
            words[one.block.group] += len(one.words)
            linked[one.block.group] += round(one.linked * len(one.words))
    return {group: linked[group] / max(1, words[group]) for group in words}


def _with_headline(blocks: Sequence[PageBlock], reasons: Sequence[str], found: list[str]) -> None:
    """Takes in the headline that stands over the article, where a page has it in another element than the text."""
    first = next((at for at in range(len(blocks)) if not reasons[at] and not found[at]), 0)
    for at in range(first - 1, -1, -1):
        block = blocks[at].block
        if block.kind == "heading" and block.level == 1 and not reasons[at]:
            found[at] = ""
            # What stands right under it is the line that sums the article up.
            around = blocks[at].container.getparent()
            for below in range(at + 1, first):
                beside = blocks[below].container.getparent() is around
                if beside and found[below] == OUTSIDE and count_words(blocks[below].words) > _LABEL:
                    found[below] = ""
            return


def _is_announced_link(one: PageBlock) -> bool:
    """Whether a paragraph is a few words, a colon and a link: "Read also: The last ferry"."""
    before, colon, _ = one.words.partition(":")
    if one.block.kind != "paragraph" or not colon or one.linked < 0.3 or len(before.split()) > 5:
        return False
    return abs(len(one.words) * (1 - one.linked) - len(before) - 1) <= 3


def _with_labels_of_headline(blocks: Sequence[PageBlock], reasons: list[str]) -> None:
    """Leaves out the few words that stand over a headline: the section of a paper, the place."""
    open_ = [at for at, reason in enumerate(reasons) if not reason]
    headline = next((n for n, at in enumerate(open_) if (b := blocks[at].block).kind == "heading" and b.level == 1), 0)
    for at in open_[:headline]:
        if blocks[at].block.kind in ("heading", "paragraph") and count_words(blocks[at].words) <= _LABEL:
            reasons[at] = "label over the headline"


def _is_source(one: PageBlock, vote: bool) -> bool:
    """Whether a linked line is a source that an article names, which is longer than the headline of a teaser."""
    return vote and one.block.kind in ("row", "note")


def _region(blocks: Sequence[PageBlock], words: Sequence[int]) -> HtmlElement | None:
    """The smallest element that holds nine tenths of the words of the blocks; None where there are none."""
    total = sum(words)
    held: Counter[HtmlElement] = Counter()
    for one, count in zip(blocks, words, strict=True):
        for node in (one.container, *one.container.iterancestors()):
            held[node] += count
    enough = [node for node, count in held.items() if count >= 0.9 * total and total]
    # The deepest of them has the most ancestors.
    return max(enough, key=lambda node: sum(1 for _ in node.iterancestors()), default=None)


def _is_inside(one: PageBlock, region: HtmlElement | None) -> bool:
    return region is None or one.container is region or any(node is region for node in one.container.iterancestors())


def _is_label(one: PageBlock) -> bool:
    """Whether a paragraph is a label: a few words without an end."""
    words = one.words.rstrip()
    return one.block.kind == "paragraph" and len(words.split()) <= _LABEL and not words.endswith((".", "!", "?", "。"))


def _with_teasers_of_linked_headings(blocks: Sequence[PageBlock], reasons: list[str]) -> None:
    """Leaves out what stands under headings that lead to other pages, where the page has more text than that."""
    cards = [card for card in _linked_cards(blocks, reasons) if _words_of(blocks, card) <= _LONGEST_TEASER]
    in_cards = sum(_words_of(blocks, card) for card in cards)
    open_ = _words_of(blocks, [at for at, reason in enumerate(reasons) if not reason])
    # A page whose sections all stand under linked headings is made of them and not of teasers.
    if in_cards < max(0.5 * open_, open_ - _WHOLE_ARTICLE):
        for at in (at for card in cards for at in card):
            reasons[at] = TEASER


def _linked_cards(blocks: Sequence[PageBlock], reasons: Sequence[str]) -> list[list[int]]:
    """The blocks of each card, which has a linked heading, its picture and its text within three elements."""
    cards: list[list[int]] = []
    around: set[HtmlElement] = set()
    for at, one in enumerate(blocks):
        if reasons[at]:
            continue
        if one.block.kind == "heading":
            linked = one.linked >= _LINKED and one.block.level > 1
            around = {node for node, _ in zip(one.container.iterancestors(), range(3), strict=False)} if linked else set()
            cards += [[]] if linked else []
        if around and any(node in around for node in (one.container, *one.container.iterancestors())):
            cards[-1].append(at)
    return cards


def _words_of(blocks: Sequence[PageBlock], places: Sequence[int]) -> int:
    return sum(count_words(blocks[at].words) for at in places)


def _with_headings_of_nothing(blocks: Sequence[PageBlock], reasons: list[str]) -> None:
    """Leaves out each heading under which nothing is left, for the reason of what stood there."""
    # What is kept further down belongs to the headings above it whose level is below this bound.
    below, bound = "", 0
    for at in range(len(blocks) - 1, -1, -1):
        block = blocks[at].block
        if reasons[at]:
            below = reasons[at]
        elif _is_label(blocks[at]) and reasons[at + 1 : at + 2] and reasons[at + 1] in (TEASER, LINKS):
            reasons[at] = below
        elif block.kind != "heading":
            below, bound = "", LEVELS + 1
        elif below and block.level >= bound and block.level > 1:
            reasons[at] = below
        else:
            below, bound = "", block.level
