"""Which column of a table, or key of a JSON object, holds the text, the title and so on: set by the user, else guessed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from vectorstore.readers.field_names import NAMES, keys_by_name

SETTING = "FOOTNOTE_COLUMNS"
"""The setting that a refusal names."""
PROSE = 150
"""Characters of a column's middle value from which it is a text, whatever it is called."""

# Records that are looked at: the columns of a table show in its first ones, and it may have a million.
_SAMPLE = 200

# What stands for the text where there is nothing better: a short form of it.
_SHORT_NAMES = (
    "description summary abstract abstractnote excerpt snippet selection message comment note notes article story post tweet "
    "answer review lead teaser dek deck intro"
)
_SHORT_TEXTS = tuple(_SHORT_NAMES.split())
_TARGETS = ("text", "title", "author", "translator", "date", "source", "language", "id")
_PAIR = re.compile(r"\s*(\w+)\s*=\s*([^=]+?)\s*")

# For the whole process, as a `Reader` has no parameter for it.
_chosen: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class TextColumn:
    """The column of the text, "" where there is none; `unclear` are those of which each could be it."""

    name: str = ""
    unclear: tuple[str, ...] = ()
    guessed: bool = False


def parse_columns(stated: str) -> dict[str, str]:
    """`text=body,title=headline` -> the column for each field; raises ValueError with a sentence.

    >>> parse_columns("text=Story, title=Head line")
    {'text': 'Story', 'title': 'Head line'}
    """
    found: dict[str, str] = {}
    for pair in filter(str.strip, stated.split(",")):
        match = _PAIR.fullmatch(pair)
        if not match:
            raise ValueError(f"“{pair.strip()}” has not the form field=column, such as text=body")
        if match[1].lower() not in _TARGETS:
            raise ValueError(f"“{match[1]}” is no field; there are {', '.join(_TARGETS)}")
        found[match[1].lower()] = match[2]
    return found


def use_columns(mapping: Mapping[str, str]) -> None:
    """Sets the columns for all tables that this process reads from now on; {} lets each be guessed again."""
    _chosen.clear()
    _chosen.update(mapping)


def with_set_columns(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields under the names that the setting gives them; what had such a name before keeps it with a mark."""
    renamed = dict(fields)
    for target, column in _chosen.items():
        key = next((key for key in fields if key.strip().casefold() == column.casefold()), None)
        if key is None or key == target:
            continue
        # Such as a column "text" beside the one that the user named as the text.
        if target in renamed:
            renamed[f"other {target}"] = renamed.pop(target)
        renamed[target] = renamed.pop(key)
    return renamed


def text_column(records: Sequence[Mapping[str, object]]) -> TextColumn:
    """The column that holds the texts of the records, which have their set names already.

    >>> text_column([{"headline": "Dams", "body": "It is high."}]).name
    'body'
    """
    keys = list(dict.fromkeys(key for record in records[:_SAMPLE] for key in record))
    by_name = keys_by_name(keys)
    # A column with a fitting name that is empty throughout is not the text.
    filled = [key for key in keys if any(isinstance(value := one.get(key), str) and value.strip() for one in records[:_SAMPLE])]
    if named := next((by_name[name] for name in NAMES["text"] if by_name.get(name) in filled), ""):
        return TextColumn(named)
    long = [key for key in filled if _usual_length(records, key) >= PROSE]
    # A summary is the text only where no other column is long enough to be it.
    if short := next((by_name[name] for name in _SHORT_TEXTS if by_name.get(name) in filled), ""):
        return TextColumn(short) if not long or short in long else TextColumn(unclear=(short, *long))
    return TextColumn(long[0], guessed=True) if len(long) == 1 else TextColumn(unclear=tuple(long))


def _usual_length(records: Sequence[Mapping[str, object]], key: str) -> float:
    return median(len(value) if isinstance(value := one.get(key), str) else 0 for one in records[:_SAMPLE])


def unclear_columns(columns: Sequence[str]) -> str:
    """The sentence for a table of which nobody can tell the column of the text."""
    named = ", ".join(f"“{column}”" for column in columns[:30])
    return (
        f"It is not clear which column holds the text of an article; there are {named}. "
        f'Say so with {SETTING}, such as {SETTING}="text={columns[0] if columns else "body"}".'
    )
