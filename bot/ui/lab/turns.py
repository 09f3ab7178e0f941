"""The turn that prompts are tried on: a question that is typed, or a turn of the chat, with its passages held still."""

from bot.conversation.history import History, StoredTurn
from bot.errors import HistoryError, InputError
from bot.types import Question
from bot.ui.addresses import Address
from bot.ui.exchange import history
from bot.ui.keeping import restored
from bot.ui.words import word

GONE = InputError(word("lab.this_turn_is_not_kept"), word("lab.type_a_question_instead"))
EARLY = InputError(word("lab.this_answer_is_still_on"), word("lab.wait_until_it_is_complete"))


def held_still(kept: History, address: Address) -> Question:
    """A turn of the chat as a question, with what was said before it, what was searched, and the passages of its answer.

    Raises InputError where there is no such turn, or none as yet, and HistoryError where the conversations cannot be read.
    """
    conversation, turn = kept.conversation(address.conversation), kept.turn(address.turn)
    if conversation is None or conversation.head.deleted or turn is None or turn.conversation != address.conversation:
        raise GONE
    if turn.status == "running":
        raise EARLY
    exchange = restored(turn)
    said = history(map(restored, _before(kept, turn)))
    given = exchange.passages if exchange.searched else None
    return Question(exchange.question, said, exchange.scope, exchange.query or exchange.wanted, given=given)


def _before(kept: History, turn: StoredTurn) -> list[StoredTurn]:
    """The turns before it, oldest first. A damaged history may lead in a circle: no turn comes twice."""
    found: list[StoredTurn] = []
    seen = {turn.id}
    while turn.parent and turn.parent not in seen:
        seen.add(turn.parent)
        before = kept.turn(turn.parent)
        if before is None:
            raise HistoryError(word("lab.what_was_said_before"), word("lab.type_the_question_instead"))
        found.append(turn := before)
    return found[::-1]
