"""What the page of the prompts shows, as plain values. Pure."""

from collections.abc import Sequence
from typing import TypedDict

from bot.prompting import PROMPT_VARIABLES, Prompt, PromptListing, PromptVersion, template_runs
from bot.ui.components.words import TextPiece, pieces

_USES = {
    "answer": "Writes an answer from the passages that were found.",
    "condense": "Puts a follow-up question into words that can be searched without the conversation.",
    "second-opinion": "Asks whether passages support the sentences that are in doubt, where that is turned on.",
    "follow-up": "Suggests what to ask after an answer.",
    "draft-case": "Proposes test cases from an article: questions with what their answers must hold.",
}
_ROLES = {"system": "System", "user": "User", "assistant": "Assistant"}


class RunData(TypedDict):
    """A run of a message; a `variable` is a name that a value is put in for."""

    text: str
    variable: bool


class MessageData(TypedDict):
    """What a prompt says in one role."""

    role: str
    runs: list[RunData]


class VersionData(TypedDict):
    """A version of a prompt; one that cannot be used has its `problem` in place of the rest."""

    name: str
    current: bool
    description: str
    variables: list[str]
    messages: list[MessageData]
    problem: list[list[TextPiece]]


class PromptData(TypedDict):
    """A prompt with its versions, that in force first."""

    name: str
    use: str
    problem: list[list[TextPiece]]
    versions: list[VersionData]


def prompts_data(listed: Sequence[PromptListing]) -> list[PromptData]:
    """The prompts, those that Footnote uses first."""
    return [_prompt(one) for one in sorted(listed, key=lambda one: (one.name not in PROMPT_VARIABLES, one.name))]


def _prompt(listing: PromptListing) -> PromptData:
    used = listing.name in PROMPT_VARIABLES
    versions = sorted(listing.versions, key=lambda one: (one.version != listing.in_force, one.version))
    return PromptData(
        name=listing.name,
        use=_USES.get(listing.name, "" if used else "Footnote does not use it."),
        # What nothing uses needs no version in force.
        problem=_problem(listing.problem) if used else [],
        versions=[_version(one, one.version == listing.in_force) for one in versions],
    )


def _version(version: PromptVersion, current: bool) -> VersionData:
    prompt = version.prompt
    return VersionData(
        name=version.version,
        current=current,
        description=prompt.description if prompt else "",
        variables=sorted(prompt.variables) if prompt else [],
        messages=_messages(prompt) if prompt else [],
        problem=_problem(version.problem),
    )


def _messages(prompt: Prompt) -> list[MessageData]:
    return [
        MessageData(
            role=_ROLES[role], runs=[RunData(text=text, variable=variable) for text, variable in template_runs(template)]
        )
        for role, template in prompt.messages
    ]


def _problem(problem: tuple[str, str]) -> list[list[TextPiece]]:
    return [pieces(sentence) for sentence in problem if sentence]
