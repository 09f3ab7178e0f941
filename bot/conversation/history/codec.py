"""Frozen dataclasses as JSON and back, exactly; pure.

It follows the fields' types, so that a field which is added to `bot.types` is kept from then on. A field that holds its default
is left out, one that an older version did not write gets its default, and one that only a newer one knows is passed over.
Verdicts that an older version wrote are read under the names that they have now.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from bot.types import Verdict
from bot.verification.verdicts import current

T = TypeVar("T")
Reader = Callable[[Any], object]


class Unreadable(ValueError):
    """This JSON is not what was written from such a dataclass."""


def encoded(value: object) -> str:
    """The value as JSON in plain ASCII: no database stumbles over a character of it."""
    return json.dumps(plain(value), separators=(",", ":"))


def decoded(kind: type[T], text: str) -> T:
    """The inverse of `encoded`; raises Unreadable."""
    return read(kind, parsed(text))


def parsed(text: str) -> object:
    """Plain values from JSON; raises Unreadable."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no JSON: {error}") from error


def read(kind: type[T], value: object) -> T:
    """The inverse of `plain`; raises Unreadable."""
    try:
        reader: Reader = _reader_of(cast("Any", kind))
        found = reader(value)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unreadable(f"no {kind.__name__}: {error}") from error
    assert isinstance(found, kind)
    return found


def plain(value: object) -> object:
    """The value in dictionaries, lists, strings and numbers."""
    if is_dataclass(value):
        held = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: plain(one) for field, one in held if one != _default(field)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if value is None or isinstance(value, str | int | float):
        return value
    # A score may come as a number of numpy's.
    return float(value)  # type: ignore[arg-type]


def _default(field: Field[Any]) -> object:
    """What the field holds where nothing was given; MISSING where something must be."""
    return field.default_factory() if field.default_factory is not MISSING else field.default


@cache
def _reader_of(kind: Any) -> Reader:
    """What makes a value of this type from plain JSON."""
    origin, inner = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    if origin in (Union, UnionType):
        return _optional_reader(inner)
    if origin is Literal:
        return _literal_reader(kind, inner)
    if origin is tuple:
        return _tuple_reader(inner)
    if origin is not None and issubclass(origin, Mapping):
        each = _reader_of(inner[1])
        return lambda value: {key: each(one) for key, one in value.items()}
    accepted = (int, float) if kind is float else kind
    return _checked(lambda value: isinstance(value, accepted), kind)


def _dataclass_reader(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    readers = {field.name: _reader_of(hints[field.name]) for field in fields(kind)}

    def read(value: Mapping[str, object]) -> object:
        return kind(**{name: readers[name](one) for name, one in value.items() if name in readers})

    return read


def _optional_reader(inner: tuple[Any, ...]) -> Reader:
    (other,) = (one for one in inner if one is not NoneType)
    read = _reader_of(other)
    return lambda value: None if value is None else read(value)


def _literal_reader(kind: Any, inner: tuple[Any, ...]) -> Reader:
    known = _checked(lambda value: value in inner, kind)
    return (lambda value: known(current(value))) if kind == Verdict else known


def _tuple_reader(inner: tuple[Any, ...]) -> Reader:
    if inner[-1] is Ellipsis:
        each = _reader_of(inner[0])
        return lambda value: tuple([each(one) for one in _listed(value)])
    readers = [_reader_of(one) for one in inner]
    return lambda value: tuple([read(one) for read, one in zip(readers, _listed(value), strict=True)])


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise Unreadable(f"{value!r:.60} is no list")
    return value


def _checked(fits: Callable[[object], bool], kind: object) -> Reader:
    def read(value: object) -> object:
        if not fits(value):
            raise Unreadable(f"{value!r:.60} is no {kind}")
        return value

    return read
