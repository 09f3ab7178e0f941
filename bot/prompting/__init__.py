"""Prompts as files: each is checked before anything is sent, as a misspelt variable must not reach the model.

A file is read anew each time, so that an edit counts from the next question on. Variables are those of `string.Template`, whose
one pass never reads what was put in: a `$name` in an article stays what it is.
"""

from bot.prompting.choices import IN_FORCE
from bot.prompting.folder import Listing, Prompts, Version
from bot.prompting.parsing import parse
from bot.prompting.template import WANTS, Message, ModelSettings, Prompt, Role, Wants, runs

__all__ = [
    "IN_FORCE",
    "WANTS",
    "Listing",
    "Message",
    "ModelSettings",
    "Prompt",
    "Prompts",
    "Role",
    "Version",
    "Wants",
    "parse",
    "runs",
]
