"""The hosted embeddings, by OpenAI's protocol."""

from typing import TYPE_CHECKING

from bot.errors import SettingsError
from bot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

TIMEOUT = 60.0
"""Seconds to wait for a batch of embeddings."""


def embeddings(settings: Settings) -> "Embeddings":
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
        timeout=TIMEOUT,
        max_retries=3,
    )
