"""The block of fields at the top of a text, as Jekyll, Hugo, Obsidian, Pelican and pandoc write it -> the fields, and the body.

YAML stands between lines `---`, TOML between `+++`, JSON in braces, and MultiMarkdown's `Name: value` lines end at the first
blank one. The block is read field by field: one that is broken costs that field alone, and is told. A plain value is taken as
it is written, so that a title may hold a colon or a `#`, which YAML would choke on or cut off.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from vectorstore.readers.dates import iso_date
from vectorstore.readers.field_names import NAMES, normal_name

# Between `---` and `---`, or `...`, by which YAML ends a document.
_YAML = re.compile(r"\s*---[ \t]*(?:ya?ml)?[ \t]*\n(.*?)(?:(?<=\n)|^)(?:-{3,}|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\s*(?:\+\+\+|---[ \t]*toml)[ \t]*\n(.*?)(?:(?<=\n)|^)(?:\+\+\+|---)[ \t]*(?:\n|\Z)", re.DOTALL)
_JSON = re.compile(r"\s*(?:(?:;;;|---[ \t]*(?:json)?)[ \t]*\n\s*)?(?=\{)")
_JSON_END = re.compile(r"\s*(?:;;;|---)[ \t]*(?:\n|\Z)")
_UNCLOSED = re.compile(r"\s*---[ \t]*\n((?:[ \t]*[^\s][^\n]*\n)+)(?=[ \t]*(?:\n|\Z))")
# A line `---` with a name and a colon below it; without these it is a rule.
_OPENED = re.compile(r"\s*---[ \t]*\n\s*[\w-]+:")
_PAIRS = re.compile(r"((?:[ \t]*[^\s][^\n]*\n)+)[ \t]*\n")
_PANDOC = re.compile(r"%[ \t]+([^\n]*)\n(?:%[ \t]*([^\n]*)\n)?(?:%[ \t]*([^\n]*)\n)?")
# A name of up to 61 characters before a colon and a blank: the colon in `https://site.example` is none.
_KEY = re.compile(
    r"(?P<key>\"[^\"\n]+\"|'[^'\n]+'|[^\s:#\-\[\]{}\"'&*!|>%@`,?][^:\n]{0,60}?|-?\w[\w-]*)[ \t]*:(?:[ \t]+|(?=\n|\Z))"
)
_TOML_KEY = re.compile(r"(?P<key>\"[^\"\n]+\"|[\w.-]+)[ \t]*=[ \t]*")
_JSON_KEY = re.compile(r"[ \t]*\"(?P<key>[^\"\n]+)\"[ \t]*:[ \t]*")
_TIGHT = re.compile(r"(?P<key>[A-Za-z][\w-]*):(?=[^\s:/])")
_COMPLETE = re.compile(r"[^\s#][^:\n]*:[ \t]+[^\s|>\[{&*!#\"'][^\n]*$")
_KNOWN = frozenset(name for names in NAMES.values() for name in names)
# A `#` between blanks begins a comment; a tag, `#rain`, and a number, `# 3`, are of the value.
_COMMENT = re.compile(r"(?:^|\s)#(?:\s(?!\d).*)?$")
# What YAML would not take for a plain value.
_INDICATORS = ("[", "{", "&", "*", "|", ">", "!", '"', "'")
_QUOTED = re.compile(r"(?P<quote>[\"'])(?P<inner>.*)(?P=quote)[ \t]*(?:#.*)?$")
_ADDRESSES = frozenset(("path", "permalink", "url", "slug"))
_DAY_IN_ADDRESS = re.compile(r"(?:https?://[^/\s]+)?/?(?:[\w-]+/){0,2}?(\d{4})/(\d\d)/(\d\d)/\S")
POST_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-(.+)")
"""The name of a post's file: its day, and its title as an address has it."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields of a text's front matter, what is to be said of it, and where the body begins (0 where there is none)."""

    fields: Mapping[str, object] = field(default_factory=dict)
    body: int = 0
    notes: tuple[str, ...] = ()


def with_named_date(fields: Mapping[str, object], stem: str) -> Mapping[str, object]:
    """The fields of a post, whose file's name begins with its day in Jekyll, with that day where they state no date.

    The address that a post is to have on its site may have the day instead.

    >>> with_named_date({"layout": "post"}, "2021-03-04-old-dams")
    {'layout': 'post', 'date': '2021-03-04'}
    >>> with_named_date({"path": "2021/03/04/old-dams"}, "old-dams")["date"]
    '2021-03-04'
    """
    # `published: true` of Jekyll is no date.
    if any(normal_name(key) in NAMES["date"] and iso_date(str(value)) for key, value in fields.items()):
        return fields
    named = POST_NAME.fullmatch(stem)
    day = iso_date(named[1]) if named else next(filter(None, map(_day_in_address, fields.items())), "")
    return {**fields, "date": day} if day else fields


def _day_in_address(stated: tuple[str, object]) -> str:
    """The day in the address that a post is to have on its site: `path = "2021/03/04/old-dams"` in Zola."""
    key, value = stated
    found = _DAY_IN_ADDRESS.match(value) if normal_name(key) in _ADDRESSES and isinstance(value, str) else None
    return iso_date("-".join(found.groups())) if found else ""


class _Strings(yaml.BaseLoader):
    """Every scalar as the string it was written as, and no aliases: a few of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuses an alias before it is resolved."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not read here")
        return super().compose_node(parent, index)


