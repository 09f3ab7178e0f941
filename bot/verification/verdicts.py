"""The verdicts: what each is called, what it says in a sentence, and how it looks. The one place where this stands; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.types import OpinionSays, SecondOpinion, Verdict

Tone = Literal["good", "fair", "weak", "bad", "pending"]
"""How something looks: green, a quieter green, a quiet amber, red; grey where nothing is decided. The styles' classes."""
Line = Literal["", "doubtful", "absent", "opposed"]
"""How the words of a claim are underlined; "" for those that carry no doubt. The styles' classes."""

HOLDS: frozenset[Verdict] = frozenset(("quoted", "supported"))
"""The verdicts of a claim that is accepted."""
OPPOSED: frozenset[Verdict] = frozenset(("number differs", "denied"))
"""The verdicts where the passage says something else than the claim: the words that it has are marked as such."""


UNCOMPARED: frozenset[Verdict] = frozenset(("no such passage", "uncited"))
"""The verdicts of a claim that was held against no passage: there is nothing that could be measured about them."""
MEASURED_WHERE = "The page Quality says how often this verdict is right."


@dataclass(frozen=True, slots=True)
class Legend:
    """What the reader is told of a verdict: a label, what it means in a sentence, and how claims with it are counted up."""

    label: str
    meaning: str
    counted: str
    tone: Tone
    line: Line = ""


LEGEND: Mapping[Verdict, Legend] = {
    "quoted": Legend("Quoted word for word", "The words stand in the passage as they are.", "quoted", "good"),
    "supported": Legend(
        "Supported by the passage", "The passage says this, with every number, date and name in it.", "supported", "good"
    ),
    "likely": Legend(
        "Likely supported by the passage", "The passage seems to say this, in words that leave some doubt.", "likely", "fair"
    ),
    "check": Legend(
        "Check this against the passage",
        "The passage is about this, and something of the sentence was not recognised in it.",
        "to check",
        "weak",
        "doubtful",
    ),
    "not found": Legend(
        "Not found in the passage", "The passage does not say this, as far as its words tell.", "not found", "weak", "absent"
    ),
    "number differs": Legend(
        "A number differs",
        "The passage has another number, amount or date in this place.",
        "with a number that differs",
        "bad",
        "opposed",
    ),
    "denied": Legend(
        "Denied by the passage",
        "Either the passage or the sentence denies this, and the other does not.",
        "denied",
        "bad",
        "opposed",
    ),
    "no such passage": Legend(
        "No such passage",
        "The number in the sentence is that of no passage that was given.",
        "with a passage that does not exist",
        "bad",
        "opposed",
    ),
    "uncited": Legend(
        "No source is given for this", "No passage was cited, so nothing was compared.", "without a source", "weak", "doubtful"
    ),
}
"""In the order in which verdicts are listed."""

OPINIONS: Mapping[OpinionSays, tuple[str, str]] = {
    "yes": ("model: yes", "Second opinion: the model finds this in the passage."),
    "no": ("model: no", "Second opinion: the model does not find this in the passage."),
    "unsure": ("model: unsure", "Second opinion: the model does not tell."),
}
"""What is shown of a model's opinion: a label, and a sentence. It has no colour of its own, as it is no verdict."""

BEST_FIRST: tuple[Verdict, ...] = (
    *("quoted", "supported", "likely", "number differs", "denied", "check", "not found", "no such passage", "uncited"),
)
"""Which judgement tells most of a claim: of what carries it; failing that, of what its writer should know."""


def tone(verdict: Verdict | None) -> Tone:
    """How a verdict looks; None is one that is still to come.

    >>> tone("supported"), tone("denied"), tone(None)
    ('good', 'bad', 'pending')
    """
    return LEGEND[verdict].tone if verdict else "pending"


def said(verdict: Verdict | None, *, running: bool = True) -> str:
    """A verdict as it is told to the reader; without one, an answer that is no longer on its way was cut short before it."""
    if verdict:
        return LEGEND[verdict].label
    return "Being checked" if running else "Not checked: the answer ended before this sentence did"


def opinion_told(opinion: SecondOpinion) -> str:
    """A model's opinion for people, in a sentence or two: what it says, the words that it rests on, and who it is."""
    words = f" It rests on “{' '.join(opinion.words.split())}”." if opinion.words else ""
    odds = f" Its odds of Yes over No, as a logarithm: {opinion.margin:+.1f}." if opinion.margin is not None else ""
    reason = f" {opinion.reason}" if opinion.reason else ""
    return f"{OPINIONS[opinion.says][1]}{reason}{words}{odds} ({opinion.model})"


def explained(verdict: Verdict | None) -> str:
    """What a verdict means, and where it is told how often it is right; "" for one that is still to come."""
    if verdict is None:
        return ""
    return LEGEND[verdict].meaning + ("" if verdict in UNCOMPARED else f" {MEASURED_WHERE}")


def line(verdict: Verdict) -> Line:
    """How the words of a claim are underlined; "" for those that carry no doubt."""
    return LEGEND[verdict].line
