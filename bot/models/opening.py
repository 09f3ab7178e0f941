"""The settings, and what was chosen in the page -> the models to ask. Nothing is imported or sent before it is needed.

Most servers speak OpenAI's protocol. LangChain's other providers are opened by `init_chat_model`, from their own packages; what
can go wrong before anything is sent is told here, with the environment variable that helps where one does. For a model that was
chosen in the page, `bot.models.chosen` puts the page in its place.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache, partial
from operator import attrgetter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.cancellation import make_wakeable
from bot.errors import BadRequest, MalformedAnswer, ModelError, SettingsError, UnknownModel
from bot.models.failures import ModelEndpoint, safe_cause, to_model_error
from bot.models.model import ChatModelFactory, Model, Sleep
from bot.models.size import billions_in, fetch_billions
from bot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel

QUOTES = "quotes"
DEFAULT = "openai:gpt-4.1-mini"
"""The model where there is a key and nothing else."""
OPENAI = "https://api.openai.com/v1"
EMBEDDING_TIMEOUT = 60.0
"""Seconds to wait for a batch of embeddings."""
LIST_TIMEOUT = 3.0
"""Seconds to wait for the list of models: a page waits for it."""
SIZE_TIMEOUT = 2.0
"""Seconds to wait for what a server tells of a model: an answer waits for it, once."""
THINKING = 4000
"""Tokens that a model which thinks before it writes gets for that; they count as written."""

# Models by OpenAI that think first: the o series, and gpt-5 and later but for the -chat variants.
_THINKS = re.compile(r"(?:openai/)?(?:o\d|gpt-[5-9])(?!.*-chat)")
# Names of OpenAI's own models, which know the newer name for the limit of tokens also behind another server.
_OPENAIS = re.compile(r"(?:openai/)?(?:gpt-(?!oss)|chatgpt-|o\d)")
# A server lists all its models alike; these words mark those that cannot chat.
_NO_CHAT = re.compile(
    r"embed|rerank|whisper|tts|dall-e|moderation|transcribe|realtime|audio|image|sora|davinci|babbage|turbo-instruct|\bbge\b|minilm",
    re.IGNORECASE,
)


def open_model(
    settings: Settings, name: str = "", *, sleep: Sleep = time.sleep, make: Callable[..., Model] = Model
) -> Model | None:
    """The model that the settings ask for, or the one called `name` (as `list_models` gives them); None for quotes mode.

    `make` builds it from what `Model` is built from.

    Cheap: nothing is imported or sent yet. Raises SettingsError for a name that cannot be meant, or that needs a key.
    """
    wanted = name or settings.model
    address, key = settings.openai_base_url, settings.openai_api_key.get_secret_value()
    # Somebody may write OpenAI's own address into the setting.
    compatible = bool(address) and urlsplit(address).hostname != urlsplit(OPENAI).hostname
    if wanted == QUOTES or not (wanted or address or key):
        return None
    # A key alone means OpenAI, where one model has to be chosen; a compatible server is asked for its first.
    if not wanted and not compatible:
        wanted = DEFAULT
    # An empty model is the server's first, which `_first` asks for once it is needed.
    provider, _, model = (wanted or "openai:").partition(":")
    if wanted and not (provider and model):
        raise SettingsError(f"{wanted} is not a model's name.", f"Write the provider before it: openai:{wanted}.")
    if provider != "openai":
        return _of_provider(provider, model, settings, sleep)
    if not address and not key:
        raise SettingsError(
            f"The model {wanted} needs a key.", "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server."
        )
    endpoint = ModelEndpoint(model, _host(address or OPENAI), compatible=compatible, timeout=settings.model_timeout, key=key)
    return make(
        endpoint,
        _chats(settings, compatible=compatible),
        sleep,
        partial(_first, settings, endpoint),
        partial(_size, settings, endpoint),
    )


def list_models(settings: Settings) -> tuple[str, ...]:
    """The chat models that the server has, as FOOTNOTE_MODEL takes them, in its order; none without a key and an address.

    Takes some seconds at most; raises ModelError.
    """
    address, key = settings.openai_base_url, settings.openai_api_key.get_secret_value()
    if not address and not key:
        return ()
    return tuple(
        f"openai:{name}"
        for name in _names(settings, ModelEndpoint("", _host(address or OPENAI), compatible=bool(address), key=key))
    )


def open_embeddings(settings: Settings) -> "Embeddings":
    """OpenAI's embeddings, or a compatible server's; raises SettingsError without a key for OpenAI itself."""
    from langchain_openai import OpenAIEmbeddings

    key = settings.openai_api_key
    if not key.get_secret_value() and not settings.openai_base_url:
        raise SettingsError(
            f"FOOTNOTE_EMBEDDING is {settings.embedding}, which needs a key.",
            "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server, or unset FOOTNOTE_EMBEDDING.",
        )
    return OpenAIEmbeddings(
        model=settings.embedding.removeprefix("openai:"),
        api_key=key if key.get_secret_value() else "none",  # type: ignore[arg-type]  # a compatible server may want no key
        base_url=settings.openai_base_url or None,
        # Compatible servers take texts, not OpenAI's token ids; and tiktoken would download its table.
        check_embedding_ctx_length=False,
        timeout=EMBEDDING_TIMEOUT,
        # Left to the package: of an embedding nobody has seen a part before it fails.
        max_retries=3,
    )


def _names(settings: Settings, endpoint: ModelEndpoint) -> tuple[str, ...]:
    from bot.models.protocol import fetch_model_names

    endpoint = ModelEndpoint(
        "the list of models", endpoint.host, compatible=endpoint.compatible, timeout=LIST_TIMEOUT, key=endpoint.key
    )
    try:
        found = fetch_model_names(address=settings.openai_base_url or OPENAI, key=endpoint.key, timeout=LIST_TIMEOUT)
    except Exception as error:  # an answer in another form fails in a way of its own
        raise to_model_error(error, endpoint, begun=False) from safe_cause(error, endpoint)
    # What is listed is chosen from in the page, where an embedding model would only fail.
    return tuple(name for name in found if not _NO_CHAT.search(name))


def _first(settings: Settings, endpoint: ModelEndpoint) -> str:
    """The first chat model that the server lists; raises ModelError, or SettingsError where it lists none."""
    cure = "Set FOOTNOTE_MODEL to openai: and the model's name."
    try:
        names = _names(settings, endpoint)
    except (MalformedAnswer, BadRequest, UnknownModel) as error:
        raise ModelError(f"{endpoint.server} does not tell which models it has.", cure) from error
    if not names:
        raise SettingsError(f"{endpoint.server} lists no model.", cure)
    # Most local servers have loaded one model, and list it first.
    return names[0]


def _size(settings: Settings, endpoint: ModelEndpoint, model: str) -> float | None:
    """How many billions of parameters a model has; only a server of one's own is asked, as OpenAI's does not tell."""
    size = billions_in(model)
    if size is not None or not endpoint.compatible:
        return size
    from bot.models.protocol import trusted

    return fetch_billions(model, address=settings.openai_base_url, key=endpoint.key, timeout=SIZE_TIMEOUT, verify=trusted())


def _chats(settings: Settings, *, compatible: bool) -> ChatModelFactory:
    """Makes the client of OpenAI's protocol when it is first asked for, and keeps its connections."""

    @cache
    def of(model: str) -> "BaseChatModel":
        """One client for each model, whose copies share its connections."""
        from bot.models.protocol import open_chat_model

        return open_chat_model(
            model,
            address=settings.openai_base_url or OPENAI,
            key=settings.openai_api_key.get_secret_value(),
            timeout=settings.model_timeout,
            old_name=compatible and not _OPENAIS.match(model),
        )

    def limited(model: str, max_tokens: int, temperature: float | None = None, /) -> "BaseChatModel":
        """The client with the limit and the temperature of one request."""
        if _THINKS.match(model):  # these refuse any temperature but their own
            return of(model).model_copy(update={"max_tokens": max_tokens + THINKING})
        # A copy shares its connections, while a client anew would take a handshake for each answer.
        return of(model).model_copy(update={"max_tokens": max_tokens, "temperature": temperature})

    return limited


