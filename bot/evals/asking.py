"""A case and a setup -> the question to ask, with the passages held still, shuffled or without the cited one; pure."""

import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.errors import InputError
from bot.evals.checks import within
from bot.evals.records import Case, ExpectedCitation, Setup
from bot.evals.robustness import cited_passages, fact_to_change, with_changed_fact
from bot.evals.setups import QUOTES
from bot.evals.store import CachedPassages
from bot.types import Part, Passage, Question

Text = Callable[[str], str | None]
"""An article's id -> its text, None where there is no such article."""


def question(case: Case, setup: Setup, held: CachedPassages | None, text: Text) -> Question:
    """What to ask for this case; `held` is what the run had whose passages are to be used. Raises InputError."""
    if setup.frozen and held is None and case.given is None:
        raise InputError(f"The run {setup.frozen} has no passages for this case.", "Let it be searched: leave --frozen out.")
    # A run that is named for its passages wins over those of the case, which may be older.
    # None here means that the question is searched for.
    given = held.passages if held else case.given
    if setup.shuffled is not None:
        if given is None:
            raise InputError(
                "Only passages that are held still can be shuffled.", "Name a run to take them from: --frozen RUN."
            )
        # The case's id is part of the seed, else all cases with as many passages would have one and the same order.
        given = shuffled(given, f"{setup.shuffled}:{case.id}")
    if setup.mutated:
        given = _with_other_fact(case, held, given)
    # Passages that were written by hand have no stages: quotations go by how well each sentence answers.
    if setup.model == QUOTES and any(not passage.stages for passage in given or ()):
        raise InputError(
            "Quotations cannot be chosen from these passages: no search has said how well they answer.",
            "Take the case from a conversation, or leave out its passages; a model needs nothing more.",
        )
    # Taken out by the search or by the pipeline, so that what is left moves up.
    without = tuple(_unwanted(case, held, text)) if setup.removed else ()
    asked = Question(case.question, case.history, without=without, given=given)
    if held and held.passages and case.history and setup.model != QUOTES:
        # The search's words are held still as well: no model is asked to rewrite the follow-up again.
        return replace(asked, searched=held.query)
    return asked


def _with_other_fact(case: Case, held: CachedPassages | None, given: tuple[Passage, ...] | None) -> tuple[Passage, ...]:
    """The passages with a fact changed that the earlier answer took from those it cited; as they are where there is none."""
    if held is None or given is None:
        raise InputError("Only passages that are held still can be changed.", "Name a run to take them from: --frozen RUN.")
    fact = fact_to_change(case.question, held.said, cited_passages(held.passages, held.cited), held.passages)
    return given if fact is None else with_changed_fact(given, fact)


def staleness(case: Case, text: Text) -> str:
    """What the case should have cited that is not there any more, as a sentence; "" where all of it is."""
    for wanted in case.cites:
        held = text(wanted.article)
        if held is None:
            return f"There is no article {wanted.article}."
        if not within(wanted.words, held):
            return f"{wanted.article} does not hold “{wanted.words}”."
    return ""


def shuffled(passages: Sequence[Passage], seed: str) -> tuple[Passage, ...]:
    """The passages in another order, numbered anew from 1; the same for the same seed.

    >>> two = [Passage(n, id, "", "", "", 0, 4, "Rain", 1.0) for n, id in ((1, "a.md"), (2, "b.md"))]
    >>> [(one.n, one.article) for one in shuffled(two, "7")]
    [(1, 'b.md'), (2, 'a.md')]
    """
    order = list(passages)
    random.Random(seed).shuffle(order)
    if order == list(passages):  # which would test nothing
        # Short lists come back in their old order now and then; turned by one, every passage has moved.
        order = order[1:] + order[:1]
    return tuple(replace(passage, n=n) for n, passage in enumerate(order, start=1))


def _unwanted(case: Case, held: CachedPassages | None, text: Text) -> Iterator[Part]:
    """The places that the case should cite; where it does not say, those that were cited when it was answered before."""
    # What was cited stands for what should have been, where the case names nothing.
    if not case.cites and held:
        yield from held.cited
    for wanted in case.cites:
        yield from _places(wanted, text)


def _places(wanted: ExpectedCitation, text: Text) -> Iterator[Part]:
    """Everywhere that the words stand in their article; the whole article where it is named alone, or does not hold them."""
    words = r"\s+".join(map(re.escape, wanted.words.split()))
    found = re.finditer(words, text(wanted.article) or "", re.IGNORECASE) if words else ()
    # The end of the text is not needed: whatever overlaps the place is left out.
    for start, end in [match.span() for match in found] or [(0, sys.maxsize)]:
        yield Part(wanted.article, start, end)
