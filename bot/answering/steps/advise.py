"""Claims that are in doubt, and their passages -> what a model is sent; its reply -> its opinion of each. Pure.

Where the server tells the log-probabilities, the margin of Yes over No decides, as a small model writes Yes to nearly
everything. Elsewhere the model's word counts, and a Yes only with words that do stand in the passage: what rests on invented
words is void.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, log

from bot.models import TokenOdds
from bot.prompting import Message, Prompt
from bot.prompting.fence import fenced_claim, fenced_passage
from bot.types import Claim, OpinionSays, Passage, SecondOpinion, Verdict
from bot.verification.quotations import find_quotation

DOUBTFUL: frozenset[Verdict] = frozenset(("likely", "check"))
"""The verdicts that a second opinion is asked on. What is found, and what is named as wrong, stays as it is."""
MOST = 40
"""Claims in one call."""
SURE = 1.0
"""From this margin on the model is taken at its word: odds of 2.7 to 1. It is not calibrated, for no model."""
FEWEST = 8
"""Characters of the words that a Yes rests on; fewer would stand in any passage."""
TOKENS, TOKENS_EACH = 60, 70
"""What a reply may cost: at all, and for each claim."""

_LINE = re.compile(r"^[\s*]*(\d+)\s*\|(.*)\|[\s*]*(yes|no)\b", re.IGNORECASE)
_BEFORE = re.compile(r"^[\s*]*(\d+)\s*\|.*\|[\s*]*$")
_MARKER = re.compile(r"\s*\[\d{1,3}\]")
_WRAPPING = "\"'“”‘’«»` -–—"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A claim that is in doubt, and the passages that it is held against."""

    text: str
    passages: tuple[Passage, ...]


def doubt_of(claim: Claim, passages: Sequence[Passage]) -> Doubt | None:
    """What is to be asked of an answer's claim; None where nothing is."""
    cited = tuple(passage for passage in passages if passage.n in claim.citations)
    bare = " ".join(_MARKER.sub("", claim.text).split())
    return Doubt(bare, cited) if claim.verdict in DOUBTFUL and cited else None


def messages(prompt: Prompt, doubts: Sequence[Doubt]) -> tuple[Message, ...]:
    """The prompt with the passages, each once, and the claims, numbered from 1."""
    passages = {passage.n: passage for doubt in doubts for passage in doubt.passages}
    claims = (fenced_claim(number, doubt.text, doubt.passages) for number, doubt in enumerate(doubts, 1))
    values = {"passages": "\n\n".join(fenced_passage(passages[n]) for n in sorted(passages)), "claims": "\n\n".join(claims)}
    return prompt.render(values)


def opinions(reply: str, odds: Sequence[TokenOdds], doubts: Sequence[Doubt], model: str) -> tuple[SecondOpinion, ...]:
    """What the model says of each claim, in their order."""
    said = {int(found[1]): (found[2].strip(), found[3].casefold()) for found in map(_LINE.match, reply.splitlines()) if found}
    margins = dict(_margins(odds))
    return tuple(_opinion(doubt, said.get(n), margins.get(n), model) for n, doubt in enumerate(doubts, 1))


def _opinion(doubt: Doubt, said: tuple[str, str] | None, margin: float | None, model: str) -> SecondOpinion:
    if said is None:
        return SecondOpinion(
            "unsure", model, margin=margin, reason="The model gave no answer in the form that it was asked for."
        )
    quoted = said[0].strip(_WRAPPING)
    words = quoted if len(quoted) >= FEWEST and any(find_quotation(quoted, one.text) for one in doubt.passages) else ""
    if margin is not None:
        says: OpinionSays = "unsure" if abs(margin) < SURE else "yes" if margin > 0 else "no"
        reason = "The model finds Yes and No nearly as likely." if says == "unsure" else ""
        return SecondOpinion(says, model, words, round(margin, 2), reason)
    if said[1] == "no":
        return SecondOpinion("no", model)
    if words:
        return SecondOpinion("yes", model, words)
    told = f"“{quoted}”, words that do not stand in the passage" if len(quoted) >= FEWEST else "no words of the passage"
    return SecondOpinion("unsure", model, reason=f"The model says Yes and quotes {told}.")


def _margins(odds: Sequence[TokenOdds]) -> Iterator[tuple[int, float]]:
    """The number of each claim whose Yes or No is a token of its own, and the log-odds of Yes over No there."""
    line = ""
    for token in odds:
        if token.text.strip(" *").casefold() in ("yes", "no") and (found := _BEFORE.match(line)):
            yield int(found[1]), _log_odds(token)
        line = f"{line}{token.text}".rpartition("\n")[2]


def _log_odds(token: TokenOdds) -> float:
    """The log-odds; a word that is not among the alternatives is as likely as the least likely of them, at most."""
    held = {"yes": 0.0, "no": 0.0}
    for text, logprob in token.logprobs:
        word = text.strip(" *").casefold()
        if word in held:
            held[word] += exp(logprob)
    least = exp(min(logprob for _, logprob in token.logprobs))
    yes, no = (held[word] or min(least, 1e-3) for word in ("yes", "no"))
    return log(max(yes, 1e-9)) - log(max(no, 1e-9))
