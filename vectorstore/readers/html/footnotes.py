"""Footnotes of a page, their marks in the text, raised numbers, and the signs that are no words; pure."""

import re

from lxml.html import HtmlElement

from vectorstore.readers.document import DocumentBlock

REFERENCE = re.compile(r"\[?\(?(\d{1,3}|[a-z*†‡])\)?\]?")
"""The mark of a footnote: a number, a letter or a sign, in brackets or without."""
_RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_NUMBER = re.compile(r"[+\-−]?\d{1,3}|n")
# `#fn1`, `#footnote-2`, `#cite_note-3`.
_NOTE = re.compile(r"#.*(?:fn|note|cite)", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w")


def raised_words(node: HtmlElement, tag: str) -> str | None:
    """A raised number as the reader of the page sees it, `10⁶`, and a mark of a footnote as `[1]`; None for anything else."""
    words = str(node.text_content()).strip()
    if tag == "sup":
        if (found := REFERENCE.fullmatch(words)) and any(is_reference(link) for link in node.iter("a")):
            return f"[{found[1]}]"
        if _NUMBER.fullmatch(words):
            return words.translate(_RAISED)
    return None


def is_sign(link: HtmlElement, like: DocumentBlock) -> bool:
    """Whether a link to a place of the page is a sign and no word: `#` at a heading, or what leads back from a footnote."""
    words = str(link.text_content()).strip()
    in_note = like.kind == "note" and len(words) < 5
    return not _WORD.search(words) or (in_note and (len(words) == 1 or not _LETTER.search(words)))


def is_note_mark(link: HtmlElement) -> bool:
    """Whether a link is the mark of a footnote: raised, or a number that leads to what is called a note."""
    words = str(link.text_content()).strip()
    if not is_reference(link) or not REFERENCE.fullmatch(words):
        return False
    return (
        next(link.iterancestors("sup"), None) is not None
        or link.find(".//sup") is not None
        or bool(_NOTE.search(link.get("href")))
    )


def is_footnote(node: HtmlElement, notes: frozenset[str]) -> bool:
    """Whether an element is called a footnote and holds what a mark leads to."""
    return "footnote" in node.get("class", "").split() and is_note(node, notes)


def mark_of_note(link: HtmlElement) -> str:
    """The number of a footnote that stands in the link at its beginning."""
    words = str(link.text_content()).strip()
    return words if words.isdecimal() and not (link.getparent().text or "").strip() and link.getprevious() is None else ""


def is_reference(link: HtmlElement) -> bool:
    """Whether a link leads to a place of its own page."""
    return link.get("href", "").startswith("#") and len(link.get("href", "")) > 1


def is_note(node: HtmlElement, notes: frozenset[str]) -> bool:
    """Whether an item is what a mark of a footnote leads to, itself or by a name in its beginning."""
    return bool(notes) and any(inner.get("id") in notes for inner in node.iter() if isinstance(inner.tag, str))
