"""What a verdict is called, and how it looks. Pure."""

from typing import Literal

from bot.types import Verdict

Tone = Literal["good", "weak", "bad", "pending"]

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
    "uncited": "Not checked",
    "not supported": "Not supported by the passage",
    "contradicted": "Contradicted by the passage",
    "no such passage": "No such passage",
    None: "Being checked",
}


def tone(verdict: Verdict | None) -> Tone:
    """How a verdict looks; None is one that is still to come."""
    return _TONES[verdict]


def said(verdict: Verdict | None) -> str:
    """A verdict as it is told to the reader."""
    return _SAID[verdict]
