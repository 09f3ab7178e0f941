"""Do citations follow their passages to new numbers, do claims disappear with the passage that they rest on, and do answers
follow a fact that was changed there? Pure.

Each holds a run against one over the same cases that was answered from the same passages in another order, without those that
should be cited, or with other facts in them. An answer that rests on what it was given says the new fact, one that comes from
the model's memory the old one. The fact is a number or a name of the earlier answer that its cited passages hold and the
question does not. It is changed wherever it stands in the passages, to one of the same length, as sentences are known by their
places.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.answering.ablation import ClaimChange, claim_changes
from bot.answering.cited import passage_of
from bot.evals.checks import holds, plain
from bot.evals.flips import PassagePlace, passage_place
from bot.evals.metrics import whole_answers
from bot.evals.records import Case, Run
from bot.types import Answer, Part, Passage

FactOutcome = Literal["followed", "kept", "both", "neither"]

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?![\w]|[.,]\d)")
# A capital inside a sentence: at its beginning every word has one.
_NAME = re.compile(r"(?<=[\w,;:] )[A-Z][a-z’'-]+(?: [A-Z][a-z’'-]+)*")
# Vowels become vowels and consonants consonants, so that “Brandt” becomes “Ctotlf” and still looks like a name.
_VOWELS, _CONSONANTS = "aeiou", "bcdfghklmnprstvz"
_TRIES = 12


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """A fact as the passages have it, and what it is changed to."""

    was: str
    now: str

    def outcome(self, said: str) -> FactOutcome:
        """Whether an answer says the new fact, the old one, both or neither.

        >>> ChangedFact("1957", "1968").outcome("It was launched in 1968. [1]")
        'followed'
        """
        # "both" is no success: the old fact can only come from the model's memory.
        old, new = holds(said, self.was), holds(said, self.now)
        return "both" if old and new else "followed" if new else "kept" if old else "neither"


@dataclass(frozen=True, slots=True)
class MutationEffect:
    """What became of the changed facts, by case."""

    outcomes: tuple[tuple[str, ChangedFact, FactOutcome], ...] = ()
    without: int = 0

    def count(self, kind: FactOutcome) -> int:
        """How many answers had this outcome."""
        return sum(outcome == kind for _, _, outcome in self.outcomes)

    def said(self) -> str:
        """The same as a sentence."""
        of = len(self.outcomes)
        if not of:
            return "No answer states a number or a name of its passages that could be changed, so nothing can be said of it."
        kept = [case for case, _, outcome in self.outcomes if outcome in ("kept", "both")]
        which = f", in {', '.join(kept)}" if kept else ""
        rest = f" {self.without} had no fact to change." if self.without else ""
        return (
            f"Of {of} answer{'' if of == 1 else 's'} whose fact was changed in the passages, {self.count('followed')} "
            f"({100 * self.count('followed') / of:.0f} %) say the new one, {len(kept)} still the old one{which}, and "
            f"{self.count('neither')} neither.{rest}"
        )


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


def fact_to_change(question: str, said: str, cited: Sequence[Passage], passages: Iterable[Passage]) -> ChangedFact | None:
    """The first fact of an answer that its cited passages hold, with what to make of it; None where there is none."""
    texts = [passage.text for passage in passages]
    for was in _facts(plain(said)):
        # A fact of the question is repeated whatever the passages say.
        if holds(question, was) or not any(_pattern(was).search(passage.text) for passage in cited):
            continue
        # The nearest first, so that the new fact stays plausible.
        for now in _others(was):
            # What stands there already would be said by an answer that took no notice of the change.
            if not any(holds(text, now) for text in (*texts, question, said)):
                return ChangedFact(was, now)
    return None


def cited_passages(passages: Iterable[Passage], cited: Iterable[Part]) -> tuple[Passage, ...]:
    """Those of the passages that an answer cited, by their places."""
    places = {(part.article, part.start, part.end) for part in cited}
    return tuple(one for one in passages if (one.article, one.start, one.end) in places)


def with_changed_fact(passages: Iterable[Passage], fact: ChangedFact) -> tuple[Passage, ...]:
    """The passages with the fact changed wherever it stands.

    >>> passage = Passage(1, "a.md", "", "", "", 0, 25, "Launched in 1957, not 19571", 1.0)
    >>> with_changed_fact([passage], ChangedFact("1957", "1968"))[0].text
    'Launched in 1968, not 19571'
    """
    return tuple(replace(one, text=_pattern(fact.was).sub(fact.now, one.text)) for one in passages)


def _facts(said: str) -> Iterator[str]:
    """Numbers first, as they are the harder to say otherwise; then names. A list's or a footnote's digit is no fact."""
    # The first in the order of the answer, each once.
    yield from (one for one in dict.fromkeys(_NUMBER.findall(said)) if len(one) > 1)
    yield from dict.fromkeys(_NAME.findall(said))


def _pattern(words: str) -> re.Pattern[str]:
    # "1957" must not be changed inside of "19571" or "1957.5".
    return re.compile(rf"(?<![\w.,]){re.escape(words)}(?!\w|[.,]\d)" if words[0].isdigit() else rf"\b{re.escape(words)}\b")


def _others(was: str) -> Iterator[str]:
    """Facts of the same kind and length: another number near it, or a name of other letters."""
    for step in range(1, _TRIES):
        yield "".join(_moved(letter, step + at) for at, letter in enumerate(was)) if was[0].isalpha() else _number(was, step)


def _number(was: str, step: int) -> str:
    """The number with its last two digits moved on: a year stays a year, and a count stays a count of that size."""
    digits = [at for at, letter in enumerate(was) if letter.isdigit()]
    changed = list(was)
    # The last two alone: a change of the first digit would make "1957" the year 2957.
    for at in digits[-2:]:
        moved = (int(was[at]) + step) % 10
        # "07" would be another way of writing.
        changed[at] = str(moved or 1) if at == digits[0] else str(moved)
    return "".join(changed)


def _moved(letter: str, step: int) -> str:
    for group in (_VOWELS, _CONSONANTS):
        if letter.lower() in group:
            moved = group[(group.index(letter.lower()) + step) % len(group)]
            return moved.upper() if letter.isupper() else moved
    # What is neither, such as "y" or a letter with an accent, stays.
    return letter
