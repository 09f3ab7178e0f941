"""The hosted models: chat and embeddings, by OpenAI's protocol, and chat by any other of LangChain's providers.

The only importer of langchain_openai. Importing this imports none of it: that takes seconds, so it waits until a model is used.
"""

from bot.models.choices import ChoiceStore, DamagedChoices, ModelChoice, ModelChoices, checked_choice
from bot.models.chosen import list_chosen, open_chosen, settings_with
from bot.models.keys import KeyStore
from bot.models.model import Model
from bot.models.opening import DEFAULT, QUOTES, list_models, open_embeddings, open_model
from bot.models.providers import PROVIDERS, Provider, missing_package, provider
from bot.models.reply import Message, ModelReply, ReplyEnding, ReplyPiece, RetryWait, TextDelta, TextRetraction, TokenOdds

__all__ = [
    "DEFAULT",
    "PROVIDERS",
    "QUOTES",
    "ChoiceStore",
    "DamagedChoices",
    "KeyStore",
    "Message",
    "Model",
    "ModelChoice",
    "ModelChoices",
    "ModelReply",
    "Provider",
    "ReplyEnding",
    "ReplyPiece",
    "RetryWait",
    "TextDelta",
    "TextRetraction",
    "TokenOdds",
    "checked_choice",
    "list_chosen",
    "list_models",
    "missing_package",
    "open_chosen",
    "open_embeddings",
    "open_model",
    "provider",
    "settings_with",
]
