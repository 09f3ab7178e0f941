"""A prompt: messages by role with places for values; a file's text -> a prompt, or an error that names the file and the line.

What each use of a prompt has values for stands here as well.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from string import Template
from typing import Annotated, Literal, cast

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from bot.errors import PromptError

Role = Literal["system", "user", "assistant"]
Message = tuple[Role, str]
MAX_TEMPERATURE = 2.0
"""The highest temperature that any provider takes."""
MAX_TOKENS = 100_000
"""The most tokens that a prompt may ask for, as in the settings."""
MAX_PASSAGES = 50
"""The most passages that an answer may draw from, as in the settings."""

_HEADING = re.compile(r"^# (system|user|assistant)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PromptVariables:
    """The variables that a use of a prompt has values for; those that are `needed` must stand in it."""

    needed: frozenset[str]
    may: frozenset[str] = frozenset()


PROMPT_VARIABLES: Mapping[str, PromptVariables] = {
    "answer": PromptVariables(frozenset(("passages", "question")), frozenset(("conversation",))),
    "condense": PromptVariables(frozenset(("conversation", "question"))),
    "second-opinion": PromptVariables(frozenset(("passages", "claims"))),
    "follow-up": PromptVariables(frozenset(("passages", "conversation"))),
    "judge": PromptVariables(frozenset(("question", "answer", "criterion")), frozenset(("passages",))),
    "draft-case": PromptVariables(frozenset(("article",)), frozenset(("most",))),
}
_VARIABLES = "|".join(sorted({name for one in PROMPT_VARIABLES.values() for name in one.needed | one.may}))
_OTHER_TEMPLATES = re.compile(rf"\{{\{{\s*({_VARIABLES})\s*\}}\}}")
"""Our own variables as Jinja and its like write them. Other braces are text: a prompt may show JSON or code."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What a prompt asks of the model that gets it; None leaves it to the model and to Footnote's settings.

    `max_tokens` and `passages`, how many passages it is given, can only lower what Footnote's settings allow.
    """

    temperature: float | None = None
    max_tokens: int | None = None
    passages: int | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of a prompt, checked: `messages` are templates by role, `variables` those that they use.

    `message` says what was changed when the version was saved, "" where nobody did. `instead_of` names the version in whose
    place a small model is given this one, "" for most.

    >>> prompt = Prompt("answer", "mine", "", frozenset({"question"}), (("user", "Answer this: $question"),))
    >>> prompt.render({"question": "Who signed it?"})
    (('user', 'Answer this: Who signed it?'),)
    """

    name: str
    version: str
    description: str
    variables: frozenset[str]
    messages: tuple[Message, ...]
    settings: ModelSettings = ModelSettings()
    message: str = ""
    instead_of: str = ""

    def render(self, values: Mapping[str, str]) -> tuple[Message, ...]:
        """The messages with the values put in, as they stand; runs of empty lines that an empty value left are one."""
        # One pass of `Template`: a "$name" inside a value is never read as a variable.
        return tuple((role, _tidy(Template(text).substitute(values))) for role, text in self.messages)


def template_runs(template: str) -> tuple[tuple[str, bool], ...]:
    """A message's template in runs of text, each with whether it is a variable's name; two dollars are one.

    >>> template_runs("Pay $$5 for $question")
    (('Pay ', False), ('$', False), ('5 for ', False), ('question', True))
    """
    found: list[tuple[str, bool]] = []
    at = 0
    for match in Template.pattern.finditer(template):
        variable = match["named"] or match["braced"]
        # The template's "$$" is one dollar in the text that is sent.
        found += [(template[at : match.start()], False), (variable or "$", variable is not None)]
        at = match.end()
    return tuple((text, variable) for text, variable in [*found, (template[at:], False)] if text)


