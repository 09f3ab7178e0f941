"""All that does not fit between a claim and the sentences it rests on, and how likely these support it all the same. Pure.

Each rule has a module of its own and tells of problems; here they are asked in order. The score is a logistic curve over a few
numbers: how like the words are, and what the rules found. `make bench ARGS=verify` fits the weights anew on claims that people
judged, and prints how well they do on sets that they were not fitted on.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.verification.cells import rests_on_record, wrong_cells
from bot.verification.denials import denials
from bot.verification.entities import missing_in_own_language, missing_names, wrong_names
from bot.verification.evidence import Evidence, TokenLikeness
from bot.verification.numbers import supported_facts, wrong_facts
from bot.verification.omissions import omissions
from bot.verification.pairing import Mismatch
from bot.verification.quotations import addresses
from bot.verification.statements import MOST_COMPARED
from bot.verification.substitution import eastern, substitutions

Kind = Literal["facts", "names", "words"]
"""What a problem is about: a number or a date; a name; anything else."""

WEIGHTS: Mapping[str, float] = {
    "late": 4.8,
    "facts": -0.9,
    "strict": -1.8,
    "names": -0.5,
    "words": -0.32,
    "stated": 0.17,
}
"""What each of the `features` counts."""
BAR = 3.2
"""What they must add up to for an even chance, where as many claims are supported as are not."""
MOST = 2
"""Problems of a kind, and numbers that stand there, that count at most: a third says little more."""


VERBATIM = 0.7
"""From this share of its words in the same order a claim repeats a sentence, and what stands in a word's place is looked at."""
SAME_MEANING, ONLY_ALIKE = 0.3, 0.65
"""Two words that are less alike by themselves do not mean the same. Where a single word is all that differs, it is more often a
changed fact than a choice of words, and the bar is high: "hydrogen" and "helium" are 0.58, "purchase" and "buy" 0.86."""


@dataclass(frozen=True, slots=True)
class ScoredMismatch:
    """A problem of a claim, and what it is about."""

    kind: Kind
    problem: Mismatch

    @property
    def strict(self) -> bool:
        """Whether the source has another number, or the opposite, in so many words."""
        return self.problem.kind in ("number", "denial")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A claim with the evidence for it, what was found to be wrong with it, and the features of its score."""

    evidence: Evidence
    findings: Sequence[ScoredMismatch]
    features: Mapping[str, float]


def weigh(claim: str, evidence: Evidence, likeness: TokenLikeness) -> Weighed:
    """The claim's problems and features; the claim as it came, for its addresses."""
    found = [*_problems(evidence, likeness), *_foreign_addresses(claim, evidence), *_uncompared(evidence)]
    return Weighed(evidence, found, features(evidence, found))


def _problems(evidence: Evidence, likeness: TokenLikeness) -> Iterator[ScoredMismatch]:
    """What the rules say that fit the kind of text: a table's row, an eastern script, two languages, or sentences."""
    # A row has no grammar: who does what, small words and word order say nothing there.
    if rests_on_record(evidence.relevance, evidence.pairing.chosen):
        yield from _in_a_record(evidence)
    # Asked before `across`, which holds for these scripts as well.
    elif evidence.eastern:
        yield from (_about("words", one) for one in eastern(evidence.pairing, evidence.alignment, VERBATIM))
    elif evidence.across:
        # The rules of denials and small words read English, and a name may be spelt otherwise in another language.
        yield from (ScoredMismatch("facts", one) for one in wrong_facts(evidence.pairing))
        yield from (ScoredMismatch("names", one) for one in missing_in_own_language(evidence.pairing))
    else:
        yield from _in_sentences(evidence, likeness)
    # Whatever the text is, the sentence may be about another thing than the claim.
    yield from (ScoredMismatch("words", one) for one in evidence.relevance.elsewhere(evidence.pairing.chosen))


def _in_a_record(evidence: Evidence) -> Iterator[ScoredMismatch]:
    pairing = evidence.pairing
    yield from (ScoredMismatch("facts", one) for one in wrong_cells(pairing, evidence.relevance))
    yield from (ScoredMismatch("names", one) for one in missing_names(pairing))
    yield from (ScoredMismatch("words", one) for one in (*denials(pairing), *evidence.unsaid()))


def _in_sentences(evidence: Evidence, likeness: TokenLikeness) -> Iterator[ScoredMismatch]:
    pairing, alignment = evidence.pairing, evidence.alignment
    # Only a claim that follows the sentence word by word has a word "in the place of" another.
    verbatim = alignment.share >= VERBATIM
    instead = substitutions(pairing, alignment, likeness.alike, ONLY_ALIKE, SAME_MEANING) if verbatim else ()
    found = [_about("words", one) for one in instead]
    yield from found
    # What stands in a fact's place says all that has to be said.
    if not any(one.problem.conflict for one in found):
        yield from (ScoredMismatch("facts", one) for one in wrong_facts(pairing))
        yield from (ScoredMismatch("names", one) for one in wrong_names(pairing))
        yield from (ScoredMismatch("words", one) for one in denials(pairing))
    yield from (ScoredMismatch("words", one) for one in (*evidence.relevance.answers(pairing), *evidence.unsaid()))
    yield from (ScoredMismatch("words", one) for one in omissions(pairing, likeness.alike))


def _foreign_addresses(claim: str, evidence: Evidence) -> Iterator[ScoredMismatch]:
    """The web addresses of a claim that its source has not: a model may have made them up."""
    # Searched for in the text as it came: a cleaned text has blanks where the addresses stood.
    pairing = evidence.pairing
    foreign = (address for address in addresses(claim) if address not in pairing.source.text)
    yield from (ScoredMismatch("words", pairing.unsaid(f"The passage does not have the address {one}.")) for one in foreign)


def _uncompared(evidence: Evidence) -> Iterator[ScoredMismatch]:
    """That a claim lists more than is compared, which is no ground to accept it."""
    if evidence.pairing.claim.partial:
        reason = f"Only the first {MOST_COMPARED} numbers, dates and names of each kind were compared."
        yield ScoredMismatch("facts", evidence.pairing.unsaid(reason))


def _about(kind: Kind, problem: Mismatch) -> ScoredMismatch:
    """A finding of its kind; a conflict of numbers is about facts wherever it was found."""
    return ScoredMismatch("facts" if problem.kind == "number" else kind, problem)


def probability(found: Mapping[str, float]) -> float:
    """How likely it is that the source supports the claim, 0 to 1, by the `features` of what was found in it."""
    # The logistic function of the weighted sum less the bar.
    return 1 / (1 + math.exp(BAR - sum(weight * found[name] for name, weight in WEIGHTS.items())))


def features(evidence: Evidence, findings: Sequence[ScoredMismatch]) -> dict[str, float]:
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
