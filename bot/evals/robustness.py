"""Do citations follow their passages to new numbers, do claims disappear with the passage that they rest on, and do answers
follow a fact that was changed there? Pure.

Each holds a run against one over the same cases that was answered from the same passages in another order, without those that
should be cited, or with other facts in them.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.answering.ablation import ClaimChange, claim_changes
from bot.answering.cited import passage_of
from bot.evals.flips import PassagePlace, passage_place
from bot.evals.metrics import whole_answers
from bot.evals.mutation import MutationEffect, fact_to_change
from bot.evals.records import Case, Run
from bot.types import Answer, Passage


@dataclass(frozen=True, slots=True)
class ShuffleEffect:
    """Of the `moved` passages that were cited and then had another number, how many were cited again.

    `stayed` counts those that were not, while their old number, now another passage's, is cited in their place: a model that
    does so cites by number and not by what it read. `cases` are those with such a citation.
    """

    moved: int = 0
    followed: int = 0
    stayed: int = 0
    cases: tuple[str, ...] = ()

    def said(self) -> str:
        """The same as a sentence."""
        if not self.moved:
            return "No passage that was cited got another number, so nothing can be said of whether citations follow."
        rest = self.moved - self.followed - self.stayed
        which = f"; in {', '.join(self.cases)}" if self.cases else ""
        return (
            f"Of {_counted(self.moved, 'cited passage')} that got another number, {self.followed} "
            f"{'is' if self.followed == 1 else 'are'} cited again, {rest} not, and {self.stayed} "
            f"{'has' if self.stayed == 1 else 'have'} the old number cited in their place{which}."
        )


@dataclass(frozen=True, slots=True)
class RemovalEffect:
    """What became of the claims whose passage was taken away, by case: see `bot.answering.ablation.ClaimChange`."""

    changes: tuple[tuple[str, ClaimChange], ...] = ()

    def count(self, kind: str) -> int:
        """How many claims are "gone", said "elsewhere", or "unsupported"."""
        return sum(change.kind == kind for _, change in self.changes)

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases that still make a claim which nothing supports any more."""
        return tuple(dict.fromkeys(case for case, change in self.changes if change.kind == "unsupported"))

    def said(self) -> str:
        """The same as a sentence."""
        if not self.changes:
            return "No claim rested on a passage that was taken away, so nothing can be said of whether claims disappear."
        gone, other, bare = (self.count(kind) for kind in ("gone", "elsewhere", "unsupported"))
        which = f", in {', '.join(self.cases)}" if bare else ""
        return (
            f"Of {_counted(len(self.changes), 'claim')} whose passage was taken away, {gone} disappeared, {other} "
            f"{'rests' if other == 1 else 'rest'} on other words, and {bare} {'is' if bare == 1 else 'are'} "
            f"still made with nothing to support {'it' if bare == 1 else 'them'}{which}."
        )


def shuffle_effect(before: Run, after: Run) -> ShuffleEffect:
    """Whether citations follow the passages that `after` had in another order."""
    told = [(case.id, *_steps(one, other)) for case, one, other in answered_in_both(before, after)]
    # Counted over the passages of all cases, as one case has only a few.
    of = Counter(step for _, *steps in told for step in steps)
    stuck = tuple(case for case, *steps in told if "stayed" in steps)
    return ShuffleEffect(sum(of.values()), of["followed"], of["stayed"], stuck)


def removal_effect(before: Run, after: Run) -> RemovalEffect:
    """Whether claims disappear whose passage `after` had to do without."""
    return RemovalEffect(
        tuple(
            (case.id, change)
            for case, one, other in answered_in_both(before, after)
            for at in _taken_away(one, other)
            for change in claim_changes(one, at, other)
        )
    )


def robustness(before: Run, after: Run) -> tuple[str, ...]:
    """What can be said of two runs, a sentence each; nothing where the later run changed no passages."""
    said = [shuffle_effect(before, after).said()] if after.setup.shuffled is not None else []
    said += [removal_effect(before, after).said()] if after.setup.removed else []
    return (*said, *([mutation_effect(before, after).said()] if after.setup.mutated else []))


def mutation_effect(before: Run, after: Run) -> MutationEffect:
    """Whether the answers follow the facts that `after` had changed in its passages."""
    found, without = [], 0
    for case, one, other in answered_in_both(before, after):
        cited = [passage for citation in one.citations if (passage := passage_of(one, citation))]
        # The same rule as when the passages were changed, so the same fact.
        # `asking` changed the passages by the same function, and which fact it was is not stored.
        fact = fact_to_change(case.question, one.text, [held for held in one.passages if held in cited], one.passages)
        if fact is None:
            without += 1
        else:
            found.append((case.id, fact, fact.outcome(other.text)))
    return MutationEffect(tuple(found), without)


def answered_in_both(before: Run, after: Run) -> Iterator[tuple[Case, Answer, Answer]]:
    """The cases that both runs have a whole answer to."""
    later = {case.id: result.answer for case, result in whole_answers(after)}
    for case, result in whole_answers(before):
        answer = later.get(case.id)
        if result.answer is not None and answer is not None:
            yield case, result.answer, answer


def _steps(before: Answer, after: Answer) -> Iterator[str]:
    """For each passage that was cited and then had another number: "followed", "stayed" or "left"."""
    # By place: the number of a passage is what the shuffle has changed.
    was, now = _numbers(before), _numbers(after)
    cited, again = _cited(before), _cited(after)
    # In quotes mode a footnote's number is not its passage's, so none can be left behind.
    numbers = {now[place] for place in again - cited if place in now} if after.mode == "model" else set[int]()
    # Sorted, so that the same two runs are told in the same words each time.
    for place in sorted(cited):
        # A passage that kept its number tells nothing: any way of citing gets it right.
        if place in was and place in now and was[place] != now[place]:
            yield "followed" if place in again else "stayed" if was[place] in numbers else "left"


def _numbers(answer: Answer) -> dict[PassagePlace, int]:
    return {(passage.article, passage.start, passage.end): passage.n for passage in answer.passages}


def _cited(answer: Answer) -> set[PassagePlace]:
    return {passage_place(answer, citation) for citation in answer.citations}


def _taken_away(before: Answer, after: Answer) -> Iterator[int]:
    """The first citation of each passage of which the later answer had no part."""
    seen = set[PassagePlace]()
    for at, citation in enumerate(before.citations):
        place = passage_place(before, citation)
        # A citation of a number that no passage has names no article, and cannot be taken away.
        if citation.article and place not in seen and not any(_touches(place, one) for one in after.passages):
            yield at
        seen.add(place)


def _touches(place: PassagePlace, passage: Passage) -> bool:
    article, start, end = place
    return passage.article == article and passage.start < end and start < passage.end


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"
