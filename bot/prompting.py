"""Loads prompts/ and checks every file before anything is sent: a misspelt variable must not reach the model.

A file is read anew each time, so that an edit counts from the next question on. Variables are those of `string.Template`, whose
one pass never reads what was put in: a `$name` in an article stays what it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Literal, cast

import yaml

from bot.errors import PromptError

Role = Literal["system", "user", "assistant"]
Message = tuple[Role, str]

IN_FORCE = "in-force.yaml"
"""The one file that says which version of each prompt is used."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_HEADING = re.compile(r"^# (system|user|assistant)[ \t]*$", re.MULTILINE)
_FIELDS = frozenset(("description", "variables"))


@dataclass(frozen=True, slots=True)
class Wants:
    """The variables that a use of a prompt has values for; those that are `needed` must stand in it."""

    needed: frozenset[str]
    may: frozenset[str] = frozenset()


WANTS: Mapping[str, Wants] = {
    "answer": Wants(frozenset(("passages", "question")), frozenset(("conversation",))),
    "condense": Wants(frozenset(("conversation", "question"))),
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of a prompt, checked: `messages` are templates by role, `variables` those that they use."""

    name: str
    version: str
    description: str
    variables: frozenset[str]
    messages: tuple[Message, ...]

    def render(self, values: Mapping[str, str]) -> tuple[Message, ...]:
        """The messages with the values put in, as they stand; runs of empty lines that an empty value left are one."""
        return tuple((role, _tidy(Template(text).substitute(values))) for role, text in self.messages)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a prompt as it is shown: `prompt` is None where its file cannot be used, and `problem` says why."""

    version: str
    prompt: Prompt | None
    problem: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Listing:
    """A prompt with its versions by name; `in_force` is the one that is used, and "" where `problem` says why none can be."""

    name: str
    in_force: str
    versions: tuple[Version, ...]
    problem: tuple[str, str] = ("", "")


class Prompts:
    """A folder of prompts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, name: str, version: str = "") -> Prompt:
        """A version of a prompt, that in force unless one is named; raises PromptError with the file and the line."""
        version = version or self.in_force(name)
        if not (_NAME.fullmatch(name) and _NAME.fullmatch(version)):
            raise PromptError(f"“{name}/{version}” is no name of a prompt.", "Small letters, digits and hyphens make a name.")
        return parse(_read(self._folder / name / f"{version}.md"), name, version)

    def versions(self, name: str) -> Sequence[str]:
        """The versions of a prompt, by name."""
        return sorted(path.stem for path in (self._folder / name).glob("*.md"))

    def names(self) -> Sequence[str]:
        """The prompts that Footnote uses, and what others there are in the folder, by name."""
        there = {path.parent.name for path in self._folder.glob("*/*.md")}
        return sorted(there | WANTS.keys())

    def listed(self) -> tuple[Listing, ...]:
        """All prompts with all their versions; a broken file stands among them with what is wrong with it."""
        return tuple(self._listing(name) for name in self.names())

    def _listing(self, name: str) -> Listing:
        versions = tuple(self._version(name, version) for version in self.versions(name))
        try:
            in_force = self.in_force(name)
            if in_force not in [one.version for one in versions]:
                self.load(name, in_force)  # which says what is missing
        except PromptError as error:
            return Listing(name, "", versions, (error.message, error.help))
        return Listing(name, in_force, versions)

    def _version(self, name: str, version: str) -> Version:
        try:
            return Version(version, self.load(name, version))
        except PromptError as error:
            return Version(version, None, (error.message, error.help))

    def in_force(self, name: str) -> str:
        """The version that is used; raises PromptError where the file does not say."""
        path = self._folder / IN_FORCE
        try:
            chosen = yaml.safe_load(_read(path))
        except yaml.YAMLError as error:
            raise PromptError(f"{IN_FORCE} is broken{_at(error)}.") from None
        version = chosen.get(name) if isinstance(chosen, dict) else None
        if not isinstance(version, str):
            raise PromptError(f"{IN_FORCE} names no version of “{name}”.", f"Add a line `{name}: VERSION` to {path.name}.")
        return version


def parse(text: str, name: str, version: str) -> Prompt:
    """A prompt file's text as a prompt; raises PromptError."""
    where = f"prompts/{name}/{version}.md"
    head, body, first = _parts(text, where)
    description, declared = _front_matter(head, where)
    messages = tuple(_messages(body, where, first))
    used = {variable for _, template in messages for variable in _variables(template)}
    _check(where, used, declared, WANTS.get(name))
    return Prompt(name, version, description, frozenset(used), messages)


def runs(template: str) -> tuple[tuple[str, bool], ...]:
    """A message's template in runs of text, each with whether it is a variable's name; two dollars are one."""
    found: list[tuple[str, bool]] = []
    at = 0
    for match in Template.pattern.finditer(template):
        variable = match["named"] or match["braced"]
        found += [(template[at : match.start()], False), (variable or "$", variable is not None)]
        at = match.end()
    return tuple((text, variable) for text, variable in [*found, (template[at:], False)] if text)


def _read(path: Path) -> str:
    # Only the last parts are told: the rest is the user's own folder.
    shown = f"prompts/{path.parent.name}/{path.name}" if path.name != IN_FORCE else f"prompts/{IN_FORCE}"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PromptError(f"There is no {shown}.", "Put the file back, or name another version in in-force.yaml.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"{shown} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}.") from None


def _parts(text: str, where: str) -> tuple[str, str, int]:
    """Front matter, body, and the number of the body's first line."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise PromptError(f"{where}, line 1: front matter is missing.", "Begin the file with a line of three hyphens.")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    if not end:
        raise PromptError(f"{where}, line 1: the front matter has no end.", "Close it with a line of three hyphens.")
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def _front_matter(head: str, where: str) -> tuple[str, set[str]]:
    try:
        fields = yaml.safe_load(head) or {}
    except yaml.YAMLError as error:
        raise PromptError(f"{where}: the front matter is broken{_at(error, 1)}.") from None
    if not isinstance(fields, dict) or (unknown := sorted(map(str, fields.keys() - _FIELDS))):
        extra = f": it does not know {', '.join(unknown)}" if isinstance(fields, dict) else ""
        raise PromptError(f"{where}, line 2: the front matter takes `description` and `variables`{extra}.")
    variables = fields.get("variables", [])
    if not isinstance(variables, list) or not all(isinstance(one, str) for one in variables):
        raise PromptError(f"{where}: `variables` must be a list of names.")
    return str(fields.get("description", "")), set(cast("list[str]", variables))


def _messages(body: str, where: str, first: int) -> list[Message]:
    """The text of each role, checked for being there and for what is no variable."""
    headings = list(_HEADING.finditer(body))
    before = body[: headings[0].start()] if headings else body
    if before.strip() or not headings:
        raise PromptError(f"{where}, line {first}: text stands under no role.", "Open it with a line `# system` or `# user`.")
    ends = [heading.start() for heading in headings[1:]] + [len(body)]
    messages: list[Message] = []
    for heading, end in zip(headings, ends, strict=True):
        line = first + body.count("\n", 0, heading.start())
        text = body[heading.end() : end].strip()
        if not text:
            raise PromptError(f"{where}, line {line}: the role {heading[1]} is empty.")
        if bad := next((m for m in Template.pattern.finditer(text) if m["invalid"] is not None), None):
            line += 1 + text.count("\n", 0, bad.start())
            raise PromptError(f"{where}, line {line}: a lone $ stands for nothing.", "Write $$ for a dollar sign.")
        messages.append((cast("Role", heading[1]), text))
    if messages[-1][0] != "user":
        raise PromptError(f"{where}: the last role must be user, as the model answers it.")
    return messages


def _variables(template: str) -> list[str]:
    return Template(template).get_identifiers()


def _check(where: str, used: set[str], declared: set[str], wants: Wants | None) -> None:
    """Declared, used and known variables must agree."""
    known = wants.needed | wants.may if wants else declared
    faults = (
        (used - known, "is not known here"),
        (used - declared, "is used, but not declared under `variables`"),
        (declared - used, "is declared, but not used"),
        ((wants.needed if wants else set()) - used, "is needed, but not used"),
    )
    for names, fault in faults:
        if names:
            raise PromptError(f"{where}: the variable ${min(names)} {fault}.", f"Known are: {', '.join(sorted(known))}.")


def _at(error: yaml.YAMLError, before: int = 0) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1 + before}" if mark is not None else ""


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip()
