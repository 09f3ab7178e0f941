"""A question in its conversation -> what to search for."""

import re
from dataclasses import dataclass, replace

from bot.conversation.dialogue import dangling, leans, new_subject, substance
from bot.conversation.ellipsis import corrected, names_in, recast
from bot.types import Question
from vectorstore.searching.search import Query

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
_NAMES = 2
"""Names of the answer before that may be what is meant."""
_FURTHEST = 8
"""Turns of the reader that are looked back over."""


@dataclass(frozen=True, slots=True)
class _Said:
    """Words of the reader's: what of them is searched for, and the whole of them."""

    text: str
    whole: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What one turn of the reader means: its own words, and the turns it is read with, the one that named the subject first."""

    own: _Said
    before: tuple[_Said, ...] = ()
    weight: float = 1.0

    @property
    def chain(self) -> tuple[_Said, ...]:
        """What a follow-up leans on: the turn that named the subject, and this one."""
        return (*self.before[:1], self.own) if self.weight == 1.0 else (self.own,)


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
    if dangling(read.own.text) and (named := _named(question, read)):
        read = replace(read, before=(*read.before, named))
    before, told = (" ".join(map(_ended, words)) for words in ([s.text for s in read.before], [s.whole for s in read.before]))
    asked = read.own.whole if read.own.whole != read.own.text else ""
    return Query(read.own.text, before, weight=read.weight, asked=asked, told=told if told != before else "")


def _named(question: Question, read: _Read) -> _Said | None:
    """The first names of the answer before, for an "it" whose conversation has named nothing itself."""
    if any(names_in(turn.text) for turn in read.before):
        return None
    answer = next((turn.text for turn in reversed(question.history) if turn.role == "assistant"), "")
    found = list(dict.fromkeys(names_in(answer)))[:_NAMES]
    return _Said(", ".join(found), ", ".join(found)) if found else None


def _read(whole: str, chain: tuple[_Said, ...]) -> _Read:
    """One turn, after the turns in `chain`."""
    said = _Said(_bare(whole), whole)
    if not chain:
        return _Read(said)
    if subject := new_subject(said.text):
        return _Read(_Said(subject, new_subject(whole) or subject))
    if put := recast(said.text, chain[-1].text):
        return _Read(_Said(put, recast(said.text, chain[-1].whole) or put), chain[:-1])
    # "Who translated the op-ed?" is about the op-ed, and so no fragment, even if that is nothing to search for.
    if leans(whole):
        _, right = corrected(said.text)
        others = tuple(turn for turn in chain if turn.text.casefold() != said.text.casefold())
        return _Read(_Said(right, right) if right else said, others)
    return _Read(said, chain[-1:], COMPLETE)


def _ended(text: str) -> str:
    """The turn with a mark at its end, so that the reader sees where the next begins."""
    return text if re.search(r"\W$", text) else f"{text}."


def _bare(text: str) -> str:
    """The question without mentions of "the article" as such, unless hardly anything would be left."""
    bare = _STRANDED.sub(r"\1 ", " ".join(_SELF.sub(" ", text).split()))
    bare = re.sub(r"\s+([?!.])", r"\1", bare)
    return bare if len(re.findall(r"\w+", bare)) >= _FEWEST else text
