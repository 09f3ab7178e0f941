"""The citations of an answer as the panel walks and reviews them, and what the browser says that a person decided. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypedDict

from bot.answering.cited import groups
from bot.conversation.history import Decision, Review
from bot.types import Answer
from bot.verification.verdicts import Tone, said, tone

# Characters that are kept of what the browser sends; more is cut.
_LONGEST_NOTE = 4000
_LONGEST_NAME = 200


class ReviewData(TypedDict):
    """What a person found of a citation: "none" is nothing yet; `when` is a time as ISO 8601, "" for never."""

    decision: Decision
    note: str
    who: str
    when: str


class ReviewStop(TypedDict):
    """A citation to stop at: its place in the answer from 0, its number, the sentence that it carries, and both verdicts."""

    at: int
    n: int
    title: str
    tone: Tone
    said: str
    claim: str
    review: ReviewData


@dataclass(frozen=True, slots=True)
class ReviewDecision:
    """What the browser says that a person decided on the citation `n` (from 0) of an exchange."""

    exchange: str
    n: int
    decision: Decision
    note: str
    who: str


UNDECIDED = ReviewData(decision="none", note="", who="", when="")


def stops(answer: Answer, reviews: Mapping[int, Review]) -> list[ReviewStop]:
    """The citations in the order of the text, but for those of a passage that does not exist: they open nothing."""
    claims = claims_of(answer)
    running = answer.status == "running"
    return [
        ReviewStop(
            at=at,
            n=one.n,
            title=one.title,
            tone=tone(one.verdict),
            said=said(one.verdict, running=running),
            claim=claims.get(at, one.quote),
            review=review_data(reviews.get(at)),
        )
        for at, one in enumerate(answer.citations)
        # A number that was never given to the model.
        if one.article
    ]


def claims_of(answer: Answer) -> dict[int, str]:
    """The sentence that each citation carries, by the citation's place from 0; none of a quotation that stands for itself."""
    # Which sentence a footnote belongs to is settled only once the answer is whole.
    if not answer.complete:
        return {}
    return {cited.i: group.claim.text for group in groups(answer) if group.claim for cited in group.cited}


def review_data(review: Review | None) -> ReviewData:
    """A review for the browser."""
    if review is None:
        return UNDECIDED
    return ReviewData(decision=review.decision, note=review.note, who=review.who, when=review.at.isoformat())


def decided(sent: object) -> Iterator[ReviewDecision]:
    """The decisions in a message of the browser; what makes no sense in it is passed over: a browser is not to be trusted.

    >>> one = {"exchange": "1f", "n": 0, "decision": "accepted", "note": "", "who": "Ada"}
    >>> [found.decision for found in decided({"decided": [one, {"exchange": 5}]})]
    ['accepted']
    """
    match sent:
        # Several at once: the browser gathers decisions while an earlier message is on its way.
        case {"decided": list(many)}:
            for one in many:
                if (found := _decided(one)) is not None:
                    yield found


def _decided(one: object) -> ReviewDecision | None:
    match one:
        case {
            "exchange": str(exchange),
            "n": int(n),
            "decision": "accepted" | "rejected" | "none" as decision,
            "note": str(note),
            "who": str(who),
        }:
            return ReviewDecision(exchange, n, decision, note[:_LONGEST_NOTE], who[:_LONGEST_NAME])
    return None
