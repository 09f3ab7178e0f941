"""Files that people write, as models whose mistakes are told by their lines: YAML and JSON, and types of fields; pure.

A value that is no list and no mapping is taken as it is written: `1979`, `no` and `2019-02-01` are texts, as whoever writes
them means them. Nothing is built from a tag. A field that holds nothing counts as left out, a single value as a list of one.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

TEXT_HELP = "Put a text that begins with a bracket, or holds a colon, between quotes."
Value = str | None | list["Value"] | dict[str, "Value"]
Location = tuple[int | str, ...]
"""The way to a value: places in lists, from 0, and names of fields. Pydantic's errors tell it as `loc`."""

_NULL = "tag:yaml.org,2002:null"
_YAML_HELP = "Put a text with a colon, a # or quotation marks in it between quotes, and indent with blanks alone."
_CHARACTER_HELP = "Take the character out; most editors can show what is invisible."


def kind(value: object) -> str:
    """What a value is, in words.

    >>> kind([]), kind({}), kind("1957"), kind(None)
    ('a list', 'fields', 'a text', 'nothing')
    """
    match value:
        case list():
            return "a list"
        case dict():
            return "fields"
        case _:
            return "nothing" if value is None else "a text"


def any_text(value: object) -> str:
    """A text that may be empty; raises Mistake."""
    if isinstance(value, list | dict):
        raise Mistake(f"{{what}} must be a text, not {kind(value)}", TEXT_HELP)
    # JSON's `true` is taken as it is written, as YAML's is.
    found = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    try:
        found.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which no tokenizer takes
        raise Mistake("{what} is not valid Unicode", "Write the character itself, or leave it out.") from None
    return found


def text_of(value: object) -> str:
    """A text that says something; raises Mistake."""
    found = any_text(value)
    if not found.strip():
        raise Mistake("{what} is empty", "Write it, or leave it out where it is not needed.")
    return found


def _flag(value: object) -> bool:
    found = any_text(value)
    for flag, words in ((True, ("true", "yes")), (False, ("false", "no"))):
        if found.lower() in words:
            return flag
    raise Mistake(f"{{what}} must be true or false, not “{found}”", "Leave it out where it is not judged.")


def whole_of(value: object) -> int:
    """A whole number that is not negative; raises Mistake."""
    found = any_text(value)
    # `isdigit` alone takes Arabic digits and superscripts; sixteen digits are beyond what JSON's numbers hold exactly.
    if found.isascii() and found.isdigit() and len(found) < 16:
        return int(found)
    raise Mistake(f"{{what}} must be a whole number, not “{found}”", "Write it in figures.")


def _number(value: object) -> float:
    found = any_text(value)
    try:
        number = float(found)
    except ValueError:
        # Falls through to the message below, as nan and infinity do when they are written out.
        number = float("nan")
    if abs(number) < float("inf"):
        return number
    raise Mistake(f"{{what}} must be a number, not “{found}”", "Write it in figures.")


def _several(value: object) -> object:
    """What is no list counts as a list of one."""
    return value if isinstance(value, list) else [value]


Text = Annotated[str, BeforeValidator(text_of)]
AnyText = Annotated[str, BeforeValidator(any_text)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Whole = Annotated[int, BeforeValidator(whole_of)]
Number = Annotated[float, BeforeValidator(_number)]
OneOrMore = BeforeValidator(_several)


class FileModel(BaseModel):
    """A mapping in a file of cases; `called`, `example` and `missing` (a message and its help) tell what is wrong with it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    called: ClassVar[str]
    example: ClassVar[str]
    missing: ClassVar[tuple[str, str]]

    @model_validator(mode="before")
    @classmethod
    def _fields(cls, value: object) -> object:
        if not isinstance(value, dict):
            raise Mistake(f"{cls.called} must be fields with values, not {kind(value)}", f"Write it like {cls.example}.")
        if isinstance(value, TwiceNamed):
            # YAML would silently take the second one.
            raise Mistake(f"“{value.name}” is given twice in {cls.called}", "Keep one of the two.", value.line)
        # `must:` with nothing behind it is what somebody left to be filled in.
        return {name: one for name, one in value.items() if one is not None}


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
