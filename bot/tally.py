"""What an answer comes to: how many of its claims hold, and what it cost. Pure."""

from collections.abc import Iterable, Mapping

from bot.types import Claim, Verdict

HOLDS: frozenset[Verdict] = frozenset(("quoted", "supported"))


def supported(claims: Iterable[Claim]) -> tuple[int, int]:
    """How many of the claims are quoted or supported, and how many there are."""
    verdicts = [claim.verdict for claim in claims]
    return sum(verdict in HOLDS for verdict in verdicts), len(verdicts)


def summary(claims: Iterable[Claim]) -> str:
    """The same as a sentence; "" where nothing is claimed."""
    held, of = supported(claims)
    return f"{held} of {of} claim{'' if of == 1 else 's'} supported." if of else ""


def spent(usage: Mapping[str, float], ms: Mapping[str, float]) -> list[str]:
    """Tokens and dollars, then seconds, each a sentence, as far as they are known."""
    parts = []
    if "input_tokens" in usage:
        dollars = f", about ${usage['cost_usd']:.4f}" if "cost_usd" in usage else ""
        parts.append(f"{usage['input_tokens']:,.0f} tokens in, {usage['output_tokens']:,.0f} out{dollars}.")
    if "first_token" in ms and "write" in ms:
        parts.append(f"First words after {ms['first_token'] / 1000:.1f} s, all after {ms['write'] / 1000:.1f} s.")
    return parts
