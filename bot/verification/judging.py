"""Decides whether a source supports a claim: the verdict, its score, the words it rests on, and what does not fit. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.reading.lexicon import listed
from bot.reading.negations import denial_before
from bot.reading.words import cleaned, stem, words
from bot.types import Verdict
from bot.verification.calibration import ScoreCurve
from bot.verification.evidence import Evidence
from bot.verification.findings import VERBATIM, Weighed, probability
from bot.verification.pairing import Conflict
from bot.verification.quotations import find_quotation, quotations
from bot.verification.statements import SourceText, claimed
from bot.verification.verdicts import HOLDS
from vectorstore.types import Span

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
