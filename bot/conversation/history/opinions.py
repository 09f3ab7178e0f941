"""What people say of answers: feedback on the whole, and a review of each citation."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import Connection, Table, delete, or_, select

from bot.conversation.history import tallies
from bot.conversation.history.database import Database
from bot.conversation.history.ownership import Ownership
from bot.conversation.history.rows import (
    ConversationTitle,
    Decision,
    Feedback,
    ListPage,
    RatedAnswer,
    Rating,
    Review,
    ReviewedCitation,
    Tally,
    TurnPlace,
    moment,
    question_of,
)
from bot.conversation.history.schema import conversations, feedback, reviews, turns
from bot.conversation.history.texts import cleaned, one_line
from bot.errors import HistoryError
from bot.verification.calibration import ReviewedScore
from vectorstore.storage.database import DatabaseRow, RowsQuery, paged, upsert


class Opinions:
    """What people say of answers: feedback on the whole of one, and a review of each of its citations.

    The last word counts: who rates or reviews again replaces what was there. `History.opinions` is the one of a home:
    `history.opinions.rate(turn, "useful")`, `history.opinions.review(turn, 0, "rejected", "Another year.")`.
    """

    def __init__(self, database: Database, now: Callable[[], int], owned: Ownership) -> None:
        self._database = database
        self._now = now
        self._owned = owned

    def rate(self, turn: str, verdict: Rating | None, note: str = "", who: str = "") -> None:
        """Keeps feedback on an answer, also while it runs; None takes it back."""
        if verdict is None:
            with self._database.writing() as connection:
                connection.execute(delete(feedback).where(feedback.c.turn == turn, feedback.c.turn.in_(self._owned.turn_ids())))
        else:
            self._keep(feedback, {"turn": turn, "verdict": verdict}, note, who)

    def review(self, turn: str, citation: int, decision: Decision, note: str = "", who: str = "") -> None:
        """Keeps what a person found of an answer's citation, by its place from 0; "none" without a note takes it back."""
        if decision == "none" and not note.strip():
            which = (reviews.c.turn == turn) & (reviews.c.citation == citation)
            with self._database.writing() as connection:
                connection.execute(delete(reviews).where(which, reviews.c.turn.in_(self._owned.turn_ids())))
        else:
            self._keep(reviews, {"turn": turn, "citation": citation, "decision": decision}, note, who)

    def ratings(
        self, verdict: Rating | None = None, *, conversation: str = "", limit: int = 50, offset: int = 0
    ) -> ListPage[RatedAnswer]:
        """Feedback, newest first: all, or that with one verdict, or on one conversation. What is deleted is left out."""
        query = _placed(feedback, conversation, self._owned)
        if verdict:
            query = query.where(feedback.c.verdict == verdict)
        rows = self._rows(query.order_by(feedback.c.at.desc(), turns.c.number.desc()), limit, offset)
        return ListPage(tuple(RatedAnswer(_place(row), _feedback(row)) for row in rows[:limit]), len(rows) > limit)

    def reviews(
        self, decision: Decision | None = None, *, conversation: str = "", limit: int = 50, offset: int = 0
    ) -> ListPage[ReviewedCitation]:
        """Reviews, newest first: all, or those with one decision, or of one conversation. What is deleted is left out."""
        query = _placed(reviews, conversation, self._owned)
        if decision:
            query = query.where(reviews.c.decision == decision)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(*tallies.REVIEWS_NEWEST_FIRST).limit(limit + 1).offset(offset)).all()
            return ListPage(_reviewed(connection, rows[:limit]), len(rows) > limit)

    def differing(self, *, conversation: str = "", limit: int = 50, offset: int = 0) -> ListPage[ReviewedCitation]:
        """Those of the latest reviews that decide otherwise than the machine found, newest first."""
        with self._database.reading() as connection:
            # What the machine found stands in the answers' JSON, where no query can look: so the latest are compared here.
            decided = tallies.latest_decided(connection, self._owned, conversation)
            wanted = [(one.turn, one.citation) for one in decided if one.agrees is False]
            shown = wanted[offset : offset + limit]
            query = _placed(reviews, conversation, self._owned).where(reviews.c.turn.in_({turn for turn, _ in shown}))
            rows = connection.execute(query.order_by(*tallies.REVIEWS_NEWEST_FIRST)).all()
            # The turns' other reviews came with them.
            found = [row for row in rows if (row.turn, row.citation) in shown]
            return ListPage(_reviewed(connection, found), len(wanted) > offset + limit)

    def tally(self) -> Tally:
        """What the kept answers come to; looks into the latest 500 answers and 500 reviews."""
        with self._database.reading() as connection:
            return tallies.tally(connection, self._owned)

    def scores(self) -> tuple[ReviewedScore, ...]:
        """What people decided of citations that have a score, the latest 500 reviews at most, newest first."""
        with self._database.reading() as connection:
            return tallies.reviewed_scores(connection, self._owned)

    def subjects(self, limit: int = 200) -> tuple[ConversationTitle, ...]:
        """The conversations that something was said of, the last asked in first."""
        said = [select(table.c.turn).where(table.c.turn == turns.c.id).exists() for table in (feedback, reviews)]
        about = select(turns.c.id).where(turns.c.conversation == conversations.c.id, or_(*said)).exists()
        query = select(conversations.c.id, conversations.c.title).where(
            conversations.c.deleted.is_(None), about, self._owned.of(conversations)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(conversations.c.changed.desc(), conversations.c.id).limit(limit))
            return tuple(ConversationTitle(row.id, row.title) for row in rows)

    def _keep(self, table: Table, row: dict[str, object], note: str, who: str) -> None:
        said = {"note": cleaned(note).strip(), "who": one_line(who), "at": self._now()}
        with self._database.writing() as connection:
            # The foreign key would refuse it as well, but could not tell the reader why.
            if connection.scalar(self._owned.turn_ids().where(turns.c.id == row["turn"])) is None:
                raise HistoryError("This answer is not kept any more.", "Ask again.")
            upsert(connection, table, [row | said], replace=True)

    def _rows(self, query: RowsQuery, limit: int, offset: int) -> Sequence[DatabaseRow]:
        with self._database.reading() as connection:
            return connection.execute(query.limit(limit + 1).offset(offset)).all()


