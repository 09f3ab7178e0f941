"""Questions that stand: they are asked again when the articles have changed, and each change of their answer is kept.

`add` keeps a question. Whoever asks it then says `keep` with a new answer, `confirm` where nothing changed, or `failed`.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from bot.conversation.answer_changes import AnswerChange
from bot.conversation.history.database import Database
from bot.conversation.history.ownership import LOCAL, Ownership
from bot.conversation.history.rows import AskedQuestion, asked_in, moment, question_of
from bot.conversation.history.schema import standing_answers, standing_questions
from bot.errors import HistoryError
from bot.serialization import Unreadable, from_json, to_json
from bot.types import Answer
from vectorstore.storage.database import DatabaseRow, RowsQuery

NEVER_ASKED = -1
"""The generation of the index at which a question was asked that has no answer yet."""


@dataclass(frozen=True, slots=True)
class StandingAnswer:
    """An answer to a standing question: when it came, when it was last found to be the same, and what it changed.

    `change` is None for the first answer, and for one whose kept form cannot be read.
    """

    number: int
    came: datetime
    asked: datetime
    generation: int
    answer: Answer
    change: AnswerChange | None = None


@dataclass(frozen=True, slots=True)
class StandingQuestion:
    """A question that is kept. `changes` counts how often its answer has changed, `last` is its answer as it is now.

    `model` is as `Question.model` has it. `failure` is why it could not be asked the last time, "" where it could. `person` is
    whose question it is.
    """

    id: str
    asked: AskedQuestion
    model: str
    added: datetime
    failure: str = ""
    changes: int = 0
    last: StandingAnswer | None = None
    person: str = LOCAL

    @property
    def generation(self) -> int:
        """The state of the index when it was asked last."""
        return self.last.generation if self.last else NEVER_ASKED


class StandingQuestions:
    """The standing questions of a home; `History.standing` is the one of a home. Every method may raise HistoryError."""

    def __init__(self, database: Database, now: Callable[[], int], owned: Ownership) -> None:
        self._database = database
        self._now = now
        self._owned = owned

    def add(self, asked: AskedQuestion, model: str = "") -> str:
        """Keeps a question, and gives its id; one that is kept already is not kept twice."""
        # Eight figures are short enough to type, as the command line asks for them.
        text, id = to_json(asked), secrets.token_hex(4)
        same = select(standing_questions.c.id).where(
            standing_questions.c.question == text,
            standing_questions.c.model == model,
            standing_questions.c.deleted.is_(None),
            standing_questions.c.person == self._owned.person,
        )
        with self._database.writing() as connection:
            if (there := connection.scalar(same)) is not None:
                return str(there)
            row = {"id": id, "added": self._now(), "model": model, "failure": "", "question": text}
            row["person"] = self._owned.person
            connection.execute(insert(standing_questions).values(**row))
        return id

    def questions(self) -> tuple[StandingQuestion, ...]:
        """Those that are not removed, in the order in which they were added."""
        own = self._owned.of(standing_questions)
        kept = select(standing_questions).where(standing_questions.c.deleted.is_(None), own)
        ordered = kept.order_by(standing_questions.c.added, standing_questions.c.id)
        with self._database.reading() as connection:
            return tuple(_question(connection, row) for row in connection.execute(ordered).all())

    def question(self, id: str) -> StandingQuestion | None:
        """One question; None where it is not kept, or was removed."""
        wanted = select(standing_questions).where(self._own(id), standing_questions.c.deleted.is_(None))
        with self._database.reading() as connection:
            row = connection.execute(wanted).one_or_none()
            return None if row is None else _question(connection, row)

    def answers(self, id: str, limit: int = 20, offset: int = 0) -> tuple[StandingAnswer, ...]:
        """The answers to a question, the newest first."""
        own = _of(id).where(self._owned.of(standing_questions))
        rows = own.order_by(standing_answers.c.number.desc()).limit(limit).offset(offset)
        with self._database.reading() as connection:
            return tuple(_answer(row, question_of(row.question)) for row in connection.execute(rows).all())

    def remove(self, id: str) -> None:
        """Takes it out of the list; `restore` brings it back as long as it is not purged."""
        self._change(id, deleted=self._now())

    def restore(self, id: str) -> None:
        """Undoes `remove`."""
        self._change(id, deleted=None)

    def keep(self, before: StandingQuestion, answer: Answer, change: AnswerChange | None, generation: int) -> bool:
        """Keeps a new answer, and says whether it did: not where another process has kept one since `before` was read."""
        now = self._now()
        # What went to the model is many times as long as the answer, and is not looked at here.
        row = {"question": before.id, "came": now, "asked": now, "generation": generation}
        row |= {"change": "" if change is None else to_json(change), "answer": to_json(replace(answer, trace=None))}
        with self._database.writing() as connection:
            # Two processes may have asked at once; the second one's change would be told against an answer that is not the last
            # any more.
            if _newest(connection, before.id) != (before.last.number if before.last else None):
                return False
            connection.execute(insert(standing_answers).values(**row))
            connection.execute(update(standing_questions).where(standing_questions.c.id == before.id).values(failure=""))
        return True

    def confirm(self, before: StandingQuestion, generation: int) -> None:
        """Notes that the newest answer is still the answer, at this state of the index."""
        if before.last is None:
            return
        this = standing_answers.c.number == before.last.number
        with self._database.writing() as connection:
            connection.execute(update(standing_answers).where(this).values(asked=self._now(), generation=generation))
            connection.execute(update(standing_questions).where(standing_questions.c.id == before.id).values(failure=""))

    def failed(self, id: str, why: str) -> None:
        """Notes why the question could not be asked; it stays due."""
        self._change(id, failure=why)

    def purge(self, until: int) -> int:
        """Forgets for good what was removed before this time, in milliseconds since 1970; how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(standing_questions).where(standing_questions.c.deleted <= until)).rowcount

    def _change(self, id: str, **values: object) -> None:
        with self._database.writing() as connection:
            found = connection.execute(update(standing_questions).where(self._own(id)).values(**values))
            if not found.rowcount:
                raise HistoryError("This question is not kept any more.", "Keep it anew.")

    def _own(self, id: str) -> ColumnElement[bool]:
        return (standing_questions.c.id == id) & self._owned.of(standing_questions)


