"""A model that was chosen in the page or by `footnote models` -> the model to ask, whose errors advise what to do there."""

import re
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from pydantic import SecretStr

from bot.errors import (
    BadRequest,
    EmptyAnswer,
    FootnoteError,
    MalformedAnswer,
    ModelError,
    ModelTimeout,
    NoCredit,
    NotPermitted,
    PromptTooLong,
    ServerUnreachable,
    SettingsError,
    UnknownModel,
    WrongKey,
)
from bot.models.choices import ModelChoice
from bot.models.failures import ModelEndpoint
from bot.models.model import ChatModelFactory, Model, Sleep
from bot.models.opening import list_models, open_model, provided_chats
from bot.models.providers import ANY, missing_package, provider
from bot.models.reply import Message, ReplyPiece
from bot.models.size import billions_in
from bot.settings import Settings

_NO_KEY = "none"
"""What a provider's package is given in place of a key, where an address was entered and no key: it would take one from the
environment, and send it to an address that it was never meant for."""
# A name in capitals with an underscore, such as OPENAI_API_KEY.
_VARIABLE = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b")
_PLACE = "on the page Models, or with `footnote models add`"
_HELP: dict[type[FootnoteError], str] = {
    WrongKey: f"Enter its key {_PLACE}: one that is mistyped, revoked, or another server's is not taken.",
    NotPermitted: f"Choose another model {_PLACE}, or enter a key that is allowed to use this one.",
    NoCredit: "Add credit or raise the limit of the account, or choose quotations to go on.",
    UnknownModel: f"Choose a model that it has {_PLACE}.",
    PromptTooLong: f"Let it be given fewer tokens of passages {_PLACE}, or begin a new conversation.",
    BadRequest: f"Check the address and the model {_PLACE}: most servers want /v1 at the end of their address.",
    MalformedAnswer: f"Ask again; if it stays so, check the address {_PLACE}: most servers want /v1 at its end.",
    ServerUnreachable: f"Start it, or correct its address {_PLACE}.",
    ModelTimeout: "Ask again; where the model is only slow, set FOOTNOTE_MODEL_TIMEOUT to more seconds.",
    EmptyAnswer: f"Let it write more tokens {_PLACE}: some models think at length before they write.",
    SettingsError: f"Enter the model's name and key {_PLACE}.",
    ModelError: f"Enter the model's name {_PLACE}.",
}
"""What to do, where the error's own help names an environment variable that has no part in this."""


class ChosenModel(Model):
    """A model with the temperature that was chosen for it, whose errors advise what can be done about a chosen model."""

    def __init__(
        self,
        endpoint: ModelEndpoint,
        chats: ChatModelFactory,
        sleep: Sleep,
        first: Callable[[], str] | None = None,
        sized: Callable[[str], float | None] = billions_in,
        *,
        temperature: float | None,
    ) -> None:
        """As a `Model` is built, with the temperature that was chosen; None leaves it to the prompt."""
        super().__init__(endpoint, chats, sleep, first, sized)
        # A choice's temperature wins over the prompt's, which was written for any model.
        self._own_temperature = temperature

    def warm(self) -> None:
        """Imports the provider's package; raises SettingsError."""
        with _advising():
            super().warm()

    def resolve(self) -> str:
        """The name, which the server is asked for where it is not set; raises ModelError."""
        with _advising():
            return super().resolve()

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, temperature: float | None = None, odds: bool = False
    ) -> Generator[ReplyPiece]:
        """As the model streams, at the temperature that was chosen for it; its errors name no environment variable."""
        own = temperature if self._own_temperature is None else self._own_temperature
        with _advising():
            yield from super().stream(messages, max_tokens=max_tokens, temperature=own, odds=odds)


@contextmanager
def _advising() -> Iterator[None]:
    try:
        yield
    except FootnoteError as error:
        raise advised(error) from error.__cause__


def advised(error: FootnoteError) -> FootnoteError:
    """The error with help that fits a chosen model, where its own names an environment variable."""
    if _VARIABLE.search(error.help):
        # The class itself first, then what it inherits from: the last entries stand for all others.
        error.help = next((_HELP[cls] for cls in type(error).__mro__ if cls in _HELP), error.help)
    return error


def settings_with(settings: Settings, choice: ModelChoice, key: str = "") -> Settings:
    """The settings with what a choice has of its own; `key` is the one that was entered for its address, if any."""
    own = {"max_answer_tokens": choice.max_answer_tokens, "context_tokens": choice.context_tokens}
    # Only the copy knows of the choice: the settings of the environment stay as they are.
    of_server = {"openai_base_url": choice.address, "openai_api_key": SecretStr(key), "model": choice.full_name}
    return settings.model_copy(update={name: value for name, value in own.items() if value is not None} | of_server)


def open_chosen(settings: Settings, choice: ModelChoice, key: str = "", *, sleep: Sleep = time.sleep) -> Model:
    """The model of a choice; nothing is imported or sent yet. Raises SettingsError where a key or a package is missing."""
    if missing := missing_package(choice.provider):
        said, _, command = missing.partition(": ")
        raise SettingsError(f"{said}.", f"Install it: {command}")
    # Told here: OpenAI would answer with a refusal that names an environment variable.
    if choice.provider == "openai" and not key:
        raise SettingsError(f"{choice.name} needs a key.", f"Enter it {_PLACE}.")
    if not provider(choice.provider).compatible:
        return _provided(settings, choice, key, sleep)
    make = partial(ChosenModel, temperature=choice.temperature)
    opened = open_model(settings_with(settings, choice, key), sleep=sleep, make=make)
    assert opened is not None  # as there is an address
    return opened


def list_chosen(settings: Settings, choice: ModelChoice, key: str = "") -> tuple[str, ...]:
    """The chat models that the server of a choice has; none of a provider that is not asked by OpenAI's protocol.

    Takes some seconds at most; raises ModelError.
    """
    if not provider(choice.provider).compatible or (choice.provider == "openai" and not key):
        return ()
    with _advising():
        return tuple(name.partition(":")[2] for name in list_models(settings_with(settings, choice, key)))


def _provided(settings: Settings, choice: ModelChoice, key: str, sleep: Sleep) -> Model:
    """A model that LangChain's `init_chat_model` opens, with the key and the address that were entered."""
    found = provider(choice.provider)
    name, _, model = choice.model.partition(":") if found.id == ANY else (found.langchain, "", choice.model)
    endpoint = ModelEndpoint(model, "", name, timeout=settings.model_timeout, key=key)
    # With neither a key nor an address, the package's own variables are what is meant.
    given = {"api_key": key or _NO_KEY} if key or choice.address else {}
    if choice.address:
        given["base_url"] = choice.address
    return ChosenModel(endpoint, provided_chats(name, settings.model_timeout, given), sleep, temperature=choice.temperature)
