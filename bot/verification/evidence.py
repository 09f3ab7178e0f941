"""The sentences of a source that say most of a claim, and how surely they say it; pure.

Two things are weighed together: likeness, the mean over the claim's telling tokens of the best cosine among the tokens of the
sentences (`vectorstore.encoding.late_interaction`), and the share of the claim's words and facts that stand in them.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from math import exp
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.reading.words import FUNCTION_WORDS, is_eastern
from bot.verification.numbers import supported_facts
from bot.verification.pairing import Alignment, Mismatch, Pairing, align, share
from bot.verification.relevance import Relevance
from bot.verification.statements import SourceText, Statement, clauses, within
from vectorstore.encoding.late_interaction import SimilarityMatrix
from vectorstore.encoding.transformer import Floats
from vectorstore.types import Span

COVER = 0.5
"""What the share of the claim's words that stand in the sentences counts beside likeness. Area under the ROC curve, paraphrases
against unrelated sentences of the seen half: likeness alone 0.993, words alone 0.990, together at 0.2, 0.5 and 1: 0.995, 0.996,
0.995. Likeness the other way round (the sentence's tokens in the claim) was 0.888, and the sentences' vectors 0.905."""
SUPPORTED = 0.92
"""Likeness and words together at which a sentence is as likely as not to say a claim. Of the seen half's unrelated sentences 3%
reach it, of the paraphrases 93%."""
FACT, MOST_FACTS = 0.06, 2
"""What each number and date of the claim that stands in the sentences lowers this bar by, and how many count: a claim that
shares a number with a sentence of the same subject is hardly ever about something else (none of the seen unrelated ones)."""
ACROSS, ACROSS_COVER, ACROSS_STEEP = 0.46, 0.2, 10.0
"""The same where claim or source is not English and multilingual-e5-small compares them: the lower half of the claim's tokens
is counted, which tells best whether all of it is said, and the words count less, which two languages hardly share. Of the
pairs in `tests/verdicts/languages.jsonl` that cross languages, a third of the true ones and none of the false ones reach it."""
STEEP = 18.0
"""How fast the score goes from 0 to 1 around the bar."""
NEXT_TO, FURTHER, MOST_SENTENCES = 0.05, 0.08, 3
"""What a further sentence must add to be counted in: less where it is a neighbour of one that is; and how many there may be."""
NEVER = 10.0
"""Takes a sentence that is about something else below all others."""
NEARLY, REPEATED = 0.85, 0.85
"""From this share a claim repeats one sentence so nearly that no likeness need be worked out, which costs most of the time; and
the likeness that it then has, about the median of untouched sentences."""
REPEATED_LATE = 0.95
"""The likeness of such a claim in its score: people call more of them supported than 0.85 would tell."""
UNSAID, CLAUSE = 0.5, 3
"""A clause of a claim, of so many telling words, is not said where its likeness and share of words together are below this: of
the seen paraphrases 1% have such a clause, and of those with a clause put behind them that the passage does not say, 80%."""
MOST_PIECES = 3
"""So many runs of sentences of a long source are compared by likeness, those that share most of the claim's words."""
_WORD = re.compile(r"\w")


class TokenLikeness(Protocol):
    """How alike tokens are: `vectorstore.encoding.late_interaction.Likeness`, or a fake."""

    def prepare(self, texts: Sequence[str]) -> None:
        """Gets ready for texts that will be compared."""

    def crosses(self, *texts: str) -> bool:
        """Whether the encoder for all languages compares these texts, as one of them is not English."""

    def grid(self, claim: str, source: str, pieces: Sequence[Span]) -> SimilarityMatrix:
        """Cosines of the claim's tokens with those of the source's pieces."""

    def alike(self, one: str, other: str) -> float:
        """The cosine of two words or short phrases."""


class Evidence:
    """The sentences of a source that say most of a claim, the best first, and how much they say of it.

    Likeness is asked for only when it is needed: not for a sentence that the claim repeats nearly word for word.
    """

    def __init__(self, claim: Statement, source: SourceText, likeness: TokenLikeness) -> None:
        self._claim, self._source, self._likeness = claim, source, likeness
        self.eastern = is_eastern(claim.text)
        self.relevance = Relevance(claim, source)
        self.across = likeness.crosses(claim.text, source.text)
        self._repeated = _repeated(claim, source)
        # A sentence about something else may repeat the claim's words all the same.
        if self._repeated in self.relevance.foreign:
            self._repeated = None
        if self._repeated is None:
            chosen, self.score = self._choose()
        else:
            chosen, self.score = [self._repeated], REPEATED + COVER * self._cover(self.relevance.offered[self._repeated])
        # Headings, questions and speakers over the chosen sentences are known, but no evidence by themselves.
        leads = self.relevance.lead_parts(chosen)
        self.pairing = Pairing(claim, self.relevance.narrowed(chosen), tuple(chosen), self.nearness, leads)
        self.near = self.pairing.near
        self.alignment: Alignment = align(claim.words, self.near[0].words)

    @cached_property
    def likely(self) -> float:
        """How surely the sentences say the claim, 0 to 1; 0.5 at the bar."""
        # The score is compared with a bar that falls for each number and date that stands there.
        bar = (ACROSS if self.across else SUPPORTED) - FACT * min(MOST_FACTS, supported_facts(self.pairing))
        return 1 / (1 + exp(-(ACROSS_STEEP if self.across else STEEP) * (self.score - bar)))

    @cached_property
    def cover(self) -> float:
        """The share of the claim's words and facts that stand in the sentences."""
        return self._cover(frozenset[str]().union(*(self.relevance.offered[i] for i in self.pairing.chosen)))

    @cached_property
    def late(self) -> float:
        """The likeness of the claim's telling tokens to the sentences that are likest to it, a mean of cosines.

        These need not be the chosen ones, which share its words, too. That of a repeated claim is known.
        """
        if self._repeated is not None:
            return REPEATED_LATE
        # Without cosines the shared pairs of characters stand for likeness, as in `_weights`.
        if self.eastern or not self._telling.size:
            return self.cover
        likest = self._likest[:, self._telling]
        # What is said of something else is no evidence, however like it is.
        likest[list(self.relevance.foreign)] = 0.0
        # `argsort` goes up, hence the turn.
        best = likest.mean(axis=1).argsort()[::-1][:MOST_SENTENCES]
        return float(likest[best].max(axis=0).mean())

    def nearness(self, mine: Span, theirs: Span) -> float:
        """How like the claim's tokens in a span are to the likest of the source's tokens in another: a mean of cosines."""
        rows, columns = _inside(self._grid.claim, mine), _inside(self._grid.source, theirs)
        if not rows.size or not columns.size:
            return 0.0
        # For each token of the claim the likest of the source's, as in late interaction (ColBERT, Khattab and Zaharia 2020).
        return float(self._grid.cosines[np.ix_(rows, columns)].max(axis=1).mean())

    def unsaid(self) -> list[Mismatch]:
        """The first clause of the claim of which its sentences say next to nothing, though they may say the others."""
        keys = frozenset[str]().union(*(self.relevance.offered[i] for i in self.pairing.chosen))
        for start, end in clauses(self._claim):
            stems = {word.stem for word in within((start, end), self._claim.plain)}
            cover = len(stems & keys) / max(1, len(stems))
            # The share of words is worked out first: it costs nothing, and most clauses end here.
            if len(stems) >= CLAUSE and cover < UNSAID and self._late(start, end) + COVER * cover < UNSAID:
                words = " ".join(self._claim.text[start:end].split())
                return [self.pairing.unsaid(f"The passage does not say “{words}”.")]
        return []

    def _late(self, start: int, end: int) -> float:
        """The likeness of the sentences to a part of the claim."""
        rows = _inside(self._grid.claim, (start, end))
        rows = rows[self._telling[rows]]
        # A clause without a token that counts can't be missed.
        return float(self._likest[list(self.pairing.chosen)][:, rows].max(axis=0).mean()) if rows.size else 1.0

    @cached_property
    def _grid(self) -> SimilarityMatrix:
        return self._likeness.grid(self._claim.text, self._source.text, pieces(self._claim, self._source))

    @cached_property
    def _telling(self) -> NDArray[np.bool_]:
        """Which tokens of the claim count: not small words, nor numbers and dates, which are compared as such."""
        text, offsets = self._claim.text, self._grid.claim.tolist()
        tells = [
            _WORD.search(text, start, end) is not None
            and (self.across or text[start:end].casefold() not in FUNCTION_WORDS)
            and not any(one.start <= start < one.end for one in self._claim.facts)
            for start, end in offsets
        ]
        # A claim of nothing but small words and numbers is compared by all its tokens.
        return np.array(tells if any(tells) else [True] * len(tells), bool)

    @cached_property
    def _likest(self) -> Floats:
        """The best cosine of each token of the claim in each sentence and its leads (sentences, tokens); 0 if left out."""
        found = np.zeros((len(self._source.sentences), len(self._grid.claim)), np.float32)
        spans = [(n, (one.start, one.end)) for n, one in enumerate(self._source.sentences)]
        # A token may be said by the heading over a sentence as well as by the sentence.
        spans += [(n, lead) for n, _ in spans for lead in self.relevance.leads(n)]
        # The tokens come in order, so one search finds the columns of all spans at once.
        places = np.searchsorted(self._grid.source[:, 0], [edge for _, span in spans for edge in span]).tolist()
        for (n, _), first, last in zip(spans, places[::2], places[1::2], strict=True):
            # A sentence outside the pieces that were compared has no tokens in the grid.
            if first < last:
                found[n] = np.maximum(found[n], self._grid.cosines[:, first:last].max(axis=1))
        return found

    def _cover(self, keys: frozenset[str]) -> float:
        """The share of the claim's words and facts that are among these."""
        return len(self._claim.keys & keys) / max(1, len(self._claim.keys))

    def _choose(self) -> tuple[list[int], float]:
        """The best sentence, and as many others as add enough to it; their weight, less the prices of the others."""
        # Greedy: each round takes the sentence that adds most, as all pairs and triples would be too many to try.
        weights = self._weights([])
        chosen, paid = [int(weights.argmax())], 0.0
        weight = float(weights[chosen[0]])
        # Without a price for each further sentence, three that say a part each would always beat the one that says all.
        while len(chosen) < min(MOST_SENTENCES, len(weights)):
            prices = self._prices(chosen)
            gains = self._weights(chosen) - weight - prices
            # What is chosen, and what may not stand beside it, gains nothing and is never taken.
            gains[chosen] = -1.0
            gains[[i for i in range(len(gains)) if not all(self.relevance.together(n, i) for n in chosen)]] = -1.0
            best = int(gains.argmax())
            # No other sentence says enough more to be worth its price.
            if gains[best] <= 0:
                break
            chosen, paid = [*chosen, best], paid + float(prices[best])
            weight += float(gains[best] + prices[best])
        # What the further sentences cost stays taken off the score: a claim that needs three sentences is less sure than one
        # that needs one.
        return chosen, weight - paid

    def _weights(self, chosen: Sequence[int]) -> Floats:
        """What each sentence weighs together with those that are chosen."""
        offered = self.relevance.offered
        keys = frozenset[str]().union(*(offered[i] for i in chosen))
        cover = np.array([self._cover(keys | own) for own in offered], np.float32)
        # Lower than any sum of likeness and words can raise it.
        cover[list(self.relevance.foreign)] = -NEVER
        if (self.eastern and not self.across) or not self._telling.size:
            # The model has seen no Chinese, Japanese or Korean: what their pairs of characters share stands for likeness.
            return np.asarray(0.5 + (0.5 + COVER) * cover, np.float32)
        likest = self._likest[:, self._telling]
        # Each token is said by whichever of the sentences says it best.
        likest = np.maximum(likest, likest[chosen].max(axis=0)) if chosen else likest
        if self.across:
            # Across languages the mean hides a part that is not said; the lower half of the tokens shows it.
            lower = np.sort(likest, axis=1)[:, : max(1, likest.shape[1] // 2)]
            return np.asarray(lower.mean(axis=1) + ACROSS_COVER * cover, np.float32)
        return np.asarray(likest.mean(axis=1) + COVER * cover, np.float32)

    def _prices(self, chosen: Sequence[int]) -> Floats:
        """What each sentence must add to be counted in."""
        near = {i + step for i in chosen for step in (-1, 1)}
        return np.array([NEXT_TO if i in near else FURTHER for i in range(len(self._source.sentences))], np.float32)


def pieces(claim: Statement, source: SourceText) -> Sequence[Span]:
    """The pieces of a source to compare a claim with: of a long one, those that share most with it."""
    if len(source.pieces) <= MOST_PIECES:
        return source.pieces
    # In the source's order again, so that the columns of the grid stay sorted by place.
    return sorted(sorted(source.pieces, key=lambda piece: -source.shared(claim, piece))[:MOST_PIECES])


def _repeated(claim: Statement, source: SourceText) -> int | None:
    """The number of the sentence that a claim repeats nearly word for word, or None."""
    if is_eastern(claim.text):
        return None
    common = [len(claim.keys & one.keys) for one in source.sentences]
    likest = max(range(len(common)), key=common.__getitem__)
    # Counting shared keys is cheap and rules out most sentences before their words are laid beside each other.
    if common[likest] < NEARLY * len(claim.keys) / 2:
        return None
    return likest if share(claim.words, source.sentences[likest].words) >= NEARLY else None


def _inside(offsets: NDArray[np.int64], span: Span) -> NDArray[np.int64]:
    return np.asarray(np.flatnonzero((offsets[:, 0] < span[1]) & (offsets[:, 1] > span[0])), np.int64)
