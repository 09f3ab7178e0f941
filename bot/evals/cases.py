"""Files of cases: read with every mistake told by its line, and written so that a person can go on editing.

A `.yaml` file is a list of cases. Only `id` and `question` are needed; what is left out is not judged:

    - id: sputnik-year
      question: When was Sputnik launched?
      must: 1957                      # words that the answer has to hold; a list where there are several
      must_not: [1967, "1969"]        # words that it must not hold
      cites: new-space-race.md        # the article that it should cite

    - id: alliance-size
      question: How many leaders launched it?
      history:                        # what was said before, oldest first
        - user: What is the Japan-Taiwan Co-prosperity Leader Alliance?
        - assistant: An alliance of local leaders that asks for a Japanese Taiwan Relations Act.
      must: 127|one hundred and twenty-seven        # either of them
      cites:
        - article: co-prosperity-leader-alliance.md
          words: launched by 127 Japanese leaders   # the words that should be cited
      tags: [follow-up, number]
      notes: The article and the roundup both have the number.

    - id: sputnik-weight
      question: How heavy was Sputnik?
      abstain: true                   # the articles do not say; `false`: they do

Checks of one's own stand below `checks`, as `bot.evals.check_models` has them. What all cases of a file share stands once, in a
file of two fields:

    defaults:
      checks:
        - not_contains: as an AI
        - length: {at_most: 120}
    cases:
      - id: sputnik-year
        question: When was Sputnik launched?

Numbers and dates need no quotes: everything is taken as it is written. `given` holds the passages that a case is answered from
in place of a search (see `PassageModel`). A `.jsonl` file has the same fields, one case a line; there `history`
may also be `[["user", "..."], ["assistant", "..."]]`, as in a file of questions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.errors import InputError
from bot.evals.case_models import EXAMPLE, CaseModel, DefaultsModel, model_at
from bot.evals.check_models import AnswerCheckModel, as_written
from bot.evals.file_models import FileModel, LocatedValue, Location, Mistake, TwiceNamed, from_json, from_yaml, kind
from bot.evals.records import AnswerCheck, Case
from bot.serialization import to_plain

T = TypeVar("T", bound=FileModel)

STARTER = Path(__file__).with_name("starter.yaml")
"""The cases that ship, on the articles of `seeds/`."""


def load(path: Path) -> tuple[Case, ...]:
    """The cases of a `.yaml` or `.jsonl` file, in its order; raises InputError for the first mistake, with its line."""
    text = _read(path)
    try:
        return _cases(_json_cases(text) if path.suffix == ".jsonl" else _yaml_cases(text), path)
    except Mistake as mistake:
        raise InputError(f"{path}, line {mistake.line}: {mistake.message}.", mistake.help) from None


def load_all(paths: Iterable[Path]) -> tuple[Case, ...]:
    """The cases of several files; raises InputError, also for an id that two files share."""
    found = [case for path in paths for case in load(path)]
    # Runs are compared by the ids of their cases, so one that stands twice would be matched at random.
    seen: dict[str, Case] = {}
    for case in found:
        if (other := seen.setdefault(case.id, case)) is not case:
            message = f"The id “{case.id}” stands in {other.where} and in {case.where}."
            raise InputError(message, "Give one of the two another id.")
    return tuple(found)


def dump(cases: Iterable[Case]) -> str:
    """The cases as YAML that `load` reads back, all but `where` they stand.

    >>> print(dump([Case("sputnik-year", "When was Sputnik launched?", must=("1957",))]), end="")
    - id: sputnik-year
      question: When was Sputnik launched?
      must:
        - '1957'
    """
    return dump_fields(map(case_fields, cases))


def dump_fields(cases: Iterable[Mapping[str, object]]) -> str:
    """Cases as YAML by the fields that a file has; `load` says whether they are right."""
    return "\n".join(yaml.dump([dict(one)], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110) for one in cases)


def _read(path: Path) -> str:
    if path.suffix not in (".yaml", ".yml", ".jsonl"):
        raise InputError(f"{path} is no file of cases.", "Cases stand in a .yaml or a .jsonl file.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"The cases in {path} cannot be read: {error.strerror or error}.") from error
    try:
        # Editors on Windows put a byte-order mark before the text.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}, line {line}: it is not valid UTF-8.", "Save the file as UTF-8.") from None


def _yaml_cases(text: str) -> "_Written":
    root = from_yaml(text)
    if isinstance(root.value, list):
        return _Written(list(root.items()))
    if isinstance(root.value, dict) and "cases" in root.value:
        return _with_defaults(root)
    message = f"the file must be a list of cases, not {kind(root.value)}"
    raise Mistake(message, "Begin each case with a hyphen: `- id: sputnik-year`.", root.line)


def _with_defaults(root: LocatedValue) -> "_Written":
    """Cases below `cases`, with the checks and tags below `defaults`, which count for each of them."""
    assert isinstance(root.value, dict)
    # Told before anything in it is read: a misspelt `default:` would leave its checks out without a word.
    if isinstance(root.value, TwiceNamed) or set(root.value) - {"cases", "defaults"}:
        help = "Such a file has `defaults` and `cases`, each once; a file without defaults is a list of cases."
        raise Mistake("the file has another field than `defaults` and `cases`, or one of them twice", help, root.line)
    cases = root.field("cases")
    if not isinstance(cases.value, list):
        raise Mistake(f"`cases` must be a list, not {kind(cases.value)}", "Begin each case with a hyphen.", cases.line)
    return _Written(list(cases.items()), root.field("defaults") if root.value.get("defaults") is not None else None)


@dataclass(frozen=True, slots=True)
class _Written:
    """What stands in a file: its cases, and what counts for all of them."""

    cases: Sequence[LocatedValue]
    defaults: LocatedValue | None = None


def _json_cases(text: str) -> "_Written":
    # Not splitlines(): a text in JSON may hold a line separator as it is.
    lines = enumerate(text.split("\n"), start=1)
    return _Written([from_json(line, number) for number, line in lines if line.strip()])


def _cases(written: _Written, file: Path) -> tuple[Case, ...]:
    if not written.cases:
        raise Mistake("there is no case in the file", f"Write at least one, with {EXAMPLE}.", 1)
    found: dict[str, Case] = {}
    shared = DefaultsModel() if written.defaults is None else _validated(DefaultsModel, written.defaults)
    checks = () if written.defaults is None else _checks(written.defaults, shared.checks, file.parent)
    for one in written.cases:
        case = _case(one, file)
        # The shared checks come first, as they stand first in the file.
        case = replace(case, checks=(*checks, *case.checks), tags=tuple(dict.fromkeys((*shared.tags, *case.tags))))
        if case.id in found:
            # `where` is FILE:LINE; a Windows path has a colon, too, so it is cut from the end.
            first = found[case.id].where.rpartition(":")[2]
            message = f"the id “{case.id}” is that of the case in line {first}"
            raise Mistake(message, "Give one of the two another id.", one.line)
        found[case.id] = case
    return tuple(found.values())


def _case(written: LocatedValue, file: Path) -> Case:
    model = _validated(CaseModel, written)
    case = model.case(f"{file}:{written.line}")
    return replace(case, checks=_checks(written, model.checks, file.parent)) if model.checks else case


def _checks(written: LocatedValue, models: Sequence[AnswerCheckModel], folder: Path) -> tuple[AnswerCheck, ...]:
    found = []
    for at, model in enumerate(models):
        try:
            found.append(model.check(folder))
        except Mistake as mistake:
            # The check does not know its line; its place in the list does.
            raise Mistake(mistake.message, mistake.help, written.line_of(("checks", at))) from None
    return tuple(found)


def _validated(model: type[T], written: LocatedValue) -> T:
    try:
        return model.model_validate(written.value)
    except ValidationError as error:
        mistakes = [_mistake(written, one, model) for one in error.errors()]
    # A misspelt name is told before the field that is missing for it.
    raise min(mistakes, key=lambda one: (one[0], one[1].line))[1]


def _mistake(written: LocatedValue, error: ErrorDetails, whole: type[FileModel]) -> tuple[int, Mistake]:
    """What pydantic found, in our words and with its line; the number says what is told first, the lowest."""
    at: Location = error["loc"]
    # The innermost name: in ("given", 0, "text") that is "text".
    field = next((step for step in reversed(at) if isinstance(step, str)), "")
    if error["type"] == "extra_forbidden":
        model = model_at(at[:-1], whole)
        *first, last = sorted(model.model_fields)
        help = f"It takes {', '.join(first)} and {last}."
        return 0, Mistake(f"{model.called} has no field “{field}”", help, written.line_of(at, name=True))
    if error["type"] == "missing":
        message, help = model_at(at[:-1], whole).missing
        return 1, Mistake(message.replace("{field}", field), help, written.line_of(at))
    found = error["ctx"]["error"]
    assert isinstance(found, Mistake)  # every rule of the models raises one
    line = found.line or written.line_of((*at, found.field) if found.field else at)
    return 2, Mistake(found.message.replace("{what}", f"`{field}`"), found.help, line)


class _Dumper(yaml.SafeDumper):
    """YAML as one would write it: lists indented below their names, one piece of a list a line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  # the point of it
        """Indents lists too."""
        # PyYAML puts the hyphens of a list in the column of its name; people indent them.
        super().increase_indent(flow, False)


def _texts(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """A text of several lines as it stands; one with a rarer end of line between quotes, as YAML would read another there."""
    lines = text.split("\n")
    plain_lines = len(lines) > 1 and all(line.isprintable() and line == line.strip() for line in lines) and lines[0]
    style = "|" if plain_lines else '"' if _RARE_ENDS & set(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_RARE_ENDS = frozenset("\r\x85\u2028\u2029")
_Dumper.add_representer(str, _texts)


def case_fields(case: Case) -> dict[str, object]:
    """A case by the fields that a file has, those that it does not use left out."""
    # `to_plain` leaves out what holds its default, which keeps a file as short as one by hand.
    held = to_plain(replace(case, where="", checks=()))
    assert isinstance(held, dict)
    if case.history:
        held["history"] = [{turn.role: turn.text} for turn in case.history]
    if case.cites:
        held["cites"] = [to_plain(one) if one.words else one.article for one in case.cites]
    if case.checks:
        held["checks"] = [as_written(check) for check in case.checks]
    return held