def _of(id: str) -> RowsQuery:
    """The answers of a question, with the question."""
    both = standing_answers.join(standing_questions, standing_questions.c.id == standing_answers.c.question)
    columns = (*(column for column in standing_answers.c if column.name != "question"), standing_questions.c.question)
    return select(*columns).select_from(both).where(standing_answers.c.question == id)


def _newest(connection: Connection, id: str) -> int | None:
    found: int | None = connection.scalar(select(func.max(standing_answers.c.number)).where(standing_answers.c.question == id))
    return found


def _question(connection: Connection, row: DatabaseRow) -> StandingQuestion:
    answers = select(func.count()).select_from(standing_answers).where(standing_answers.c.question == row.id)
    count = connection.scalar(answers) or 0
    last = connection.execute(_of(row.id).order_by(standing_answers.c.number.desc()).limit(1)).one_or_none()
    asked = asked_in(row.question)
    shown = None if last is None else _answer(last, asked.question)
    kept = (row.id, asked, row.model, moment(row.added), row.failure)
    # The first answer changed nothing.
    return StandingQuestion(*kept, max(0, count - 1), shown, row.person)


def _answer(row: DatabaseRow, question: str) -> StandingAnswer:
    """An answer; one whose JSON is damaged is an empty one, which spoils no other."""
    try:
        answer = from_json(Answer, row.answer)
    except Unreadable:
        answer = Answer(question)
    try:
        change = from_json(AnswerChange, row.change) if row.change else None
    except Unreadable:
        change = None
    return StandingAnswer(row.number, moment(row.came), moment(row.asked), row.generation, answer, change)
