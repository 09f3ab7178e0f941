"""What goes into an answer, and into its scores, beside the case and the setup: Footnote's own code, and some settings."""

import hashlib
import json
from functools import cache
from pathlib import Path

from bot.settings import Settings

_ROOT = Path(__file__).parents[2]
_ANSWERING = (
    "bot/*.py",
    *(f"bot/{room}/**/*.py" for room in ("answering", "conversation", "models", "prompting", "reading", "verification")),
    "vectorstore/**/*.py",
)
"""The rooms whose code goes into an answer."""
_JUDGING = tuple(f"bot/evals/{name}.py" for name in ("checks", "grounding", "matching", "metrics", "ranking"))


def basis(settings: Settings, condense: str) -> str:
    """As a text that is another one where an answer may be; `condense` is the prompt that rewrites follow-ups, "" for none."""
    facts = {
        "code": _code(_ANSWERING),
        "server": settings.openai_base_url,
        "context_tokens": settings.context_tokens,
        "abstain_below": settings.abstain_below,
        "condense": condense,
    }
    return json.dumps(facts, sort_keys=True)


def judging() -> str:
    """The code of the metrics, as a text that is another one where a score of the same answer may be."""
    return _code(_JUDGING)


@cache
def _code(patterns: tuple[str, ...]) -> str:
    """SHA-256 of some of the code, as it was when this was first asked: a version number would miss an edit."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in _ROOT.glob(pattern)):
        digest.update(f"{path.relative_to(_ROOT).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()
