"""The settings, and what was chosen in the page -> the model to ask. Nothing is imported or sent before it is needed."""

import re
import time
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import BadRequest, Malformed, ModelError, SettingsError, UnknownModel
from bot.models.failures import Place, cause, explained
from bot.models.model import Chats, Model, Sleep
from bot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

QUOTES = "quotes"
DEFAULT = "openai:gpt-4.1-mini"
"""The model where there is a key and nothing else."""
OPENAI = "https://api.openai.com/v1"
LIST_TIMEOUT = 3.0
"""Seconds to wait for the list of models: a page waits for it."""
THINKING = 4000
"""Tokens that a model which thinks before it writes gets for that; they count as written."""

_THINKS = re.compile(r"(?:openai/)?(?:o\d|gpt-[5-9])(?!.*-chat)")
_OPENAIS = re.compile(r"(?:openai/)?(?:gpt-(?!oss)|chatgpt-|o\d)")
_NO_CHAT = re.compile(
    r"embed|rerank|whisper|tts|dall-e|moderation|transcribe|realtime|audio|image|sora|davinci|babbage|turbo-instruct|\bbge\b|minilm",
    re.IGNORECASE,
)


def open_model(settings: Settings, name: str = "", *, sleep: Sleep = time.sleep) -> Model | None:
    """The model that the settings ask for, or the one called `name` (as `listed` gives them); None for quotes mode.

    Cheap: nothing is imported or sent yet. Raises SettingsError for a name that cannot be meant, or that needs a key.
    """
    wanted = name or settings.model
    address, key = settings.openai_base_url, settings.openai_api_key.get_secret_value()
    compatible = bool(address) and urlsplit(address).hostname != urlsplit(OPENAI).hostname
    if wanted == QUOTES or not (wanted or address or key):
        return None
    if not wanted and not compatible:
        wanted = DEFAULT
    provider, _, model = (wanted or "openai:").partition(":")
    if wanted and not (provider and model):
        raise SettingsError(f"{wanted} is not a model's name.", f"Write the provider before it: openai:{wanted}.")
    if provider != "openai":
        return _of_provider(provider, model, settings, sleep)
    if not address and not key:
        raise SettingsError(
            f"The model {wanted} needs a key.", "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server."
        )
    place = Place(model, _host(address or OPENAI), compatible=compatible, timeout=settings.model_timeout, key=key)
    return Model(place, _chats(settings, compatible=compatible), sleep, partial(_first, settings, place))


def listed(settings: Settings) -> tuple[str, ...]:
    """The chat models that the server has, as FOOTNOTE_MODEL takes them, in its order; none without a key and an address.

    Takes some seconds at most; raises ModelError.
    """
    address, key = settings.openai_base_url, settings.openai_api_key.get_secret_value()
    if not address and not key:
        return ()
    return tuple(
        f"openai:{name}" for name in _names(settings, Place("", _host(address or OPENAI), compatible=bool(address), key=key))
    )


def _names(settings: Settings, place: Place) -> tuple[str, ...]:
    from bot.models.protocol import listed

    place = Place("the list of models", place.host, compatible=place.compatible, timeout=LIST_TIMEOUT, key=place.key)
    try:
        found = listed(address=settings.openai_base_url or OPENAI, key=place.key, timeout=LIST_TIMEOUT)
    except Exception as error:  # an answer in another form fails in a way of its own
        raise explained(error, place, begun=False) from cause(error, place)
    return tuple(name for name in found if not _NO_CHAT.search(name))


def _first(settings: Settings, place: Place) -> str:
    """The first chat model that the server lists; raises ModelError, or SettingsError where it lists none."""
    cure = "Set FOOTNOTE_MODEL to openai: and the model's name."
    try:
        names = _names(settings, place)
    except (Malformed, BadRequest, UnknownModel) as error:
        raise ModelError(f"{place.server} does not tell which models it has.", cure) from error
    if not names:
        raise SettingsError(f"{place.server} lists no model.", cure)
    return names[0]


def _chats(settings: Settings, *, compatible: bool) -> Chats:
    """Makes the client of OpenAI's protocol when it is first asked for, and keeps its connections."""

    @cache
    def of(model: str) -> "BaseChatModel":
        from bot.models.protocol import chat

        return chat(
            model,
            address=settings.openai_base_url or OPENAI,
            key=settings.openai_api_key.get_secret_value(),
            timeout=settings.model_timeout,
            old_name=compatible and not _OPENAIS.match(model),
        )

    def limited(model: str, max_tokens: int, temperature: float | None = None, /) -> "BaseChatModel":
        if _THINKS.match(model):  # these refuse any temperature but their own
            return of(model).model_copy(update={"max_tokens": max_tokens + THINKING})
        return of(model).model_copy(update={"max_tokens": max_tokens, "temperature": temperature})

    return limited


def _of_provider(provider: str, model: str, settings: Settings, sleep: Sleep) -> Model:
    """A model of another of LangChain's providers, which reads its own key and address from the environment."""
    return Model(Place(model, "", provider, timeout=settings.model_timeout), _provided(provider, settings.model_timeout), sleep)


def _provided(provider: str, timeout: float) -> Chats:
    @cache
    def make(model: str, max_tokens: int, temperature: float | None = None, /) -> "BaseChatModel":
        from langchain.chat_models import init_chat_model

        init: Callable[..., BaseChatModel] = init_chat_model
        full = f"{provider}:{model}"
        own = {} if temperature is None else {"temperature": temperature}
        try:
            return init(model, model_provider=provider, max_tokens=max_tokens, timeout=timeout, max_retries=0, **own)
        except ImportError as error:
            package = f"langchain-{provider.replace('_', '-')}"
            named = re.search(r"pip install (?:-U )?([\w-]+)", str(error))
            raise SettingsError(
                f"FOOTNOTE_MODEL is {full}, whose package is not installed.",
                f"Install it beside Footnote (pip install {named[1] if named else package}), or choose another model.",
            ) from error
        except ValueError as error:
            if "model_provider" in str(error) or "provider=" in str(error):
                raise SettingsError(
                    f"FOOTNOTE_MODEL is {full}, but there is no provider called {provider}.",
                    f"For a model of a compatible server write openai:{full}.",
                ) from error
            raise

    return make


def _host(address: str) -> str:
    """An address's host and port, without the user name and password that may stand before them."""
    return urlsplit(address).netloc.rpartition("@")[2]