def front_matter(text: str) -> FrontMatter:
    """The front matter at the top of a text, in whichever of the forms it is written.

    >>> found = front_matter("---\\ntitle: Flood: what we know\\ntags: [a, b\\n---\\nIt rose.")
    >>> found.fields["title"], found.notes
    ('Flood: what we know', ('Line 3 of the front matter is not valid YAML; “tags” was taken as it stands.',))
    """
    if toml := _TOML.match(text):
        return _of_toml(text, toml)
    # Before YAML, as `---` over a brace may be either, and JSON is YAML, too.
    if (json_at := _JSON.match(text)) and (found := _of_json(text, json_at.end())):
        return found
    if block := _YAML.match(text):
        return _of_yaml(text, block)
    if _OPENED.match(text):
        return _never_closed(text)
    return _without_fences(text)


def _of_yaml(text: str, block: re.Match[str]) -> FrontMatter:
    # A file may have nothing but a comment there: "Do not remove".
    if all(line.startswith("#") for raw in block[1].splitlines() if (line := raw.strip())):
        return FrontMatter(body=block.end())
    # Notes count the lines of the file, and not those of the block.
    read = _FieldReader("YAML", _KEY, _yaml_value, text.count("\n", 0, block.start(1)) + 1)
    read.all(block[1])
    if not read.fields:
        return FrontMatter(notes=(_whole_text_note("is not a list of `name: value` pairs"),))
    return FrontMatter(read.fields, block.end(), tuple(read.notes))


def _of_toml(text: str, block: re.Match[str]) -> FrontMatter:
    first = text.count("\n", 0, block.start(1)) + 1
    try:
        return FrontMatter(_as_json(tomllib.loads(block[1])), block.end())
    except (tomllib.TOMLDecodeError, RecursionError):
        read = _FieldReader("TOML", _TOML_KEY, _toml_value, first)
        read.all(block[1])
    if not read.fields:
        return FrontMatter(notes=(_whole_text_note("is not a list of `name = value` pairs"),))
    return FrontMatter(read.fields, block.end(), tuple(read.notes))


def _of_json(text: str, start: int) -> FrontMatter | None:
    """An object at the top with a text after it; None where this is something else, such as a template or a whole JSON file."""
    try:
        found, end = json.JSONDecoder().raw_decode(text, start)
        fields: Mapping[str, object] = found if isinstance(found, dict) else {}
        notes: tuple[str, ...] = ()
    except (ValueError, RecursionError):
        # An object that is not valid JSON is taken to end at the first line that is only its closing brace.
        closing = re.search(r"^\}[ \t]*$", text[start : start + 20_000], re.MULTILINE)
        if not closing:
            return None
        end = start + closing.end()
        read = _FieldReader("JSON", _JSON_KEY, _json_value, text.count("\n", 0, start) + 1)
        read.all(text[start:end].strip("{}\n"))
        fields, notes = read.fields, tuple(read.notes)
    fenced = _JSON_END.match(text, end)
    if not fields or not text[end:].strip() or (not fenced and not text[end:].lstrip(" \t").startswith("\n")):
        return None
    return FrontMatter(fields, fenced.end() if fenced else end + len(text[end:]) - len(text[end:].lstrip(" \t\n")), notes)


def _never_closed(text: str) -> FrontMatter:
    """Fields without a line that ends them: they end at the first blank line, if it is plain that they are fields."""
    block = _UNCLOSED.match(text)
    if block and _are_fields(block[1].splitlines()):
        read = _FieldReader("YAML", _KEY, _yaml_value, text.count("\n", 0, block.start(1)) + 1)
        read.all(block[1])
        told = "The front matter has no closing line ---; it was taken to end at the first blank line."
        return FrontMatter(read.fields, block.end(), (told, *read.notes))
    return FrontMatter(notes=(_whole_text_note("has no closing line ---"),))


def _without_fences(text: str) -> FrontMatter:
    """Fields as MultiMarkdown, Pelican and pandoc have them, without lines around them."""
    start = len(text) - len(text.lstrip("\n"))
    if pandoc := _PANDOC.match(text, start):
        named = zip(("title", "author", "date"), pandoc.groups(), strict=True)
        return FrontMatter({name: value.strip() for name, value in named if value and value.strip()}, pandoc.end())
    block = _PAIRS.match(text, start)
    # One line with a colon in it may be a sentence of the text.
    if not block or not _are_fields(block[1].splitlines()) or block[1].count("\n") < 2:
        return FrontMatter()
    read = _FieldReader("YAML", _KEY, _yaml_value, start + 1)
    read.all(block[1])
    return FrontMatter(read.fields, block.end(), tuple(read.notes))


