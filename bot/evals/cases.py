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
in place of a search (see `bot.evals.fixed_passages`). A `.jsonl` file has the same fields, one case a line; there `history`
may also be `[["user", "..."], ["assistant", "..."]]`, as in a file of questions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields as fields_of
from dataclasses import replace
from pathlib import Path
from typing import Literal

import yaml

from bot.errors import InputError
from bot.evals.fixed_passages import given
from bot.evals.records import Case, ExpectedCitation
from bot.evals.yaml_lines import (
    Fields,
    Items,
    Leaf,
    Mistake,
    Node,
    any_text,
    fields,
    flag,
    from_json,
    from_yaml,
    kind,
    listed,
)
from bot.evals.yaml_lines import text as text_of
from bot.serialization import to_plain
from bot.types import Turn

STARTER = Path(__file__).with_name("starter.yaml")
"""The cases that ship, on the articles of `seeds/`."""
LONGEST_ID = 100
OR = "|"
"""Stands between words of `must` or `must_not` of which one is enough."""

_CASE = frozenset(field.name for field in fields_of(Case)) - {"where"}
_WANTED = frozenset(("article", "words"))
_EXAMPLE = "`id: sputnik-year` and `question: When was Sputnik launched?`"


def load(path: Path) -> tuple[Case, ...]:
    """The cases of a `.yaml` or `.jsonl` file, in its order; raises InputError for the first mistake, with its line."""
    text = _read(path)
    try:
        nodes = _jsonl(text) if path.suffix == ".jsonl" else _yaml(text)
        return _cases(nodes, str(path))
    except Mistake as mistake:
        raise InputError(f"{path}, line {mistake.line}: {mistake.message}.", mistake.help) from None


def load_all(paths: Iterable[Path]) -> tuple[Case, ...]:
    """The cases of several files; raises InputError, also for an id that two files share."""
    found = [case for path in paths for case in load(path)]
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


def _yaml(text: str) -> tuple[Node, ...]:
    root = from_yaml(text)
    if isinstance(root, Items):
        return root.items
    raise Mistake(
        root.line, f"the file must be a list of cases, not {kind(root)}", f"Begin each case with a hyphen: `- {_FIRST}`."
    )


_FIRST = "id: sputnik-year"


def _jsonl(text: str) -> tuple[Node, ...]:
    # Not splitlines(): a text in JSON may hold a line separator as it is.
    lines = enumerate(text.split("\n"), start=1)
    return tuple(from_json(line, number) for number, line in lines if line.strip())


def _cases(nodes: tuple[Node, ...], file: str) -> tuple[Case, ...]:
    if not nodes:
        raise Mistake(1, "there is no case in the file", f"Write at least one, with {_EXAMPLE}.")
    found: dict[str, Case] = {}
    for node in nodes:
        case = replace(_case(node), where=f"{file}:{node.line}")
        if case.id in found:
            first = found[case.id].where.rpartition(":")[2]
            raise Mistake(
                node.line, f"the id “{case.id}” is that of the case in line {first}", "Give one of the two another id."
            )
        found[case.id] = case
    return tuple(found.values())


def _case(node: Node) -> Case:
    held = fields(node, "a case", _CASE, _EXAMPLE)
    for name in ("id", "question"):
        if name not in held:
            raise Mistake(node.line, f"the case has no `{name}`", f"A case needs at least {_EXAMPLE}.")
    case = Case(
        id=_id(held["id"]),
        question=text_of(held["question"], "`question`"),
        history=listed(held, "history", _turn),
        must=listed(held, "must", _words),
        must_not=listed(held, "must_not", _words),
        cites=listed(held, "cites", _wanted),
        abstain=flag(held["abstain"], "`abstain`") if "abstain" in held else None,
        notes=any_text(held["notes"], "`notes`") if "notes" in held else "",
        tags=listed(held, "tags", text_of),
        given=given(held["given"]) if "given" in held else None,
    )
    _agrees(case, held)
    return case


def _agrees(case: Case, held: Mapping[str, Node]) -> None:
    """That no answer could meet the case is a mistake."""
    if case.abstain and case.cites:
        raise Mistake(held["cites"].line, "the case wants no answer, yet citations", "Take out `abstain` or `cites`.")
    if both := sorted(set(case.must) & set(case.must_not)):
        raise Mistake(held["must_not"].line, f"“{both[0]}” stands in `must` and in `must_not`", "Take out one of the two.")


def _id(node: Node) -> str:
    id = text_of(node, "`id`")
    if len(id) > LONGEST_ID or not id.isprintable() or id.strip() != id:
        help = "Write a few words with hyphens between them, as in `sputnik-year`."
        raise Mistake(node.line, f"the `id` must be a name in one line, of {LONGEST_ID} characters at most", help)
    return id


def _words(node: Node, what: str) -> str:
    """Words, of several with a bar between them any; none of them may be empty, as that would hold for every answer."""
    words = text_of(node, what)
    if not all(one.strip() for one in words.split(OR)):
        raise Mistake(node.line, f"in “{words}” nothing stands beside a bar", "Write words on both sides of each bar.")
    return words


def _wanted(node: Node, what: str) -> ExpectedCitation:
    if isinstance(node, Leaf):
        return ExpectedCitation(text_of(node, what))
    held = fields(node, what, _WANTED, "`article: new-space-race.md` and `words: launched in 1957`")
    if "article" not in held:
        raise Mistake(node.line, f"{what} names no `article`", "Words are looked for in one article; name it.")
    words = any_text(held["words"], "`words`") if "words" in held else ""
    return ExpectedCitation(text_of(held["article"], "`article`"), words)


_ROLES: Mapping[str, Literal["user", "assistant"]] = {"user": "user", "assistant": "assistant"}
_TURN_HELP = "Write a turn as `user: ...` or `assistant: ...`."


def _turn(node: Node, what: str) -> Turn:
    match node:
        case Fields(fields=((name, said),)) | Items(items=(Leaf() as name, said)):
            if role := _ROLES.get(name.text or ""):
                return Turn(role, any_text(said, f"a turn of {what}"))
            raise Mistake(name.line, f"a turn of {what} is by “{name.text}”", _TURN_HELP)
    raise Mistake(node.line, f"a turn of {what} must name one role and what was said", _TURN_HELP)


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
