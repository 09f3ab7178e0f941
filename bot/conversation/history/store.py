"""The history: conversations whose turns branch, and their answers as far as they have come; drafts that were checked, in
`drafts`. Threads and processes share it.

`begin` a turn, `save` its answer as it grows (each save is one short transaction: the caller decides how often), and `save` it
once more with the status that it ended in. What a killed process left running is found, and says so (see `process_locks`).
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from bot.conversation.history import branches, queries
from bot.conversation.history.database import Database
from bot.conversation.history.drafts import Drafts
from bot.conversation.history.opinions import Opinions
from bot.conversation.history.ownership import EVERYBODY, Ownership
from bot.conversation.history.process_locks import ProcessLocks, process_locks
from bot.conversation.history.rows import (
    AskedQuestion,
    Conversation,
    ConversationHead,
    ConversationMatch,
    Exchange,
    ListPage,
    answer_from,
    question_of,
)
from bot.conversation.history.schema import address, conversations, file_in, texts, turns
from bot.conversation.history.sharing import SharedLinks
from bot.conversation.history.standing import StandingQuestions
from bot.conversation.history.texts import UNTITLED, folded, one_line, title_of
from bot.errors import HistoryError
from bot.serialization import Unreadable, to_json
from bot.types import Answer, Problem
from vectorstore.storage.database import DatabaseRow

ABANDONED = Problem(
    "Footnote was ended while this answer was being written, so it is incomplete.", "Ask again to get the whole answer.", True
)
UNDO = 7 * 24 * 3600.0
"""Seconds for which a deleted conversation can be had back."""

Clock = Callable[[], float]
"""Seconds since 1970."""


class History:
    """One home's conversations; `opinions` are the feedback and the reviews, `drafts` the drafts that were checked.

    `standing` are the questions that are asked again, `shared` the links to conversations. Every method may raise HistoryError.
    It shows and changes what belongs to the owner of the machine; `owned_by` gives the same for somebody who signed in. Threads
    may share it.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     history = History.open(Path(home))
    ...     conversation = history.create("When was the bridge opened?")
    ...     turn = history.begin(conversation, AskedQuestion("When was the bridge opened?"))
    ...     history.save(turn, Answer("When was the bridge opened?", text="In 1932."))
    ...     history.conversation(conversation).turns[0].answer.text
    ...     history.close()
    'In 1932.'
    """

    def __init__(
        self, database: Database, locks: ProcessLocks, clock: Clock = time.time, owned: Ownership | None = None
    ) -> None:
        self._database = database
        self._locks = locks
        self._clock = clock
        self._owned = owned = owned or Ownership()
        self.opinions = Opinions(database, self._now, owned)
        self.drafts = Drafts(database, locks, self._now, owned)
        self.standing = StandingQuestions(database, self._now, owned)
        self.shared = SharedLinks(database, self._now, owned)

    @classmethod
    def open(cls, home: Path, catalog: str = "", clock: Clock = time.time) -> "History":
        """The history of a home folder, or in the catalog's database where `Settings.catalog` names one.

        Marks what other processes left unfinished, and forgets what was deleted more than a week ago.
        """
        database = Database.open(address(home, catalog))
        history = cls(database, process_locks(database.engine), clock)
        try:
            # Whoever opens it cleans up, so nothing has to run in the background for that.
            history.recover()
            history.purge()
        except HistoryError:
            database.close()
            raise
        return history

    def owned_by(self, person: str, *also: str) -> "History":
        """The same history as a person sees it: what they begin is theirs, and they see it, and what is `also` theirs."""
        return History(self._database, self._locks, self._clock, Ownership(person, also))

    def of_everybody(self) -> "History":
        """The same history with what belongs to anybody, for what the program does by itself."""
        return History(self._database, self._locks, self._clock, EVERYBODY)

    @staticmethod
    def is_kept(home: Path, catalog: str = "") -> bool:
        """Whether there may be a history to open; False where opening one would make its file."""
        return bool(catalog) or file_in(home).is_file()

    def close(self) -> None:
        """Lets go of the database; turns of this process that are still running count as abandoned from now on."""
        self._locks.close()
        self._database.close()

    # Conversations

    def create(self, question: str) -> str:
        """A new conversation with a title made from its first question; its id."""
        id, now, title = _new_id(), self._now(), title_of(question)
        row = {"id": id, "created": now, "changed": now, "leaf": "", "title": title, "folded": folded(title)}
        row["person"] = self._owned.person
        with self._database.writing() as connection:
            connection.execute(insert(conversations).values(**row))
        return id

    def conversations(self, limit: int = 50, offset: int = 0) -> ListPage[ConversationHead]:
        """Those that are not deleted, the last asked in first."""
        with self._database.reading() as connection:
            return queries.heads(connection, self._owned, limit, offset)

    def search(self, words: str, limit: int = 20, offset: int = 0) -> ListPage[ConversationMatch]:
        """Those whose title, questions or answers hold the words, whatever their case; %, _ and * stand for themselves."""
        with self._database.reading() as connection:
            return queries.matches(connection, self._owned, words, limit, offset)

    def conversation(self, id: str) -> Conversation | None:
        """One conversation with the branch that it shows, also where it is deleted and not yet forgotten; None without it."""
        with self._database.reading() as connection:
            found = queries.opened(connection, id, self._owned)
        if found and any(turn.answer.status == "running" for turn in found.turns) and self.recover():
            # A process that was writing one of these answers has died since: read it again, as stopped.
            return self.conversation(id)
        return found

    def rename(self, id: str, title: str) -> None:
        """Gives it a title of the reader's own; nothing but white space gives back "Untitled conversation"."""
        title = one_line(title) or UNTITLED
        self._change(id, title=title, folded=folded(title))

    def delete(self, id: str) -> None:
        """Takes it out of the lists; `restore` brings it back as long as it is not purged."""
        self._change(id, deleted=self._now())

    def restore(self, id: str) -> None:
        """Undoes `delete`."""
        self._change(id, deleted=None)

    def purge(self, older: float = UNDO) -> int:
        """Forgets for good what was deleted more than `older` seconds ago; how many conversations, drafts, questions."""
        until = self._now() - int(older * 1000)
        with self._database.writing() as connection:
            # Turns, texts, feedback and reviews go with their conversation: their foreign keys cascade.
            gone = connection.execute(delete(conversations).where(conversations.c.deleted <= until)).rowcount
        return gone + self.drafts.purge(until) + self.standing.purge(until)

    def show(self, conversation: str, turn: str) -> None:
        """Shows the branch through `turn`, to the end that was asked last."""
        with self._database.reading() as connection:
            links = queries.links(connection, conversation)
        if turn not in dict(links):
            raise _no_turn()
        self._change(conversation, leaf=branches.newest_below(links, turn))

    # Turns

    def begin(self, conversation: str, asked: AskedQuestion, *, parent: str = "", model: str = "", id: str = "") -> str:
        """A new turn, running in this process, and the one that is shown; its id, which may be given (at most 32 characters).

        `parent` is the turn that it follows, "" for a first one. To edit or repeat a question, begin a turn with its parent.
        """
        id, now = id or _new_id(), self._now()
        row: dict[str, object]
        row = {"id": id, "conversation": conversation, "parent": parent, "model": one_line(model), "status": "running"}
        row |= {"owner": self._locks.id, "asked": now, "question": to_json(asked)}
        row["outcome"] = to_json(Answer(asked.question, status="running"))
        self._locks.take()
        with self._database.writing() as connection:
            shown = update(conversations).where(self._owned.of_conversation(conversation)).values(leaf=id, changed=now)
            if not connection.execute(shown).rowcount:
                raise _no_turn()
            # The depth is kept, so that a list can tell how long a conversation is without walking through its turns.
            connection.execute(insert(turns).values(**row, depth=_depth(connection, conversation, parent) + 1))
            text = {"turn": id, "conversation": conversation, "question": folded(asked.question), "answer": ""}
            connection.execute(insert(texts).values(**text))
        return id

    def save(self, turn: str, answer: Answer) -> None:
        """Keeps what is known of a turn's answer by now. What is running never takes the place of what has ended."""
        row: dict[str, object] = {"status": answer.status, "outcome": to_json(answer)}
        if answer.status != "running":
            # Nobody owns what has ended: it is left alone when this process dies.
            row["owner"] = 0
        if answer.model:
            row["model"] = one_line(answer.model)
        this = (turns.c.id == turn) & turns.c.id.in_(self._owned.turn_ids())
        statement = update(turns).where(this)
        # A save of the growing answer may come late, after the reader has stopped it in another thread.
        if answer.status == "running":
            statement = statement.where(turns.c.status == "running")
        with self._database.writing() as connection:
            if connection.execute(statement.values(**row)).rowcount:
                connection.execute(update(texts).where(texts.c.turn == turn).values(answer=folded(answer.text)))
            # No row was changed: that is an error only where the turn is gone, and not where it has ended before.
            elif connection.scalar(select(turns.c.id).where(this)) is None:
                raise _no_turn()

    def turn(self, id: str) -> Exchange | None:
        """One turn, wherever it is; None without it."""
        with self._database.reading() as connection:
            own: list[str] = list(connection.scalars(self._owned.turn_ids().where(turns.c.id == id)))
            return next(iter(queries.turns_of(connection, own)), None)

    def recover(self) -> int:
        """Marks as stopped what processes that are gone left running; how many turns and drafts."""
        found = select(turns.c.owner).where(turns.c.status == "running", turns.c.owner != self._locks.id).distinct()
        with self._database.reading() as connection:
            owners = list(connection.scalars(found))
        marked = 0
        for owner in {*owners, *self.drafts.owners()}:
            # The lock is held while its turns are marked, so that two processes never both take the same ones over.
            with self._locks.gone(owner) as gone:
                marked += self._abandon(owner) + self.drafts.abandon(owner) if gone else 0
        return marked

    def _abandon(self, owner: int) -> int:
        running = select(turns.c.id, turns.c.outcome, turns.c.question, turns.c.model).where(
            turns.c.status == "running", turns.c.owner == owner
        )
        with self._database.writing() as connection:
            left = connection.execute(running).all()
            for row in left:
                ended = {"status": "stopped", "owner": 0, "outcome": _abandoned(row)}
                connection.execute(update(turns).where(turns.c.id == row.id).values(**ended))
        return len(left)

    def _change(self, id: str, **values: object) -> None:
        with self._database.writing() as connection:
            if not connection.execute(update(conversations).where(self._owned.of_conversation(id)).values(**values)).rowcount:
                raise _no_turn()

    def _now(self) -> int:
        return int(self._clock() * 1000)


def _new_id() -> str:
    # Random, as it stands in addresses: nobody can guess another conversation from their own.
    return secrets.token_hex(8)


def _no_turn() -> HistoryError:
    return HistoryError("This conversation is not kept any more.", "Begin a new one.")


def _depth(connection: Connection, conversation: str, parent: str) -> int:
    """How many turns the branch has up to `parent`."""
    if not parent:
        return 0
    # Of this conversation alone: a parent in another one would join two trees.
    found: int | None = connection.scalar(
        select(turns.c.depth).where(turns.c.id == parent, turns.c.conversation == conversation)
    )
    if found is None:
        raise _no_turn()
    return found


def _abandoned(row: DatabaseRow) -> str:
    """The same answer in JSON, and that there is no more because Footnote was ended."""
    try:
        answer = answer_from(row.outcome, "stopped", question_of(row.question), row.model)
    except Unreadable:
        # What cannot be read is left as it is: the reader is told so when the turn is opened.
        outcome: str = row.outcome
        return outcome
    return to_json(replace(answer, trouble=ABANDONED))
