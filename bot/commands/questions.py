"""Reads the questions of the batch form: JSON lines of {"id", "question", "history", "scope"}; the last two may be missing."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import InputError
from bot.types import Question, Turn
from vectorstore.types import EVERYWHERE, Scope


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the id that its answer will carry; None where it was typed."""

    id: str | int | None
    question: Question


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no question: its number, from 1, and why."""

    number: int
    reason: str


def typed(text: str, scope: Scope = EVERYWHERE) -> Asked:
    """A question from the command line; raises InputError where there is nothing to search."""
    try:
        return Asked(None, Question(_text(text, "The question"), scope=scope))
    except ValueError as error:
        raise InputError(f"{error}.", "Ask in at least one word.") from None


def from_file(path: str, scope: Scope = EVERYWHERE) -> Iterator[Asked | BadLine]:
    """The questions of a file, or of stdin for "-", each as soon as its line is there; blank lines are passed over.

    What a line's own scope states counts there instead of what `scope` has of it.
    """
    if path == "-":
        yield from parse(sys.stdin.buffer, scope)
        return
    with _opened(path) as file:
        yield from parse(file, scope)


def _opened(path: str) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise InputError(f"The questions in {path} cannot be read: {error.strerror or error}.") from error


def parse(lines: Iterable[bytes], scope: Scope = EVERYWHERE) -> Iterator[Asked | BadLine]:
    """One result for each line that is not blank, in order."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _asked(json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8")), scope)
            except UnicodeDecodeError:
                yield BadLine(number, "it is not valid UTF-8")
            except json.JSONDecodeError as error:
                yield BadLine(number, f"it is not JSON ({error.msg} at character {error.colno})")
            except RecursionError:
                yield BadLine(number, "it is nested too deeply")
            except ValueError as error:
                yield BadLine(number, str(error))


def _asked(record: object, scope: Scope) -> Asked:
    if not isinstance(record, dict):
        raise ValueError('it is not an object like {"id": "1", "question": "..."}')
    id = record.get("id")
    if not isinstance(id, str | int) or isinstance(id, bool):
        raise ValueError('its "id" must be a text or a whole number')
    history = record.get("history") or []
    if not isinstance(history, list):
        raise ValueError('its "history" must be a list of ["user" or "assistant", text]')
    text = _text(record.get("question"), 'its "question"')
    return Asked(id, Question(text, tuple(_turn(turn) for turn in history), _scope(record.get("scope"), scope)))


def _scope(stated: object, flags: Scope) -> Scope:
    """The flags' scope with what the line states in the place of theirs; a field that is null counts as missing."""
    match stated:
        case None:
            return flags
        case dict() if set(stated) <= {field.name for field in fields(Scope)}:
            given = {name: _part(name, value) for name, value in stated.items() if value is not None}
            return replace(flags, **given)
    raise ValueError('its "scope" must be an object with "articles", "authors", "since", "until" or "languages"')


def _part(name: str, value: object) -> Any:
    """One field of a scope, as `Scope` has it."""
    if name in ("since", "until"):
        if isinstance(value, str):
            return value
        raise ValueError(f'the "{name}" of its "scope" must be a text like "2021-12-23"')
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise ValueError(f'the "{name}" of its "scope" must be a list of texts')


def _turn(turn: object) -> Turn:
    match turn:
        case ["user" | "assistant" as role, str() as text]:
            return Turn(role, text.encode("utf-8", "replace").decode())
    raise ValueError('its "history" must be a list of ["user" or "assistant", text]')


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is missing or empty")
    try:
        value.encode()
    except UnicodeEncodeError:  # half a surrogate pair: no tokenizer takes it
        raise ValueError(f"{name} is not valid Unicode") from None
    return value
