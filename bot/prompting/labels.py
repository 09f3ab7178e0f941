"""labels.yaml, the file beside the prompts that gives versions names of their own, such as production or staging. Pure.

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

LABELS = "labels.yaml"
"""The file of the labels, in the folder of the prompts."""
_LABEL = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_HEAD = "# Names for versions of prompts: a label stands for one version at a time.\n"


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
