"""Prompts as files: each is checked before anything is sent, as a misspelt variable must not reach the model.

A file is read anew each time, so that an edit counts from the next question on. Variables are those of `string.Template`, whose
one pass never reads what was put in: a `$name` in an article stays what it is.
"""

from bot.prompting.choices import IN_FORCE
from bot.prompting.folder import PromptFolder, PromptListing, PromptVersion
from bot.prompting.template import (
    PROMPT_VARIABLES,
    Message,
    ModelSettings,
    Prompt,
    PromptVariables,
    Role,
    parse_prompt,
    template_runs,
)

__all__ = [
    "IN_FORCE",
    "PROMPT_VARIABLES",
    "Message",
    "ModelSettings",
    "Prompt",
    "PromptFolder",
    "PromptListing",
    "PromptVariables",
    "PromptVersion",
    "Role",
    "parse_prompt",
    "template_runs",
]
