"""What else an article says about a claim: its sentences that speak against it, wherever in the article they stand.

A passage that carries a claim is a few sentences of an article, and the sentence that refutes it may be another one. So all
sentences of the article that talk of the same are looked at: the words of the claim pick them, and only the few that share most
are compared by likeness, however long the article is.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.reading.negations import opposite
from bot.verification.denials import denials
from bot.verification.evidence import Evidence, TokenLikeness
from bot.verification.numbers import wrong_facts
from bot.verification.pairing import Conflict
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
    texts = [(span, taken_apart(article[span[0] : span[1]], context)) for span in _alike(claim, article, spared)]
    texts = [(span, source) for span, source in texts if _may_oppose(claim, source)]
    found = [one for span, source in texts if (one := _against(Evidence(claim, source, likeness), span))]
    return max(found, key=lambda one: one.score, default=None)


def _alike(claim: Statement, article: str, spared: Sequence[Span]) -> list[Span]:
    """The sentences of an article that share most with a claim; a word that few of them have counts more."""
    found = [
        (one.offered & claim.keys, (start + one.start, start + one.end))
        for start, end in _picked(claim, article)
        for one in _read(article[start:end]).sentences
    ]
    found = [(keys, span) for keys, span in found if keys and not any(span[0] < e and s < span[1] for s, e in spared)]
    counts = Counter(key for keys, _ in found for key in keys)
    weighed = sorted(((sum(1 / counts[key] ** 0.5 for key in keys), span) for keys, span in found), reverse=True)
    return [span for _, span in weighed[:COMPARED]]


@lru_cache(maxsize=512)
def _read(paragraph: str) -> SourceText:
    return taken_apart(paragraph)


def _picked(claim: Statement, article: str) -> Iterator[Span]:
    """The paragraphs that have most of the claim's words, in the article's order."""
    trunks = {folded(word.text)[:TRUNK] for word in claim.plain} | {word.text for word in claim.words if word.text.isdigit()}
    spans = [(start, min(end, start + LONGEST)) for start, end in paragraphs(article)]
    if len(spans) > PARAGRAPHS:
        plain = folded(article)
        texts = [plain[start:end] if len(plain) == len(article) else folded(article[start:end]) for start, end in spans]
        counts = [sum(trunk in text for trunk in trunks) for text in texts]
        best = sorted(range(len(spans)), key=lambda n: -counts[n])[:PARAGRAPHS]
        spans = [spans[n] for n in sorted(best) if counts[n]]
    yield from spans


def _may_oppose(claim: Statement, source: SourceText) -> bool:
    """Whether a sentence has anything that may speak against the claim, before its likeness is worked out."""
    for one in source.sentences:
        if claim.negations or one.negations or (claim.facts and one.facts):
            return True
        mine, theirs = ({word.stem for word in each.words} for each in (claim, one))
        if any(opposite(word, other) for word in mine - theirs for other in theirs - mine):
            return True
    return False


def _against(evidence: Evidence, span: Span) -> Opposing | None:
    """What a sentence says against the claim, where it is about the same."""
    if evidence.eastern or evidence.across:
        return None
    pairing, score, claim = evidence.pairing, evidence.score, evidence.pairing.claim
    for bar, problems in ((DENIED, denials), (RIVAL, wrong_facts)):
        # What a claim denies is affirmed somewhere of something else.
        high = max(bar, RIVAL) if claim.negations else bar
        if score >= high and (found := next((one for one in problems(pairing) if one.conflict), None)):
            return Opposing(span, found.kind, found.reason, score)
    return None
