"""`.json` -> the articles in it: a list of objects, an object with such a list inside, or one object."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from vectorstore.errors import ReadError
from vectorstore.readers.columns import text_column
from vectorstore.readers.exports import OMNIVORE_CONTENT, is_omnivore
from vectorstore.readers.field_names import NAMES, normal_name
from vectorstore.readers.files import open_text_file
from vectorstore.readers.jsonl import read_jsonl
from vectorstore.readers.records import record_articles
from vectorstore.types import Article, Failure

DEEPEST_LIST = 3
"""How deep inside other objects the list of articles may be."""


def read_json(path: Path, where: str, max_bytes: int) -> Iterator[Article | Failure]:
    """The articles of a JSON file. Raises `ReadError` for JSON in which there are none, and for what is none."""
    file = open_text_file(path, max_bytes)
    try:
        found = json.loads(file.text)
    except json.JSONDecodeError as error:
        # Many programs write JSON lines under this name.
        if error.msg == "Extra data" and file.text.lstrip().startswith("{"):
            yield from read_jsonl(path, where, max_bytes)
            return
        raise ReadError(f"The file is not valid JSON ({error.msg} in line {error.lineno}, column {error.colno}).") from None
    except (ValueError, RecursionError):
        raise ReadError("The file is JSON that cannot be read (nested too deeply, or a number too long).") from None
    records = _records(found)
    if not records:
        raise ReadError("The JSON holds no list of articles and no text; an article is an object with a “text” or the like.")
    # The texts of these entries are files beside it, which are read with what it says of them.
    if is_omnivore(records) and (path.parent / OMNIVORE_CONTENT).is_dir():
        return
    alone = isinstance(found, dict) and not _lists(found, DEEPEST_LIST) and len(records) == 1
    if alone and not text_column(records).name:
        raise ReadError("The JSON is one object without a text; an article is an object with a “text” or the like.")
    yield from record_articles(records, path, where, "application/json", "entry")
    yield from (Failure(where, note, taken=True) for note in file.notes)


def _records(found: object) -> list[dict[str, object]]:
    """The objects that may be articles."""
    if isinstance(found, list):
        return [_flat(one) for one in found if isinstance(one, dict)]
    if not isinstance(found, dict):
        return []
    if normal_name(text_column([found]).name) in NAMES["text"]:
        return [_flat(found)]
    # Some programs keep their articles by id in one object.
    if len(found) > 1 and all(isinstance(value, dict) for value in found.values()):
        return [{"id": key, **_flat(value)} for key, value in found.items()]
    lists = _lists(found, DEEPEST_LIST)
    # The longest one with texts, as lists of tags or authors may stand beside the articles.
    with_texts = [one for one in lists if text_column(one).name]
    if with_texts or (lists and not text_column([found]).name):
        return [_flat(one) for one in max(with_texts or lists, key=len)]
    return [_flat(found)]


def _lists(found: Mapping[str, object], deep: int) -> list[list[dict[str, object]]]:
    """The lists of objects that an object holds, at most so deep."""
    lists: list[list[dict[str, object]]] = []
    for value in found.values():
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            lists.append(value)
        elif isinstance(value, dict) and deep > 1:
            lists += _lists(value, deep - 1)
    return lists


def _flat(record: Mapping[str, object]) -> dict[str, object]:
    """The record, with what Elasticsearch, JSON:API and WordPress put one level deeper."""
    flat = dict(record)
    for name in ("_source", "attributes", "fields", "metadata", "meta", "article"):
        inner = record.get(name)
        if isinstance(inner, dict):
            del flat[name]
            # What stands at the top wins over the same name one level deeper.
            flat = {**inner, **flat}
    for name, value in list(flat.items()):
        # WordPress: `"title": {"rendered": "Rain"}`.
        if isinstance(value, dict) and isinstance(shown := value.get("rendered"), str):
            flat[name] = shown
    return {str(key): value for key, value in flat.items()}
