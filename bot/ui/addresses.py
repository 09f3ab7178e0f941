"""The address of a conversation, of a turn in it, and of a footnote of that turn; and those of a draft and an article. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# Ids are hexadecimal (see `exchange.begun`); what else somebody types into an address never reaches the database.
_ID = re.compile(r"[0-9a-f]{1,32}")
_LONGEST = 1000
"""Characters of an article's id in an address."""
# No zero, as readers count footnotes from 1, and four digits at most, so that `int` stays small.
_NUMBER = re.compile(r"[1-9]\d{0,3}")


@dataclass(frozen=True, slots=True)
class Address:
    """`citation` counts the answer's footnotes from 1, 0 is none; "" is no conversation, or no turn."""

    conversation: str = ""
    turn: str = ""
    citation: int = 0

    @property
    def parameters(self) -> dict[str, str]:
        """What stands behind the "?" of the page's address."""
        named = {"conversation": self.conversation, "turn": self.turn, "citation": str(self.citation or "")}
        return {name: value for name, value in named.items() if value}


NOWHERE = Address()


def read(parameters: Mapping[str, str]) -> Address:
    """The address in a page's parameters; what makes no sense in them counts as not there.

    >>> read({"conversation": "1f", "turn": "2a", "citation": "3"})
    Address(conversation='1f', turn='2a', citation=3)
    >>> read({"conversation": "../etc"}) == NOWHERE
    True
    """
    conversation, turn = (_ID.fullmatch(parameters.get(name, "")) for name in ("conversation", "turn"))
    citation = _NUMBER.fullmatch(parameters.get("citation", ""))
    if conversation is None:
        return NOWHERE
    if turn is None:
        return Address(conversation[0])
    # A footnote is one of a turn's: without the turn its number means nothing.
    return Address(conversation[0], turn[0], int(citation[0]) if citation else 0)


def draft_of(parameters: Mapping[str, str]) -> str:
    """The id of the draft that a page's parameters name; "" for none, and for what makes no sense."""
    found = _ID.fullmatch(parameters.get("draft", ""))
    return found[0] if found else ""


def article_of(parameters: Mapping[str, str]) -> str:
    """The id of the article that a page's parameters name; "" for none."""
    # Compared with the ids that there are, and nothing else is done with it.
    return parameters.get("article", "")[:_LONGEST]
