"""Which versions of prompts are used: in-force.yaml names one of each prompt, labels.yaml gives versions other names. Pure.

Both are made to be read in a review. in-force.yaml has a line for each prompt, and below them, under a key that is no prompt's
name, what was in force before. A change keeps all other lines as they stand, comments too. labels.yaml is like

    answer:
      production: strict
      staging: terse

A label stands for one version of a prompt at a time, and can be named wherever a version is: whoever deploys from `staging`
need not know which version that is today. Footnote itself answers with the version in force, whatever the labels say.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import yaml

from bot.errors import PromptError
from bot.prompting.template import yaml_error_line

IN_FORCE = "in-force.yaml"
"""The one file that says which version of each prompt is used."""
KEPT = 10
"""Versions that are remembered of each prompt, to go back to; all others are in git."""

_BEFORE = "in force before"
_HEADING = f"{_BEFORE}:  # the latest first; to roll back is to take the first"
_FIRST = "# The version of each prompt that Footnote uses.\n"
_BY_HAND = "Change it by hand: a line `{name}: {version}`."
LABELS = "labels.yaml"
"""The file of the labels, in the folder of the prompts."""
_LABEL = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_HEAD = "# Names for versions of prompts: a label stands for one version at a time.\n"


@dataclass(frozen=True, slots=True)
class PromptsInForce:
    """The version in force of each prompt, and those that were before it, the latest first.

    >>> PromptsInForce.read("answer: strict  # since May").current
    {'answer': 'strict'}
    """

    current: Mapping[str, str]
    before: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, text: str) -> Self:
        """What the file's text says; raises PromptError where it is no YAML. What else is odd in it is passed over."""
        try:
            # The loader that makes text of everything: a version called 2 is "2".
            found = yaml.load(text, Loader=yaml.BaseLoader)
        except yaml.YAMLError as error:
            raise PromptError(f"{IN_FORCE} is broken{yaml_error_line(error)}.") from None
        except RecursionError:
            raise PromptError(f"{IN_FORCE} is broken: it is nested too deeply.") from None
        fields = found if isinstance(found, dict) else {}
        before = fields.get(_BEFORE)
        # An odd record of what was before must not keep the prompts in force from being used.
        kept = before if isinstance(before, dict) else {}
        return cls(
            {name: version for name, version in fields.items() if isinstance(version, str) and version},
            {
                name: tuple(one for one in versions if isinstance(one, str))
                for name, versions in kept.items()
                if isinstance(versions, list)
            },
        )


def with_version_in_force(text: str, name: str, version: str, before: tuple[str, ...]) -> str:
    """The file's text with another version in force, and with `before` as what was.

    Comments and the lines of other prompts stay as they are. Raises PromptError where the file has another form.
    """
    # The lines are edited as text, since a YAML library would lose the comments; then the result is read back.
    was = PromptsInForce.read(text)
    past = {**was.before, name: before[:KEPT]}
    wanted = PromptsInForce({**was.current, name: version}, {one: versions for one, versions in past.items() if versions})
    lines = _without_past_lines((text or _FIRST).split("\n"))
    now = "\n".join([*_with_line(lines, name, version), *_past_lines(wanted.before)]) + "\n"
    # The check of the edit: what is read back must be what was meant, or the file stays as it was.
    try:
        right = PromptsInForce.read(now) == wanted
    except PromptError:
        right = False
    if not right:
        help = _BY_HAND.format(name=name, version=version)
        raise PromptError(f"{IN_FORCE} is not written with a line for each prompt, so it was left as it is.", help)
    return now


def _without_past_lines(lines: list[str]) -> list[str]:
    """The lines but those of what was in force before, and no empty ones at the end."""
    start = next((n for n, line in enumerate(lines) if line.startswith(f"{_BEFORE}:")), len(lines))
    end = next((n for n in range(start + 1, len(lines)) if lines[n][:1] not in ("", " ")), len(lines))
    kept = lines[:start] + lines[end:]
    # Else each change would leave one more empty line at the end.
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _with_line(lines: list[str], name: str, version: str) -> list[str]:
    """The lines with this prompt's changed, or with one more."""
    # A line of the prompt, its name quoted or not, with whatever version and comment.
    own = re.compile(rf"([\"']?){re.escape(name)}\1[ \t]*:(?:[ \t][^#]*?)?(?P<comment>[ \t]+#.*)?")
    for n, line in enumerate(lines):
        if found := own.fullmatch(line.rstrip()):
            return [*lines[:n], f"{name}: {version}{found['comment'] or ''}", *lines[n + 1 :]]
    return [*lines, f"{name}: {version}"]


def _past_lines(before: Mapping[str, tuple[str, ...]]) -> list[str]:
    rows = [f"  {name}: [{', '.join(versions)}]" for name, versions in sorted(before.items())]
    return [_HEADING, *rows] if rows else []


@dataclass(frozen=True, slots=True)
class PromptLabels:
    """The labels of all prompts: by prompt, each label with its version.

    >>> PromptLabels({}).moved("answer", "production", "strict").of("answer", "strict")
    ('production',)
    """

    known: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls, text: str) -> Self:
        """What the file's text says; raises PromptError where it is no YAML. What else is odd in it is passed over."""
        try:
            found = yaml.load(text, Loader=yaml.BaseLoader)
        except (yaml.YAMLError, RecursionError):
            raise PromptError(f"{LABELS} is broken: it is not YAML.", "Mend it, or remove it.") from None
        fields = found if isinstance(found, dict) else {}
        return cls(
            {
                name: {label: version for label, version in labels.items() if isinstance(version, str)}
                for name, labels in fields.items()
                if isinstance(labels, dict)
            }
        )

    def of(self, name: str, version: str) -> tuple[str, ...]:
        """The labels of a version, in the order of the alphabet."""
        return tuple(sorted(label for label, labelled in self.known.get(name, {}).items() if labelled == version))

    def moved(self, name: str, label: str, version: str) -> Self:
        """The labels with this one on that version, wherever it was before; "" takes it away. Raises PromptError."""
        if not _LABEL.fullmatch(label):
            raise PromptError(f"“{label}” is no label.", "Small letters, digits and hyphens make one: production, staging.")
        own = {**self.known.get(name, {}), label: version}
        return type(self)({**self.known, name: {one: labelled for one, labelled in own.items() if labelled}})

    def text(self) -> str:
        """The file's text.

        >>> print(PromptLabels({"answer": {"staging": "terse"}}).text(), end="")
        # Names for versions of prompts: a label stands for one version at a time.
        answer:
          staging: terse
        """
        # Sorted, so that a change is one line in a review.
        held = {name: dict(sorted(labels.items())) for name, labels in sorted(self.known.items()) if labels}
        return _HEAD + (yaml.safe_dump(held, sort_keys=False) if held else "")
