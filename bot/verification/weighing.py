"""How likely it is that a source supports a claim, from what was found in it. Pure.

A logistic curve over a few numbers: how like the words are, and what the rules found. `make bench ARGS=verify` fits the
weights anew on claims that people judged, and prints how well they do on sets that they were not fitted on.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.verification.conflicts import supported_facts
from bot.verification.evidence import Evidence
from bot.verification.pairing import Problem

Kind = Literal["facts", "names", "words"]
"""What a problem is about: a number or a date; a name; anything else."""

WEIGHTS: Mapping[str, float] = {
    "late": 4.8,
    "facts": -0.95,
    "strict": -1.7,
    "names": -0.41,
    "words": -0.3,
    "stated": 0.15,
}
"""What each of the `features` counts."""
BAR = 3.2
"""What they must add up to for an even chance, where as many claims are supported as are not."""
MOST = 2
"""Problems of a kind, and numbers that stand there, that count at most: a third says little more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of a claim, and what it is about."""

    kind: Kind
    problem: Problem

    @property
    def strict(self) -> bool:
        """Whether the source has another number, or the opposite, in so many words."""
        return self.problem.kind in ("number", "denial")


def probability(found: Mapping[str, float]) -> float:
    """How likely it is that the source supports the claim, 0 to 1, by the `features` of what was found in it."""
    return 1 / (1 + math.exp(BAR - sum(weight * found[name] for name, weight in WEIGHTS.items())))


def features(evidence: Evidence, findings: Sequence[Finding]) -> dict[str, float]:
    """What speaks for a claim and against it, by name; `WEIGHTS` says what each counts.

    late: the likeness of its telling tokens to those of the sentences that say most of it, a mean of cosines; facts, names,
    words: the problems of each kind; strict: whether one of them is a conflict of numbers or a denial; stated: its numbers and
    dates that stand there.
    """
    kinds = [one.kind for one in findings]
    return {
        "late": evidence.late,
        "facts": float(min(MOST, kinds.count("facts"))),
        "strict": float(any(one.strict for one in findings)),
        "names": float(min(MOST, kinds.count("names"))),
        "words": float(min(MOST, kinds.count("words"))),
        "stated": float(min(MOST, supported_facts(evidence.pairing))),
    }
