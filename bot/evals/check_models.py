"""The checks of one's own that a file of cases may hold, as pydantic models: what each kind needs, and what is wrong with one.

A check is written by its kind, as in `contains: Sputnik` or `length: 60`; see `bot/evals/README.md`.
"""

import ast
import hashlib
import json
import re
from pathlib import Path
from typing import Annotated, Any, Self

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from pydantic import BeforeValidator, model_validator

from bot.evals.file_models import FileModel, Mistake, Number, Text
from bot.evals.records import AnswerCheck, CheckKind

# Likeness is a cosine and has a scale of its own; functions and judges give 0 to 1, and `HELD` is its middle.
SIMILAR = 0.7
"""The cosine that a text has to reach to count as similar, unless the check says another."""
HELD = 0.5
"""The score that a function or a judge has to give, unless the check says another."""

_FUNCTION = re.compile(r"([\w-]+\.py):([A-Za-z_]\w*)")
_BOUNDS_HELP = "Write `at_least`, `at_most` or both, or a number alone."


class RangeModel(FileModel):
    """Bounds of a number, both included; a number alone is the most that it may be."""

    called = "a range"
    example = "`at_least: 3` and `at_most: 5`"
    missing = ("a range has no `{field}`", _BOUNDS_HELP)
    at_least: Number | None = None
    at_most: Number | None = None

    @model_validator(mode="before")
    @classmethod
    def _number_alone(cls, value: object) -> object:
        # `length: 60` means at most 60 words, and numbers are still texts here.
        return {"at_most": value} if isinstance(value, str | int | float) else value

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise Mistake("a range has no bound", _BOUNDS_HELP)
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise Mistake("no number is in that range", "Put the smaller number at `at_least`.")
        return self


def _pattern(value: object) -> object:
    try:
        # Tried when the file is read, so that a bracket too many does not fail in the middle of a run.
        re.compile(str(value))
    except re.error as error:
        raise Mistake(f"`regex` is no regular expression ({error.msg})", "Python's `re` reads it; put it between '.") from None
    return value


def _function(value: object) -> object:
    if not _FUNCTION.fullmatch(str(value)):
        raise Mistake("`python` must name a function in a file", "Write it as `checks.py:name`; the file is beside the cases.")
    return value


class AnswerCheckModel(FileModel):
    """One check of one's own: exactly one kind, and for some the score that counts as held."""

    called = "a check"
    example = "`contains: Sputnik`"
    missing = ("a check has no `{field}`", "Write it like `contains: Sputnik`.")
    contains: Text | None = None
    not_contains: Text | None = None
    regex: Annotated[Text | None, BeforeValidator(_pattern)] = None
    number: RangeModel | None = None
    length: RangeModel | None = None
    cost: RangeModel | None = None
    latency: RangeModel | None = None
    json_schema: Text | None = None
    similar: Text | None = None
    python: Annotated[Text | None, BeforeValidator(_function)] = None
    judge: Text | None = None
    at_least: Number | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = self._kinds()
        if len(kinds) != 1:
            said = f"a check is of one kind, not {' and '.join(kinds)}" if kinds else "a check says nothing that is checked"
            raise Mistake(said, "Begin each check with a hyphen, as in `- contains: Sputnik`.")
        if self.at_least is not None and kinds[0] not in ("similar", "python", "judge"):
            raise Mistake(f"`at_least` does not go with `{kinds[0]}`", "It goes with `similar`, `python` and `judge`.")
        return self

    def _kinds(self) -> list[CheckKind]:
        names: list[Any] = [name for name in type(self).model_fields if name != "at_least"]
        return [name for name in names if getattr(self, name) is not None]

    def check(self, folder: Path) -> AnswerCheck:
        """The check, with what it needs of files in the folder of the cases; raises Mistake."""
        # Exactly one: `_one_kind` has refused anything else.
        (kind,) = self._kinds()
        value = getattr(self, kind)
        if isinstance(value, RangeModel):
            return AnswerCheck(kind, low=value.at_least, high=value.at_most)
        match kind:
            case "json_schema":
                return AnswerCheck(kind, _schema(value, folder))
            case "python":
                return _python_check(value, folder, HELD if self.at_least is None else self.at_least)
            case "similar" | "judge":
                least = SIMILAR if kind == "similar" else HELD
                return AnswerCheck(kind, value, least if self.at_least is None else self.at_least)
            case _:
                return AnswerCheck(kind, value)


def as_written(check: AnswerCheck) -> dict[str, object]:
    """A check as a file of cases has it."""
    if check.kind in ("number", "length", "cost", "latency"):
        bounds = {"at_least": check.low, "at_most": check.high}
        return {check.kind: {name: one for name, one in bounds.items() if one is not None}}
    # The usual bound is left out, so that a file that is read and written stays as it was.
    usual = SIMILAR if check.kind == "similar" else HELD
    return {check.kind: check.text, **({} if check.low in (None, usual) else {"at_least": check.low})}


def _read(folder: Path, name: str) -> str:
    # Only the cases' own folder: a case file that came from elsewhere must not reach the rest of the disk.
    if Path(name).name != name or not (folder / name).is_file():
        raise Mistake(f"there is no file {name} beside the cases", "Name a file in the folder of the cases.")
    try:
        return (folder / name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Mistake(f"{name} cannot be read", "Save it as UTF-8.") from None


def _schema(value: str, folder: Path) -> str:
    """The text of a schema, which is written out as JSON or stands in a file beside the cases."""
    text = value if value.lstrip().startswith("{") else _read(folder, value)
    try:
        schema = json.loads(text)
        Draft202012Validator.check_schema(schema)
    except (ValueError, RecursionError):
        raise Mistake("`json_schema` is not JSON", "Write JSON in curly brackets, or the name of a file of it.") from None
    except SchemaError as error:
        raise Mistake(f"`json_schema` is no JSON Schema ({error.message})", "Mend it: draft 2020-12 is read.") from None
    return json.dumps(schema, ensure_ascii=False)


def _python_check(value: str, folder: Path, least: float) -> AnswerCheck:
    found = _FUNCTION.fullmatch(value)
    assert found
    text = _read(folder, found[1])
    try:
        # Read, not run: code runs once answers are checked, and not for looking at a file of cases.
        names = {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    except (SyntaxError, ValueError, RecursionError):
        raise Mistake(f"{found[1]} is not Python", "Mend it.") from None
    if found[2] not in names:
        raise Mistake(f"{found[1]} defines no function {found[2]}", "Define it at the top level of that file.")
    # The text that was read here is the one that may run: `own_checks` compares it again.
    digest = hashlib.sha256(text.encode()).hexdigest()
    return AnswerCheck("python", value, least, file=str((folder / found[1]).resolve()), digest=digest)
