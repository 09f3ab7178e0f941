"""Does an answer pass its case? Each thing that the case asks for is a check, by the words that texts hold; pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.answering.cited import passage_of
from bot.evals.records import AnswerCheck, Case, ExpectedCitation, MetricScore, Result
from bot.types import Answer, Citation, Passage, Verdict
from vectorstore.searching.folding import folded

UNSUPPORTED: frozenset[Verdict] = frozenset(("uncited", "not found", "number differs", "denied", "no such passage"))
"""Verdicts that a claim of a passing answer does not have. "check" may be a matter of words; the supported rate counts it."""
# Up to four digits, as in `bot.answering.cited`; "[^1]" is Markdown's own footnote.
_MARKERS = re.compile(r"\s*\[\^?\d{1,4}\]")
_EMPHASIS = re.compile(r"(?<!\w)[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?!\w)")
# "don't", "3.5" and "follow-up" are one word each.
_WORDS = re.compile(r"\w+(?:['’.,-]\w+)*")


CaseOutcome = Literal["passed", "failed", "wrong", "unjudged"]
"""What came of a case: "wrong" where there is no whole answer, "unjudged" where there is nothing that it has to do."""


@dataclass(frozen=True, slots=True)
class CaseCheck:
    """One thing that an answer has to do. `why` says in a sentence what is wrong, "" where it holds."""

    name: str
    why: str = ""

    @property
    def held(self) -> bool:
        """Whether the answer passes it."""
        return not self.why


def failure(result: Result) -> str:
    """Why there is no whole answer to judge, as a sentence; "" where there is one."""
    trouble = result.trouble or (result.answer.trouble if result.answer else None)
    if result.answer is not None and result.outcome == "done" and trouble is None:
        return ""
    return f"There is no whole answer: {trouble.message}" if trouble else "There is no whole answer."


def passes(case: Case, result: Result) -> bool | None:
    """Whether all its checks hold; None where there is no whole answer, or nothing that it has to do.

    A case that was answered several times is judged by the answer that stands for them, which is like most of them.
    """
    # An answer that broke off is not judged, though it may hold what it must already.
    found = [] if failure(result) or result.answer is None else list(checks(case, result.answer, result.scores))
    # `all` of nothing would be True and count a case without expectations as passed.
    return all(check.held for check in found) if found else None


def case_outcome(case: Case, result: Result) -> CaseOutcome:
    """What came of a case, in one of four words."""
    if failure(result):
        return "wrong"
    held = passes(case, result)
    return "unjudged" if held is None else "passed" if held else "failed"


def broken(case: Case, result: Result) -> list[CaseCheck]:
    """The checks that the answer does not pass; none where there is no answer."""
    found = checks(case, result.answer, result.scores) if result.answer else ()
    return [check for check in found if not check.held]


def checks(case: Case, answer: Answer, scores: Mapping[str, MetricScore] | None = None) -> Iterator[CaseCheck]:
    """What the case asks for, and that each claim rests on something, where anything is claimed.

    `scores` are those of the result: what came of the case's own checks stands there, as some of them ask a model.
    """
    if case.must:
        yield _check_of(
            "It holds the words", [f"“{one}”" for one in case.must if not holds(answer.text, one)], "It does not hold"
        )
    if case.must_not:
        yield _check_of("It avoids the words", [f"“{one}”" for one in case.must_not if holds(answer.text, one)], "It holds")
    if case.cites:
        missing = [_named(one) for one in case.cites if not cites(answer, one)]
        yield _check_of("It cites what it should", missing, "It does not cite")
    if case.abstain is not None:
        why = "It answers, though the articles do not." if case.abstain else "It does not answer, though the articles do."
        yield CaseCheck("It abstains where it should", "" if answer.abstained == case.abstain else why)
    # Asked of every case: an answer that claims something must carry it, whatever else the case wants.
    if answer.claims:
        bare = [f"“{claim.text}” ({claim.verdict})" for claim in answer.claims if claim.verdict in UNSUPPORTED]
        yield _check_of("Every claim rests on a passage", bare, "Nothing that it cites carries")
    for at, check in enumerate(case.checks):
        outcome = (scores or {}).get(score_key(at))
        # A check that could not be made says nothing of the answer.
        if outcome is not None and outcome.value is not None:
            yield CaseCheck(check_label(check), outcome.why)


def score_key(at: int) -> str:
    """The key among a result's scores of what came of the case's own check at this place."""
    return f"check.{at}"


def check_label(check: AnswerCheck) -> str:
    """A check of one's own in a few words."""
    # Numbers, schemas and bounds are told by their bounds.
    named = check.text if check.kind in ("python", "contains", "not_contains", "regex", "judge", "similar") else ""
    return f"{check.kind}: {named}" if named else f"{check.kind}{bounds(check)}"


