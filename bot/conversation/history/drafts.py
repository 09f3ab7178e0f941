"""Drafts that were checked: the text, its sentences, and a verdict for each as soon as there is one.

`begin` keeps a text, `set_sentences` its sentences, `add` what was found for some of them, and `end` says that no more will
come. Whatever changes the text or checks it anew begins another edition; what belongs to an earlier one is not taken any more,
so two windows on one draft never mix what they have.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from bot.conversation.history.database import Database
from bot.conversation.history.ownership import Ownership
from bot.conversation.history.process_locks import ProcessLocks
from bot.conversation.history.rows import ListPage, moment
from bot.conversation.history.schema import draft_sentences, drafts
from bot.conversation.history.texts import cleaned, excerpt, folded, needle, one_line, title_of
from bot.errors import HistoryError
from bot.serialization import Unreadable, from_json, to_json
from bot.types import Checked, Status
from vectorstore.storage.database import DatabaseRow
from vectorstore.types import Span

UNTITLED_DRAFT = "Untitled draft"

Sentences = Sequence[tuple[Span, Checked | None]]
"""Where each sentence of a draft stands in it, and what was found for it; None as long as it has not been checked."""

_PAGE = 1000  # rows that are written with one statement
_NEWEST_FIRST = (drafts.c.changed.desc(), drafts.c.created.desc(), drafts.c.id.desc())


@dataclass(frozen=True, slots=True)
class DraftHead:
    """A draft as a list shows it; `sentences` counts those that state something, 0 as long as they are not known."""

    id: str
    title: str
    created: datetime
    changed: datetime
    status: Status
    sentences: int


@dataclass(frozen=True, slots=True)
class DraftMatch:
    """A draft that was found by its words, and where it holds them; "" where only the title does."""

    head: DraftHead
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft opened. It has no `sentences` where it was ended before they were known."""

    head: DraftHead
    text: str
    edition: int
    sentences: tuple[tuple[Span, Checked | None], ...]


