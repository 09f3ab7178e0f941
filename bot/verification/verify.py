"""Does a passage support a claim? Decided by rules from words, numbers, names and likeness; pure, and no second model is asked.

A claim whose words stand in the passage is quoted. For any other, the sentences that say most of it are found (`evidence`), and
each of its facts must stand there: `conflicts` (numbers, dates), `misnaming`, `denying`, `replacing` and `hedges` say what
does not fit. The numbers here and there were chosen on the half of `tests/verdicts/pairs.jsonl` that may be looked at;
`tests/verdicts/README.md` has all rules on one page, and `make bench ARGS=verdicts` prints the rates.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

from bot.reading.words import cleaned, stem, words
from bot.types import Citation, Passage, Verdict
from bot.verification.calibration import AS_MEASURED, ScoreCurve
from bot.verification.conflicts import wrong_facts
from bot.verification.coverage import left_open
from bot.verification.denying import denials
from bot.verification.evidence import Evidence, Likeness
from bot.verification.hedges import hedged
from bot.verification.misnaming import lacking_names, unnamed, wrong_names
from bot.verification.misplacing import misplaced, tabular
from bot.verification.opposing import opposing
from bot.verification.pairing import Conflict, Problem
from bot.verification.polarity import denial_before
from bot.verification.quotations import addresses, find, find_quotation, quotations, without_lead
from bot.verification.replacing import eastern, replaced
from bot.verification.statements import BORDER, Source, claimed, taken_apart
from bot.verification.verdicts import BEST_FIRST, HOLDS
from bot.verification.weighing import Finding, Kind, features, probability
from vectorstore.types import Span

VERBATIM = 0.7
"""From this share of its words in the same order a claim repeats a sentence, and what stands in a word's place is looked at."""
SAME_MEANING, ONLY_ALIKE = 0.3, 0.65
"""Two words that are less alike by themselves do not mean the same. Where a single word is all that differs, it is more often a
changed fact than a choice of words, and the bar is high: "hydrogen" and "helium" are 0.58, "purchase" and "buy" 0.86."""
SUPPORTED, LIKELY = 0.52, 0.40
"""The scores from which a claim of which nothing is missing is supported, and likely to be."""
IN_SPITE = 0.54
"""The score from which a claim is likely to be supported in spite of a name or a word that was not recognised."""
LEAST = 0.1
"""Evidence that is less likely does not bear on the claim: what differs there is no other number, and nothing is to check."""
IN_DOUBT = 0.7
"""A supported claim of a lower score has a better source where another passage has its very words."""
LOOKED_AT = 2
"""So many of the passages that were not cited are judged for each claim, those that share most of its words."""
ARTICLES, TEXTS = 3, 16
"""So many articles of the passages that carry a claim are searched for what speaks against it; and so many are remembered."""

MOST_BESIDE = 6
"""So many telling words beside a quotation are a short lead, of which a source need not have words such as these."""
_REPORTING_WORDS = """
    author writer speaker article passage text source document paper report book quote word phrase sentence said says
    say write writes wrote written states stated notes noted describes described calls called explains adds added
    argued argues claims claimed observed remarked comments commented puts mentions mentioned read reads warned
    concluded insisted declared announced asked answered replied tells told suggests suggested indeed exactly
    literally"""
_REPORTING = frozenset(map(stem, _REPORTING_WORDS.split()))

DOUBTABLE: frozenset[Verdict] = frozenset(("supported", "likely"))
"""The verdicts of which the rest of the article is asked. What is quoted stands there, whatever else does."""
_STRICT: dict[Conflict, Verdict] = {"number": "number differs", "denial": "denied"}
"""A conflict of names or of other words is a doubt: of those that people judged, more than half were none."""
WEIGHED: frozenset[Verdict] = frozenset(("supported", "likely", "check", "not found"))
"""The verdicts that a score decides, and that the reader's own reviews may correct."""
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a source is to a claim.

    `span` is where in the source's text the words stand that support it, or that say something else; `score` how surely it is
    supported, 0 to 1; `reason` what does not fit, in a sentence, "" where all does. `measured` is the score before the reader's
    own reviews correct it; None where they may not: for words that stand there, and for what names a fault.
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


NOTHING = Judgement("not found", 0.0)


@dataclass(frozen=True, slots=True)
class Check:
    """A claim of an answer: its verdict, a judgement for each passage that it cites, and a passage that carries it better.

    `against` is the sentence, in a cited passage or elsewhere in its article, that casts doubt on a claim that one carries.
    """

    verdict: Verdict
    judgements: tuple[Judgement, ...]
    better: tuple[Passage, Judgement] | None = None
    against: Citation | None = None