def _are_fields(lines: list[str]) -> bool:
    """Whether each line names a value, and the first names a title, an author or a date: no lines of a talk do."""
    keys = [_KEY.match(line) for line in lines if not line.startswith((" ", "\t", "- "))]
    # "Text:", "Name:" and "By:" also stand over texts that have no front matter.
    known = {*NAMES["title"], *NAMES["author"], *NAMES["date"]} - {"text", "name", "by"}
    first = keys[0] if keys else None
    return all(keys) and first is not None and normal_name(first["key"]) in known


class _FieldReader:
    """Reads the fields of a block one by one, and gathers what is to be said of those that are broken."""

    def __init__(self, form: str, key: re.Pattern[str], value: Callable[[str, str], object], first_line: int) -> None:
        self.fields: dict[str, object] = {}
        self.notes: list[str] = []
        self._form = form
        self._key = key
        self._value = value
        self._first_line = first_line

    def all(self, block: str) -> None:
        """Reads the block, in which a field begins where a line begins with a name and goes on until the next one."""
        for number, segment in _segments(block, self._key):
            self._take(self._first_line + number, segment)

    def _take(self, line: int, segment: str) -> None:
        key = self._key.match(segment) or _tight_key(segment)
        if not key:
            # A comment, or a brace by itself, is no field that went wrong.
            if not segment.lstrip().startswith(("#", "}", "{")) and segment.strip():
                shown = " ".join(segment.split())[:60]
                self.notes.append(f"Line {line} of the front matter (“{shown}”) names no value; it was left out.")
            return
        name, stated = key["key"].strip("\"' "), segment[key.end() :].rstrip()
        try:
            self.fields[name] = self._value(segment, stated)
        except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError):
            quoted = _QUOTED.match(stated.strip().rstrip(","))
            raw = " ".join((quoted["inner"] if quoted else stated.lstrip("\"'")).split())[:2000]
            self.fields[name] = raw.rstrip(",") if self._form == "JSON" else raw
            told = f"Line {line} of the front matter is not valid {self._form}; “{name}” was taken as it stands."
            self.notes.append(told)


def _tight_key(segment: str) -> re.Match[str] | None:
    """A name that is known, with its value right behind the colon; an address has a colon, too."""
    found = _TIGHT.match(segment)
    return found if found and normal_name(found["key"]) in _KNOWN else None


def _segments(block: str, key: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """The fields of a block with the numbers of their first lines in it, from 0."""
    held: list[str] = []
    at = 0
    for number, written in enumerate(block.splitlines()):
        # A field that is set in by mistake, under one that has its value already, is one of its own.
        line = written.strip() if len(held) == 1 and _COMPLETE.match(held[0]) and key.match(written.strip()) else written
        # An item of a list may stand as far left as the name that it belongs to.
        begins = key.match(line) or not line.strip() or (not line[0].isspace() and not line.startswith(("- ", "]", "}", "-\t")))
        if begins and held:
            yield at, "\n".join(held)
            held = []
        if not held:
            at = number
        held.append(line)
    if held:
        yield at, "\n".join(held)


def _yaml_value(segment: str, stated: str) -> object:
    """The value of a field of YAML: a plain one as it is written, anything else by the parser."""
    if "\n" not in stated and not stated.startswith(_INDICATORS) and not stated.startswith("- "):
        return _COMMENT.sub("", stated).strip()
    # YAML allows no tabs before a line, but people write them.
    untabbed = re.sub(r"(?m)^[ ]*\t+", lambda tabs: "  " * len(tabs[0]), segment.replace("\t- ", "  - "))
    loaded = yaml.load(untabbed, Loader=_Strings)  # a BaseLoader makes nothing but strings, lists and dicts
    if not isinstance(loaded, dict) or len(loaded) != 1:
        raise ValueError("no field of YAML")
    value: object = next(iter(loaded.values()))
    # A name in brackets is a link of Obsidian, and no list in a list.
    nested = isinstance(value, list) and len(value) == 1 and isinstance(value[0], list) and stated.startswith("[[")
    return stated if nested else value


def _toml_value(segment: str, _: str) -> object:
    return next(iter(_as_json(tomllib.loads(segment)).values()))


def _json_value(_: str, stated: str) -> object:
    value: object = json.loads(stated.strip().rstrip(","))
    return value


def _as_json(found: Mapping[str, object]) -> dict[str, object]:
    """TOML's values as JSON has them: dates as strings. A table of one's own parameters is a part of the fields."""
    plain: dict[str, object] = json.loads(json.dumps(found, default=str))
    # Hugo has one's own fields under `params`, Zola under `extra` and `taxonomies`.
    for name in ("params", "extra", "taxonomies"):
        inner = plain.get(name)
        if isinstance(inner, dict):
            plain = {**inner, **{key: value for key, value in plain.items() if key != name}}
    return plain


def _whole_text_note(what: str) -> str:
    return f"The front matter {what}; the article has been taken in with the whole text and without its fields."
