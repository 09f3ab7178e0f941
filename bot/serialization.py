"""Frozen dataclasses as JSON and back, by pydantic: what is kept in the history, in drafts and in evaluations.

pydantic follows the fields' types, so a field that is added to a dataclass is kept from then on. A field that holds its default
is left out, one that an older version did not write gets its default, and one that only a newer version knows is passed over.
Verdicts that an older version wrote are read under the names that they have now.

>>> from bot.types import Turn
>>> to_json(Turn("user", "When?"))
'{"role":"user","text":"When?"}'
>>> from_json(Turn, '{"role":"user","text":"When?"}')
Turn(role='user', text='When?')
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.types import Verdict

T = TypeVar("T")

# "contradicted" said of a name, a number or a denial alike that it conflicts, and was wrong about as often as right.
_FORMER_VERDICTS: Mapping[str, Verdict] = {"partly": "check", "not supported": "not found", "contradicted": "check"}


class Unreadable(ValueError):
    """This JSON is not what was written from such a type."""


def to_json(value: object) -> str:
    """The value as JSON in plain ASCII."""
    # pydantic's own writer would write UTF-8, and refuse a lone surrogate, which a question may hold: no database stumbles over
    # what `json` writes. A score may come as a number of numpy's, which is written as the number that it is.
    return json.dumps(to_plain(value), separators=(",", ":"), default=float)


def from_json(kind: type[T], text: str) -> T:
    """The inverse of `to_json`; raises Unreadable."""
    # pydantic's own parser takes a third of the time: a run of 5,000 cases is read in half a second. It refuses a lone
    # surrogate and knows no verdict of an older version, so such a text goes the long way.
    if not any(verdict in text for verdict in _FORMER_VERDICTS):
        with suppress(ValidationError, UnicodeEncodeError):
            found: T = _adapter(kind).validate_json(text)
            return found
    return from_plain(kind, parsed(text))


def to_plain(value: object) -> Any:
    """The value in dictionaries, tuples, strings and numbers, without the fields that hold their defaults."""
    # `warnings=False`: pydantic warns of numpy's floats, which are written all the same.
    return _adapter(type(value)).dump_python(value, exclude_defaults=True, warnings=False)


def from_plain(kind: type[T], value: object) -> T:
    """The inverse of `to_plain`, which takes lists for tuples; raises Unreadable."""
    try:
        found: T = _adapter(kind).validate_python(value)
    except ValidationError as error:
        raise Unreadable(f"no {getattr(kind, '__name__', kind)}: {error}") from error
    return found


def parsed(text: str) -> object:
    """Plain values from JSON; raises Unreadable."""
    try:
        return json.loads(text, object_hook=_with_verdict_of_now)
    except (ValueError, TypeError, RecursionError) as error:  # TypeError: a "verdict" that is a list
        raise Unreadable(f"no JSON: {error}") from error


def _with_verdict_of_now(kept: dict[str, Any]) -> dict[str, Any]:
    if (verdict := kept.get("verdict")) is not None:
        kept["verdict"] = _FORMER_VERDICTS.get(verdict, verdict)
    return kept


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}
"""pydantic's reader and writer of each type: to make one takes milliseconds, so each is made once."""


def _adapter(kind: Any) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
