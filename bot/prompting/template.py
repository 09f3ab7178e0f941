"""A prompt as it is in memory: messages by role with places for values, and what each use of a prompt has values for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from typing import Literal

Role = Literal["system", "user", "assistant"]
Message = tuple[Role, str]


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
