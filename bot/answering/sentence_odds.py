"""Candidate sentences -> the log odds that each answers: what the answer judge reads, and how its odds count beside likeness.

The judge (`vectorstore.encoding.answer_judge`) reads the question with whole stretches of text, as a sentence alone seldom says
what it is about. What it reads costs time, so it reads the likeliest stretches first, and none that can no longer matter.
"""

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby, zip_longest

import numpy as np
from numpy.typing import NDArray

from bot.answering.quotations import CandidateSentence
from vectorstore.splitting.blocks import cells
from vectorstore.types import Span

Judge = Callable[[str, Sequence[tuple[str, Sequence[Span]]]], Sequence[NDArray[np.float32]]]
"""A question and stretches of text, each with spans in it -> for each stretch the log odds that each span answers."""

JUDGED = 0.5
"""What a unit of the judge's log odds counts beside a standard deviation of likeness."""
WIDER = 1.5
"""How much more scores differ with the judge's part in them."""
READ = 24
"""Only stretches with one of so many of the likeliest candidates are read: what is read costs time."""
SWAYS = 4.0
"""Nor is a stretch read whose likeliest candidate would stay too far behind the best one to be quoted even with these log odds.
That spares 44 in 100 characters and changed 1 answer of 485. 2.0 would spare 57 and change no more answers, but how sure they
are: it misses odds that would have told (`docs/ranking.md`)."""
AT_ONCE = 2
"""Stretches that are read side by side before it is asked whether the next ones can matter."""
STRETCH = 900
"""The most characters of a passage that are read at once, beside what they stand under."""
REMEMBERED = 10_000
"""Stretches whose odds are remembered: those of more than a thousand questions, in 3 MB."""
UNREAD = -12.0
"""The log odds of a candidate that is not read."""
SLOPE, AT_ZERO = 0.8, -4.0
"""The log odds that the judge gives an English sentence on average, by its likeness: what a sentence in another language is
taken to have, which the judge cannot read (least squares over 1,699 sentences that were read for 36 questions)."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Neighbours in one passage, by their places among the candidates, with what a reader has read before them."""

    places: tuple[int, ...]
    text: str
    spans: tuple[Span, ...]


def judge_odds(
    judge: Judge,
    question: str,
    found: Sequence[CandidateSentence],
    likely: Sequence[float],
    margin: float = math.inf,
) -> list[float]:
    """The log odds that each candidate answers; `likely` are scores by which those that are read at all are chosen.

    Only English is read; a candidate in another language has the odds that one of its likeness has on average. What would be
    more than `margin` behind the best score whatever the judge says is not read.
    """
    foreign = {i for i, one in enumerate(found) if one.foreign}
    odds = [SLOPE * likely[i] + AT_ZERO if i in foreign else UNREAD for i in range(len(found))]
    read = sorted(set(range(len(found))) - foreign, key=lambda i: -likely[i])[:READ]
    best = -math.inf
    ahead = _likeliest_first(found, read)
    # The best score that any candidate there could reach is still near enough to the best one found so far.
    while able := [one for one, first in ahead[:AT_ONCE] if (likely[first] + JUDGED * SWAYS) / WIDER >= best - margin]:
        ahead = ahead[AT_ONCE:]
        for one, scores in zip(able, judge(question, [(one.text, one.spans) for one in able]), strict=True):
            # What stands before the candidates is read as a span of its own and not asked about.
            for place, score in zip(one.places, scores[1:], strict=True):
                odds[place] = max(odds[place], float(score))
                best = max(best, (likely[place] + JUDGED * odds[place]) / WIDER)
    return odds


def _likeliest_first(found: Sequence[CandidateSentence], read: Sequence[int]) -> list[tuple["_Stretch", int]]:
    """The stretches with one of the candidates that may be `read`, likeliest first, each with the likeliest of these in it."""
    rank = {place: at for at, place in enumerate(read)}
    inside = ((one, [rank[place] for place in one.places if place in rank]) for one in _stretches(found))
    ranked = sorted(((one, min(ranks)) for one, ranks in inside if ranks), key=lambda pair: pair[1])
    return [(one, read[at]) for one, at in ranked]


def _stretches(found: Sequence[CandidateSentence]) -> Iterator[_Stretch]:
    for _, group in groupby(range(len(found)), key=lambda i: found[i].passage.n):
        run: list[int] = []
        for place in group:
            # A stretch is closed before it grows too long for the model to read whole.
            if run and found[place].end - found[run[0]].start > STRETCH:
                yield _stretch(found, run)
                run = []
            run.append(place)
        if run:
            yield _stretch(found, run)


def _stretch(found: Sequence[CandidateSentence], places: Sequence[int]) -> _Stretch:
    """The candidates with what lies between them, under their title and the context of the first."""
    first = found[places[0]]
    # Each line once: the title is often the first heading, too.
    text = "\n".join(line for line in dict.fromkeys((first.passage.title, *first.context)) if line) + "\n\n"
    spans = [(0, len(text))]
    for before, i in zip([None, *places], places, strict=False):
        one = found[i]
        if before is not None:
            text += "\n" if one.block.kind == "row" else one.page.slice(found[before].end, one.start)
        spans.append((len(text), len(text) + len(words := _read(one))))
        text += words
    return _Stretch(tuple(places), text, tuple(spans))


def _read(one: CandidateSentence) -> str:
    """A candidate as a reader takes it in: each cell of a row with the name of its column."""
    header = next(one.page.outline.leads(one.block), None) if one.block.kind == "row" else None
    if header is None or header.kind != "header":
        return one.text
    columns, values = cells(one.page.slice(*one.page.span(header))), cells(one.text)
    return "; ".join(f"{column}: {value}" if column else value for column, value in zip_longest(columns, values, fillvalue=""))


def stacked_scores(likely: Sequence[float], odds: Sequence[float]) -> list[float]:
    """Likeness and the judge's log odds as one score, which differs as much between sentences as likeness alone does."""
    # All zeros mean that no judge has read.
    return [(one + JUDGED * odd) / WIDER for one, odd in zip(likely, odds, strict=True)] if any(odds) else list(likely)


def remembering_judge(judge: Judge, most: int = REMEMBERED) -> Judge:
    """The judge, which reads a stretch of text for a question once and remembers the last `most` of them. Thread-safe.

    A follow-up is answered with its context and alone, from much the same passages; a suggestion is tried before it is offered,
    and asked again when it is taken; and many people ask the same thing.
    """
    known: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()
    lock = threading.Lock()

    def scores(question: str, stretches: Sequence[tuple[str, Sequence[Span]]]) -> list[NDArray[np.float32]]:
        """What the judge says; from memory where it has read the stretch before."""
        keys = [_digest(question, text, spans) for text, spans in stretches]
        with lock:
            found = {key: known[key] for key in keys if key in known}
        # Read outside of the lock: two threads that read the same stretch do no harm, and the others need not wait.
        new = {key: stretch for key, stretch in zip(keys, stretches, strict=True) if key not in found}
        found |= dict(zip(new, judge(question, list(new.values())), strict=True))
        with lock:
            for key in keys:
                known[key] = found[key]
                known.move_to_end(key)
            while len(known) > most:
                known.popitem(last=False)
        return [found[key] for key in keys]

    return scores


def _digest(question: str, text: str, spans: Sequence[Span]) -> bytes:
    """A key of 16 bytes, as the texts themselves would take ten times the memory of what is remembered of them."""
    whole = "\0".join((question, text, repr(tuple(spans))))
    return blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).digest()