ReadArticle = Callable[[str], str | None]
"""An article's id -> its text; None where there is no such article."""


class Verifier:
    """Judges claims. Threads may share it; what it has seen of a passage it keeps for the next claim.

    With `article`, what carries a claim is held against the rest of its article, too.
    """

    def __init__(self, likeness: Likeness, article: ReadArticle | None = None) -> None:
        self._likeness = likeness
        self._article = article
        self._texts: dict[str, str] = {}
        self._curve = AS_MEASURED

    def corrected(self, curve: ScoreCurve) -> "Verifier":
        """The same verifier, whose scores are corrected by a curve, and whose verdicts go by what comes of it."""
        made = copy(self)
        made._curve = curve
        return made

    def prepare(self, passages: Sequence[Passage]) -> None:
        """Reads and encodes the passages of an answer, while the model is still thinking."""
        read = [taken_apart(passage.text, context_of(passage)) for passage in passages]
        for one in read:
            one.ready()
        self._likeness.prepare([one.text[start:end] for one in read for start, end in one.pieces])

    def judge(self, claim: str, source: str, context: str = "") -> Judgement:
        """What a source is to a claim; `context` is what is known of its article (title, author, date), and counts as given."""
        return self._weigh(claim, source, context)[0]

    def features(self, claim: str, source: str, context: str = "") -> Mapping[str, float] | None:
        """What the judgement's probability is made of; None where nothing was weighed, for words that stand there."""
        bare = without_lead(claim)
        if not _WORD.search(cleaned(bare)) or not source.strip() or find(bare, source) is not None:
            return None
        return self._weighed(bare, source, context).features

    def check(self, claim: str, cited: Sequence[Passage], others: Sequence[Passage]) -> Check:
        """A claim of an answer against the passages it cites, which may support it together, and against the others."""
        judged = [self.judge(claim, passage.text, context_of(passage)) for passage in cited]
        best = min(judged, key=lambda one: BEST_FIRST.index(one.verdict), default=None)
        if best and not best.holds and len(cited) > 1 and (together := self._together(claim, cited, judged)):
            return Check("supported", together)
        if best and best.verdict in DOUBTABLE and (against := self._against(claim, cited, judged)):
            doubted = tuple(_doubted(one, against.reason) if one.verdict in DOUBTABLE else one for one in judged)
            return Check("check", doubted, None, against)
        return Check(best.verdict if best else "uncited", tuple(judged), self._better(claim, judged, others))

    def _against(self, claim: str, cited: Sequence[Passage], judged: Sequence[Judgement]) -> Citation | None:
        """The sentence that speaks against a claim in the articles of the passages that carry it, the surest of these first."""
        carrying = [(one, passage) for one, passage in zip(judged, cited, strict=True) if one.verdict in DOUBTABLE]
        carrying.sort(key=lambda each: -each[0].score)
        seen = list(dict.fromkeys(passage.article for _, passage in carrying))[:ARTICLES]
        for article in seen:
            one, passage = next(each for each in carrying if each[1].article == article)
            text, start = self._text(passage)
            spared = [(start + one.span[0], start + one.span[1])] if one.span else []
            statement = claimed(without_lead(claim))
            if found := opposing(statement, text, context_of(passage), spared, self._likeness):
                moved = passage.start - start
                place = (moved + found.span[0], moved + found.span[1])
                words, verdict = text[slice(*found.span)], _STRICT.get(found.kind, "check")
                return Citation(passage.n, article, passage.title, *place, words, verdict, found.reason)
        return None

    def _text(self, passage: Passage) -> tuple[str, int]:
        """The text of a passage's article and where the passage begins in it; the passage alone where it is not to be had."""
        text = self._texts.get(passage.article)
        if self._article and (text is None or text[passage.start : passage.end] != passage.text):
            text = self._article(passage.article)
            while len(self._texts) >= TEXTS:
                self._texts.pop(next(iter(self._texts), ""), None)
            self._texts[passage.article] = text or ""
        found = text is not None and text[passage.start : passage.end] == passage.text
        return (text or "", passage.start) if found else (passage.text, 0)

    def _together(self, claim: str, cited: Sequence[Passage], judged: Sequence[Judgement]) -> tuple[Judgement, ...] | None:
        """The judgements of passages that support a claim only together: each carries a part of it; None where they do not."""
        joint = f"\n{BORDER}\n".join(passage.text for passage in cited)
        whole, used = self._weigh(claim, joint, "\n".join(map(context_of, cited)))
        if not whole.holds:
            return None
        found, at = list[Judgement](), 0
        for passage, one in zip(cited, judged, strict=True):
            spans = [(start - at, end - at) for start, end in used if at <= start < at + len(passage.text)]
            part = Judgement("check", whole.score / 2, spans[0], "It supports a part of the claim.") if spans else NOTHING
            found.append(one if one.verdict == "check" and one.span else part)
            at += len(passage.text) + len(BORDER) + 2
        return tuple(found)

    def _better(self, claim: str, judged: Sequence[Judgement], others: Sequence[Passage]) -> tuple[Passage, Judgement] | None:
        """The passage of the others that carries the claim where no cited one does, or plainly better than they do."""
        best = max((one.score for one in judged if one.holds), default=0.0)
        if best >= IN_DOUBT:
            return None
        keys = claimed(without_lead(claim)).keys

        def shared(passage: Passage) -> int:
            return len(keys & taken_apart(passage.text, context_of(passage)).keys)

        likely = sorted(others, key=shared, reverse=True)[:LOOKED_AT]
        found = [(passage, self.judge(claim, passage.text, context_of(passage))) for passage in likely]
        fit = [each for each in found if each[1].verdict == "quoted" or (each[1].holds and not best)]
        return max(fit, key=lambda each: each[1].score, default=None)

    def _weigh(self, claim: str, source: str, context: str) -> tuple[Judgement, list[Span]]:
        """The judgement, and the spans of all the sentences that it rests on."""
        bare = without_lead(claim)
        if not _WORD.search(cleaned(bare)) or not source.strip():
            return NOTHING, []
        if (span := find(bare, source)) is not None:
            return _quoted(source, span), [span]
        read = taken_apart(source, context)
        invented = [bare[start:end] for start, end in quotations(bare) if not _stands(bare[start:end], source)]
        weighed = self._weighed(bare, source, context)
        judgement = _decided(weighed, invented)
        if not invented and not judgement.holds and (span := _only_quotes(bare, read)):
            return Judgement("quoted", 1.0, span), [span]
        return corrected(judgement, self._curve), [(one.start, one.end) for one in weighed.evidence.near]

    def _weighed(self, claim: str, source: str, context: str) -> "_Weighed":
        evidence = Evidence(claimed(claim), taken_apart(source, context), self._likeness)
        findings = self._findings(evidence, claim)
        return _Weighed(evidence, findings, features(evidence, findings))

    def _findings(self, evidence: Evidence, claim: str) -> list[Finding]:
        pairing, alignment = evidence.pairing, evidence.alignment
        if tabular(evidence.frame, pairing.chosen):
            found = [Finding("facts", one) for one in misplaced(pairing, evidence.frame)]
            found += [Finding("names", one) for one in lacking_names(pairing)]
            found += [Finding("words", one) for one in (*denials(pairing), *evidence.unsaid())]
        elif evidence.eastern:
            found = [_about("words", one) for one in eastern(pairing, alignment, VERBATIM)]
        elif evidence.across:
            # The rules of denials and small words read English, and a name may be spelt otherwise in another language.
            found = [Finding("facts", one) for one in wrong_facts(pairing)]
            found += [Finding("names", one) for one in unnamed(pairing)]
        else:
            verbatim = alignment.share >= VERBATIM
            instead = replaced(pairing, alignment, self._likeness.alike, ONLY_ALIKE, SAME_MEANING) if verbatim else ()
            found = [_about("words", one) for one in instead]
            # What stands in a fact's place says all that has to be said.
            if not any(one.problem.conflict for one in found):
                found += [Finding("facts", one) for one in wrong_facts(pairing)]
                found += [Finding("names", one) for one in wrong_names(pairing)]
                found += [Finding("words", one) for one in (*denials(pairing), *hedged(pairing))]
            found += [Finding("words", one) for one in (*evidence.frame.answers(pairing), *evidence.unsaid())]
            found += [Finding("words", one) for one in left_open(pairing, self._likeness.alike)]
        found += [Finding("words", one) for one in evidence.frame.elsewhere(pairing.chosen)]
        foreign = [address for address in addresses(claim) if address not in pairing.source.text]
        reason = "The passage does not have the address {}."
        return found + [Finding("words", Problem("", reason.format(one), pairing.chosen[0])) for one in foreign]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What was found of a claim in a source, and its features."""

    evidence: Evidence
    findings: Sequence[Finding]
    features: Mapping[str, float]


def _about(kind: Kind, problem: Problem) -> Finding:
    """A finding of its kind; a conflict of numbers is about facts wherever it was found."""
    return Finding("facts" if problem.kind == "number" else kind, problem)


def corrected(judgement: Judgement, curve: ScoreCurve) -> Judgement:
    """A judgement whose score is corrected, with the word that goes with it: what is missing or names a fault stays so."""
    if judgement.verdict not in WEIGHED:
        return judgement
    score = curve(judgement.score)
    stays = judgement.reason or judgement.verdict == "not found"
    return replace(judgement, verdict=judgement.verdict if stays else _word(score), score=score, measured=judgement.score)


def context_of(passage: Passage) -> str:
    """What is known of a passage's article, as the verifier counts it as given."""
    return "\n".join(part for part in (passage.title, passage.author, passage.date) if part)


