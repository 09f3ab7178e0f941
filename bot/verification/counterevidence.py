"""What else an article says about a claim: its sentences that speak against it, wherever in the article they stand.

A passage that carries a claim is a few sentences of an article, and the sentence that refutes it may be another one. So all
sentences of the article that talk of the same are looked at: the words of the claim pick them, and only the few that share most
are compared by likeness, however long the article is.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.reading.names import same_name
from bot.reading.negations import Negation, opposite
from bot.verification.denials import denials
from bot.verification.evidence import Evidence, TokenLikeness
from bot.verification.layout import SentenceScope
from bot.verification.numbers import wrong_facts
from bot.verification.pairing import Conflict, Mismatch, Pairing
from bot.verification.roles import turned_told, turned_verb
from bot.verification.statements import SourceText, Statement, taken_apart
from vectorstore.searching.folding import folded
from vectorstore.splitting.sentences import paragraphs
from vectorstore.types import Span

PARAGRAPHS = 24
"""Paragraphs of an article that are read for a claim: those that have most of its words."""
LONGEST = 6_000
"""Characters of a paragraph that are read."""
COMPARED = 6
"""Sentences of an article that are held against a claim, those that share most with it."""
DENIED, RIVAL = 0.5, 0.8
"""Likeness and words together from which a sentence is about the same as the claim, so that its denial counts, and its number.
Of 281 accepted claims that people called supported, these speak against 3 and 1; at 0.5, numbers speak against 5, and against
31 of 164 paraphrases written by hand: an article has many numbers."""
PRONOUNS = frozenset(["he", "she", "it", "they", "this", "these", "i", "we"])
TRUNK = 5
"""Letters of a word by which a paragraph is picked, before any of its words is read."""


@dataclass(frozen=True, slots=True)
class Opposing:
    """A sentence of an article, at `span` of its text, that speaks against a claim: by what `kind` of conflict, and how.

    `score` is how much of the claim it is about, likeness and words together as in `evidence`.
    """

    span: Span
    kind: Conflict
    reason: str
    score: float


def counterevidence(
    claim: Statement, article: str, context: str, spared: Sequence[Span], likeness: TokenLikeness
) -> Opposing | None:
    """The sentence of an article that speaks most against a claim, or None; `spared` are places that were weighed already."""
    texts = [(span, scope, taken_apart(article[slice(*span)], context)) for span, scope in _alike(claim, article, spared)]
    # The encoder is asked only for sentences that could speak against the claim at all.
    texts = [each for each in texts if _may_oppose(claim, each[2])]
    found = [one for span, scope, source in texts if (one := _against(Evidence(claim, source, likeness), span, scope))]
    return max(found, key=lambda one: one.score, default=None)


def _alike(claim: Statement, article: str, spared: Sequence[Span]) -> list[tuple[Span, SentenceScope]]:
    """The sentences of an article that share most with a claim; a word that few of them have counts more."""
    found = [
        (one.offered & claim.keys, (start + one.start, start + one.end), scope)
        for start, end in _picked(claim, article)
        # A list of one names a value within a comprehension.
        for read in [_read(article[start:end])]
        for one, scope in zip(read.sentences, read.layout.scopes, strict=True)
    ]
    # Those are kept that share a word with the claim and overlap no place that was weighed already.
    found = [each for each in found if each[0] and not any(each[1][0] < e and s < each[1][1] for s, e in spared)]
    counts = Counter(key for keys, _, _ in found for key in keys)
    # The square root softens it: one rare word should not outweigh two that several sentences have.
    found.sort(key=lambda each: (sum(1 / counts[key] ** 0.5 for key in each[0]), each[1]), reverse=True)
    return [(span, scope) for _, span, scope in found[:COMPARED]]


@lru_cache(maxsize=512)
def _read(paragraph: str) -> SourceText:
    return taken_apart(paragraph)


def _picked(claim: Statement, article: str) -> Iterator[Span]:
    """The paragraphs that have most of the claim's words, in the article's order."""
    trunks = {folded(word.text)[:TRUNK] for word in claim.plain} | {word.text for word in claim.words if word.text.isdigit()}
    spans = [(start, min(end, start + LONGEST)) for start, end in paragraphs(article)]
    if len(spans) > PARAGRAPHS:
        plain = folded(article)
        # Folding may change the length ("ß"), and then the places of the paragraphs no longer hold.
        texts = [plain[start:end] if len(plain) == len(article) else folded(article[start:end]) for start, end in spans]
        counts = [sum(trunk in text for trunk in trunks) for text in texts]
        best = sorted(range(len(spans)), key=lambda n: -counts[n])[:PARAGRAPHS]
        spans = [spans[n] for n in sorted(best) if counts[n]]
    yield from spans


def _may_oppose(claim: Statement, source: SourceText) -> bool:
    """Whether a sentence has anything that may speak against the claim, before its likeness is worked out."""
    verbs = {claim.words[n].stem for n in claim.verbs}
    for one in source.sentences:
        if claim.negations or one.negations or (claim.facts and one.facts):
            return True
        mine, theirs = ({word.stem for word in each.words} for each in (claim, one))
        if verbs & theirs or any(opposite(word, other) for word in mine - theirs for other in theirs - mine):
            return True
    return False


def _same_subject(claim: Statement, one: Statement) -> bool:
    """Whether a sentence has what a claim begins with, before its first verb, or a pronoun that may stand for it."""
    telling = [word for word in claim.words if word.telling]
    # Where no verb is told apart, the first two words are taken for it.
    end = next((claim.words[n].start for n in claim.verbs), telling[:2][-1].end if telling else 0)
    subject = {word.stem for word in telling if word.start < end}
    stands = {word.stem for word in one.words} & subject or any(word.text.casefold() in PRONOUNS for word in one.words)
    return bool(stands) or not subject or any(same_name(a.text, b.text) for a in claim.names for b in one.names)


def _conflict(problems: Iterator[Mismatch], pairing: Pairing) -> Mismatch | None:
    """The first conflict; a denial only where it denies something that the claim says."""
    claim, one = pairing.claim, pairing.near[0]
    denies = bool(one.negations) and not claim.negations
    denied = any(_denies(each, one, claim) for each in one.negations)
    # A conflict with a place of its own (`theirs`) is one of numbers or opposites, which needs no denial.
    return next((each for each in problems if each.conflict and (denied or not denies or each.theirs)), None)


def _denies(each: Negation, one: Statement, claim: Statement) -> bool:
    """Whether a negation of a sentence denies the claim: by "no" of a thing in it, or by two words of what is denied.

    "Cold nights without frost" and "was unable to keep people away" deny little of what else is said of frost and of keeping.
    """
    word = one.text[each.start : each.end].casefold()
    shared = [stem for stem in each.denied if any(stem == other.stem for other in claim.words)]
    if word == "no":
        # "No key" denies the key and not what else stands in its sentence.
        return each.denied[:1] == tuple(shared[:1]) != ()
    return word != "without" and len(shared) >= min(2, len(each.denied)) > 0


def _against(evidence: Evidence, span: Span, scope: SentenceScope) -> Opposing | None:
    """What a sentence says against the claim, where it is about the same."""
    if evidence.eastern or evidence.across:
        return None
    pairing, score, claim = evidence.pairing, evidence.score, evidence.pairing.claim
    # A denial is told apart at a lower likeness than a number: an article has many numbers.
    for bar, problems in ((DENIED, denials), (RIVAL, wrong_facts)):
        # What a claim denies is affirmed somewhere of something else.
        high = max(bar, RIVAL) if claim.negations else bar
        if score >= high and _same_subject(claim, pairing.near[0]) and (found := _conflict(problems(pairing), pairing)):
            return Opposing(span, found.kind, found.reason, score)
    if score >= DENIED and (turned := turned_verb(claim, [(one, scope) for one in pairing.near])):
        return Opposing(span, "other", turned_told(turned[0]), score)
    return None
