"""`footnote verify`: the verifier alone, from lines of {"id", "claim", "source"} to {"id", "verdict", "score", "span"}."""

import json
import sys
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bot.commands.output import Id, Output, describe, rounded
from bot.errors import InputError
from bot.verification.verify import Judgement, Verifier


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim and the text that it is held against."""

    id: str | int
    claim: str
    source: str


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no pair: its number, from 1, its id where it has one, and why."""

    number: int
    id: Id
    reason: str


def verify(verifier: Verifier, output: Output, path: str, debug: bool = False) -> int:
    """Prints a line for each pair, in order, always as JSON; the exit code is 1 where any line was bad."""
    if path == "-":
        return _lines(verifier, output, sys.stdin.buffer, "the input", debug)
    with _opened(path) as file:
        return _lines(verifier, output, file, path, debug)


def _opened(path: str) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise InputError(f"The pairs in {path} cannot be read: {error.strerror or error}.") from error


def _lines(verifier: Verifier, output: Output, lines: Iterable[bytes], where: str, debug: bool) -> int:
    code = 0
    for one in parse(lines):
        if isinstance(one, BadLine):
            output.warn(f"{where}, line {one.number}: {one.reason}.")
            if one.id is not None:
                output.record({"id": one.id, "error": f"{one.reason[:1].upper()}{one.reason[1:]}."})
        if isinstance(one, BadLine) or not _judged(verifier, output, one, debug):
            code = 1
    return code


def _judged(verifier: Verifier, output: Output, pair: Pair, debug: bool) -> bool:
    """One pair of many: what goes wrong becomes its record, and the next one is still judged."""
    try:
        output.record(record(pair.id, verifier.judge(pair.claim, pair.source)))
    except BrokenPipeError:
        raise
    except Exception as error:
        if debug:
            traceback.print_exc(file=output.err)
        output.warn(f"{pair.id}: {describe(error)[0]}")
        output.record({"id": pair.id, "error": describe(error)[0]})
        return False
    return True


def record(id: Id, judgement: Judgement) -> dict[str, object]:
    """The JSON of a judgement, as the design has it."""
    span = list(judgement.span) if judgement.span else None
    return {"id": id, "verdict": judgement.verdict, "score": rounded(judgement.score), "span": span}


def parse(lines: Iterable[bytes]) -> Iterator[Pair | BadLine]:
    """One result for each line that is not blank, in order."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _parsed(number, line)


def _parsed(number: int, line: bytes) -> Pair | BadLine:
    id: Id = None
    try:
        pair = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
        if not isinstance(pair, dict):
            raise ValueError('it is not an object like {"id": "1", "claim": "...", "source": "..."}')
        if not isinstance(pair.get("id"), str | int) or isinstance(pair["id"], bool):
            raise ValueError('its "id" must be a text or a whole number')
        id = pair["id"]
        return Pair(pair["id"], _text(pair, "claim"), _text(pair, "source"))
    except UnicodeDecodeError:
        return BadLine(number, None, "it is not valid UTF-8")
    except json.JSONDecodeError as error:
        return BadLine(number, None, f"it is not JSON ({error.msg} at character {error.colno})")
    except RecursionError:
        return BadLine(number, None, "it is nested too deeply")
    except ValueError as error:
        return BadLine(number, id, str(error))


def _text(pair: dict[str, object], name: str) -> str:
    value = pair.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'its "{name}" is missing or empty')
    try:
        value.encode()
    except UnicodeEncodeError:  # half a surrogate pair: no tokenizer takes it
        raise ValueError(f'its "{name}" is not valid Unicode') from None
    return value