def feedback_on(connection: Connection, ids: Iterable[str]) -> dict[str, Feedback]:
    """The feedback on these turns, by turn."""
    found: dict[str, Feedback] = {}
    for page in paged(ids):
        rows = connection.execute(select(feedback).where(feedback.c.turn.in_(page)))
        found |= {row.turn: _feedback(row) for row in rows}
    return found


def reviews_of(connection: Connection, ids: Iterable[str]) -> Mapping[str, Mapping[int, Review]]:
    """The reviews of these turns' citations, by turn and citation."""
    found: dict[str, dict[int, Review]] = defaultdict(dict)
    for page in paged(ids):
        for row in connection.execute(select(reviews).where(reviews.c.turn.in_(page))):
            found[row.turn][row.citation] = _review(row)
    return dict(found)


def _reviewed(connection: Connection, rows: Sequence[DatabaseRow]) -> tuple[ReviewedCitation, ...]:
    """The reviews with what they are about, which stands in the answers."""
    cited = tallies.citations_of(connection, {row.turn for row in rows})
    return tuple(
        ReviewedCitation(_place(row), row.citation, _review(row), tallies.nth(cited, row.turn, row.citation)) for row in rows
    )


def _placed(table: Table, conversation: str, owned: Ownership) -> RowsQuery:
    """The table's rows with where they belong."""
    columns = (*table.columns, turns.c.conversation, turns.c.question, conversations.c.title)
    query = (
        select(*columns)
        .select_from(tallies.with_turns(table))
        .where(conversations.c.deleted.is_(None), owned.of(conversations))
    )
    return query.where(turns.c.conversation == conversation) if conversation else query


# From rows of the database to what the rest of the program knows.


def _place(row: DatabaseRow) -> TurnPlace:
    return TurnPlace(row.conversation, row.title, row.turn, question_of(row.question))


def _feedback(row: DatabaseRow) -> Feedback:
    return Feedback(row.verdict, row.note, row.who, moment(row.at))


def _review(row: DatabaseRow) -> Review:
    return Review(row.decision, row.note, row.who, moment(row.at))
