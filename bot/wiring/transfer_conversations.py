"""Conversations as lines of JSON, with all their branches, feedback and reviews, and such lines put into another history.

A turn keeps its id, by which one that was taken in before is recognised. Each is written with the time that it had.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from bot.conversation.history import ABANDONED, AskedQuestion, Exchange, Feedback, History, Review, queries
from bot.conversation.history import opinions as said
from bot.conversation.history.database import Database
from bot.conversation.history.schema import address, conversations
from bot.serialization import Unreadable, from_plain, to_plain
from bot.types import Answer

# What may stand in a key and in an address; Footnote's own ids are hexadecimal.
_ID = re.compile(r"[0-9A-Za-z_-]{1,32}")
Plain = dict[str, Any]
"""A value as JSON has it."""


# Unknown fields are passed over in all three: a newer Footnote may have written more.
class ReviewLine(BaseModel):
    """What a person found of the citation at this place, from 0."""

    model_config = ConfigDict(extra="ignore")
    citation: int
    decision: str
    note: str = ""
    who: str = ""
    at: datetime


class TurnLine(BaseModel):
    """A question with its answer; `parent` is the id of the turn before, "" for a first question."""

    model_config = ConfigDict(extra="ignore")
    id: str
    parent: str = ""
    at: datetime
    model: str = ""
    question: Plain
    answer: Plain
    feedback: Plain | None = None
    reviews: tuple[ReviewLine, ...] = ()


class ConversationLine(BaseModel):
    """One conversation; `shown` is the last turn of the branch that was shown, `person` whose it is, "" the machine's owner."""

    model_config = ConfigDict(extra="ignore")
    title: str
    created: datetime
    shown: str = ""
    person: str = ""
    turns: tuple[TurnLine, ...]


# Out


def conversation_lines(home: Path, catalog: str = "") -> Iterator[Plain]:
    """All conversations of a home but the deleted ones, the oldest first; raises HistoryError."""
    if not History.is_kept(home, catalog):
        return
    database = Database.open(address(home, catalog))
    try:
        columns = conversations.c
        listed = (columns[name] for name in ("id", "title", "created", "leaf", "person"))
        wanted = select(*listed).where(columns.deleted.is_(None))
        with database.reading() as connection:
            for row in connection.execute(wanted.order_by(columns.created, columns.id)).all():
                ids = [id for id, _ in queries.links(connection, row.id)]
                feedback, reviews = said.feedback_on(connection, ids), said.reviews_of(connection, ids)
                turns = [
                    _turn(turn, feedback.get(turn.id), reviews.get(turn.id, {})) for turn in queries.turns_of(connection, ids)
                ]
                created = datetime.fromtimestamp(row.created / 1000).astimezone()
                # Left out for the owner of the machine, as in a home without sign-in.
                whose = {"person": row.person} if row.person else {}
                yield {"title": row.title, "created": created.isoformat(), "shown": row.leaf, **whose, "turns": turns}
    finally:
        database.close()


def _turn(turn: Exchange, feedback: Feedback | None, reviews: Mapping[int, Review]) -> Plain:
    record: Plain = {"id": turn.id, "parent": turn.parent, "at": turn.at.isoformat(), "model": turn.model}
    record |= {"question": to_plain(turn.asked), "answer": to_plain(turn.answer)}
    if feedback:
        record["feedback"] = _said(feedback.verdict, feedback, "verdict")
    if reviews:
        record["reviews"] = [{"citation": at, **_said(one.decision, one, "decision")} for at, one in sorted(reviews.items())]
    return record


def _said(what: str, one: Feedback | Review, name: str) -> Plain:
    return {name: what, "note": one.note, "who": one.who, "at": one.at.isoformat()}


# In


@dataclass(slots=True)
class ConversationImport:
    """Puts conversations into a history. `new` and `known` count turns that were taken in and that were there already."""

    home: Path
    catalog: str = ""
    conversations: int = 0
    new: int = 0
    known: int = 0
    # The clock of the history while it is filled: each entry is written with the time that it had.
    _now: list[float] = field(default_factory=lambda: [0.0])
    _history: History | None = None

    def take(self, line: object) -> None:
        """Takes in one conversation, or what is new of it; raises Unreadable for a line that is none, and HistoryError."""
        try:
            found = ConversationLine.model_validate(line)
        except ValueError as error:
            raise Unreadable(f"it is no conversation ({str(error).splitlines()[0]})") from error
        # All is read before anything is written, so that a broken answer leaves no half of a conversation.
        turns = [(turn, from_plain(AskedQuestion, turn.question), _ended(turn)) for turn in found.turns]
        if not turns or not all(_ID.fullmatch(turn.id) for turn, _, _ in turns):
            raise Unreadable("its turns have no ids")
        # Whoever they belong to: each stays with its person.
        history = self._opened().of_everybody()
        # Ids are looked for in the whole history: the conversation may have another id here.
        kept = {turn.id: there for turn, _, _ in turns if (there := history.turn(turn.id))}
        fresh = [one for one in turns if one[0].id not in kept]
        self.known += len(kept)
        if not fresh:
            return
        # A conversation that was taken in before is gone on with, else it would be there twice.
        conversation = next((one.conversation for one in kept.values()), "") or self._begun(found, turns[0][1])
        for turn, asked, answer in fresh:
            self._now[0] = turn.at.timestamp()
            # A turn stands behind its parent in the file: the export has them in the order in which they were asked.
            history.begin(conversation, asked, parent=turn.parent, model=turn.model, id=turn.id)
            history.save(turn.id, answer)
            self._take_opinions(history, turn)
            self.new += 1
        if found.shown in {turn.id for turn in found.turns}:
            history.show(conversation, found.shown)

    def close(self) -> None:
        """Lets go of the history."""
        if self._history is not None:
            self._history.close()

    def _opened(self) -> History:
        if self._history is None:
            self._history = History.open(self.home, self.catalog, clock=lambda: self._now[0])
        return self._history

    def _begun(self, line: ConversationLine, first: AskedQuestion) -> str:
        self._now[0] = line.created.timestamp()
        history = self._opened().owned_by(line.person)
        # The history makes a title of the question, which the export's own title then replaces.
        id = history.create(first.question)
        history.rename(id, line.title)
        self.conversations += 1
        return id

    def _take_opinions(self, history: History, turn: TurnLine) -> None:
        if turn.feedback:
            one = from_plain(Feedback, turn.feedback)
            self._now[0] = one.at.timestamp()
            history.opinions.rate(turn.id, one.verdict, one.note, one.who)
        for review in turn.reviews:
            found = from_plain(Review, review.model_dump(exclude={"citation"}))
            self._now[0] = found.at.timestamp()
            history.opinions.review(turn.id, review.citation, found.decision, found.note, found.who)


def _ended(turn: TurnLine) -> Answer:
    """The answer; one that was being written when it was exported has stopped there."""
    answer = from_plain(Answer, turn.answer)
    return replace(answer, status="stopped", trouble=ABANDONED) if answer.status == "running" else answer
