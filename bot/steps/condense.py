"""A question in its conversation -> what to search for."""

import re

from bot.types import Question
from vectorstore.search import Query

# "Who translated the op-ed?", "According to this article, ...": such words point at the articles and stand in none of them.
_KINDS = "article|op-ed|text|essay|piece|document|blog post"
_SELF = re.compile(
    rf",?\s*\b(?:(?:according to|as stated in|mentioned in|in|of|by|from)\s+)?(?:the|this|that|these|those)\s+(?:{_KINDS})s?\b"
    r"(?!\s+(?:of\b|\w*\d|(?-i:[A-Z])))(?:\s+(?:says?|states?|mentions?|tells? us)\b(?:\s+that)?)?,?",
    re.IGNORECASE,
)
# What is left of "What does the article say about Okinawa?"
_STRANDED = re.compile(r"\b(what|how) (?:do|does|did) (?=about\b|on\b)", re.IGNORECASE)
_FEWEST = 2


def condense(question: Question) -> Query:
    """The question with the reader's own turn before it, which a follow-up leans on.

    On conversations, the last two user turns together find more than the last alone, and than with the answer between them.
    """
    before = next((turn.text for turn in reversed(question.history) if turn.role == "user"), "")
    return Query(_bare(question.text.strip()), _bare(before.strip()))


def _bare(text: str) -> str:
    """The question without mentions of "the article" as such, unless hardly anything would be left."""
    bare = _STRANDED.sub(r"\1 ", " ".join(_SELF.sub(" ", text).split()))
    bare = re.sub(r"\s+([?!.])", r"\1", bare)
    return bare if len(re.findall(r"\w+", bare)) >= _FEWEST else text