class Drafts:
    """One home's drafts. Every method may raise HistoryError."""

    # Each change names the edition that it is for, and takes place only if that is still the last one. So no lock is needed
    # between windows: the one that comes too late is told.

    def __init__(self, database: Database, locks: ProcessLocks, now: Callable[[], int], owned: Ownership) -> None:
        self._owned = owned
        self._database = database
        self._locks = locks
        self._now = now

    # The text and its verdicts

    def begin(self, id: str, text: str, edition: int = 1, sentences: Sentences = ()) -> None:
        """Keeps an edition of a draft as one that this process is checking; the first one makes the draft.

        Raises HistoryError where the edition before it is not the last one that is kept.
        """
        self._locks.take()
        now = self._now()
        row = {"status": "running", "owner": self._locks.id, "edition": edition, "changed": now, "sentences": len(sentences)}
        row |= {"text": cleaned(text), "words": folded(text)}
        with self._database.writing() as connection:
            if edition == 1:
                # Only the first edition gives a title: a reader may have changed it since.
                title = draft_title(text)
                row |= {"title": title, "folded": folded(title), "person": self._owned.person}
                connection.execute(insert(drafts).values(id=id, created=now, **row))
            elif not self._update_edition(connection, id, edition - 1, **row):
                raise _overtaken()
            _write(connection, id, sentences)

    def set_sentences(self, id: str, edition: int, sentences: Sentences) -> None:
        """Keeps where the sentences of an edition stand, and what is known of them."""
        with self._database.writing() as connection:
            if not self._update_edition(connection, id, edition, sentences=len(sentences)):
                raise _overtaken()
            _write(connection, id, sentences)

    def add(self, id: str, edition: int, found: Mapping[int, Checked]) -> None:
        """Keeps what was found for some sentences of an edition, by their numbers from 0."""
        with self._database.writing() as connection:
            if not self._update_edition(connection, id, edition):
                raise _overtaken()
            for number, one in found.items():
                row = (draft_sentences.c.draft == id) & (draft_sentences.c.number == number)
                connection.execute(update(draft_sentences).where(row).values(checked=to_json(one)))

    def end(self, id: str, edition: int, status: Status) -> None:
        """Keeps how the check of an edition ended; one that has been overtaken is left as it is."""
        with self._database.writing() as connection:
            # An edition that was overtaken is no error here: whoever checks the newer one will end that.
            self._update_edition(connection, id, edition, status=status, owner=0)

    def draft(self, id: str) -> StoredDraft | None:
        """One draft, also where its check goes on; None where it is not kept, or was deleted."""
        with self._database.reading() as connection:
            row = connection.execute(select(drafts).where(self._own(id), drafts.c.deleted.is_(None))).one_or_none()
            if row is None:
                return None
            places = select(draft_sentences).where(draft_sentences.c.draft == id).order_by(draft_sentences.c.number)
            sentences = tuple(_sentence(one) for one in connection.execute(places))
        return StoredDraft(_head(row), row.text, row.edition, sentences)

    # The list

    def search(self, words: str = "", limit: int = 20, offset: int = 0) -> ListPage[DraftMatch]:
        """Those whose title or text holds the words, the last checked first; without words all."""
        wanted = needle(words)
        # The whole text is read only where an excerpt of it will be shown.
        query = select(*_HEAD, drafts.c.text) if wanted else select(*_HEAD)
        query = (
            query.where(drafts.c.deleted.is_(None), self._owned.of(drafts))
            .order_by(*_NEWEST_FIRST)
            .limit(limit + 1)
            .offset(offset)
        )
        if wanted:
            query = query.where(or_(*(drafts.c[name].contains(wanted, autoescape=True) for name in ("folded", "words"))))
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        found = (DraftMatch(_head(row), excerpt(row.text, words) if wanted else "") for row in rows[:limit])
        return ListPage(tuple(found), len(rows) > limit)

    def rename(self, id: str, title: str) -> None:
        """Gives it a title of the reader's own; nothing but white space gives back "Untitled draft"."""
        title = one_line(title) or UNTITLED_DRAFT
        self._change(id, title=title, folded=folded(title))

    def delete(self, id: str) -> None:
        """Takes it out of the list; `restore` brings it back as long as it is not purged."""
        self._change(id, deleted=self._now())

    def restore(self, id: str) -> None:
        """Undoes `delete`."""
        self._change(id, deleted=None)

    def purge(self, until: int) -> int:
        """Forgets for good what was deleted before a time, in milliseconds since 1970; how many drafts."""
        with self._database.writing() as connection:
            return connection.execute(delete(drafts).where(drafts.c.deleted <= until)).rowcount

    # What processes that are gone have left

    def owners(self) -> list[int]:
        """Other processes that are checking drafts, or were when they ended."""
        found = select(drafts.c.owner).where(drafts.c.status == "running", drafts.c.owner != self._locks.id).distinct()
        with self._database.reading() as connection:
            return list(connection.scalars(found))

    def abandon(self, owner: int) -> int:
        """Marks as stopped what a process that is gone was checking; how many drafts."""
        running = (drafts.c.status == "running") & (drafts.c.owner == owner)
        with self._database.writing() as connection:
            return connection.execute(update(drafts).where(running).values(status="stopped", owner=0)).rowcount

    def _change(self, id: str, **values: object) -> None:
        with self._database.writing() as connection:
            if not connection.execute(update(drafts).where(self._own(id)).values(**values)).rowcount:
                raise HistoryError("This draft is not kept any more.", "Check the text again to keep it anew.")

    def _update_edition(self, connection: Connection, id: str, last: int, /, **values: object) -> bool:
        """Whether `last` is the last edition of the draft, which then has these values."""
        this = self._own(id) & (drafts.c.edition == last)
        # Without a value to change, the row is written as it is: so nobody else changes it before this transaction has ended.
        return connection.execute(update(drafts).where(this).values(**(values or {"edition": last}))).rowcount > 0

    def _own(self, id: str) -> ColumnElement[bool]:
        return (drafts.c.id == id) & self._owned.of(drafts)


_HEAD = tuple(drafts.c[name] for name in ("id", "title", "created", "changed", "status", "sentences"))


def draft_title(text: str) -> str:
    """A title by the first line of a text, what stands before it between two lines of "---" apart."""
    lines = text.split("\n")
    # Front matter of Markdown, which is no title.
    if lines[0].strip() == "---" and "---" in (rest := [line.strip() for line in lines[1:200]]):
        lines = lines[rest.index("---") + 2 :]
    first = next((line for line in lines if any(map(str.isalnum, line))), "")
    return title_of(first) if first else UNTITLED_DRAFT


def _write(connection: Connection, id: str, sentences: Sentences) -> None:
    """Puts these in the place of all sentences that were kept of the draft."""
    connection.execute(delete(draft_sentences).where(draft_sentences.c.draft == id))
    rows = [_row(id, number, *one) for number, one in enumerate(sentences)]
    # In parts, as a database limits the values of one statement.
    for at in range(0, len(rows), _PAGE):
        connection.execute(insert(draft_sentences), rows[at : at + _PAGE])


def _row(id: str, number: int, span: Span, one: Checked | None) -> dict[str, object]:
    return {"draft": id, "number": number, "start": span[0], "stop": span[1], "checked": to_json(one) if one else ""}


def _overtaken() -> HistoryError:
    return HistoryError("This draft was changed in another window, or is not kept any more.", "Open it from the list again.")


def _head(row: DatabaseRow) -> DraftHead:
    return DraftHead(row.id, row.title, moment(row.created), moment(row.changed), row.status, row.sentences)


def _sentence(row: DatabaseRow) -> tuple[Span, Checked | None]:
    """A sentence; one whose JSON is damaged counts as not checked."""
    try:
        # "" is what stands there before a sentence was checked.
        return (row.start, row.stop), from_json(Checked, row.checked) if row.checked else None
    except Unreadable:
        return (row.start, row.stop), None
