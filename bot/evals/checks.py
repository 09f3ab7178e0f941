"""Does an answer pass its case? Each thing that the case asks for is a check; pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.answering.cited import passage_of
from bot.evals.matching import holds, place
from bot.evals.ranking import meets
from bot.evals.records import Case, ExpectedCitation, Result
from bot.types import Answer, Citation, Verdict

_BARE: frozenset[Verdict] = frozenset(("uncited", "not found", "number differs", "denied", "no such passage"))
"""Verdicts that a claim of a passing answer does not have. "check" may be a matter of words; the supported rate counts it."""


@dataclass(frozen=True, slots=True)
class CaseCheck:
    """One thing that an answer has to do. `why` says in a sentence what is wrong, "" where it holds."""

    name: str
    why: str = ""

    @property
    def held(self) -> bool:
        """Whether it does."""
        return not self.why


def failure(result: Result) -> str:
    """Why there is no whole answer to judge, as a sentence; "" where there is one."""
    trouble = result.trouble or (result.answer.trouble if result.answer else None)
    if result.answer is not None and result.outcome == "done" and trouble is None:
        return ""
    return f"There is no whole answer: {trouble.message}" if trouble else "There is no whole answer."


def passes(case: Case, result: Result) -> bool | None:
    """Whether all its checks hold; None where there is no whole answer, or nothing that it has to do."""
    found = [] if failure(result) or result.answer is None else list(checks(case, result.answer))
    return all(check.held for check in found) if found else None


def checks(case: Case, answer: Answer) -> Iterator[CaseCheck]:
    """What the case asks for, and that each claim rests on something, where anything is claimed."""
    if case.must:
        yield _told("It holds the words", [f"“{one}”" for one in case.must if not holds(answer.text, one)], "It does not hold")
    if case.must_not:
        yield _told("It avoids the words", [f"“{one}”" for one in case.must_not if holds(answer.text, one)], "It holds")
    if case.cites:
        missing = [_named(one) for one in case.cites if not cites(answer, one)]
        yield _told("It cites what it should", missing, "It does not cite")
    if case.abstain is not None:
        why = "It answers, though the articles do not." if case.abstain else "It does not answer, though the articles do."
        yield CaseCheck("It abstains where it should", "" if answer.abstained == case.abstain else why)
    if answer.claims:
        bare = [f"“{claim.text}” ({claim.verdict})" for claim in answer.claims if claim.verdict in _BARE]
        yield _told("Every claim rests on a passage", bare, "Nothing that it cites carries")


def cites(answer: Answer, wanted: ExpectedCitation) -> bool:
    """Whether a citation of the answer points to it.

    A model cites passages: that passage has to hold the words. A quotation is cited by itself: it has to touch them.
    """
    return any(_points(answer, citation, wanted) for citation in answer.citations)


def _points(answer: Answer, citation: Citation, wanted: ExpectedCitation) -> bool:
    passage = passage_of(answer, citation)
    if passage is None:
        return wanted.article == citation.article and (not wanted.words or place(wanted.words, citation.quote) is not None)
    if not meets(wanted, passage) or not wanted.words.strip() or answer.mode == "model":
        return meets(wanted, passage)
    found = place(wanted.words, passage.text) or (0, 0)
    start, end = found[0] + passage.start, found[1] + passage.start
    return citation.start < end and start < citation.end


def _told(name: str, wrong: list[str], complaint: str) -> CaseCheck:
    return CaseCheck(name, f"{complaint} {', '.join(wrong)}." if wrong else "")


def _named(wanted: ExpectedCitation) -> str:
    return f"{wanted.article}, “{wanted.words}”" if wanted.words else wanted.article