def _of_provider(provider: str, model: str, settings: Settings, sleep: Sleep) -> Model:
    """A model of another of LangChain's providers, which reads its own key and address from the environment."""
    endpoint = ModelEndpoint(model, "", provider, timeout=settings.model_timeout)
    return Model(endpoint, provided_chats(provider, settings.model_timeout), sleep)


def _host(address: str) -> str:
    """An address's host and port, without the user name and password that may stand before them."""
    return urlsplit(address).netloc.rpartition("@")[2]


_PACKAGE = re.compile(r"pip install (?:-U )?([\w-]+)")


def provided_chats(provider: str, timeout: float, given: Mapping[str, str] | None = None) -> ChatModelFactory:
    """Makes the models of a provider by LangChain's name for it; `given` are its key and address, else the environment's.

    What is made raises SettingsError where the provider, its package or its key is not there.

    >>> provided_chats("nobody", 60.0)("m", 100, None)
    Traceback (most recent call last):
    bot.errors.SettingsError: LangChain has no provider called nobody.
    """

    @cache
    def make(model: str, max_tokens: int, temperature: float | None = None, /) -> "BaseChatModel":
        """One of LangChain's models."""
        from langchain.chat_models import init_chat_model

        own = {} if temperature is None else {"temperature": temperature}
        init: Callable[..., BaseChatModel] = init_chat_model
        try:
            chat = init(
                model, model_provider=provider, max_tokens=max_tokens, timeout=timeout, max_retries=0, **own, **(given or {})
            )
            # Where the client is not known, a stopped answer ends with the next piece.
            for client in http_clients(chat):
                make_wakeable(client)
            return chat
        except ImportError as error:
            raise _no_package(provider, error) from error
        except ValueError as error:
            # Its text may quote what was given, so it is no cause that could be shown.
            raise _not_opened(provider, model, error) from None

    return make


def http_clients(chat: "BaseChatModel") -> Iterator[object]:
    """The HTTP clients of the packages that are known to use httpx."""
    for places in ("_client._client", "client._api_client._httpx_client"):
        with suppress(AttributeError):
            yield attrgetter(places)(chat)


def _no_package(provider: str, error: ImportError) -> SettingsError:
    named = _PACKAGE.search(str(error))
    package = named[1] if named else f"langchain-{provider.replace('_', '-')}"
    return SettingsError(f"{provider} needs a package.", f"Install it: `pip install {package}`.")


def _not_opened(provider: str, model: str, error: ValueError) -> SettingsError:
    # LangChain's words for a provider that it does not know.
    if "model_provider" in str(error) or "provider=" in str(error):
        return SettingsError(
            f"LangChain has no provider called {provider}.",
            f"For a model of a compatible server set FOOTNOTE_MODEL to openai:{provider}:{model}.",
        )
    # A package says so of a key that it is not given; which variable it reads is up to the package, mostly one of this name.
    variable = f"{provider.partition('_')[0].upper()}_API_KEY"
    return SettingsError(f"{provider} cannot be opened with what is set.", f"Set its key: {variable}.")
