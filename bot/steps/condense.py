"""A question in its conversation -> what to search for."""

import re
from dataclasses import dataclass

from bot.dialogue import leans, new_subject, substance
from bot.ellipsis import corrected, recast
from bot.types import Question
from vectorstore.search import Query

# "Who translated the op-ed?", "According to this article, ...": such words point at the articles and stand in none of them.
_KINDS = "article|op-ed|text|essay|piece|document|blog post"
_SELF = re.compile(
    r",?\s*\b(?P<within>(?:according to|as stated in|mentioned in|in|of|by|from)\s+)?"
    rf"(?:the|this|that|these|those)\s+(?:{_KINDS})s?\b"
    # Of several articles, "the op-ed on Okinawa" is a certain one; "in this text" is the one at hand.
    r"(?(within)|(?!\s+(?:on|about)\b))(?!\s+(?:of\b|\w*\d|(?-i:[A-Z])))"
    r"(?:\s+(?:says?|states?|mentions?|tells? us)\b(?:\s+that)?)?,?",
    re.IGNORECASE,
)
# What is left of "What does the article say about Okinawa?"
_STRANDED = re.compile(r"\b(what|how) (?:do|does|did) (?=about\b|on\b)", re.IGNORECASE)
_FEWEST = 2

COMPLETE = 0.3
"""What the turn before counts for a question that seems complete, beside what it counts for one that leans on it. Not 0: even
then it says what the talk is about, and dropping it cost 3 points of nDCG@10 on conversations; with 0.5, the turn before drowns
a short question."""
_FURTHEST = 8
"""Turns of the reader that are looked back over."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What one turn of the reader means: its own words, and the turns it is read with, the one that named the subject first."""

    text: str
    before: tuple[str, ...] = ()
    weight: float = 1.0

    @property
    def chain(self) -> tuple[str, ...]:
        """What a follow-up leans on: the turn that named the subject, and this one."""
        return (*self.before[:1], self.text) if self.weight == 1.0 else (self.text,)


def condense(question: Question) -> Query:
    """What the question means in its conversation: recast where that is plain, else with the turns that it leans on.

    Where the reader has put the search into words of their own, those, to the letter.
    """
    if own := question.searched.strip():
        return Query(own)
    said = [turn.text for turn in question.history if turn.role == "user"]
    read: _Read | None = None
    for text in filter(substance, said[-_FURTHEST:]):
        read = _read(substance(text), read.chain if read else ())
    read = _read(substance(question.text) or question.text.strip(), read.chain if read else ())
    return Query(read.text, " ".join(_ended(text) for text in read.before), weight=read.weight)


def _read(said: str, chain: tuple[str, ...]) -> _Read:
    """One turn, after the turns in `chain`."""
    text = _bare(said)
    if not chain:
        return _Read(text)
    if subject := new_subject(text):
        return _Read(subject)
    if whole := recast(text, chain[-1]):
        return _Read(whole, chain[:-1])
    # "Who translated the op-ed?" is about the op-ed, and so no fragment, even if that is nothing to search for.
    if leans(said):
        _, right = corrected(text)
        return _Read(right or text, tuple(turn for turn in chain if turn.casefold() != text.casefold()))
    return _Read(text, chain[-1:], COMPLETE)


def _ended(text: str) -> str:
    """The turn with a mark at its end, so that the reader sees where the next begins."""
    return text if re.search(r"\W$", text) else f"{text}."


def _bare(text: str) -> str:
    """The question without mentions of "the article" as such, unless hardly anything would be left."""
    bare = _STRANDED.sub(r"\1 ", " ".join(_SELF.sub(" ", text).split()))
    bare = re.sub(r"\s+([?!.])", r"\1", bare)
    return bare if len(re.findall(r"\w+", bare)) >= _FEWEST else text
