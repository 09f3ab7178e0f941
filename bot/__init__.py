"""A question in, a cited answer out; the chat, the command line and the evaluations around it.

What other programs use is here by name, and imported once it is asked for: `from bot import Footnote`.

>>> from bot import Footnote
>>> with Footnote() as footnote:
...     answer = footnote.ask("Who translated the op-ed?")
>>> [(citation.article, citation.verdict) for citation in answer.citations]
[('five-pieces-on-one-page.md', 'quoted'), ('taiwan-japan-military-gap.md', 'quoted')]
"""

from importlib import import_module
from typing import TYPE_CHECKING

import vectorstore  # noqa: F401  # turns onnxruntime's telemetry off, whatever is imported next

if TYPE_CHECKING:
    from bot.errors import ArticlesError, FootnoteError, InputError, ModelError, SettingsError
    from bot.integrations.footnote import Footnote
    from bot.types import Answer, Checked, Citation, Claim, Done, Event, Passage, Question, Token, Turn
    from bot.verification.judging import Judgement
    from bot.wiring.library import QuestionHits
    from vectorstore.types import Article, Hit, IngestReport, Scope

__all__ = [
    "Answer",
    "Article",
    "ArticlesError",
    "Checked",
    "Citation",
    "Claim",
    "Done",
    "Event",
    "Footnote",
    "FootnoteError",
    "Hit",
    "IngestReport",
    "InputError",
    "Judgement",
    "ModelError",
    "Passage",
    "Question",
    "QuestionHits",
    "Scope",
    "SettingsError",
    "Token",
    "Turn",
]

_MODULES = {
    "bot.errors": ("ArticlesError", "FootnoteError", "InputError", "ModelError", "SettingsError"),
    "bot.integrations.footnote": ("Footnote",),
    "bot.types": ("Answer", "Checked", "Citation", "Claim", "Done", "Event", "Passage", "Question", "Token", "Turn"),
    "bot.verification.judging": ("Judgement",),
    "bot.wiring.library": ("QuestionHits",),
    "vectorstore.types": ("Article", "Hit", "IngestReport", "Scope"),
}
# By name, as `__getattr__` is asked.
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    # Every module of `bot` imports this package first, and `footnote --help` must not wait for any of these.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
