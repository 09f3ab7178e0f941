"""The turn that prompts are tried on: a question that is typed, or a turn of the chat, with its passages held still."""

from bot.conversation.history import Exchange, History
from bot.errors import HistoryError, InputError
from bot.types import Question
from bot.ui.addresses import Address
from bot.ui.exchange import history

GONE = InputError("This turn is not kept any more.", "Type a question instead, or open another turn in the lab.")
EARLY = InputError("This answer is still on its way.", "Wait until it is complete, then open it in the lab again.")


def held_still(kept: History, address: Address) -> Question:
    """A turn of the chat as a question, with what was said before it, what was searched, and the passages of its answer.

    Raises InputError where there is no such turn, or none as yet, and HistoryError where the conversations cannot be read.
    """
    conversation, turn = kept.conversation(address.conversation), kept.turn(address.turn)
    if conversation is None or conversation.head.deleted or turn is None or turn.conversation != address.conversation:
        raise GONE
    if turn.answer.status == "running":
        raise EARLY
    asked, answer = turn.asked, turn.answer
    given = answer.passages if answer.searched else None
    return Question(asked.question, history(_before(kept, turn)), asked.scope, answer.query or asked.wanted, given=given)


def _before(kept: History, turn: Exchange) -> list[Exchange]:
    """The turns before it, oldest first. A damaged history may lead in a circle: no turn comes twice."""
    found: list[Exchange] = []
    seen = {turn.id}
    while turn.parent and turn.parent not in seen:
        seen.add(turn.parent)
        before = kept.turn(turn.parent)
        if before is None:
            raise HistoryError("What was said before this turn cannot be read.", "Type the question instead.")
        found.append(turn := before)
    return found[::-1]
