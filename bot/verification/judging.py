"""What does not fit between a claim and its sentences, how likely these support it all the same, and the verdict of both. Pure.

Each rule has a module of its own and tells of problems; here they are asked in order. The score is a logistic curve over a few
numbers: how like the words are, and what the rules found. `make bench ARGS=verify` fits the weights anew on claims that people
judged, and prints how well they do on sets that they were not fitted on.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.reading.lexicon import listed
from bot.reading.negations import denial_before
from bot.reading.words import cleaned, stem, words
from bot.types import Verdict
from bot.verification.calibration import ScoreCurve
from bot.verification.cells import rests_on_record, wrong_cells
from bot.verification.denials import denials
from bot.verification.entities import missing_in_own_language, missing_names, wrong_names
from bot.verification.evidence import Evidence, TokenLikeness
from bot.verification.numbers import supported_facts, wrong_facts
from bot.verification.omissions import omissions
from bot.verification.pairing import Conflict, Mismatch
from bot.verification.quotations import addresses, find_quotation, quotations
from bot.verification.statements import MOST_COMPARED, SourceText, claimed
from bot.verification.substitution import eastern, substitutions
from bot.verification.verdicts import HOLDS
from vectorstore.types import Span

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


SUPPORTED, LIKELY = 0.52, 0.40
"""The lowest scores of *supported* and of *likely*, for a claim without findings."""
LIKELY_DESPITE_FINDINGS = 0.54
"""The lowest score of *likely* for a claim with a name or a word that was not recognised."""
RELEVANT = 0.1
"""Below this the source is about something else: a number that differs there is no conflict, and the verdict *not found*."""
LONGEST_LEAD = 6
"""Content words of a lead-in to a quotation, at most: "The editors of the report write: ..." adds no claim of its own."""
_REPORTING = frozenset(map(stem, listed("reporting_words")))

STRICT_VERDICTS: dict[Conflict, Verdict] = {"number": "number differs", "denial": "denied"}
"""The conflicts that are marked red. One of names or other words is *check*: people called more than half of them supported."""
SCORED_VERDICTS: frozenset[Verdict] = frozenset(("supported", "likely", "check", "not found"))
"""The verdicts that a score decides, and that the reader's own reviews may correct."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a source supports a claim.

    `span` is where in the source's text the words stand that support it, or that say something else; `score` how surely it is
    supported, 0 to 1; `reason` what does not fit, in a sentence, "" where all does. `measured` is the score before the reader's
    own reviews correct it; None for the verdicts that no score decides.

    >>> Judgement("supported", 0.8).holds, Judgement("check", 0.8, reason="“So” does not stand there.").holds
    (True, False)
    """

    verdict: Verdict
    score: float
    span: Span | None = None
    reason: str = ""
    measured: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the source supports the claim, all of it."""
        return self.verdict in HOLDS


NO_EVIDENCE = Judgement("not found", 0.0)


def corrected(judgement: Judgement, curve: ScoreCurve) -> Judgement:
    """A judgement with its score corrected, and the verdict of the new score. A verdict with a reason stays as it is."""
    if judgement.verdict not in SCORED_VERDICTS:
        return judgement
    # The verdict may rise or fall with the corrected score, but a reason that was found stays a reason.
    score = curve(judgement.score)
    stays = judgement.reason or judgement.verdict == "not found"
    return replace(judgement, verdict=judgement.verdict if stays else _by_score(score), score=score, measured=judgement.score)


def quoted(source: str, span: Span) -> Judgement:
    """The judgement on words that stand in the source; where a denial stands before them, they support nothing."""
    if (denial := denial_before(cleaned(source), span[0])) is not None:
        # "Not" takes the words back for certain; "whether" or "few" only may, so the score is low but not nearly 0.
        taken_back_by, plain = denial
        reason = f"The passage has “{taken_back_by}” before it."
        return Judgement("denied" if plain else "check", 0.05 if plain else 0.3, span, reason)
    return Judgement("quoted", 1.0, span)


