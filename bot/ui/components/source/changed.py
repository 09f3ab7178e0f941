"""What has become of a footnote's words since: whether they still stand, where, and what took their place. Pure."""

from dataclasses import dataclass
from typing import Literal, TypedDict

from bot.types import Anchor, Citation
from bot.ui.words import word
from bot.verification.anchors import Change, difference, find
from vectorstore.types import Span

Became = Literal["same", "still", "moved", "changed", "gone", "missing"]
"""still: the article has changed, but not here; missing: the words do not stand there, and perhaps never did."""

NOTES: dict[Became, str] = {
    "same": "",
    "still": word("source.the_source_has_changed"),
    "moved": word("source.the_source_has_changed_since_these_words"),
    "changed": word("source.the_source_has_changed_since_these_words_no_longer"),
    "gone": word("source.the_source_has_changed_since_these_words_are_gone"),
    "missing": word("source.these_words_do_not_stand"),
}

THEN = word("source.quoted_in_the_answer")
NOW = word("source.in_the_article_now")
NEAREST = word("source.nearest_in_the_article_now")


@dataclass(frozen=True, slots=True)
class Standing:
    """`span` is where the exact words stand, None where they do not; `near` is then what to compare them with, if anything."""

    became: Became
    span: Span | None = None
    near: Span | None = None

    @property
    def stands(self) -> bool:
        """Whether the exact words stand in the article."""
        return self.span is not None


class DiffPart(TypedDict):
    """A run of words that was kept, removed or added."""

    change: Change
    text: str


class QuoteVersion(TypedDict):
    """What was quoted, or what stands in its place, under its name."""

    name: str
    parts: list[DiffPart]


def standing(citation: Citation, anchor: Anchor | None, text: str) -> Standing:
    """Where the quotation stands in the article's text as it is now. Without an anchor only its old place counts."""
    # An answer that did not come to its end has no anchors.
    if anchor is None or anchor.quote != citation.quote:
        span = (citation.start, citation.end)
        there = bool(citation.quote) and text[citation.start : citation.end] == citation.quote
        return Standing("same", span) if there else Standing("missing")
    found = find(anchor, text)
    span = (found.start, found.end)
    match found.status:
        case "same":
            return Standing("same", span)
        case "moved":
            # At its old place in a text that is not the old one: the change was elsewhere.
            return Standing("still" if span == (anchor.start, anchor.end) else "moved", span)
        case "changed" | "gone" as status:
            # An empty span at 0 stands for "nothing comes near".
            return Standing(status, near=span if found.end else None)


def versions(quote: str, standing: Standing, text: str) -> list[QuoteVersion]:
    """The quotation beside what took its place, each with its name; the quotation alone where there is nothing to compare."""
    if standing.stands or not quote:
        return []
    if standing.near is None:
        return [quoted(quote)]
    start, end = standing.near
    pieces = [DiffPart(change=change, text=piece) for change, piece in difference(quote, text[start:end])]
    return [
        # One difference told twice: the quotation without what was added, and the article without what was removed.
        QuoteVersion(name=THEN, parts=[piece for piece in pieces if piece["change"] != "added"]),
        QuoteVersion(
            name=NOW if standing.became == "changed" else NEAREST,
            parts=[piece for piece in pieces if piece["change"] != "removed"],
        ),
    ]


def quoted(quote: str) -> QuoteVersion:
    """The quotation by itself."""
    return QuoteVersion(name=THEN, parts=[DiffPart(change="kept", text=quote)])
