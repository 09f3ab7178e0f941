"""What the history keeps, as frozen dataclasses, and how they are read out of its tables. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar

from bot.serialization import Unreadable, from_json, from_plain, parsed
from bot.types import Answer, Citation, Problem, Status, Verdict
from bot.verification.verdicts import HOLDS
from vectorstore.storage.database import DatabaseRow
from vectorstore.types import EVERYWHERE, Scope

T = TypeVar("T")

Rating = Literal["useful", "wrong", "missing source"]
Decision = Literal["accepted", "rejected", "none"]

UNREADABLE = Problem("This answer is kept in a form that cannot be read.", "Ask again; the rest of the conversation is whole.")


# What a reader asked, and what was answered.


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it was put: `wanted` is the search in the reader's own words, `kept` says the scope in words."""

    question: str
    wanted: str = ""
    scope: Scope = EVERYWHERE
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question as it was put, and its answer, as far as it has come.

    `model` is what was to write the answer, as `Question.model` has it, and in the history what wrote it. `parent` is the
    exchange before it, "" for a first question; it and the `conversation` are "" of one that is not kept.

    >>> Exchange("a1", AskedQuestion("When?"), Answer("When?", text="In 1932.")).answer.complete
    True
    """

    id: str
    asked: AskedQuestion
    answer: Answer
    model: str = ""
    # Where and when it is kept says nothing of what was asked and answered: the page's own equals the one that was kept.
    conversation: str = field(default="", compare=False)
    parent: str = field(default="", compare=False)
    at: datetime = field(default_factory=lambda: datetime.now(UTC), compare=False)


# Conversations, in lists and opened.


@dataclass(frozen=True, slots=True)
class ConversationHead:
    """A conversation as a list shows it; `turns` counts those of the branch that is shown, which ends in `leaf`."""

    id: str
    title: str
    created: datetime
    changed: datetime
    turns: int
    leaf: str
    deleted: datetime | None = None


# What people say of answers.


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

    head: ConversationHead
    turns: tuple[Exchange, ...]
    branches: Mapping[str, tuple[str, ...]]
    feedback: Mapping[str, Feedback] = field(default_factory=dict)
    reviews: Mapping[str, Mapping[int, Review]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConversationMatch:
    """A conversation that was found by its words: the first turn that holds them, "" where only the title does."""

    head: ConversationHead
    turn: str = ""
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """A part of a list, and whether it goes on."""

    items: tuple[T, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class TurnPlace:
    """Where something was said of: a turn, by its question, in a conversation."""

    conversation: str
    title: str
    turn: str
    question: str


@dataclass(frozen=True, slots=True)
class ConversationTitle:
    """A conversation by its id and title, as one to choose."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class RatedAnswer:
    """Feedback with the answer that it is about."""

    place: TurnPlace
    feedback: Feedback


@dataclass(frozen=True, slots=True)
class ReviewedCitation:
    """A review with the citation that it is about, by its place among the answer's, from 0; `cited` is None without one."""

    place: TurnPlace
    citation: int
    review: Review
    cited: Citation | None = None


@dataclass(frozen=True, slots=True)
class DecidedCitation:
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


# From rows of the tables to the above.


def moment(milliseconds: int) -> datetime:
    """A time as it is kept, in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def head_of(row: DatabaseRow) -> ConversationHead:
    """The conversation in a row of table `conversations`, with the number of its `turns`."""
    deleted = None if row.deleted is None else moment(row.deleted)
    return ConversationHead(row.id, row.title, moment(row.created), moment(row.changed), row.turns, row.leaf, deleted)


def exchange_of(row: DatabaseRow) -> Exchange:
    """The exchange in a row of table `turns`; one whose JSON is damaged says so, and spoils no other."""
    asked = asked_in(row.question)
    try:
        answer = answer_from(row.outcome, row.status, asked.question, row.model)
    except Unreadable:
        answer = Answer(asked.question, status=row.status, trouble=UNREADABLE)
    return Exchange(row.id, asked, answer, row.model, row.conversation, row.parent, moment(row.asked))


def asked_in(text: str) -> AskedQuestion:
    """The question in the JSON of a turn or of a standing question; an empty one where that is damaged."""
    try:
        return from_json(AskedQuestion, text)
    except Unreadable:
        return AskedQuestion("")


def question_of(text: str) -> str:
    """The words of the question in such JSON; "" where that is damaged."""
    return asked_in(text).question


def answer_from(text: str, status: Status, question: str, model: str) -> Answer:
    """The answer in the JSON of a turn whose other columns are given; raises Unreadable."""
    kept = parsed(text)
    if not isinstance(kept, dict):
        raise Unreadable("an answer is a JSON object")
    # Version 0.1 kept the question beside the answer and not within it.
    if "question" not in kept:
        kept = _of_version_0_1(kept, status, question, model)
    # The column is the truth: it is what other processes change when the one that answered is gone.
    return from_plain(Answer, {**kept, "status": status})


def _of_version_0_1(kept: dict[str, Any], status: Status, question: str, model: str) -> dict[str, Any]:
    """The JSON of an answer that version 0.1 wrote, as it is written now.

    It held what had been streamed, and inside of that the complete answer, if there was one; what both had alike stood in the
    inner one alone. So what stands outside is what was shown.
    """
    inner: dict[str, Any] = kept.get("answer") or _incomplete(kept, question, model)
    trouble = inner.get("trouble") or kept.get("trouble")
    if trouble and status == "failed" and model != "quotes":
        trouble = {**trouble, "quotable": True}
    notices, notes = kept.get("notices") or [], inner.get("notes") or []
    return {
        **inner,
        **{name: value for name, value in kept.items() if name not in ("answer", "notices")},
        "notes": [*notices, *(note for note in notes if note not in notices)],
        "trouble": trouble,
    }


def _incomplete(kept: dict[str, Any], question: str, model: str) -> dict[str, Any]:
    """What an answer of version 0.1 without an end did not say: who was to write it."""
    # No model was named where the reader had chosen none. What was written then is told by its footnotes: all quotations are
    # quoted.
    verdicts = {one.get("verdict") for one in kept.get("citations") or [] if isinstance(one, dict)}
    if model == "quotes" or (not model and verdicts <= {"quoted"}):
        return {"question": question, "mode": "quotes"}
    return {"question": question, "mode": "model", "model": model}
