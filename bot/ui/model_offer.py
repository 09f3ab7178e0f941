"""Which models answers can be written by: what is offered, how it is called, and which of them answers now."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.history import Exchange
from bot.errors import FootnoteError
from bot.types import Problem
from bot.ui.words import word
from bot.wiring.chat import Chat
from bot.wiring.model_choices import QUOTES

HOW = (
    word("mode.to_have_answers_written_by"),
    word("mode.the_key_is_never_shown"),
)
"""How to get a model, for who has none."""


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """What can be chosen, and why that may not be all."""

    models: tuple[str, ...]
    problem: Problem | None = None


def model_label(model: str) -> str:
    """What says where the words of the answers come from."""
    if model == QUOTES:
        return word("mode.quotations_word_for_word")
    return word("mode.written_by", model=model) if model else word("mode.written_by_the_servers_first")


def offered_models(chat: Chat) -> ModelOffer:
    """What can be chosen; takes as long as the model's server takes to tell."""
    chosen: Sequence[str] = ()
    try:
        chosen = chat.chosen_models()
        of_server = [name for name in chat.models() if name != QUOTES]
    except FootnoteError as error:
        # What was chosen can be used whether or not the environment's server answers.
        return ModelOffer((QUOTES, *chosen), Problem(error.message, error.help))
    return ModelOffer((QUOTES, *chosen, *of_server))


def choices(offer: ModelOffer, started: str) -> tuple[str, ...]:
    """What can be chosen, with what Footnote was started with: it need not be on the list, or have a name as yet.

    >>> choices(ModelOffer(("quotes",)), "openai:m"), choices(ModelOffer(("quotes", "openai:m")), "")
    (('quotes', 'openai:m'), ('quotes', 'openai:m'))
    """
    # "" as what it was started with is the server's first model, which the list names where the server answers.
    unnamed = not started and len(offer.models) > 1
    return offer.models if started in offer.models or unnamed else (*offer.models, started)


def place_of_current(names: Sequence[str], chosen: str, started: str) -> int:
    """The place of what answers now among the names: the server's first model, where no other was asked for."""
    wanted = chosen or started
    # Place 0 are the quotations; place 1, where there is one, a model.
    return names.index(wanted) if wanted in names else min(1, len(names) - 1)


def default_model(chat: Chat) -> str:
    """What answers unless the reader chooses; "" while the server is not asked for its first model, or can't be meant."""
    try:
        return chat.mode()
    except FootnoteError:
        return ""


def last_model(chat: Chat, exchanges: Sequence[Exchange]) -> str:
    """The model that was chosen for the last turn, with which the conversation goes on; "" where there is none such now."""
    model = exchanges[-1].model if exchanges else ""
    try:
        # A model by the server's name is tried as it is; a choice by name may have been deleted since.
        return model if ":" in model or model in ("", QUOTES, *chat.chosen_models()) else ""
    except FootnoteError:
        return ""