def judged(claim: str, weighed: Weighed, curve: ScoreCurve) -> Judgement:
    """The judgement on a claim that was weighed, its score corrected by a curve."""
    source = weighed.evidence.pairing.source
    missing_quotations = [
        words_quoted for words_quoted in _quoted_words(claim) if not _has_quotation(words_quoted, source.text)
    ]
    judgement = _uncorrected(weighed, missing_quotations)
    # A claim that is a quotation and who said it is carried by the words, whatever the rules miss in its lead.
    if not missing_quotations and not judgement.holds and (span := _only_quotes(claim, source)):
        return Judgement("quoted", 1.0, span)
    return corrected(judgement, curve)


def _uncorrected(weighed: Weighed, missing_quotations: Sequence[str]) -> Judgement:
    """The judgement on a claim that was weighed; `missing_quotations` are its quotations that do not stand in the source."""
    evidence, findings = weighed.evidence, weighed.findings
    likely = probability(weighed.features)
    if evidence.across:
        # The weights were fitted on English, and another encoder's cosines are others.
        likely = evidence.likely / (2 if findings else 1)
    # A claim that repeats a sentence is about the same, even where a changed number lowers its score.
    about = evidence.likely > RELEVANT or evidence.alignment.share >= VERBATIM
    # In order: a named fault, a made-up quotation, another subject, a doubt; only then does the score decide.
    strict = next((one.problem for one in findings if one.strict), None)
    if strict and about:
        one = evidence.pairing.source.sentences[strict.at]
        return Judgement(STRICT_VERDICTS[strict.kind], likely, (one.start, one.end), strict.reason)
    if missing_quotations:
        reason = f"The words “{' '.join(missing_quotations[0].split())}” do not stand in the passage."
        # Where the source has all the content words, it may be a title in another form, and not made up.
        known = all(evidence.pairing.source.has(word) for word in words(missing_quotations[0]) if word.telling)
        return Judgement("check", likely, _span(evidence), reason) if known else Judgement("not found", likely, None, reason)
    if not about:
        return Judgement("not found", likely)
    if findings:
        # A wrong number or a conflict is never *likely*, whatever the score; an unrecognised name or word may be.
        doubted = any(one.kind == "facts" or one.problem.conflict for one in findings)
        word: Verdict = "likely" if likely >= LIKELY_DESPITE_FINDINGS and not doubted else "check"
        return Judgement(word, likely, _span(evidence), findings[0].problem.reason)
    return Judgement(_by_score(likely), likely, _span(evidence))


def _by_score(score: float) -> Verdict:
    """The verdict on a claim without findings."""
    return "supported" if score >= SUPPORTED else "likely" if score >= LIKELY else "check"


def _span(evidence: Evidence) -> Span:
    """The span of the best sentence, extended by chosen sentences beside it; the best is the first of `chosen`."""
    first = last = evidence.pairing.chosen[0]
    # From the nearest outwards, so that a sentence two away is reached over the one between them.
    for i in sorted(evidence.pairing.chosen[1:], key=lambda one: abs(one - first)):
        if first - 1 <= i <= last + 1:
            first, last = min(first, i), max(last, i)
    sentences = evidence.pairing.source.sentences
    return sentences[first].start, sentences[last].end


def _only_quotes(claim: str, source: SourceText) -> Span | None:
    """The place of a claim's quotation, where the claim adds only who said it; else None."""
    spans = quotations(claim)
    if not spans:
        return None
    lead = claimed(claim)
    beside = [w for w in lead.words if w.telling and not any(start <= w.start < end for start, end in spans)]
    # Who says it may be named; what else is claimed beside the quotation is not carried by its words.
    claims_more = any(word.stem not in _REPORTING and not (word.capital and source.has(word)) for word in beside)
    if (
        claims_more
        or len(beside) > LONGEST_LEAD
        or any(not start <= one.start < end for one in lead.negations for start, end in spans)
    ):
        return None
    # The longest of several quotations is the one to show; all of them were found to stand there.
    return find_quotation(claim[slice(*max(spans, key=lambda one: one[1] - one[0]))], source.text)


def _has_quotation(quotation: str, source: str) -> bool:
    """Whether a quotation's words stand in a source; a title may be capitalised differently there."""
    return bool(find_quotation(quotation, source) or find_quotation(quotation.lower(), source.lower()))


def _quoted_words(claim: str) -> list[str]:
    """The texts in quotation marks of a claim."""
    return [claim[start:end] for start, end in quotations(claim)]
