"""What became of the claims that rested on a passage when the question was answered again without it; pure.

Whether the new answer still says a claim is decided by its words, without a model. A claim is said again where one sentence of
the new answer, or two that follow one another,

- holds `WORDS` of the claim's telling words (stems, function words left out), and `OWN` of those that are not the question's,
  which any answer to it repeats;
- holds all of the claim's numbers and dates, by value ("a dozen" is 12, "2/5" is 2 May);
- denies something where the claim does, and only there;
- does not name somebody else in the place of a name of the claim's.

A claim that says the same in wholly other words counts as gone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.answering.cited import ClaimCitations, groups, passage_of
from bot.reading.names import same_name
from bot.types import Answer, Citation, Claim, Verdict
from bot.verification.statements import Statement, claimed

WORDS, OWN = 0.6, 0.5
"""Shares of the words that must be there: a paraphrase keeps some 6 in 10, and another claim on the same subject fewer."""
_CARRIED: frozenset[Verdict] = frozenset(("quoted", "supported", "likely", "check"))

Kind = Literal["gone", "elsewhere", "unsupported"]


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """What became of a claim, `text` as the first answer had it, once its passage was taken away.

    "gone": the new answer does not say it; `citation` is then another one of the first answer that carries it all the same, if
    there is one. "elsewhere": it says it as `claim`, on the words of `citation`. "unsupported": it
    says it as `claim`, and no passage that it cites carries it, so it may not have come from the passage in the first place.
    """

    text: str
    kind: Kind
    citation: Citation | None = None
    claim: Claim | None = None


def claim_changes(before: Answer, at: int, after: Answer) -> tuple[ClaimChange, ...]:
    """One for each claim of `before` that cited the passage of its citation `at`, in order; of `after` only what was checked.

    An answer that broke off says less than it would have: compare whole ones.
    """
    said = list(groups(after))
    # The question as it was asked and as it was searched: an answer repeats the words of either.
    asked = claimed(f"{before.question} {before.query}")
    changes = (_change_of(claim, asked, said) for claim in _claims_resting_on(before, at))
    # An answer need not say all that its passages do: what is not said again may still be carried.
    return tuple(
        replace(one, citation=_carried_beside(before, at, one.text, asked)) if one.kind == "gone" else one for one in changes
    )


def verdict(found: Sequence[ClaimChange]) -> str:
    """What the comparison comes to, as a sentence for the reader."""
    bare, other, gone = (sum(one.kind == kind for one in found) for kind in ("unsupported", "elsewhere", "gone"))
    of = len(found)
    if not found:
        return "Nothing in the answer rested on this passage."
    if bare:
        what = "this" if of == 1 else f"{bare} of {of} claims"
        doubt = "it may not come from your articles"
        return f"Without this passage the answer still says {what}, with nothing to support it: {doubt}."
    if not gone:
        what = "this" if of == 1 else "all of this"
        return f"Without this passage the answer still says {what}, and cites other words for it."
    beside = sum(one.kind == "gone" and one.citation is not None for one in found)
    if beside and not other:
        what = "this" if of == 1 else "any of this"
        whose = "it" if of == 1 else "all of it" if beside == of else f"{beside} of {of} claims"
        return (
            f"Without this passage the answer no longer says {what}, though another passage that it cited carries {whose} too."
        )
    if not other:
        what = "this" if of == 1 else "any of this"
        return f"Without this passage the answer no longer says {what}: it rested on these words."
    return f"Without this passage {gone} of {of} claims are gone, and other words carry the rest."


def _claims_resting_on(answer: Answer, at: int) -> Iterator[str]:
    """The claims that cite the passage of citation `at`; its quotation where no claim does."""
    if not 0 <= at < len(answer.citations) or not answer.citations[at].article:
        return
    place = _place(answer, answer.citations[at])
    for group in groups(answer):
        if any(_place(answer, one.citation) == place for one in group.cited):
            yield from [group.claim.text] if group.claim else [one.citation.quote for one in group.cited if one.i == at]


def _carried_beside(answer: Answer, at: int, text: str, asked: Statement) -> Citation | None:
    """The citation of another passage than that of citation `at` that carries this claim, there or where it is said again."""
    place, claim = _place(answer, answer.citations[at]), claimed(text)
    for group in groups(answer):
        if group.claim and (group.claim.text == text or _says(claim, asked, [group])):
            for one in group.cited:
                if one.citation.verdict in _CARRIED and _place(answer, one.citation) != place:
                    return one.citation
    return None


def _place(answer: Answer, citation: Citation) -> tuple[str, int, int]:
    """Where the passage of a citation stands; of one that lies in none, the citation itself."""
    held = passage_of(answer, citation)
    if held is None or not (held.start <= citation.start and citation.end <= held.end):
        return citation.article, citation.start, citation.end
    return held.article, held.start, held.end


def _change_of(text: str, asked: Statement, said: Sequence[ClaimCitations]) -> ClaimChange:
    """The claim is looked for in single sentences first, and where several say it, in one that is carried."""
    claim = claimed(text)
    # One sentence before two: a pair always has what each of its sentences has.
    found = [one for run in (1, 2) for one in _runs(said, run) if _says(claim, asked, one)]
    carried = [(run, citation) for run in found if (citation := _carrying(run))]
    if carried:
        run, citation = carried[0]
        return ClaimChange(text, "elsewhere", citation, run[0].claim)
    return ClaimChange(text, "unsupported", claim=found[0][0].claim) if found else ClaimChange(text, "gone")


def _runs(said: Sequence[ClaimCitations], length: int) -> Iterator[Sequence[ClaimCitations]]:
    stated = [group for group in said if group.claim]
    return (stated[at : at + length] for at in range(len(stated) - length + 1))


def _carrying(run: Sequence[ClaimCitations]) -> Citation | None:
    """The first citation that carries its claim; None where any claim of the run has none."""
    each = [next((one.citation for one in group.cited if one.citation.verdict in _CARRIED), None) for group in run]
    return each[0] if all(each) else None


def _says(claim: Statement, asked: Statement, run: Sequence[ClaimCitations]) -> bool:
    """The rule that the head of this module tells."""
    other = claimed(" ".join(group.claim.text for group in run if group.claim))
    # `Statement.keys` has numbers and dates with a "#" before them.
    numbers = {key for key in claim.keys if key.startswith("#")}
    words = claim.keys - numbers
    own = words - asked.keys
    enough = len(words & other.keys) >= WORDS * len(words) and len(own & other.keys) >= OWN * len(own)
    alike = bool(claim.negations) == bool(other.negations)
    return bool(claim.keys) and enough and numbers <= other.keys and alike and not _renamed(claim, other)


def _renamed(claim: Statement, other: Statement) -> bool:
    """Whether each names somebody whom the other does not."""
    # One more name on one side alone is no exchange: an answer may say more or less.
    return _lacks(claim, other) and _lacks(other, claim)


def _lacks(one: Statement, other: Statement) -> bool:
    """Whether a name of the other is none of the one's."""
    return any(
        not any(same_name(name.text, mine.text) for mine in one.names)
        and not all(word.stem in one.keys for word in other.plain if name.start <= word.start < name.end)
        for name in other.names
        if not name.weak
    )
