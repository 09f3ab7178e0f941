"""`footnote search` and `footnote ask`, for one question or a file of them."""

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.commands.output import Id, Output, answer_record, describe, footnotes_text, search_record, search_text, summary_line
from bot.commands.questions import Asked, BadLine, from_file, typed
from bot.errors import ModelError
from bot.types import Answer, Done, Notice, Token
from bot.wiring.service import Service
from vectorstore.types import EVERYWHERE, Scope

Handle = Callable[[Asked], bool]
"""Answers one question; whether the answer is whole."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the questions come from: one that was typed, or a file of them; and the articles to keep to."""

    question: str | None
    file: str | None
    scope: Scope = EVERYWHERE


def search(service: Service, output: Output, source: Source, k: int, debug: bool = False) -> int:
    """Prints the k best passages for each question; the exit code."""

    def one(asked: Asked) -> bool:
        result = service.library.search(asked.question, k)
        output.record(search_record(asked.id, result)) if output.as_json else output.say(search_text(result))
        warn_of(output, asked.id, result.notes)
        return True

    return each(one, output, source, debug)


def ask(service: Service, output: Output, source: Source, debug: bool = False) -> int:
    """Prints the cited answer to each question; the exit code."""
    answer = _ask_json if output.as_json else _ask_people
    return each(lambda asked: answer(service, output, asked), output, source, debug)


def _ask_json(service: Service, output: Output, asked: Asked) -> bool:
    answer, notes = _follow(service, asked, lambda _: None)
    output.record(answer_record(asked.id, answer))
    warn_of(output, asked.id, notes)
    return answer.trouble is None


def _ask_people(service: Service, output: Output, asked: Asked) -> bool:
    shown: list[str] = []

    def show(text: str) -> None:
        shown.append(text)
        output.piece(text)

    answer, notes = _follow(service, asked, show)
    output.say("" if shown else answer.text)
    if below := footnotes_text(answer):
        output.say("\n" + below)
    if sums := summary_line(answer):
        output.say("\n" + sums)
    warn_of(output, asked.id, notes)
    return answer.trouble is None


def _follow(service: Service, asked: Asked, show: Callable[[str], None]) -> tuple[Answer, list[str]]:
    """Passes on the text as it comes; returns the answer and what else the reader must know, why it broke off last."""
    notes: list[str] = []
    for event in service.chat.stream(asked.question):
        match event:
            case Token(text):
                show(text)
            case Notice(text):
                notes.append(text)
            case Done(answer):
                trouble = [f"{answer.trouble.message} {answer.trouble.help}"] if answer.trouble else []
                return answer, list(dict.fromkeys([*notes, *answer.notes, *trouble]))
    raise ModelError("The answer broke off before its end.")


def warn_of(output: Output, id: Id, notes: Iterable[str]) -> None:
    """What the user must know of how it was found, on stderr."""
    for note in notes:
        output.warn(note if id is None else f"{id}: {note}")


def each(handle: Handle, output: Output, source: Source, debug: bool) -> int:
    """Handles the question, or each of the file; the exit code."""
    if source.file is None:
        return 0 if handle(typed(source.question or "", source.scope)) else 1
    return _batch(handle, output, source.file, source.scope, debug)


def _batch(handle: Handle, output: Output, file: str, scope: Scope, debug: bool) -> int:
    """Every line gets its turn, in order; 1 where any of them failed."""
    code = 0
    for item in from_file(file, scope):
        if isinstance(item, BadLine):
            output.warn(f"{file}, line {item.number}: {item.reason}.")
            code = 1
            continue
        if not output.as_json:
            output.say(f"# {item.id}: {item.question.text}")
        if not _survives(handle, output, item, debug):
            code = 1
        if not output.as_json:
            output.say()
    return code


def _survives(handle: Handle, output: Output, asked: Asked, debug: bool) -> bool:
    """Answers one question of many: what goes wrong becomes its record, and the next one is still asked."""
    try:
        return handle(asked)
    except BrokenPipeError:
        raise
    except Exception as error:
        if debug:
            traceback.print_exc(file=output.err)
        message = describe(error)[0]
        if output.as_json:
            output.record({"id": asked.id, "error": message})
        else:
            output.warn(f"{asked.id}: {message}")
        return False
