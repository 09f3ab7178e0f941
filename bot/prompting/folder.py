"""A folder of prompts: what is in it, what is in force, and its two changes: a new version, and another one in force."""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from uuid import uuid4

import yaml

from bot.audit import AuditAction, AuditLog
from bot.errors import PromptError
from bot.prompting.choices import IN_FORCE, LABELS, PromptLabels, PromptsInForce, with_version_in_force
from bot.prompting.template import PROMPT_VARIABLES, Prompt, front_matter_fields, parse_prompt, split_front_matter
from bot.resources import bundled_dir

# No dot and no slash, so a name is never a path that leads out of the folder.
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class PromptVersion:
    """A version of a prompt as it is shown: `prompt` is None where its file cannot be used, and `problem` says why."""

    version: str
    prompt: Prompt | None
    problem: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class PromptListing:
    """A prompt with its versions by name; `in_force` is the one that is used, and "" where `problem` says why none can be."""

    name: str
    in_force: str
    versions: tuple[PromptVersion, ...]
    problem: tuple[str, str] = ("", "")


class PromptFolder:
    """A folder of prompts. It is read anew each time.

    >>> from bot.resources import prompts_dir
    >>> sorted(PromptFolder(prompts_dir()).load("condense").variables)
    ['conversation', 'question']
    """

    def __init__(self, folder: Path, audit: AuditLog | None = None) -> None:
        """`audit` is told of what is changed."""
        self._folder = folder
        self._audit = audit

    def load(self, name: str, version: str = "") -> Prompt:
        """A version of a prompt, that in force unless one is named; raises PromptError with the file and the line."""
        version = self.version(name, version)
        return parse_prompt(self.text(name, version), name, version)

    def text(self, name: str, version: str = "") -> str:
        """The file of a version, that in force unless one is named, as it stands; raises PromptError."""
        return self._read(self._file(name, self.version(name, version)))

    def version(self, name: str, named: str = "") -> str:
        """The version that a version's own name, a label or "" (the one in force) stands for; raises PromptError."""
        if not named:
            return self.in_force(name)
        # A version's own name wins over a label of the same word, which an edit by hand may have made.
        if self._file(name, named).exists():
            return named
        return self.labels().known.get(name, {}).get(named, named)

    def labels(self) -> PromptLabels:
        """The labels of all versions; raises PromptError where their file cannot be read."""
        path = self._folder / LABELS
        return PromptLabels.read(self._read(path)) if path.exists() else PromptLabels({})

    def label(self, name: str, version: str, label: str) -> str:
        """Puts a label on a version, or takes it away where `version` is ""; the version that had it, "" for none.

        Raises PromptError, also where a version of the prompt has that very name.
        """
        self._writable()
        known = self.labels()
        was = known.known.get(name, {}).get(label, "")
        # Else whoever writes the label would be given the version.
        if label in self.versions(name):
            raise PromptError(f"“{label}” is the name of a version of “{name}”.", "Choose another label.")
        # A label must stand for something that can be used.
        if version:
            self.load(name, version)
        try:
            # Resolved: a link to the file, as in a shared folder, stays a link.
            _replace((self._folder / LABELS).resolve(), known.moved(name, label, version).text())
        except OSError as error:
            raise self._unwritten(error) from None
        self._record_change("prompts.label", name, version)
        return was

    def versions(self, name: str) -> Sequence[str]:
        """The versions of a prompt, by name."""
        return sorted(path.stem for path in (self._folder / name).glob("*.md"))

    def names(self) -> Sequence[str]:
        """The prompts that Footnote uses, and what others there are in the folder, by name."""
        # A prompt that Footnote uses is listed even where its folder is gone, as that has to be told.
        there = {path.parent.name for path in self._folder.glob("*/*.md")}
        return sorted(there | PROMPT_VARIABLES.keys())

    def listed(self) -> tuple[PromptListing, ...]:
        """All prompts with all their versions; a broken file stands among them with what is wrong with it."""
        return tuple(self._listing(name) for name in self.names())

    def in_force(self, name: str) -> str:
        """The version that is used; raises PromptError where the file does not say."""
        version = PromptsInForce.read(self._read(self._folder / IN_FORCE)).current.get(name)
        if version is None:
            raise PromptError(f"{IN_FORCE} names no version of “{name}”.", f"Add a line `{name}: VERSION` to {IN_FORCE}.")
        return version

    def for_small_models(self, name: str) -> str:
        """The version that small models are given in the place of that in force, "" where there is none."""
        current = self.in_force(name)
        # A broken file is told of where the prompts are listed, and stands in nobody's place.
        for version in self.versions(name):
            with suppress(PromptError):
                if self.load(name, version).instead_of == current:
                    return version
        return ""

    def previous(self, name: str) -> str | None:
        """The version that was in force before and still is in the folder; None where there is none to go back to."""
        past = self._versions_before(name)
        return past[0] if past else None

    def diff(self, name: str, a: str, b: str) -> list[str]:
        """What is different in version `b`, as the lines of a unified diff; none where they are the same."""
        old, new = (self.text(name, version).splitlines() for version in (a, b))
        return list(unified_diff(old, new, f"{name}/{a}", f"{name}/{b}", lineterm=""))

    def save(self, name: str, text: str, version: str, message: str = "") -> Prompt:
        """Writes a new version, with `message` in its front matter; raises PromptError, also where that version is there."""
        self._writable()
        path = self._file(name, version)
        prompt, stamped = _stamped(text, name, version, message)
        taken = f"There is a version “{version}” of “{name}” already, and a version is never overwritten."
        try:
            # The folder of a prompt alone: that of all prompts must be there.
            if not path.parent.is_dir():
                path.parent.mkdir()
            if not _wrote_new(path, stamped):
                raise PromptError(taken, "Save it under another name.")
        except OSError as error:
            raise self._unwritten(error) from None
        self._record_change("prompts.save", name, version)
        return prompt

    def use(self, name: str, version: str) -> str:
        """Puts a version in force; what was before, "" where nothing was. Raises PromptError, also for a broken version."""
        # A broken version is refused before it can answer anybody.
        self.load(name, version)
        was = PromptsInForce.read(self._in_force_text())
        current = was.current.get(name, "")
        if version != current:
            before = was.before.get(name, ())
            self._put_in_force(name, version, (current, *before) if current else before)
            self._record_change("prompts.use", name, version)
        return current

    def roll_back(self, name: str) -> str:
        """Puts that in force which was before; its version. Raises PromptError where there is none, or it is broken."""
        past = self._versions_before(name)
        if not past:
            raise PromptError(f"There is no version of “{name}” to go back to.", "Put one in force by its name.")
        self.load(name, past[0])
        self._put_in_force(name, past[0], past[1:])
        self._record_change("prompts.use", name, past[0])
        return past[0]

    def _record_change(self, action: AuditAction, name: str, version: str) -> None:
        if self._audit is not None:
            self._audit.record(action, prompt=name, version=version)

    def _versions_before(self, name: str) -> tuple[str, ...]:
        """What was in force before, the latest first; but for what is in force now at the head, and what is gone."""
        choices = PromptsInForce.read(self._in_force_text())
        there = [one for one in choices.before.get(name, ()) if one in self.versions(name)]
        # in-force.yaml may have been edited by hand since: to go back must change something.
        while there and there[0] == choices.current.get(name):
            there.pop(0)
        return tuple(there)

    def _put_in_force(self, name: str, version: str, before: tuple[str, ...]) -> None:
        self._writable()
        text = with_version_in_force(self._in_force_text(), name, version, before)
        try:
            _replace((self._folder / IN_FORCE).resolve(), text)
        except OSError as error:
            raise self._unwritten(error) from None

    def _in_force_text(self) -> str:
        """in-force.yaml; "" where there is none yet."""
        path = self._folder / IN_FORCE
        return self._read(path) if path.exists() else ""

    def _listing(self, name: str) -> PromptListing:
        versions = tuple(self._version(name, version) for version in self.versions(name))
        try:
            in_force = self.in_force(name)
            # A version that is there and broken tells so in its own row.
            if in_force not in [one.version for one in versions]:
                self.load(name, in_force)  # which says what is missing
        except PromptError as error:
            return PromptListing(name, "", versions, (error.message, error.help))
        return PromptListing(name, in_force, versions)

    def _version(self, name: str, version: str) -> PromptVersion:
        try:
            return PromptVersion(version, self.load(name, version))
        except PromptError as error:
            return PromptVersion(version, None, (error.message, error.help))

    def _file(self, name: str, version: str) -> Path:
        if not (_NAME.fullmatch(name) and _NAME.fullmatch(version)):
            raise PromptError(f"“{name}/{version}” is no name of a prompt.", "Small letters, digits and hyphens make a name.")
        return self._folder / name / f"{version}.md"

    def _read(self, path: Path) -> str:
        # Only the last parts are told: the rest is the user's own folder.
        shown = f"prompts/{path.parent.name}/{path.name}" if path.suffix == ".md" else f"prompts/{path.name}"
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            if not self._folder.is_dir():
                raise PromptError(
                    "The folder of the prompts is not there.", "Set FOOTNOTE_PROMPTS to one, or unset it."
                ) from None
            help = "Put the file back, or use another version: `footnote prompts list` names those there are."
            raise PromptError(f"There is no {shown}.", help) from None
        except (OSError, UnicodeDecodeError) as error:
            raise PromptError(f"{shown} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}.") from None

    def _writable(self) -> None:
        """Raises PromptError in the folder of an installed copy: an update would undo what is changed there."""
        if self._folder.resolve().is_relative_to(bundled_dir()):
            raise PromptError(
                "The prompts that came with an installed Footnote cannot be changed in their place.", self._elsewhere
            )

    def _unwritten(self, error: OSError) -> PromptError:
        return PromptError(f"The folder of the prompts cannot be written: {error.strerror or error}.", self._elsewhere)

    @property
    def _elsewhere(self) -> str:
        return f"Copy {self._folder} to a folder of your own, and set FOOTNOTE_PROMPTS to that."


