"""A fact in the passages is changed to see whether the answer follows: one that rests on what it was given says the new fact,
one that comes from the model's memory says the old one. Pure.

The fact is a number or a name of the earlier answer that its cited passages hold and the question does not. It is changed
wherever it stands in the passages, to one of the same length, as sentences are known by their places.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.evals.checks import holds, plain
from bot.types import Part, Passage

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
