"""What another window has added to a conversation that stands open here, so that nobody asks past it without knowing.

Two windows on one conversation are two sessions: each holds the turns that it has seen. A question asked here would follow on
the last of these, and begin a second branch beside what the other window has added. So the history is looked at before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.history import Exchange, History
from bot.errors import HistoryError


@dataclass(slots=True)
class AddedElsewhere:
    """How many turns were `added` after the last one that is shown here, and the question that `waits` for the reader.

    `refusals` counts the questions that were not asked at once. Mutable on purpose: one for a session.

    >>> seen = AddedElsewhere(added=1)
    >>> seen.refuses("And the reserve?"), seen.refuses("And the reserve?")
    (True, False)
    """

    added: int = 0
    waits: str = ""
    refusals: int = 0

    def refuses(self, question: str) -> bool:
        """Whether the question is to wait: it goes through when it is sent once more as it stands."""
        # Sent once more, word for word, it is asked: the reader has seen the note that stands above the field.
        if not self.added or question == self.waits:
            return False
        self.waits = question
        self.refusals += 1
        return True

    def forget(self) -> None:
        """Another conversation is shown, or this one as it is now."""
        self.added, self.waits = 0, ""


def turns_added(history: History, conversation: str, shown: Sequence[Exchange]) -> int:
    """How many turns follow the last of those that are shown; 0 where the conversation goes another way by now, or is gone."""
    if not conversation or not shown:
        return 0
    try:
        found = history.conversation(conversation)
    except HistoryError:
        return 0
    # The turns of the branch that was shown last, in whichever window.
    ids = [turn.id for turn in found.turns] if found and not found.head.deleted else []
    last = shown[-1].id
    # A last turn that is not among them was edited elsewhere: that is another branch, and nothing is asked past it.
    return len(ids) - 1 - ids.index(last) if last in ids else 0
