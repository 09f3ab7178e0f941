"""Models of LangChain's other providers, which do not speak OpenAI's protocol: opened by `init_chat_model`, from its packages.

What can go wrong before anything is sent is told here, with the environment variable that helps where one does; for a model
that was chosen in the page, `bot.models.chosen` puts the page in its place.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING

from bot.cancellation import make_wakeable
from bot.errors import SettingsError
from bot.models.model import ChatModelFactory

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

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
