"""The questions of `footnote search` and `footnote ask`: one that is typed, or a file of them."""

import argparse
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING

from bot.commands.arguments import add_command, add_scope_options, scope_of
from bot.commands.jsonlines import BadLine, attempted, open_lines, read_lines, required_text, tell_bad_line
from bot.commands.output import CommandContext, Output
from bot.errors import InputError
from bot.json_records import Id
from bot.types import Question, Turn
from vectorstore.types import EVERYWHERE, Scope

if TYPE_CHECKING:
    from bot.commands.arguments import Subcommands

_EXAMPLE = '{"id": "1", "question": "..."}'
_BATCH = """\
A questions file has one JSON object a line:
  {"id": "1", "question": "And who signed it?", "history": [["user", "..."], ["assistant", "..."]]}
`history` may be missing, and "-" reads stdin. A line may keep to articles of its own, which count instead of the flags:
  "scope": {"articles": ["ID"], "authors": ["NAME"], "since": "2019", "until": "2021-06", "languages": ["de"]}
With --json, each line gives one, in order, also an empty or a broken one; what fails gives
{"id", "error"}, the rest goes on, and the exit code is 1.
"""


@dataclass(frozen=True, slots=True)
class QuestionInput:
    """A question with the id that its answer will carry; None where it was typed."""

    id: Id | None
    question: Question


Handle = Callable[[QuestionInput], bool]
"""Answers one question; whether the answer is whole."""


def add_question_command(
    commands: "Subcommands", common: argparse.ArgumentParser, name: str, about: str
) -> argparse.ArgumentParser:
    """Adds a command that takes a question or a file of them, and a scope."""
    command = add_command(commands, common, name, about, _BATCH)
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("question", nargs="?", metavar="QUESTION", help="in quotation marks, so that the shell keeps it whole")
    source.add_argument("--questions", metavar="FILE", help="many questions, as JSON lines; - reads stdin")
    add_scope_options(command)
    return command


def each_question(args: argparse.Namespace, context: CommandContext, handle: Handle) -> int:
    """Handles the question, or each of the file in order; the exit code, 1 where any of them failed."""
    # A typed question fails with its error; a line of a file fails with its record, and the rest goes on.
    if args.questions is None:
        return 0 if handle(typed(args.question, scope_of(args))) else 1
    code, output = 0, context.output
    for item in from_file(args.questions, scope_of(args)):
        if isinstance(item, BadLine):
            tell_bad_line(item, args.questions, output)
            code = 1
            continue
        if not output.as_json:
            output.say(f"# {item.id}: {item.question.text}")
        # `partial` keeps the question of this turn of the loop; a lambda would see the next one.
        whole, error = attempted(partial(handle, item), output, context.debug)
        if error and output.as_json:
            output.record({"id": item.id, "error": error})
        elif error:
            output.warn(f"{item.id}: {error}")
        if not output.as_json:
            output.say()
        code = code if whole else 1
    return code


def warn_of(output: Output, id: Id | None, notes: Iterable[str]) -> None:
    """Writes to stderr what the user must know of how an answer or a search came about."""
    for note in notes:
        output.warn(note if id is None else f"{id}: {note}")


def typed(text: str, scope: Scope = EVERYWHERE) -> QuestionInput:
    """A question from the command line; raises InputError where there is nothing to search."""
    try:
        return QuestionInput(None, Question(required_text(text, "The question"), scope=scope))
    except ValueError as error:
        raise InputError(f"{error}.", "Send it as UTF-8." if text.strip() else "Ask in at least one word.") from None


def from_file(path: str, scope: Scope = EVERYWHERE) -> Iterator[QuestionInput | BadLine]:
    """The questions of a file, or of stdin for "-", each as soon as its line is there.

    What a line's own scope states counts there instead of what `scope` has of it.
    """
    with open_lines(path, "questions") as lines:
        yield from parse_questions(lines, scope)


def parse_questions(lines: Iterable[bytes], scope: Scope = EVERYWHERE) -> Iterator[QuestionInput | BadLine]:
    """One result for each line, in order."""
    return read_lines(lines, partial(_asked, scope), _EXAMPLE)


def _asked(flags: Scope, record: dict[str, object], id: Id) -> QuestionInput:
    # null counts as missing, as languages without optional fields write it.
    history = record.get("history") or []
    if not isinstance(history, list):
        raise ValueError('its "history" must be a list of ["user" or "assistant", text]')
    text = required_text(record.get("question"), 'its "question"')
    return QuestionInput(id, Question(text, tuple(map(_turn, history)), _scope(record.get("scope"), flags)))


def _scope(stated: object, flags: Scope) -> Scope:
    """The flags' scope with what the line states in the place of theirs; a field that is null counts as missing."""
    if stated is None:
        return flags
    # A misspelt field would leave the search wider than it was meant.
    if not isinstance(stated, dict) or not set(stated) <= {field.name for field in fields(Scope)}:
        raise ValueError('its "scope" must be an object with "articles", "authors", "since", "until" or "languages"')
    return Scope(
        _texts(stated, "articles", flags.articles),
        _texts(stated, "authors", flags.authors),
        _date(stated, "since", flags.since),
        _date(stated, "until", flags.until),
        _texts(stated, "languages", flags.languages),
        _texts(stated, "tags", flags.tags),
        _texts(stated, "collections", flags.collections),
    )


def _texts(stated: dict[str, object], name: str, flags: tuple[str, ...]) -> tuple[str, ...]:
    value = stated.get(name)
    if value is None:
        return flags
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise ValueError(f'the "{name}" of its "scope" must be a list of texts')


def _date(stated: dict[str, object], name: str, flag: str) -> str:
    value = stated.get(name)
    if value is None or isinstance(value, str):
        return flag if value is None else value
    raise ValueError(f'the "{name}" of its "scope" must be a text like "2021-12-23"')


def _turn(turn: object) -> Turn:
    match turn:
        case ["user" | "assistant" as role, str() as text]:
            # What was said before is context only: half a surrogate pair in it is replaced, where a question would be refused.
            return Turn(role, text.encode("utf-8", "replace").decode())
    raise ValueError('its "history" must be a list of ["user" or "assistant", text]')