def _doubted(judgement: Judgement, reason: str) -> Judgement:
    """A passage that carries a claim, of which something else in its article says otherwise."""
    return replace(judgement, verdict="check", score=judgement.score / 2, reason=f"Elsewhere in the article: {reason}")


def _stands(quotation: str, source: str) -> bool:
    """Whether a quotation's words stand in a source; a title may have other capitals there."""
    return bool(find_quotation(quotation, source) or find_quotation(quotation.lower(), source.lower()))


def _quoted(source: str, span: Span) -> Judgement:
    """The claim's words stand there; in the mouth of somebody who denies them they support nothing."""
    if (denial := denial_before(cleaned(source), span[0])) is not None:
        words, plain = denial
        return Judgement("denied" if plain else "check", 0.05 if plain else 0.3, span, f"The passage has “{words}” before it.")
    return Judgement("quoted", 1.0, span)


def _decided(weighed: _Weighed, invented: Sequence[str]) -> Judgement:
    evidence, findings = weighed.evidence, weighed.findings
    likely = probability(weighed.features)
    if evidence.across:
        # The weights were fitted on English, and another encoder's cosines are others.
        likely = evidence.likely / (2 if findings else 1)
    about = evidence.likely > LEAST or evidence.alignment.share >= VERBATIM
    strict = next((one.problem for one in findings if one.strict), None)
    if strict and about:
        one = evidence.pairing.source.sentences[strict.at]
        return Judgement(_STRICT[strict.kind], likely, (one.start, one.end), strict.reason)
    if invented:
        reason = f"The words “{' '.join(invented[0].split())}” do not stand in the passage."
        # A title that has another form there is no invented quotation.
        known = all(evidence.pairing.source.has(word) for word in words(invented[0]) if word.telling)
        return (
            Judgement("check", likely, _span(evidence), reason) if known else Judgement("not found", likely / 2, None, reason)
        )
    if not about:
        return Judgement("not found", likely)
    if findings:
        doubted = any(one.kind == "facts" or one.problem.conflict for one in findings)
        word: Verdict = "likely" if likely >= IN_SPITE and not doubted else "check"
        return Judgement(word, likely, _span(evidence), findings[0].problem.reason)
    return Judgement(_word(likely), likely, _span(evidence))


