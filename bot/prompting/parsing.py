"""A prompt file's text -> a prompt, or an error that names the file and the line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Template
from typing import cast

import yaml

from bot.errors import PromptError
from bot.prompting.template import PROMPT_VARIABLES, Message, ModelSettings, Prompt, PromptVariables, Role

MAX_TEMPERATURE = 2.0
"""The highest temperature that any provider takes."""
MAX_TOKENS = 100_000
"""The most tokens that a prompt may ask for, as in the settings."""

_HEADING = re.compile(r"^# (system|user|assistant)[ \t]*$", re.MULTILINE)
_FIELDS = ("description", "variables", "message", "temperature", "max_tokens")
_TAKES = ", ".join(f"`{field}`" for field in _FIELDS)


@dataclass(frozen=True, slots=True)
class _Head:
    """Front matter: fields by name, each with its line in the file."""

    where: str
    fields: Mapping[str, object]
    lines: Mapping[str, int]

    def text(self, name: str) -> str:
        """A field that is text; "" where it is missing."""
        value = self.fields.get(name, "")
        if not isinstance(value, str):
            raise self.fault(name, "must be text on one line.")
        return value

    def names(self, name: str) -> set[str]:
        """A field that is a list of names."""
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.fault(name, "must be a list of names.")
        return set(value)

    def number(self, name: str, pattern: str, low: float, high: float) -> float | None:
        """A field that is a number in a range; None where it is missing."""
        text = self.fields.get(name)
        if text is None:
            return None
        if not (isinstance(text, str) and re.fullmatch(pattern, text, re.ASCII) and low <= float(text) <= high):
            whole = "" if "." in pattern else "whole "
            raise self.fault(name, f"must be a {whole}number from {low:g} to {high:.0f}.")
        return float(text)

    def line(self, name: str) -> int:
        """Where a field stands; the first line of the file where it does not."""
        return self.lines.get(name, 1)

    def fault(self, name: str, what: str) -> PromptError:
        """What is wrong with a field."""
        return PromptError(f"{self.where}, line {self.line(name)}: `{name}` {what}")


def parse_prompt(text: str, name: str, version: str) -> Prompt:
    """A prompt file's text as a prompt; raises PromptError."""
    where = f"prompts/{name}/{version}.md"
    front, body, first = split_front_matter(text, where)
    head = _head(front, where)
    messages = tuple(_messages(body, where, first))
    # Built from the end, so that of several places the first one stays.
    used = dict(reversed(list(_uses(body, where, first))))  # by the line where each stands first
    _check(head, used, PROMPT_VARIABLES.get(name))
    return Prompt(
        name, version, head.text("description"), frozenset(used), messages, _settings(head), head.text("message").strip()
    )


def split_front_matter(text: str, where: str) -> tuple[str, str, int]:
    """Front matter, body, and the number of the body's first line; raises PromptError."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise PromptError(f"{where}, line 1: front matter is missing.", "Begin the file with a line of three hyphens.")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    if not end:
        raise PromptError(f"{where}, line 1: the front matter has no end.", "Close it with a line of three hyphens.")
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def front_matter_fields(front: str) -> list[tuple[str, int]]:
    """The fields of front matter and the line of each within it, from 0; raises yaml.YAMLError."""
    # Composed, not loaded: only the nodes know their lines.
    node = yaml.compose(front, Loader=yaml.BaseLoader)
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return [(str(key.value), key.start_mark.line) for key, _ in pairs]


def yaml_error_line(error: yaml.YAMLError, before: int = 0) -> str:
    """Where YAML is broken, as the end of a sentence; `before` are lines that stand above it in the file."""
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1 + before}" if mark is not None else ""


def _head(front: str, where: str) -> _Head:
    try:
        fields = yaml.load(front, Loader=yaml.BaseLoader) or {}  # the loader that makes text of everything
        found = front_matter_fields(front)
    except yaml.YAMLError as error:
        raise PromptError(f"{where}: the front matter is broken{yaml_error_line(error, 1)}.") from None
    except RecursionError:
        raise PromptError(f"{where}, line 2: the front matter is nested too deeply.") from None
    if not isinstance(fields, dict):
        raise PromptError(f"{where}, line 2: the front matter must be fields like `description: ...`.", f"It takes {_TAKES}.")
    seen: set[str] = set()
    for name, line in found:
        if name not in _FIELDS:
            raise PromptError(
                f"{where}, line {line + 2}: the front matter has {name}, which it does not know.", f"It takes {_TAKES}."
            )
        # YAML takes the last of two silently.
        if name in seen:
            raise PromptError(f"{where}, line {line + 2}: `{name}` stands there twice.", "Leave one of them.")
        seen.add(name)
    return _Head(where, fields, {name: line + 2 for name, line in found})


def _settings(head: _Head) -> ModelSettings:
    tokens = head.number("max_tokens", r"\d{1,9}", 1, MAX_TOKENS)
    temperature = head.number("temperature", r"\d{1,9}(\.\d{1,9})?", 0, MAX_TEMPERATURE)
    return ModelSettings(temperature, None if tokens is None else int(tokens))


def _messages(body: str, where: str, first: int) -> Iterator[Message]:
    """The text of each role, checked for being there."""
    headings = list(_HEADING.finditer(body))
    # Text above the first heading would be sent to nobody.
    before = body[: headings[0].start()] if headings else body
    if before.strip() or not headings:
        line = first + before[: len(before) - len(before.lstrip())].count("\n")
        raise PromptError(f"{where}, line {line}: text stands under no role.", "Open it with a line `# system` or `# user`.")
    ends = [heading.start() for heading in headings[1:]] + [len(body)]
    for heading, end in zip(headings, ends, strict=True):
        text = body[heading.end() : end].strip()
        if not text:
            line = first + body.count("\n", 0, heading.start())
            raise PromptError(f"{where}, line {line}: the role {heading[1]} is empty.")
        yield cast("Role", heading[1]), text
    # Several providers refuse a conversation that ends with their own turn.
    if headings[-1][1] != "user":
        line = first + body.count("\n", 0, headings[-1].start())
        raise PromptError(f"{where}, line {line}: the last role must be user, as the model answers it.")


def _uses(body: str, where: str, first: int) -> Iterator[tuple[str, int]]:
    """Each variable that stands in the body, with its line."""
    for match in Template.pattern.finditer(body):
        line = first + body.count("\n", 0, match.start())
        if match["invalid"] is not None:
            raise PromptError(f"{where}, line {line}: a lone $ stands for nothing.", "Write $$ for a dollar sign.")
        if variable := match["named"] or match["braced"]:
            yield variable, line


def _check(head: _Head, used: Mapping[str, int], wants: PromptVariables | None) -> None:
    """Declared, used and known variables must agree."""
    declared = head.names("variables")
    # A prompt that Footnote does not use may declare what it likes.
    known = wants.needed | wants.may if wants else declared
    faults = (
        (used.keys() - known, "is not known here"),
        (used.keys() - declared, "is used, but not declared under `variables`"),
        (declared - used.keys(), "is declared, but not used"),
        ((wants.needed if wants else set()) - used.keys(), "is needed, but not used"),
    )
    for names, fault in faults:
        if names:
            name = min(names)
            line = used.get(name, head.line("variables"))
            raise PromptError(
                f"{head.where}, line {line}: the variable ${name} {fault}.", f"Known are: {', '.join(sorted(known))}."
            )
