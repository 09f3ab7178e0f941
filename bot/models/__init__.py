"""The hosted models: chat and embeddings, by OpenAI's protocol, and chat by any other of LangChain's providers.

The only importer of langchain_openai. Importing this imports none of it: that takes seconds, so it waits until a model is used.
"""

from bot.models.model import Model
from bot.models.opening import DEFAULT, QUOTES, list_models, open_embeddings, open_model
from bot.models.reply import Message, ModelReply, ReplyEnding, ReplyPiece, RetryWait, TextDelta, TextRetraction, TokenOdds

__all__ = [
    "DEFAULT",
    "QUOTES",
    "Message",
    "Model",
    "ModelReply",
    "ReplyEnding",
    "ReplyPiece",
    "RetryWait",
    "TextDelta",
    "TextRetraction",
    "TokenOdds",
    "list_models",
    "open_embeddings",
    "open_model",
]
