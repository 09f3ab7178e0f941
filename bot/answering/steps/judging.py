"""Candidates scored by `vectorstore.encoding.answer_judge`, which reads a question with whole stretches of text; else pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

import numpy as np
from numpy.typing import NDArray

from bot.answering.steps.candidates import Candidate
from vectorstore.splitting.blocks import cells
from vectorstore.splitting.language import ENGLISH
from vectorstore.types import Span

Judge = Callable[[str, Sequence[tuple[str, Sequence[Span]]]], Sequence[NDArray[np.float32]]]
"""A question and stretches of text, each with spans in it -> for each stretch the log odds that each span answers."""

READ = 24
"""Only stretches with one of so many of the likeliest candidates are read: what is read costs time."""
STRETCH = 900
"""The most characters of a passage that are read at once, beside what they stand under."""
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


def judged(judge: Judge, question: str, found: Sequence[Candidate], likely: Sequence[float]) -> list[float]:
    """The log odds that each candidate answers; `likely` are scores by which those that are read at all are chosen.

    Only English is read; a candidate in another language has the odds that one of its likeness has on average.
    """
    foreign = [i for i, one in enumerate(found) if one.passage.language not in ("", ENGLISH)]
    read = set(sorted(set(range(len(found))) - set(foreign), key=lambda i: -likely[i])[:READ])
    stretches = [one for one in _stretches(found) if read & set(one.places)]
    odds = [UNREAD] * len(found)
    for i in foreign:
        odds[i] = SLOPE * likely[i] + AT_ZERO
    for one, scores in zip(stretches, judge(question, [(one.text, one.spans) for one in stretches]), strict=True):
        # What stands before the candidates is read as a span of its own and not asked about.
        for place, score in zip(one.places, scores[1:], strict=True):
            odds[place] = max(odds[place], float(score))
    return odds


def _stretches(found: Sequence[Candidate]) -> Iterator[_Stretch]:
    for _, group in groupby(range(len(found)), key=lambda i: found[i].passage.n):
        run: list[int] = []
        for place in group:
            if run and found[place].end - found[run[0]].start > STRETCH:
                yield _stretch(found, run)
                run = []
            run.append(place)
        if run:
            yield _stretch(found, run)


def _stretch(found: Sequence[Candidate], places: Sequence[int]) -> _Stretch:
    """The candidates with what lies between them, under their title and the context of the first."""
    first = found[places[0]]
    text = "\n".join(line for line in dict.fromkeys((first.passage.title, *first.context)) if line) + "\n\n"
    spans = [(0, len(text))]
    for before, i in zip([None, *places], places, strict=False):
        one = found[i]
        if before is not None:
            text += "\n" if one.block.kind == "row" else one.page.slice(found[before].end, one.start)
        spans.append((len(text), len(text) + len(words := _read(one))))
        text += words
    return _Stretch(tuple(places), text, tuple(spans))


def _read(one: Candidate) -> str:
    """A candidate as a reader takes it in: each cell of a row with the name of its column."""
    header = next(one.page.outline.leads(one.block), None) if one.block.kind == "row" else None
    if header is None or header.kind != "header":
        return one.text
    columns, values = cells(one.page.slice(*one.page.span(header))), cells(one.text)
    return "; ".join(f"{column}: {value}" if column else value for column, value in zip_longest(columns, values, fillvalue=""))
