"""What a question asks for, and whether a sentence has such a thing in it; pure. Reads English; others ask for anything."""

import re
from typing import Literal

from bot.facts import has_date, has_number, names, words

Asked = Literal["number", "date", "name", "anything"]

_DATE = re.compile(
    r"^(?:and |but |so |then )?(?:since |until |by )?when\b|[,;] when (?:did|was|were|is|are|will|does|do|has|had)\b|"
    r"\b(?:what|which) (?:\w+ )?(?:year|date|day|month|century|decade|time period)\b|\bwhat time\b|\bhow long ago\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\bhow (?:many|much|old|tall|long|far|large|big|high|deep|wide|heavy|fast|hot|cold)\b(?! ago)|"
    r"\b(?:what|which) (?:\w+ )?(?:number|percentage|percent|proportion|share|amount|sum|price|cost|age|population|rate)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b(?:who|whom|whose)\b|\b(?:what|which) (?:person|people|man|woman|author)\b", re.IGNORECASE)
# "the man who ...", "those who ...": the word joins a clause, it asks nothing.
_RELATIVE = re.compile(
    r"\b(?:those|people|person|man|men|woman|women|one|anyone|someone|everyone|he|she|they)\s+who(?:m|se)?\b", re.IGNORECASE
)
# A question about doing ("how much does it matter", "how far should we trust") is not answered by a figure alone.
_OPINION = re.compile(r"\bhow (?:much|far|long) (?:should|can|could|must|may|might)\b", re.IGNORECASE)


def asked_for(question: str) -> Asked:
    """The kind of thing that the question wants named: a "when" a date, a "how many" a number, a "who" a name."""
    if _DATE.search(question):
        return "date"
    if _NUMBER.search(question) and not _OPINION.search(question):
        return "number"
    if _NAME.search(_RELATIVE.sub(" ", question)):
        return "name"
    return "anything"


def answers(asked: Asked, sentence: str, question: str) -> bool:
    """Whether the sentence has a thing of that kind which the question did not already hold itself."""
    if asked == "number":
        return has_number(sentence)
    if asked == "date":
        return has_date(sentence) or (has_number(sentence) and re.search(r"\d", sentence) is not None)
    if asked == "name":
        said = words(question)
        return any(not words(name) <= said for name in names(sentence))
    return True


UNSAID = {"number": "give that number", "date": "say when", "name": "say who", "anything": "say"}
"""What the articles do not do when they lack the thing that was asked for."""
