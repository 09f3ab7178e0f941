"""YAML and JSON read as values that know the line they stand in; pure.

A value that is no list and no mapping is taken as it is written: `1979`, `no` and `2019-02-01` are texts, as whoever writes
them means them. Nothing is built from a tag.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import yaml

T = TypeVar("T")

_NOTHING = "tag:yaml.org,2002:null"


class Mistake(Exception):
    """What is wrong in a line, without a full stop, and what to do about it, a sentence."""

    def __init__(self, line: int, message: str, help: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message
        self.help = help


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text as it is written; None where nothing is."""

    line: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    line: int
    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping, in its order."""

    line: int
    fields: "tuple[tuple[Leaf, Node], ...]"


Node = Leaf | Items | Fields


def from_yaml(text: str) -> Node:
    """The one document of a YAML text; raises Mistake."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        return _node(root) if root is not None else Leaf(1, None)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Mistake(line, f"it is not YAML ({error.problem or error.context})", _YAML_HELP) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Mistake(
            line, f"a character that YAML does not allow stands there (#x{ord(text[error.position]):04x})", _REMOVE
        ) from None
    except RecursionError:
        raise Mistake(1, "it is nested too deeply", "Write the cases as a plain list.") from None


def from_json(text: str, line: int) -> Node:
    """The value in a line of JSON; raises Mistake."""
    try:
        return _valued(json.loads(text, object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=str), line)
    except json.JSONDecodeError as error:
        raise Mistake(line, f"it is not JSON ({error.msg} at character {error.colno})", "Write one object a line.") from None
    except RecursionError:
        raise Mistake(line, "it is nested too deeply", "Write one object a line.") from None


_YAML_HELP = "Put a text with a colon, a # or quotation marks in it between quotes, and indent with blanks alone."
_REMOVE = "Take the character out; most editors can show what is invisible."


class _Pairs(list[tuple[str, object]]):
    """A JSON object with all its names, also those that stand twice."""


def _valued(value: object, line: int) -> Node:
    match value:
        case _Pairs():
            return Fields(line, tuple((Leaf(line, name), _valued(one, line)) for name, one in value))
        case list():
            return Items(line, tuple(_valued(one, line) for one in value))
        case None:
            return Leaf(line, None)
        case bool():
            return Leaf(line, "true" if value else "false")
        case _:
            return Leaf(line, str(value))


def _node(node: yaml.Node) -> Node:
    return _Composed().node(node)


class _Composed:
    """YAML's own nodes as ours; one that an alias repeats is made once, and one that holds itself is refused."""

    def __init__(self) -> None:
        self._made: dict[int, Node | None] = {}

    def node(self, node: yaml.Node) -> Node:
        """The node with all that it holds; raises Mistake."""
        if id(node) not in self._made:
            self._made[id(node)] = None
            self._made[id(node)] = self._new(node)
        if (made := self._made[id(node)]) is None:
            raise Mistake(_line(node), "it holds itself", "Write it out in place of the alias.")
        return made

    def _new(self, node: yaml.Node) -> Node:
        line = _line(node)
        match node:
            case yaml.SequenceNode():
                return Items(line, tuple(self.node(one) for one in node.value))
            case yaml.MappingNode():
                return Fields(line, tuple((self._key(key), self.node(value)) for key, value in node.value))
            case _:
                return Leaf(line, None if node.tag == _NOTHING else str(node.value))

    def _key(self, node: yaml.Node) -> Leaf:
        if isinstance(node, yaml.ScalarNode):
            return Leaf(_line(node), str(node.value))
        raise Mistake(_line(node), "the name of a field must be a word", _YAML_HELP)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def fields(node: Node, what: str, known: frozenset[str], example: str) -> dict[str, Node]:
    """The fields of a mapping by name, without those that hold nothing; raises Mistake for one unknown or given twice."""
    if not isinstance(node, Fields):
        raise Mistake(node.line, f"{what} must be fields with values, not {kind(node)}", f"Write it like {example}.")
    seen = set[str]()
    for name, _ in node.fields:
        if name.text in seen:
            raise Mistake(name.line, f"“{name.text}” is given twice in {what}", "Keep one of the two.")
        if name.text not in known:
            raise Mistake(name.line, f"{what} has no field “{name.text}”", f"It takes {_named(known)}.")
        seen.add(name.text)
    return {str(name.text): value for name, value in node.fields if not (isinstance(value, Leaf) and value.text is None)}


def text(node: Node, what: str) -> str:
    """A text that says something; raises Mistake."""
    if not isinstance(node, Leaf):
        raise Mistake(node.line, f"{what} must be a text, not {kind(node)}", _TEXT_HELP)
    if node.text is None or not node.text.strip():
        raise Mistake(node.line, f"{what} is empty", "Write it, or leave it out where it is not needed.")
    return _sound(node, what)


def any_text(node: Node, what: str) -> str:
    """A text that may be empty; raises Mistake."""
    return _sound(node, what) if isinstance(node, Leaf) else text(node, what)


_TEXT_HELP = "Put a text that begins with a bracket, or holds a colon, between quotes."


def _sound(node: Leaf, what: str) -> str:
    found = node.text or ""
    try:
        found.encode()
    except UnicodeEncodeError:  # half a surrogate pair: no tokenizer takes it
        raise Mistake(node.line, f"{what} is not valid Unicode", "Write the character itself, or leave it out.") from None
    return found


def whole(node: Node, what: str) -> int:
    """A whole number, from 0; raises Mistake."""
    written = any_text(node, what)
    if written.isascii() and written.isdigit() and len(written) < 16:
        return int(written)
    raise Mistake(node.line, f"{what} must be a whole number, not “{written}”", "Write it in figures.")


def number(node: Node, what: str) -> float:
    """A number; raises Mistake."""
    written = any_text(node, what)
    try:
        value = float(written)
    except ValueError:
        value = float("nan")
    if abs(value) < float("inf"):
        return value
    raise Mistake(node.line, f"{what} must be a number, not “{written}”", "Write it in figures.")


def flag(node: Node, what: str) -> bool:
    """Yes or no, in the words of YAML; raises Mistake."""
    written = any_text(node, what)
    for value, words in ((True, ("true", "yes")), (False, ("false", "no"))):
        if written.lower() in words:
            return value
    raise Mistake(node.line, f"{what} must be true or false, not “{written}”", "Leave it out where it is not judged.")


def several(node: Node, what: str, read: Callable[[Node, str], T]) -> tuple[T, ...]:
    """What a list holds, each read by `read`; what is no list counts as one of a single item. Raises Mistake."""
    found = node.items if isinstance(node, Items) else (node,)
    return tuple(read(one, what) for one in found)


def listed(held: Mapping[str, Node], name: str, read: Callable[[Node, str], T]) -> tuple[T, ...]:
    """What the field of this name holds, as `several` reads it; nothing where it is left out. Raises Mistake."""
    return several(held[name], f"`{name}`", read) if name in held else ()


def kind(node: Node) -> str:
    """What a node is, in words."""
    match node:
        case Items():
            return "a list"
        case Fields():
            return "fields"
        case _:
            return "nothing" if node.text is None else "a text"


def _named(names: frozenset[str]) -> str:
    *first, last = sorted(names)
    return f"{', '.join(first)} and {last}" if first else last
