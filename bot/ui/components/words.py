"""Our own sentences as pieces: `code` between backticks is set apart, everything else is text. Pure."""

from typing import TypedDict

from bot.types import Trouble


class TextPiece(TypedDict):
    """A run of a sentence; `code` is something to type or to copy."""

    text: str
    code: bool


class ProblemData(TypedDict):
    """A problem as the components draw it, with the ways out of it that are offered."""

    message: list[TextPiece]
    help: list[TextPiece]
    again: bool
    quotes: bool


def pieces(sentence: str) -> list[TextPiece]:
    """The sentence cut at its backticks; an odd one is left standing as it is."""
    parts = sentence.split("`")
    if len(parts) % 2 == 0:
        return [TextPiece(text=sentence, code=False)]
    return [TextPiece(text=part, code=at % 2 == 1) for at, part in enumerate(parts) if part]


def problem_data(problem: Trouble) -> ProblemData:
    """A problem in pieces."""
    return ProblemData(
        message=pieces(problem.message), help=pieces(problem.help), again=problem.retryable, quotes=problem.quotable
    )
