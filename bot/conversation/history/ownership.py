"""Whose conversations, drafts and standing questions are seen and changed. Pure: conditions of queries, no database."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Table, select, true

from bot.conversation.history.schema import conversations, turns

LOCAL = ""
"""The owner of the machine, who does not sign in; what was kept before there was sign-in is theirs."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """Those whose rows are seen and changed, None for everybody's. What is begun belongs to the `person`.

    >>> Ownership("ada@example.org").seen
    ('ada@example.org',)
    """

    person: str = LOCAL
    also: tuple[str, ...] = ()
    everybody: bool = False

    @property
    def seen(self) -> tuple[str, ...]:
        """The persons whose rows are seen."""
        return (self.person, *self.also)

    def of(self, table: Table) -> ColumnElement[bool]:
        """Whether a row of `conversations`, `drafts` or `standing_questions` is seen."""
        return true() if self.everybody else table.c.person.in_(self.seen)

    def of_conversation(self, id: str) -> ColumnElement[bool]:
        """Whether a row of `conversations` is the one with this id, and is seen."""
        return (conversations.c.id == id) & self.of(conversations)

    def turn_ids(self) -> Select[str]:
        """The ids of the turns of conversations that are seen."""
        return select(turns.c.id).join(conversations, conversations.c.id == turns.c.conversation).where(self.of(conversations))


EVERYBODY = Ownership(everybody=True)
"""What the program itself sees, to clean up and to ask standing questions again."""
