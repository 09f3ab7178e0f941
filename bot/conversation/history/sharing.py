"""Links by which others may read one conversation, each valid until it is withdrawn."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, insert, select

from bot.conversation.history import queries
from bot.conversation.history.database import Database
from bot.conversation.history.ownership import EVERYBODY, Ownership
from bot.conversation.history.rows import Conversation, moment
from bot.conversation.history.schema import conversations, shared_links
from bot.errors import HistoryError


class SharedLinks:
    """The links to the conversations of one history, which has it as `history.shared`. Every method may raise HistoryError.

    >>> token = history.shared.make(conversation)
    >>> history.shared.opened(token).head.title
    'When was the bridge opened?'
    >>> history.shared.withdraw(conversation)
    >>> history.shared.opened(token) is None
    True
    """

    def __init__(self, database: Database, now: Callable[[], int], owned: Ownership) -> None:
        self._database = database
        self._now = now
        self._owned = owned

    def make(self, conversation: str) -> str:
        """The token of a new link to one's own conversation, by its id; the link that was there before opens nothing any more.

        The token cannot be had again, since only its digest is kept. Raises HistoryError where the conversation is deleted, or
        somebody else's.
        """
        token = secrets.token_urlsafe(32)
        with self._database.writing() as connection:
            if connection.scalar(select(conversations.c.id).where(self._owned.of_conversation(conversation))) is None:
                raise HistoryError("This conversation is not kept any more.", "Begin a new one.")
            # Whose it is was asked above.
            connection.execute(delete(shared_links).where(shared_links.c.conversation == conversation))
            row = {"token_hash": _digest(token), "conversation": conversation, "made": self._now()}
            connection.execute(insert(shared_links).values(**row))
        return token

    def withdraw(self, conversation: str) -> None:
        """Ends the link to one's own conversation at once; nothing happens where there is none."""
        own = select(conversations.c.id).where(self._owned.of_conversation(conversation))
        with self._database.writing() as connection:
            connection.execute(delete(shared_links).where(shared_links.c.conversation.in_(own)))

    def made_at(self, conversation: str) -> datetime | None:
        """When the link to one's own conversation was made; None where there is none."""
        query = select(shared_links.c.made).join(conversations, conversations.c.id == shared_links.c.conversation)
        with self._database.reading() as connection:
            made = connection.scalar(query.where(self._owned.of_conversation(conversation)))
        return None if made is None else moment(made)

    def opened(self, token: str) -> Conversation | None:
        """The conversation that a link leads to, whosever it is; None where it was withdrawn, or the conversation deleted.

        Feedback and reviews are removed: they are their owner's.
        """
        # Looked up by its digest, so that the time it takes tells nothing about how a token begins.
        query = select(shared_links.c.conversation).where(shared_links.c.token_hash == _digest(token))
        with self._database.reading() as connection:
            conversation = connection.scalar(query)
            found = queries.opened(connection, conversation, EVERYBODY) if conversation else None
        return None if found is None or found.head.deleted else replace(found, feedback={}, reviews={})


def _digest(token: str) -> str:
    # The token has 256 random bits, so neither a salt nor a slow digest is needed. What is typed into an address may have a
    # lone surrogate, which UTF-8 has no bytes for.
    return sha256(token.encode("utf-8", "replace")).hexdigest()