def bounds(check: AnswerCheck) -> str:
    """The bounds of a check's number in words, "" where it has none."""
    low = "" if check.low is None else f" at least {check.low:g}"
    return low + ("" if check.high is None else f" at most {check.high:g}")


def cites(answer: Answer, wanted: ExpectedCitation) -> bool:
    """Whether a citation of the answer points to it.

    A model cites passages: that passage has to hold the words. A quotation is cited by itself: it has to touch them.
    """
    return any(_points(answer, citation, wanted) for citation in answer.citations)


def _points(answer: Answer, citation: Citation, wanted: ExpectedCitation) -> bool:
    passage = passage_of(answer, citation)
    # The citation of a number that no passage has, or of an answer that was stored without its passages.
    if passage is None:
        return wanted.article == citation.article and (not wanted.words or place(wanted.words, citation.quote) is not None)
    # A model cites the passage as a whole, so it is enough that the passage holds the words.
    if not meets(wanted, passage) or not wanted.words.strip() or answer.mode == "model":
        return meets(wanted, passage)
    # Places in a passage count from its beginning, those of a citation from the article's.
    found = place(wanted.words, passage.text) or (0, 0)
    start, end = found[0] + passage.start, found[1] + passage.start
    return citation.start < end and start < citation.end


def _check_of(name: str, wrong: list[str], complaint: str) -> CaseCheck:
    return CaseCheck(name, f"{complaint} {', '.join(wrong)}." if wrong else "")


def _named(wanted: ExpectedCitation) -> str:
    return f"{wanted.article}, “{wanted.words}”" if wanted.words else wanted.article


def meets(wanted: ExpectedCitation, passage: Passage) -> bool:
    """Whether the passage is of that article, or says the same there, and holds the words, if any are asked for."""
    # Copies of an article are folded into one passage, whichever of them was found.
    here = wanted.article in (passage.article, *passage.also)
    return here and within(wanted.words, passage.text)


def plain(text: str) -> str:
    """The words of an answer, without footnote markers and without marks of Markdown around words.

    >>> plain("It opened in **1932**. [1][2]")
    'It opened in 1932.'
    """
    return _EMPHASIS.sub("", _MARKERS.sub("", text))


def holds(text: str, wanted: str) -> bool:
    """Whether the text holds the words, or any of those in "a|b"; case, accents, blanks and forms of quotes do not count.

    Whole words: "1932" does not stand in "19321", and "3" not in "3.5".

    >>> holds("It opened in *1932*. [1]", "1931|1932"), holds("It took 3.5 hours.", "3")
    (True, False)
    """
    return any(_stands(one, text) for one in wanted.split("|") if one.strip())


def within(words: str, text: str) -> bool:
    """Whether a passage holds the words as one piece; "" stands in every passage."""
    return not words.strip() or place(words, text) is not None


def place(words: str, text: str) -> tuple[int, int] | None:
    """Where the words stand in the text, without regard to blanks, else to case as well; None if they do not.

    >>> place("the  bridge", "Of the bridge."), place("Canal", "Of the bridge.")
    ((3, 13), None)
    """
    parts = [re.escape(part) for part in words.split()]
    # As written first: a name may stand there once as a word in small letters, and once as the name.
    found = re.search(r"\s+".join(parts), text) or re.search(r"\s+".join(parts), text, re.IGNORECASE)
    return found.span() if found and parts else None


def word_count(text: str) -> int:
    """How many words the text has, footnote markers apart."""
    return len(_WORDS.findall(plain(text)))


def _stands(wanted: str, text: str) -> bool:
    # Folded alike: accents, case and the forms of quotation marks must not decide.
    phrase, said = (" ".join(folded(one).split()) for one in (wanted, plain(text)))
    # Without a regular expression: each phrase would be compiled anew, which took most of a comparison of 5,000 cases.
    at = said.find(phrase)
    while phrase and at >= 0:
        if _bordered(phrase, said[max(0, at - 2) : at], said[at + len(phrase) : at + len(phrase) + 2]):
            return True
        at = said.find(phrase, at + 1)
    return False


def _bordered(phrase: str, before: str, after: str) -> bool:
    """Whether a phrase is made of whole words between these characters."""
    # Only letters that words are made of need a border; Chinese and Japanese have none between words.
    if _is_letter(phrase[0]) and before and _is_letter(before[-1]):
        return False
    if _is_letter(phrase[-1]) and after and _is_letter(after[0]):
        return False
    # "3" must not be found in "3.5", nor "500" in "1,500".
    if phrase[0].isdigit() and len(before) == 2 and before[0].isdigit() and before[1] in ".,":
        return False
    return not (phrase[-1].isdigit() and len(after) == 2 and after[0] in ".," and after[1].isdigit())


def _is_letter(character: str) -> bool:
    """Whether it belongs to a script that puts blanks between words, as texts are after folding."""
    return (character.isascii() and character.isalnum()) or "\u00df" <= character <= "\u058f"
