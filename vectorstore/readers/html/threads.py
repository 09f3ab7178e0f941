"""The posts of a thread -> turns, each behind who wrote it and when, so that what one of them says is nobody else's; pure.

A forum writes its posts as elements that are alike and stand side by side, each with one author. What they are called differs,
but for the words of the field ("post", "comment", "username") and for schema.org's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from vectorstore.readers.converted import OmittedParts
from vectorstore.readers.dates import read_date
from vectorstore.readers.html.blocks import PageBlock
from vectorstore.readers.html.hints import BYLINE, COMMENT, hint_of

# As a word of the class: `post`, `js-comment` and `forum_message` are posts, `postcard` is none.
_POST = re.compile(r"(?:^|[\s_-])(?:post|posting|message|comment|reply|answer|entry)(?:$|[\s_-])", re.IGNORECASE)
_POST_TYPE = re.compile(r"schema\.org/(?:Comment|Answer|Question|\w*Posting)$")
_AUTHOR = re.compile(
    r"(?:^|[\s_-])(?:username|user|author|poster|nick|nickname|commenter|user-info|user-details)(?:$|[\s_-])", re.IGNORECASE
)
_DATE = re.compile(r"(?:^|[\s_-])(?:date|time|timestamp|posted|created)(?:$|[\s_-])", re.IGNORECASE)
_CLOCK = re.compile(r"\b(\d{1,2}):(\d\d)(?::\d\d)?(?:\s*([AaPp])\.?[Mm])?")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)")
_NAME = re.compile(r"[^\W\d_][^:：\n]{0,39}")
LONGEST_NAME = 5
"""Words."""
LONGEST_BYLINE = 100
"""Characters."""


def with_turns_of_posts(kept: Sequence[PageBlock], language: str, parts: OmittedParts) -> list[PageBlock]:
    """The blocks of a page, the first paragraph of each post as a turn of its writer; as they are where this is no thread.

    The line over a post that says no more than its turn does is one of the `parts` left out.
    """
    posts = [_post_of(one.container) for one in kept]
    # By `id`, which stays: lxml would make a new object for an element that nobody holds, and `posts` holds these.
    found = {id(post): spoken for post in posts if post is not None and (spoken := _speaker(post, language))}
    # One post alone is an article with its author.
    if len(found) < 2:
        return list(kept)
    blocks: list[PageBlock] = []
    begun: set[int] = set()
    for one, post in zip(kept, posts, strict=True):
        key = id(post)
        if post is not None and key in found and key not in begun and _says_the_same(one.words, found[key]):
            parts.add(BYLINE, one.words)
            continue
        if post is None or key not in found or key in begun or one.block.kind != "paragraph":
            blocks.append(one)
            continue
        begun.add(key)
        blocks.append(replace(one, block=replace(one.block, kind="turn", speaker=found[key])))
    return blocks


def _says_the_same(words: str, speaker: str) -> bool:
    """Whether a line is the writer's name with a day, and hardly a word besides."""
    # A speaker may begin with a time in brackets.
    name = speaker.rpartition("] ")[2]
    left = words.replace(name, " ", 1)
    return name in words and len(words) < LONGEST_BYLINE and len(left.split()) <= LONGEST_NAME


def _post_of(container: HtmlElement) -> HtmlElement | None:
    """The post that an element stands in: the nearest one around it with one author that has its like beside it."""
    for node in (container, *container.iterancestors()):
        if node.tag in ("body", "html"):
            return None
        if _is_post(node) and len(_authors(node)) == 1:
            return node if _has_like(node) else None
    return None


def _is_post(node: HtmlElement) -> bool:
    return bool(_POST.search(node.get("class", "")) or _POST_TYPE.search(node.get("itemtype", "")) or hint_of(node) == COMMENT)


def _has_like(node: HtmlElement) -> bool:
    """Whether another post stands beside it, or beside the element that holds nothing else."""
    beside = [one for one in (*node.itersiblings(), *node.itersiblings(preceding=True)) if one.tag == node.tag]
    if any(_is_post(one) and _authors(one) for one in beside):
        return True
    parent = node.getparent()
    return parent is not None and len(parent) == 1 and parent.tag not in ("body", "html") and _has_like_holder(parent)


def _has_like_holder(node: HtmlElement) -> bool:
    beside = (one for one in (*node.itersiblings(), *node.itersiblings(preceding=True)) if one.tag == node.tag)
    return any(_is_post(child) for one in beside for child in one)


def _authors(node: HtmlElement) -> list[HtmlElement]:
    """The elements that name an author, the innermost of those inside each other, without those of quotations."""
    marked = [one for one in node.iter() if isinstance(one.tag, str) and one is not node and _names_author(one)]
    outer = {id(above) for one in marked for above in one.iterancestors()}
    return [one for one in marked if id(one) not in outer and next(one.iterancestors("blockquote", "q"), None) is None]


def _names_author(node: HtmlElement) -> bool:
    stated = node.get("itemprop") == "author" or "author" in node.get("rel", "").split()
    return (stated or bool(_AUTHOR.search(node.get("class", "")))) and bool(_name(node))


def _name(node: HtmlElement) -> str:
    """The name in an element that is about an author; "" where it is none."""
    own = node.find(".//*[@itemprop='name']")
    link = node.find(".//a") if own is None else own
    words = " ".join((node if link is None else link).text_content().split()).strip(" @,–—-")
    return words if _NAME.fullmatch(words) and len(words.split()) <= LONGEST_NAME else ""


def _speaker(post: HtmlElement, language: str) -> str:
    """Who wrote a post, behind its day and time in brackets where it states them."""
    name = _name(_authors(post)[0])
    stamp = next((found for words in _stated_times(post) if (found := _stamp(words, language))), "")
    return f"[{stamp}] {name}" if stamp and name else name


def _stated_times(post: HtmlElement) -> Iterator[str]:
    for node in post.iter("time"):
        yield node.get("datetime", "") or str(node.text_content())
    for node in post.iter():
        if isinstance(node.tag, str) and _DATE.search(node.get("class", "")):
            # A page may show "yesterday", and have the moment in the title.
            yield node.get("title", "") or str(node.text_content())


def _stamp(words: str, language: str) -> str:
    """A day with a time as `2024-02-11 21:14`; "" where either is not told.

    >>> _stamp("Sun Feb 11, 2024 9:14 pm", "en"), _stamp("2024-02-12T07:40:00Z", ""), _stamp("yesterday", "en")
    ('2024-02-11 21:14', '2024-02-12 07:40', '')
    """
    if iso := _ISO.search(words):
        return f"{iso[1]} {iso[2]}"
    clock = _CLOCK.search(words)
    day = read_date(" ".join(words[: clock.start()].split()).strip(" ,-–"), language).date if clock else ""
    if clock is None or len(day) != 10:
        return ""
    half = (clock[3] or "").lower()
    # 12 am is 0 o'clock, and 12 pm is noon.
    hour = int(clock[1]) % 12 + 12 * (half == "p") if half else int(clock[1])
    return f"{day} {hour:02}:{clock[2]}"
