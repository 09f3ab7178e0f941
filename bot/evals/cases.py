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

Numbers and dates need no quotes: everything is taken as it is written. `given` holds the passages that a case is answered from
in place of a search (see `PassageModel`). A `.jsonl` file has the same fields, one case a line; there `history`
may also be `[["user", "..."], ["assistant", "..."]]`, as in a file of questions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.errors import InputError
from bot.evals.case_models import EXAMPLE, CaseModel, kind, model_at
from bot.evals.records import Case
from bot.evals.yaml_lines import LocatedValue, Location, Mistake, from_json, from_yaml
from bot.serialization import to_plain

STARTER = Path(__file__).with_name("starter.yaml")
"""The cases that ship, on the articles of `seeds/`."""


def load(path: Path) -> tuple[Case, ...]:
    """The cases of a `.yaml` or `.jsonl` file, in its order; raises InputError for the first mistake, with its line."""
    text = _read(path)
    try:
        return _cases(_json_cases(text) if path.suffix == ".jsonl" else _yaml_cases(text), str(path))
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
    """The cases as YAML that `load` reads back, all but `where` they stand."""
    return "\n".join(_dumped(case) for case in cases)


def _read(path: Path) -> str:
    if path.suffix not in (".yaml", ".yml", ".jsonl"):
        raise InputError(f"{path} is no file of cases.", "Cases stand in a .yaml or a .jsonl file.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"The cases in {path} cannot be read: {error.strerror or error}.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}, line {line}: it is not valid UTF-8.", "Save the file as UTF-8.") from None


def _yaml_cases(text: str) -> list[LocatedValue]:
    root = from_yaml(text)
    if isinstance(root.value, list):
        return list(root.items())
    message = f"the file must be a list of cases, not {kind(root.value)}"
    raise Mistake(message, "Begin each case with a hyphen: `- id: sputnik-year`.", root.line)


def _json_cases(text: str) -> list[LocatedValue]:
    # Not splitlines(): a text in JSON may hold a line separator as it is.
    lines = enumerate(text.split("\n"), start=1)
    return [from_json(line, number) for number, line in lines if line.strip()]


def _cases(written: Sequence[LocatedValue], file: str) -> tuple[Case, ...]:
    if not written:
        raise Mistake("there is no case in the file", f"Write at least one, with {EXAMPLE}.", 1)
    found: dict[str, Case] = {}
    for one in written:
        case = _case(one, file)
        if case.id in found:
            first = found[case.id].where.rpartition(":")[2]
            message = f"the id “{case.id}” is that of the case in line {first}"
            raise Mistake(message, "Give one of the two another id.", one.line)
        found[case.id] = case
    return tuple(found.values())


def _case(written: LocatedValue, file: str) -> Case:
    try:
        return CaseModel.model_validate(written.value).case(f"{file}:{written.line}")
    except ValidationError as error:
        mistakes = [_mistake(written, one) for one in error.errors()]
    # A misspelt name is told before the field that is missing for it.
    raise min(mistakes, key=lambda one: (one[0], one[1].line))[1]


def _mistake(written: LocatedValue, error: ErrorDetails) -> tuple[int, Mistake]:
    """What pydantic found, in our words and with its line; the number says what is told first, the lowest."""
    at: Location = error["loc"]
    field = next((step for step in reversed(at) if isinstance(step, str)), "")
    if error["type"] == "extra_forbidden":
        model = model_at(at[:-1])
        *first, last = sorted(model.model_fields)
        help = f"It takes {', '.join(first)} and {last}."
        return 0, Mistake(f"{model.called} has no field “{field}”", help, written.line_of(at, name=True))
    if error["type"] == "missing":
        message, help = model_at(at[:-1]).missing
        return 1, Mistake(message.replace("{field}", field), help, written.line_of(at))
    found = error["ctx"]["error"]
    assert isinstance(found, Mistake)  # every rule of the models raises one
    line = found.line or written.line_of((*at, found.field) if found.field else at)
    return 2, Mistake(found.message.replace("{what}", f"`{field}`"), found.help, line)


class _Dumper(yaml.SafeDumper):
    """YAML as one would write it: lists indented below their names, one piece of a list a line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  # the point of it
        """Indents lists too."""
        super().increase_indent(flow, False)


def _texts(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """A text of several lines as it stands; one with a rarer end of line between quotes, as YAML would read another there."""
    lines = text.split("\n")
    plain_lines = len(lines) > 1 and all(line.isprintable() and line == line.strip() for line in lines) and lines[0]
    style = "|" if plain_lines else '"' if _RARE_ENDS & set(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_RARE_ENDS = frozenset("\r\x85\u2028\u2029")
_Dumper.add_representer(str, _texts)


def _dumped(case: Case) -> str:
    held = to_plain(replace(case, where=""))
    assert isinstance(held, dict)
    if case.history:
        held["history"] = [{turn.role: turn.text} for turn in case.history]
    if case.cites:
        held["cites"] = [to_plain(one) if one.words else one.article for one in case.cites]
    return yaml.dump([held], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