def _word(score: float) -> Verdict:
    """The verdict on a claim of which nothing is missing."""
    return "supported" if score >= SUPPORTED else "likely" if score >= LIKELY else "check"


def _span(evidence: Evidence) -> Span:
    """The best sentence, with those of the others that are its neighbours."""
    first = last = evidence.pairing.chosen[0]
    for i in sorted(evidence.pairing.chosen[1:], key=lambda one: abs(one - first)):
        if first - 1 <= i <= last + 1:
            first, last = min(first, i), max(last, i)
    sentences = evidence.pairing.source.sentences
    return sentences[first].start, sentences[last].end


def _only_quotes(claim: str, source: Source) -> Span | None:
    """Where the quotation stands of a claim that says little beside it: who wrote it, and that they did."""
    spans = quotations(claim)
    if not spans:
        return None
    lead = claimed(claim)
    beside = [w for w in lead.words if w.telling and not any(start <= w.start < end for start, end in spans)]
    # Who says it may be named; what else is claimed beside the quotation is not carried by its words.
    odd = any(word.stem not in _REPORTING and not (word.capital and source.has(word)) for word in beside)
    if odd or len(beside) > MOST_BESIDE or any(not start <= one.start < end for one in lead.negations for start, end in spans):
        return None
    return find_quotation(claim[slice(*max(spans, key=lambda one: one[1] - one[0]))], source.text)
