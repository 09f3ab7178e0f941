"""YAML and JSON as plain values that are still known by their lines; pure.

A value that is no list and no mapping is taken as it is written: `1979`, `no` and `2019-02-01` are texts, as whoever writes
them means them. Nothing is built from a tag.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

Value = str | None | list["Value"] | dict[str, "Value"]
Location = tuple[int | str, ...]
"""The way to a value: places in lists, from 0, and names of fields. Pydantic's errors tell it as `loc`."""

_NULL = "tag:yaml.org,2002:null"
_YAML_HELP = "Put a text with a colon, a # or quotation marks in it between quotes, and indent with blanks alone."
_CHARACTER_HELP = "Take the character out; most editors can show what is invisible."


class Mistake(ValueError):
    """What is wrong, without a full stop, and what to do about it, a sentence.

    `line` is where, from 1; 0 where the one who catches it knows the place. In a validator, "{what}" in the message stands for
    the name of the field, and `field` names another field of the same mapping that the mistake is about.
    """

    def __init__(self, message: str, help: str, line: int = 0, field: str = "") -> None:
        super().__init__(message)
        # Its full stop is put behind it by whoever knows the file and the line.
        self.message = message
        self.help = help
        self.line = line
        self.field = field


class TwiceNamed(dict[str, Value]):
    """A mapping in which a name stands twice: which, and in which line. Only the model knows what such a mapping is called."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class LocatedValue:
    """A value, the line that it begins in, and its YAML node, None in a line of JSON.

    >>> value = from_yaml("- id: a\\n  question: Why?")
    >>> value.value, value.line_of((0, "question"))
    ([{'id': 'a', 'question': 'Why?'}], 2)
    """

    value: Value
    line: int
    node: yaml.Node | None = None

    def items(self) -> "Iterator[LocatedValue]":
        """The items of a list, each with its own line."""
        if isinstance(self.value, list) and isinstance(self.node, yaml.SequenceNode):
            for value, node in zip(self.value, self.node.value, strict=True):
                yield LocatedValue(value, _line(node), node)

    def field(self, name: str) -> "LocatedValue":
        """The value of a field of a mapping, with its own line; raises KeyError."""
        assert isinstance(self.value, dict)
        pairs = self.node.value if isinstance(self.node, yaml.MappingNode) else []
        # JSON has no nodes: there the line of the whole object is told.
        node = next((value for key, value in pairs if key.value == name), None)
        return LocatedValue(self.value[name], self.line_of((name,)), node)

    def line_of(self, location: Location, *, name: bool = False) -> int:
        """The line of the value there, or of its `name`; where nothing is, the line of what it would stand in."""
        node, line = self.node, self.line
        for step in location:
            if isinstance(node, yaml.MappingNode) and isinstance(step, str):
                # (None, None) where the mapping has no such field: then the mapping's own line is told.
                key, node = next((pair for pair in node.value if pair[0].value == step), (None, None))
                found = key if name and step is location[-1] else node
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                found = node = node.value[step]
            else:  # a single value, which counts as a list of one
                found = node
            if found is None:
                break
            line = _line(found)
        return line


def from_yaml(text: str) -> LocatedValue:
    """The one document of a YAML text; raises Mistake."""
    try:
        # `compose` gives nodes with their lines; `load` would have turned `no` into False and `1979` into a number.
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        return LocatedValue(_Values().value(root), _line(root), root) if root is not None else LocatedValue(None, 1)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Mistake(f"it is not YAML ({error.problem or error.context})", _YAML_HELP, line) from None
    # Raised while characters are read, before there is a mark to tell a line by.
    except yaml.reader.ReaderError as error:
        said = f"a character that YAML does not allow stands there (#x{ord(text[error.position]):04x})"
        raise Mistake(said, _CHARACTER_HELP, text.count("\n", 0, error.position) + 1) from None
    except RecursionError:
        raise Mistake("it is nested too deeply", "Write the cases as a plain list.", 1) from None


def from_json(text: str, line: int) -> LocatedValue:
    """The value in a line of JSON; raises Mistake."""
    try:
        # Numbers stay as they are written.
        # NaN and Infinity, which Python takes and JSON does not know, become texts as well.
        found = json.loads(text, object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise Mistake(f"it is not JSON ({error.msg} at character {error.colno})", "Write one object a line.", line) from None
    except RecursionError:
        raise Mistake("it is nested too deeply", "Write one object a line.", line) from None
    return LocatedValue(found, line)


def _object(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    return _mapping([(name, one, 0) for name, one in pairs])


def _mapping(fields: list[tuple[str, Value, int]]) -> dict[str, Value]:
    """Fields by their names, each with its line."""
    found: dict[str, Value] = {}
    for name, value, line in fields:
        if name in found:
            twice = TwiceNamed(found)
            twice.name, twice.line = name, line
            return twice
        found[name] = value
    return found


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


class _Values:
    """Values by their nodes: one that an alias repeats is made once, so that aliases of aliases do not multiply."""

    def __init__(self) -> None:
        self._made: dict[yaml.Node, Value] = {}
        self._open: set[yaml.Node] = set()

    def value(self, node: yaml.Node) -> Value:
        """The value of a node; raises Mistake for an alias that leads back into itself."""
        # `&a [*a]` is a list that holds itself; pydantic would go round in it without end.
        if node in self._open:
            raise Mistake("it holds itself", "Write it out in place of the alias.", _line(node))
        # Nine lists of nine aliases each ("billion laughs") come to 9 to the ninth values unless each is made once.
        if node not in self._made:
            self._open.add(node)
            self._made[node] = self._new(node)
            self._open.discard(node)
        return self._made[node]

    def _new(self, node: yaml.Node) -> Value:
        match node:
            case yaml.SequenceNode():
                return [self.value(one) for one in node.value]
            case yaml.MappingNode():
                return _mapping([(self._name(key), self.value(one), _line(key)) for key, one in node.value])
            case _:
                # The resolver has read `~`, `null` and nothing as null; every other scalar stays as it is written.
                return None if node.tag == _NULL else str(node.value)

    def _name(self, key: yaml.Node) -> str:
        if isinstance(key, yaml.ScalarNode):
            return str(key.value)
        raise Mistake("the name of a field must be a word", _YAML_HELP, _line(key))
