"""The cases that one run passes and another does not, with what became of their checks and their citations; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.answering.cited import passage_of
from bot.evals.checks import CaseCheck, broken, failure, passes
from bot.evals.records import Case, Result
from bot.types import Answer, Citation, Claim, Verdict

# The worst first; None is a citation that was never judged.
_WORST_FIRST: tuple[Verdict | None, ...] = (
    "number differs",
    "denied",
    "no such passage",
    "not found",
    "uncited",
    "check",
    None,
    "likely",
    "supported",
    "quoted",
)

PassagePlace = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A citation of the same words in both answers, judged otherwise."""

    before: Citation
    after: Citation


@dataclass(frozen=True, slots=True)
class CitationChanges:
    """What became of the citations: those that only the later answer has, only the earlier, and those judged otherwise."""

    gained: tuple[Citation, ...] = ()
    lost: tuple[Citation, ...] = ()
    changed: tuple[VerdictChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that passes in one of two runs only: in the later one if `won`. `checks` are those whose outcome differs."""

    case: Case
    before: Result
    after: Result
    won: bool
    checks: tuple[CaseCheck, ...]
    """As the answer that does not pass has them."""
    citations: CitationChanges


def flips(pairs: Iterator[tuple[Case, Result, Result]]) -> Iterator[Flip]:
    """The flips among cases that both runs have a whole answer to, in order."""
    for case, before, after in pairs:
        was, now = passes(case, before), passes(case, after)
        # An answer that has nothing to do, as it claims nothing, does not fail: it is no flip.
        if was is not None and now is not None and was != now:
            yield Flip(
                case, before, after, now, tuple(_failed(case, before if now else after)), citation_changes(before, after)
            )


def citation_changes(before: Result, after: Result) -> CitationChanges:
    """What became of the citations between two answers to a case."""
    if before.answer is None or after.answer is None:
        return CitationChanges()
    # Quotations are cited by themselves, so two of one passage are two places; a model cites the passage.
    exact = before.answer.mode == after.answer.mode == "quotes"
    was, now = _by_place(before.answer, exact), _by_place(after.answer, exact)
    both = [VerdictChange(was[place], now[place]) for place in was if place in now]
    return CitationChanges(
        tuple(one for place, one in now.items() if place not in was),
        tuple(one for place, one in was.items() if place not in now),
        tuple(one for one in both if one.before.verdict != one.after.verdict),
    )


_CONTRADICTED: frozenset[Verdict] = frozenset(("number differs", "denied", "no such passage"))
"""Verdicts of a fault that a person can see at a glance."""


def contradictions(before: Result, after: Result) -> Iterator[Claim]:
    """The claims of the later answer that its passages contradict, unless the earlier one made the same claim against them."""
    # By its text: a claim has no other identity across two answers.
    had = {claim.text for claim in (before.answer.claims if before.answer else ()) if claim.verdict in _CONTRADICTED}
    yield from (
        one for one in (after.answer.claims if after.answer else ()) if one.verdict in _CONTRADICTED and one.text not in had
    )


def passage_place(answer: Answer, citation: Citation) -> PassagePlace:
    """Where the passage of a citation stands, whatever its number; of one that lies in none, the citation itself."""
    held = passage_of(answer, citation)
    if held is None or not (held.start <= citation.start and citation.end <= held.end):
        # Numbers that no passage has are told apart by the number.
        return citation.article, citation.start, citation.end if citation.article else citation.n
    return held.article, held.start, held.end


def _failed(case: Case, result: Result) -> Iterator[CaseCheck]:
    if result.answer is not None and not failure(result):
        yield from broken(case, result)


def _by_place(answer: Answer, exact: bool) -> Mapping[PassagePlace, Citation]:
    """One citation for each place, the worst judged; `exact` tells quotations of one passage apart."""
    found: dict[PassagePlace, Citation] = {}
    for one in answer.citations:
        place = (one.article, one.start, one.end) if exact else passage_place(answer, one)
        # A passage that is cited for several claims is as good as its worst use.
        if place not in found or _WORST_FIRST.index(one.verdict) < _WORST_FIRST.index(found[place].verdict):
            found[place] = one
    return found
