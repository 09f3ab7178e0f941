"""Files of JSON lines as `search`, `ask` and `verify` read them: every line is an input, or is said to be none and why."""

import json
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from bot.commands.output import Output
from bot.errors import InputError, describe
from bot.json_records import Id

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be read: its number, from 1, why, and its id where it has one."""

    number: int
    reason: str
    id: Id | None = None


def tell_bad_line(line: BadLine, where: str, output: Output) -> None:
    """Says on stderr what is wrong with a line, and as its record where results are JSON."""
    output.warn(f"{where}, line {line.number}: {line.reason}.")
    if output.as_json:
        # A line that cannot be read tells no id, so its number says which it was.
        told = f"{line.reason[:1].upper()}{line.reason[1:]}." if line.id is not None else f"Line {line.number}: {line.reason}."
        output.record({"id": line.id, "error": told})


@contextmanager
def open_lines(path: str, what: str) -> Iterator[BinaryIO]:
    """The file's lines, or those of stdin for "-"; raises InputError, which calls the content `what`."""
    if path == "-":
        # Bytes, not text: the locale must not decide how JSON is decoded.
        yield sys.stdin.buffer
        return
    with _opened(path, what) as file:
        yield file


def _opened(path: str, what: str) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise InputError(f"The {what} in {path} cannot be read: {error.strerror or error}.") from error


def read_lines(lines: Iterable[bytes], read: Callable[[dict[str, object], Id], T], example: str) -> Iterator[T | BadLine]:
    """One result for each line, in order, as soon as the line is there: a caller can count on as many answers as lines.

    `read` makes the input of an object and its id, and raises ValueError with what is wrong; `example` shows an object.
    """
    for number, line in enumerate(lines, start=1):
        yield _read(number, line, read, example) if line.strip() else BadLine(number, "it is empty")


def _read(number: int, line: bytes, read: Callable[[dict[str, object], Id], T], example: str) -> T | BadLine:
    # Known before `read` may fail, so that its error still carries the id.
    id = None
    try:
        # A byte-order mark stands before the first line alone.
        record = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
        if not isinstance(record, dict):
            raise ValueError(f"it is not an object like {example}")
        id = _id(record.get("id"))
        return read(record, id)
    except UnicodeDecodeError:
        return BadLine(number, "it is not valid UTF-8")
    except json.JSONDecodeError as error:
        return BadLine(number, f"it is not JSON ({error.msg} at character {error.colno})")
    # Python's own parser gives up on thousands of open brackets.
    except RecursionError:
        return BadLine(number, "it is nested too deeply")
    # The complaints of `read`; both errors above are ValueErrors too, so they come first.
    except ValueError as error:
        return BadLine(number, str(error), id)


def _id(value: object) -> Id:
    # True is an int for Python, and no id for anybody.
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ValueError('its "id" must be a text or a whole number')
    return value


def required_text(value: object, name: str) -> str:
    """A text that says something; raises ValueError, which calls it by `name`."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is missing or empty")
    try:
        value.encode()
    except UnicodeEncodeError:  # half a surrogate pair: no tokenizer takes it
        raise ValueError(f"{name} is not valid Unicode") from None
    return value


def attempted(work: Callable[[], bool], output: Output, debug: bool) -> tuple[bool, str]:
    """Does the work of one line of many: whether it went well, and what went wrong, "" where nothing was raised.

    An error comes back as a sentence, which becomes the record of its line, so that the next line is still worked on.
    """
    try:
        return work(), ""
    except BrokenPipeError:
        raise  # nobody reads the rest either
    except Exception as error:
        if debug:
            traceback.print_exc(file=output.err)
        return False, describe(error)[0]
