"""The keys of the cache: a digest of all that goes into an answer, or into its scores. Another key, and it is made anew."""

import hashlib
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from bot.evals.records import Case, Setup
from bot.serialization import to_json
from bot.settings import Settings
from bot.types import Question

_ROOT = Path(__file__).parents[2]
_ANSWERING = (
    # The modules beside the rooms, such as `types` and `settings`, without what is below them.
    "bot/*.py",
    *(f"bot/{room}/**/*.py" for room in ("answering", "conversation", "models", "prompting", "reading", "verification")),
    "vectorstore/**/*.py",
)
"""The rooms whose code goes into an answer."""
_JUDGING = tuple(f"bot/evals/{name}.py" for name in ("checks", "grounding", "judging", "metrics", "own_checks"))


def answer_key(asked: Question, setup: Setup, basis: str, repeat: int = 0) -> str:
    """SHA-256 of everything that goes into an answer. `basis` is what the installation adds: its version, its server.

    Each repeat but the first, 0, has a key of its own: it is an answer of its own.
    """
    # Given passages are part of the question that is digested.
    searched = asked.given is None
    parts = replace(
        setup,
        # Labels do not change an answer, and what they did to the passages is in the question already.
        name="",
        frozen="",
        shuffled=None,
        removed=False,
        # Who judges an answer did not write it.
        judge="",
        judge_prompt="",
        judge_text="",
        repeat=1,
        mutated=False,
        # What was not searched depends on no index.
        index=setup.index if searched else "",
        passages=setup.passages if searched else 0,
    )
    # The first repeat has the key of a run without repeats, so its answers are shared.
    return _digest(basis, to_json(asked), to_json(parts), *([f"repeat {repeat}"] if repeat else []))


def scores_key(answer: str, case: Case, basis: str) -> str:
    """SHA-256 of everything that goes into the scores of the answer of this key; `basis` stands for the metrics themselves."""
    # The word "scores" keeps these keys apart from those of answers.
    return _digest("scores", basis, answer, to_json(replace(case, notes="", tags=(), split="", where="", given=None)))


def answer_basis(settings: Settings, condense: str) -> str:
    """As a text that is another one where an answer may be; `condense` is the prompt that rewrites follow-ups, "" for none."""
    facts = {
        "code": _code(_ANSWERING),
        "server": settings.openai_base_url,
        "context_tokens": settings.context_tokens,
        "abstain_below": settings.abstain_below,
        "condense": condense,
    }
    return json.dumps(facts, sort_keys=True)


def scores_basis(setup: Setup) -> str:
    """The code of the metrics and the setup's judge, as a text that is another one where a score of the same answer may be."""
    return json.dumps([_code(_JUDGING), setup.judge, setup.judge_text])


@cache
def _code(patterns: tuple[str, ...]) -> str:
    """SHA-256 of some of the code, as it was when this was first asked: a version number would miss an edit."""
    digest = hashlib.sha256()
    # Sorted, as the order in which a folder is read differs from machine to machine.
    for path in sorted(path for pattern in patterns for path in _ROOT.glob(pattern)):
        # The path and a zero byte between files, so that code that moves from one file to the next is another digest.
        digest.update(f"{path.relative_to(_ROOT).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _digest(*parts: str) -> str:
    # A zero byte stands in none of the parts, so ("ab", "c") and ("a", "bc") differ.
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
