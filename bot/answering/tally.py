"""What an answer comes to: how many of its claims hold, and what it cost. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from bot.types import Citation, Claim
from bot.verification.verdicts import HOLDS, LEGEND, Tone

FOUND = "found by Footnote"
"""What is said of a source that the model did not give."""
FOUND_NOTE = "The model gave no source for this sentence; Footnote found this one."

_LOOKED_AT: tuple[Tone, ...] = ("bad", "weak", "fair")
"""The order in which the reader should look at what is not simply accepted."""


class SummaryPart(TypedDict):
    """One part of an answer's sum, a few words in a tone."""

    text: str
    tone: Tone


def supported(claims: Iterable[Claim]) -> tuple[int, int]:
    """How many of the claims are quoted or supported, and how many there are."""
    verdicts = [claim.verdict for claim in claims]
    return sum(verdict in HOLDS for verdict in verdicts), len(verdicts)


def summary(claims: Iterable[Claim], citations: Iterable[Citation]) -> str:
    """The same as a sentence, with how many of their sources the model did not give; "" where nothing is claimed."""
    held, of = supported(claims)
    found = sum(one.found for one in citations)
    more = f", {found} of them by a source that Footnote found" if found else ""
    return f"{held} of {of} claim{'' if of == 1 else 's'} supported{more}." if of else ""


def counts(claims: Sequence[Claim], citations: Sequence[Citation]) -> list[SummaryPart]:
    """How many claims hold, and how many do not in which way; nothing where nothing is claimed."""
    if not claims:
        return []
    # The first part sums up what holds; the others say what does not, the worst first.
    found = Counter(claim.verdict for claim in claims)
    held = all(verdict in HOLDS for verdict in found)
    first = SummaryPart(text=summary(claims, citations).removesuffix("."), tone="good" if held else "pending")
    others = sorted(
        (one for one in LEGEND if one in found and one not in HOLDS), key=lambda one: _LOOKED_AT.index(LEGEND[one].tone)
    )
    return [first, *(SummaryPart(text=f"{found[one]} {LEGEND[one].counted}", tone=LEGEND[one].tone) for one in others)]


def spent(usage: Mapping[str, float], ms: Mapping[str, float]) -> list[str]:
    """Tokens and dollars, then seconds, each a sentence, as far as they are known."""
    parts = []
    # A server may count no tokens, and a model's price may not be known: nothing is said then, and never 0.
    if "input_tokens" in usage:
        dollars = f", about ${usage['cost_usd']:.4f}" if "cost_usd" in usage else ""
        parts.append(f"{usage['input_tokens']:,.0f} tokens in, {usage['output_tokens']:,.0f} out{dollars}.")
    if advice := usage.get("second_opinion_tokens"):
        parts.append(f"{advice:,.0f} of these for a second opinion.")
    if more := usage.get("followup_tokens"):
        parts.append(f"{more:,.0f} of these for what to ask next.")
    if "first_token" in ms and "write" in ms:
        parts.append(f"First words after {ms['first_token'] / 1000:.1f} s, all after {ms['write'] / 1000:.1f} s.")
    return parts