def _stamped(text: str, name: str, version: str, message: str) -> tuple[Prompt, str]:
    """The prompt and its file's text with `message` in the front matter, in the place of what message it had."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip() + "\n"
    try:
        text.encode()
        message.encode()
    except UnicodeEncodeError:
        raise PromptError(f"The text of “{name}/{version}” is not valid Unicode.", "Type it anew.") from None
    given = parse_prompt(text, name, version)
    front, body, _ = split_front_matter(text, version)
    # Only the line of the message is written anew, so that comments in the front matter stay.
    lines = [*_without(front, "message"), *_field("message", " ".join(message.split()))]
    stamped = "\n".join(["---", *lines, "---", body])
    try:
        prompt = parse_prompt(stamped, name, version)
    except PromptError:
        prompt = None
    # The text with its message must still be the very prompt that was given.
    if prompt is None or replace(prompt, message=given.message) != given:
        raise PromptError(f"The front matter of “{name}/{version}” must have each field on a line of its own.")
    return prompt, stamped


def _without(front: str, field: str) -> list[str]:
    """The lines of front matter but those of one field."""
    lines, found = front.split("\n"), front_matter_fields(front)
    # A field may take several lines: it ends where the next one begins.
    starts = [line for _, line in found] + [len(lines)]
    gone = {n for (name, line), end in zip(found, starts[1:], strict=True) for n in range(line, end) if name == field}
    return [line for n, line in enumerate(lines) if n not in gone]


def _field(name: str, value: str) -> list[str]:
    # The width keeps the message on one line.
    return yaml.safe_dump({name: value}, allow_unicode=True, width=10**6).splitlines() if value else []


def _wrote_new(path: Path, text: str) -> bool:
    """Writes a file that is not there yet, whole or not at all; False where it is there. Raises OSError."""
    part = _part_file(path, text)
    try:
        os.link(part, path)  # unlike a rename, it fails where the file is there
    except FileExistsError:
        return False
    except OSError:  # a file system that knows no links
        if path.exists():
            return False
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return True


def _replace(path: Path, text: str) -> None:
    """Puts a new file in the place of another at once, so that nobody ever reads half of it."""
    _part_file(path, text).replace(path)


def _part_file(path: Path, text: str) -> Path:
    # In the same folder, as a rename is at once only within one file system.
    part = path.with_name(f".{path.name}.{uuid4().hex}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    return part
