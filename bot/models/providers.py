"""The providers that a model can be chosen from in the page: what each is called, where it answers, and what it needs.

Most speak OpenAI's protocol and differ in their address alone. The others are reached through LangChain's `init_chat_model`,
each with a package of its own.
"""

from dataclasses import dataclass
from importlib.util import find_spec

from bot.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as the page and `footnote models` offer it.

    `address` is where it usually answers, "" where that has to be entered, or is known to its package alone. `langchain` is
    LangChain's name for a provider that does not speak OpenAI's protocol, `module` its package to import, and `install` what
    pip installs for it. `local`: it runs on the reader's own machine, where no key is asked for.

    >>> provider("ollama").address
    'http://localhost:11434/v1'
    """

    id: str
    label: str
    address: str = ""
    langchain: str = ""
    module: str = ""
    install: str = ""
    local: bool = False

    @property
    def compatible(self) -> bool:
        """Whether it speaks OpenAI's protocol."""
        return not self.langchain

    @property
    def wants_address(self) -> bool:
        """Whether an address has to be known before it can be asked."""
        return self.compatible


ANY = "langchain"
"""The provider whose model is entered with LangChain's name before it, such as `cohere:command-r`."""

PROVIDERS: tuple[Provider, ...] = (
    # The addresses of local servers are those that they listen on unless told otherwise.
    Provider("openai", "OpenAI", "https://api.openai.com/v1"),
    Provider("ollama", "Ollama", "http://localhost:11434/v1", local=True),
    Provider("lmstudio", "LM Studio", "http://localhost:1234/v1", local=True),
    Provider("llamacpp", "llama.cpp", "http://localhost:8080/v1", local=True),
    Provider("vllm", "vLLM", "http://localhost:8000/v1", local=True),
    Provider("openrouter", "OpenRouter", "https://openrouter.ai/api/v1"),
    Provider("groq", "Groq", "https://api.groq.com/openai/v1"),
    Provider("deepseek", "DeepSeek", "https://api.deepseek.com/v1"),
    Provider("mistral", "Mistral", "https://api.mistral.ai/v1"),
    Provider("gemini", "Gemini", "https://generativelanguage.googleapis.com/v1beta/openai"),
    # `local`, as most of these servers ask for no key; one that does is given it by `--key` or on the page.
    Provider("compatible", "Another OpenAI-compatible server", local=True),
    Provider(
        "anthropic",
        "Anthropic",
        langchain="anthropic",
        module="langchain_anthropic",
        install="footnote[anthropic]",
    ),
    Provider(
        "google",
        "Google, by its own protocol",
        langchain="google_genai",
        module="langchain_google_genai",
        install="footnote[google]",
    ),
    Provider(ANY, "Another of LangChain's providers", langchain=ANY),
)
"""In the order in which they are offered."""

_BY_ID = {one.id: one for one in PROVIDERS}


def provider(id: str) -> Provider:
    """The provider with this id; raises SettingsError, which names them all."""
    if (found := _BY_ID.get(id)) is None:
        raise SettingsError(f"There is no provider called {id}.", f"These are known: {', '.join(_BY_ID)}.")
    return found


def missing_package(id: str) -> str:
    """What has to be installed before this provider can be asked, as a sentence with its command; "" for nothing."""
    found = provider(id)
    # Looked for and not imported: an import takes seconds.
    if not found.module or find_spec(found.module) is not None:
        return ""
    return f"{found.label.partition(',')[0]} needs a package: `pip install '{found.install}'`."
