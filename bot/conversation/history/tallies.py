"""What the kept answers come to, counted. Each question takes a connection, so that one tally comes from one moment."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

from sqlalchemy import Column, ColumnElement, Connection, Table, func, select

from bot.conversation.history.ownership import Ownership
from bot.conversation.history.rows import DecidedCitation, Tally
from bot.conversation.history.schema import conversations, feedback, reviews, turns
from bot.serialization import Unreadable, from_plain, parsed
from bot.types import Citation, Claim
from bot.verification.calibration import ReviewedScore
from vectorstore.storage.database import paged

T = TypeVar("T")

LATEST = 500
"""Answers, and reviews, that are looked into, newest first: what stands in their JSON costs a look at each."""

# A review that came with others in the same millisecond must stand in the same place at each call.
REVIEWS_NEWEST_FIRST = (reviews.c.at.desc(), turns.c.number.desc(), reviews.c.citation)

# Every count leaves out conversations that were deleted, so each query joins them.
_OF_TURN = turns.join(conversations, conversations.c.id == turns.c.conversation)


def citations_of(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[Citation, ...]]:
    """The citations of these turns' answers, by turn; none of one whose JSON is damaged."""
    found: dict[str, tuple[Citation, ...]] = {}
    for page in paged(ids):
        for row in connection.execute(select(turns.c.id, turns.c.outcome).where(turns.c.id.in_(page))):
            found[row.id] = _part(row.outcome, "citations", Citation)
    return found


def tally(connection: Connection, owned: Ownership) -> Tally:
    """All that can be counted in the tables, and what is in the latest answers and reviews."""
    ended = select(turns.c.id, turns.c.outcome).select_from(_OF_TURN)
    ended = ended.where(_counts(owned), turns.c.status != "running")
    # Claims and citations stand in JSON, so only the latest answers are opened; what has a column is counted over all.
    latest = connection.execute(ended.order_by(turns.c.number.desc()).limit(LATEST)).all()
    citations = {row.id: len(_part(row.outcome, "citations", Citation)) for row in latest}
    verdicts = Counter(claim.verdict for row in latest for claim in _part(row.outcome, "claims", Claim))
    decided = latest_decided(connection, owned)
    said = [one.agrees for one in decided if one.agrees is not None]
    return Tally(
        answers=_counted(connection, turns.c.status, _OF_TURN, owned),
        latest=len(latest),
        claims=verdicts,
        citations=sum(citations.values()),
        undecided=sum(citations.values()) - _decided_of(connection, citations),
        reviews=_counted(connection, reviews.c.decision, with_turns(reviews), owned),
        compared=len(said),
        agreed=sum(said),
        feedback=_counted(connection, feedback.c.verdict, with_turns(feedback), owned),
    )


def latest_decided(connection: Connection, owned: Ownership, conversation: str = "") -> list[DecidedCitation]:
    """The latest reviews with a decision, newest first, each with the citation that it is about."""
    query = select(reviews.c.turn, reviews.c.citation, reviews.c.decision).select_from(with_turns(reviews))
    query = query.where(_counts(owned), reviews.c.decision != "none")
    if conversation:
        query = query.where(turns.c.conversation == conversation)
    rows = connection.execute(query.order_by(*REVIEWS_NEWEST_FIRST).limit(LATEST)).all()
    cited = citations_of(connection, {row.turn for row in rows})
    return [DecidedCitation(row.turn, row.citation, row.decision, nth(cited, row.turn, row.citation)) for row in rows]


def reviewed_scores(connection: Connection, owned: Ownership) -> tuple[ReviewedScore, ...]:
    """The latest reviews with a decision whose citation has a score, newest first."""
    each = ((one, one.cited.score) for one in latest_decided(connection, owned) if one.cited)
    return tuple(ReviewedScore(one.turn, score, one.decision == "accepted") for one, score in each if score is not None)


def nth(cited: Mapping[str, tuple[Citation, ...]], turn: str, at: int) -> Citation | None:
    """The citation at that place of a turn's answer, from 0; None where it has none there."""
    found = cited.get(turn, ())
    return found[at] if 0 <= at < len(found) else None


def with_turns(table: Table) -> Any:
    """The table with the turns and conversations that its rows are about."""
    return table.join(turns, turns.c.id == table.c.turn).join(conversations, conversations.c.id == turns.c.conversation)


def _counts(owned: Ownership) -> ColumnElement[bool]:
    """Whether a conversation is counted: it is seen, and not deleted."""
    return conversations.c.deleted.is_(None) & owned.of(conversations)


def _counted(connection: Connection, column: Column[Any], of: Any, owned: Ownership) -> Counter[Any]:
    """How many rows have each value of a column, of the conversations that count."""
    query = select(column, func.count()).select_from(of).where(_counts(owned)).group_by(column)
    return Counter({row[0]: row[1] for row in connection.execute(query)})


def _decided_of(connection: Connection, citations: Mapping[str, int]) -> int:
    """How many citations of these answers have a decision; a review of one that is not there any more does not count."""
    found = 0
    for page in paged(citations):
        query = select(reviews.c.turn, reviews.c.citation).where(reviews.c.turn.in_(page), reviews.c.decision != "none")
        found += sum(row.citation < citations[row.turn] for row in connection.execute(query))
    return found


def _part(outcome: str, name: str, kind: type[T]) -> tuple[T, ...]:
    """One list of an answer's JSON, without reading the rest of it, which is many times as long.

    Version 0.1 kept it inside of a complete answer (see `rows.answer_from`).
    """
    try:
        kept = cast("dict[str, Any]", parsed(outcome))
        held = kept[name] if name in kept else (kept.get("answer") or {}).get(name, ())
        return tuple(from_plain(kind, one) for one in held)
    except (Unreadable, AttributeError, TypeError):
        # A damaged answer counts nowhere, and spoils no count of the others.
        return ()