def _tidy(text: str) -> str:
    # An empty conversation would leave a hole of several lines in the prompt.
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _one_line(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text on one line.")
    return value


def _names(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError("must be a list of names.")
    return frozenset(value)


def _number(value: object, pattern: str, low: float, high: float) -> float:
    # Digits alone, nine at most: `float` would take "1e400" and "nan" as well.
    if isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) and low <= float(value) <= high:
        return float(value)
    whole = "" if "." in pattern else "whole "
    raise ValueError(f"must be a {whole}number from {low:g} to {high:.0f}.")


_temperature = partial(_number, pattern=r"\d{1,9}(\.\d{1,9})?", low=0, high=MAX_TEMPERATURE)
_tokens = partial(_number, pattern=r"\d{1,9}", low=1, high=MAX_TOKENS)
_passages = partial(_number, pattern=r"\d{1,9}", low=1, high=MAX_PASSAGES)


class _FrontMatter(BaseModel):
    """The fields above a prompt's text, all of which may be missing. Their values are texts, as the file has them."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    description: Annotated[str, BeforeValidator(_one_line)] = ""
    variables: Annotated[frozenset[str], BeforeValidator(_names)] = frozenset()
    message: Annotated[str, BeforeValidator(_one_line)] = ""
    temperature: Annotated[float, BeforeValidator(_temperature)] | None = None
    max_tokens: Annotated[int, BeforeValidator(_tokens)] | None = None
    passages: Annotated[int, BeforeValidator(_passages)] | None = None
    instead_of: Annotated[str, BeforeValidator(_one_line)] = ""


_TAKES = ", ".join(f"`{field}`" for field in _FrontMatter.model_fields)


def parse_prompt(text: str, name: str, version: str) -> Prompt:
    """A prompt file's text as a prompt; raises PromptError."""
    where = f"prompts/{name}/{version}.md"
    # Editors of Windows put a byte-order mark first; it is no part of the text.
    text = text.removeprefix("\ufeff")
    # YAML would refuse it with words of its own, and in the front matter alone.
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        raise PromptError(f"{where}, line {line}: a NUL character stands there.", "Take it out; it may be invisible.")
    front, body, first = split_front_matter(text, where)
    head, lines = _head(front, where)
    messages = tuple(_messages(body, where, first))
    # Built from the end, so that of several places the first one stays.
    used = dict(reversed(list(_variable_uses(body, where, first))))  # by the line where each stands first
    _check(where, (head.variables, lines.get("variables", 1)), used, PROMPT_VARIABLES.get(name))
    settings = ModelSettings(head.temperature, head.max_tokens, head.passages)
    told = head.message.strip(), head.instead_of.strip()
    return Prompt(name, version, head.description, frozenset(used), messages, settings, *told)


def split_front_matter(text: str, where: str) -> tuple[str, str, int]:
    """Front matter, body, and the number of the body's first line; raises PromptError."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise PromptError(f"{where}, line 1: front matter is missing.", "Begin the file with a line of three hyphens.")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    if not end:
        raise PromptError(f"{where}, line 1: the front matter has no end.", "Close it with a line of three hyphens.")
    # Lines are counted from 1 for people, and the body begins behind the closing hyphens.
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


def _head(front: str, where: str) -> tuple[_FrontMatter, Mapping[str, int]]:
    """The front matter, and the line in the file of each of its fields."""
    try:
        fields = yaml.load(front, Loader=yaml.BaseLoader) or {}  # the loader that makes text of everything
        found = [(name, line + 2) for name, line in front_matter_fields(front)]
    except yaml.YAMLError as error:
        raise PromptError(f"{where}: the front matter is broken{yaml_error_line(error, 1)}.") from None
    except RecursionError:
        raise PromptError(f"{where}, line 2: the front matter is nested too deeply.") from None
    if not isinstance(fields, dict):
        raise PromptError(f"{where}, line 2: the front matter must be fields like `description: ...`.", f"It takes {_TAKES}.")
    lines = dict(found)
    for at, (name, line) in enumerate(found):
        # YAML takes the last of two silently.
        if name in [before for before, _ in found[:at]]:
            raise PromptError(f"{where}, line {line}: `{name}` stands there twice.", "Leave one of them.")
    try:
        return _FrontMatter.model_validate(fields), lines
    except ValidationError as error:
        # One fault at a time, the first in the order of the fields.
        raise _field_error(where, error.errors()[0], lines) from None


def _field_error(where: str, error: ErrorDetails, lines: Mapping[str, int]) -> PromptError:
    """What pydantic found, in our words and with its line."""
    name = str(error["loc"][0])
    place = f"{where}, line {lines[name]}:"
    if error["type"] == "extra_forbidden":
        return PromptError(f"{place} the front matter has {name}, which it does not know.", f"It takes {_TAKES}.")
    return PromptError(f"{place} `{name}` {error['ctx']['error']}")


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


def _variable_uses(body: str, where: str, first: int) -> Iterator[tuple[str, int]]:
    """Each variable that stands in the body, with its line."""
    if other := _OTHER_TEMPLATES.search(body):
        line = first + body.count("\n", 0, other.start())
        # Sent as it stands, it would ask the model about the word "question".
        raise PromptError(f"{where}, line {line}: {other[0]} is no variable here.", f"Write ${other[1]}.")
    for match in Template.pattern.finditer(body):
        line = first + body.count("\n", 0, match.start())
        if match["invalid"] is not None:
            raise PromptError(f"{where}, line {line}: a lone $ stands for nothing.", "Write $$ for a dollar sign.")
        if variable := match["named"] or match["braced"]:
            yield variable, line


def _check(where: str, variables: tuple[frozenset[str], int], used: Mapping[str, int], wants: PromptVariables | None) -> None:
    """Declared, used and known variables must agree."""
    declared, declared_at = variables
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
            # The first in the alphabet, so that the same file is refused in the same words each time.
            name = min(names)
            line = used.get(name, declared_at)
            raise PromptError(f"{where}, line {line}: the variable ${name} {fault}.", f"Known are: {', '.join(sorted(known))}.")
