"""What a verdict is called, and how it looks. Pure."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal, TypedDict

from bot.tally import HOLDS, summary
from bot.types import Claim, Verdict

Tone = Literal["good", "weak", "bad", "pending"]
Line = Literal["", "doubtful", "unsupported", "contradicted"]

_TONES: dict[Verdict | None, Tone] = {
    "quoted": "good",
    "supported": "good",
    "partly": "weak",
    "uncited": "weak",
    "not supported": "bad",
    "contradicted": "bad",
    "no such passage": "bad",
    None: "pending",
}
_SAID: dict[Verdict | None, str] = {
    "quoted": "Quoted word for word",
    "supported": "Supported by the passage",
    "partly": "Only partly supported",
    "uncited": "No source is given for this",
    "not supported": "Not supported by the passage",
    "contradicted": "Contradicted by the passage",
    "no such passage": "No such passage",
    None: "Being checked",
}
_LINES: dict[Verdict, Line] = {
    "partly": "doubtful",
    "uncited": "doubtful",
    "not supported": "unsupported",
    "no such passage": "unsupported",
    "contradicted": "contradicted",
}
# In the order that the reader should look at them.
_COUNTED: dict[Verdict, str] = {
    "contradicted": "contradicted",
    "no such passage": "with a passage that does not exist",
    "not supported": "not supported",
    "partly": "partly supported",
    "uncited": "without a source",
}


class Count(TypedDict):
    """One part of an answer's sum, a few words in a tone."""

    text: str
    tone: Tone


def tone(verdict: Verdict | None) -> Tone:
    """How a verdict looks; None is one that is still to come."""
    return _TONES[verdict]


def said(verdict: Verdict | None, *, running: bool = True) -> str:
    """A verdict as it is told to the reader; without one, an answer that is no longer on its way was cut short before it."""
    return _SAID[verdict] if verdict or running else "Not checked: the answer ended before this sentence did"


def line(verdict: Verdict) -> Line:
    """How the words of a claim are underlined; "" for those that hold."""
    return _LINES.get(verdict, "")


def counts(claims: Sequence[Claim]) -> list[Count]:
    """How many claims hold, and how many do not in which way; nothing where nothing is claimed."""
    if not claims:
        return []
    found = Counter(claim.verdict for claim in claims)
    held = all(verdict in HOLDS for verdict in found)
    first = Count(text=summary(claims).removesuffix("."), tone="good" if held else "pending")
    return [first, *(Count(text=f"{found[one]} {words}", tone=tone(one)) for one, words in _COUNTED.items() if found[one])]
