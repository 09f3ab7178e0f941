"""What the history keeps, as frozen dataclasses, and how they are read out of its tables; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import Row

from bot.conversation.history.codec import Unreadable, decoded, encoded, parsed, read
from bot.types import Answer, Citation, Claim, Passage, Trouble, Verdict
from bot.verification.anchors import Anchor
from bot.verification.verdicts import HOLDS
from vectorstore.types import EVERYWHERE, Scope

T = TypeVar("T")

Status = Literal["running", "done", "stopped", "failed"]
Rating = Literal["useful", "wrong", "missing source"]
Decision = Literal["accepted", "rejected", "none"]

_IN_ANSWER = ("query", "text", "citations", "claims", "passages")  # what an outcome and its answer both have

UNREADABLE = Trouble("This answer is kept in a form that cannot be read.", "Ask again; the rest of the conversation is whole.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was put: `wanted` is the search in the reader's own words, `kept` says the scope in words."""

    question: str
    wanted: str = ""
    scope: Scope = EVERYWHERE
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that is known of an answer, or as far as it has come; `answer` is None until it is complete.

    `query` is what was searched, `searched` whether the search took place. `anchors[i]` is that of `citations[i]`, None where
    its words stand nowhere; there are none while the answer runs. `offered` are questions to go on with. `trouble` tells why
    there is no more.
    """

    query: str = ""
    searched: bool = False
    text: str = ""
    citations: tuple[Citation, ...] = ()
    claims: tuple[Claim, ...] = ()
    passages: tuple[Passage, ...] = ()
    notices: tuple[str, ...] = ()
    answer: Answer | None = None
    anchors: tuple[Anchor | None, ...] = ()
    offered: tuple[str, ...] = ()
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A question and what came of it; `parent` is the turn before it, "" for a first question."""

    id: str
    conversation: str
    parent: str
    asked: Asked
    status: Status
    outcome: Outcome
    model: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """A conversation as a list shows it; `turns` counts those of the branch that is shown, which ends in `leaf`."""

    id: str
    title: str
    created: datetime
    changed: datetime
    turns: int
    leaf: str
    deleted: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thinks of an answer."""

    verdict: Rating
    note: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """What a person found of one citation; "none" where they only left a note."""

    decision: Decision
    note: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation opened: the turns of the branch that is shown, first to last, and what people said of them.

    `branches` gives for each of these turns all that were asked in its place, itself among them, in the order of asking.
    `reviews` are by turn, then by the citation's place among the answer's, from 0.
    """

    head: Head
    turns: tuple[StoredTurn, ...]
    branches: Mapping[str, tuple[str, ...]]
    feedback: Mapping[str, Feedback] = field(default_factory=dict)
    reviews: Mapping[str, Mapping[int, Review]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """A conversation that was found by its words: the first turn that holds them, "" where only the title does."""

    head: Head
    turn: str = ""
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list, and whether it goes on."""

    items: tuple[T, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was said of: a turn, by its question, in a conversation."""

    conversation: str
    title: str
    turn: str
    question: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A conversation by its id and title, as one to choose."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Rated:
    """Feedback with the answer that it is about."""

    place: Place
    feedback: Feedback


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review with the citation that it is about, by its place among the answer's, from 0; `cited` is None without one."""

    place: Place
    citation: int
    review: Review
    cited: Citation | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided of a citation, beside what the machine found."""

    turn: str
    citation: int
    decision: Decision
    cited: Citation | None

    @property
    def agrees(self) -> bool | None:
        """Whether both say that it holds, or both that it does not; None where one of them says nothing."""
        if self.decision == "none" or self.cited is None or self.cited.verdict is None:
            return None
        return (self.decision == "accepted") == (self.cited.verdict in HOLDS)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the kept answers come to, without those of deleted conversations.

    `answers` are by status, `reviews` by decision, `feedback` by verdict. `claims` (by verdict), `citations` and those that are
    `undecided` are of the `latest` answers alone, `compared` and `agreed` of the latest reviews that decide something.
    """

    answers: Mapping[Status, int]
    latest: int
    claims: Mapping[Verdict, int]
    citations: int
    undecided: int
    reviews: Mapping[Decision, int]
    compared: int
    agreed: int
    feedback: Mapping[Rating, int]


def packed(outcome: Outcome) -> str:
    """The outcome as JSON; what a complete answer says itself is not written twice."""
    answer = outcome.answer
    if answer is None:
        return encoded(outcome)
    once = [name for name in _IN_ANSWER if getattr(outcome, name) == getattr(answer, name)]
    kept = {field.name: getattr(outcome, field.name) for field in fields(Outcome) if field.name not in once}
    return encoded(kept)


def unpacked(text: str) -> Outcome:
    """The inverse of `packed`; raises Unreadable."""
    kept = parsed(text)
    outcome = read(Outcome, kept)
    if outcome.answer is None or not isinstance(kept, dict):
        return outcome
    return replace(outcome, **{name: getattr(outcome.answer, name) for name in _IN_ANSWER if name not in kept})


def moment(milliseconds: int) -> datetime:
    """A time as it is kept, in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def head_of(row: Row[*tuple[Any, ...]]) -> Head:
    """The conversation in a row of table `conversations`, with the number of its `turns`."""
    deleted = None if row.deleted is None else moment(row.deleted)
    return Head(row.id, row.title, moment(row.created), moment(row.changed), row.turns, row.leaf, deleted)


def turn_of(row: Row[*tuple[Any, ...]]) -> StoredTurn:
    """The turn in a row of table `turns`; one whose JSON is damaged says so, and spoils no other."""
    try:
        outcome = unpacked(row.outcome)
    except Unreadable:
        outcome = Outcome(trouble=UNREADABLE)
    try:
        asked = decoded(Asked, row.question)
    except Unreadable:
        asked = Asked("")
    return StoredTurn(row.id, row.conversation, row.parent, asked, row.status, outcome, row.model, moment(row.asked))


def question_of(text: str) -> str:
    """The question in a turn's JSON; "" where that is damaged."""
    try:
        return decoded(Asked, text).question
    except Unreadable:
        return ""
