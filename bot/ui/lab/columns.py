"""What a column of the lab answers with: a model, a version of the prompt or an edited text, and its settings. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.errors import InputError
from bot.evals.records import Setup
from bot.prompting import parse_prompt
from bot.ui.words import word
from bot.wiring.lab import Lab

QUOTES = "quotes"
ANSWER_PROMPT = "answer"
"""The prompt that is tried: the one that writes answers."""
MOST_COLUMNS = 4
"""Columns side by side."""
_EDITED = "edited:"


@dataclass(frozen=True, slots=True)
class Column:
    """`model` is "quotes", a model, or "" for the server's first; `pick` a version, or the edited text of one.

    A `temperature` or a `most` (tokens of the answer) of None is what the version and Footnote's settings say.
    """

    model: str = QUOTES
    pick: str = ""
    temperature: float | None = None
    most: int | None = None


def edited(version: str) -> str:
    """How the text that was edited, and not saved, of a version is picked."""
    return f"{_EDITED}{version}"


def picks(versions: Sequence[str], drafts: Mapping[str, str]) -> tuple[str, ...]:
    """What can be picked, edited texts last: nobody expects them before what is kept."""
    return (*versions, *(edited(version) for version in sorted(drafts)))


def pick_label(pick: str, in_force: str = "") -> str:
    """What a pick is called."""
    if pick.startswith(_EDITED):
        return word("lab.edited_not_saved", version=pick.removeprefix(_EDITED))
    return word("lab.version_in_force", version=pick) if pick == in_force else pick


def setup_of(lab: Lab, column: Column, drafts: Mapping[str, str]) -> Setup:
    """The setup of a column; `drafts` are edited texts by version. Raises PromptError, ModelError and InputError."""
    if column.model == QUOTES:
        return lab.setup(QUOTES)
    setup = _written(lab, column, drafts)
    temperature = setup.temperature if column.temperature is None else column.temperature
    return replace(setup, temperature=temperature, max_tokens=column.most or setup.max_tokens)


def _written(lab: Lab, column: Column, drafts: Mapping[str, str]) -> Setup:
    if not column.pick.startswith(_EDITED):
        return lab.setup(column.model, f"{ANSWER_PROMPT}/{column.pick}" if column.pick else "")
    version = column.pick.removeprefix(_EDITED)
    if (text := drafts.get(version)) is None:
        raise InputError(word("lab.edited_text_gone", prompt=ANSWER_PROMPT, version=version), word("lab.choose_a_version"))
    # The text is parsed again, as it may have been broken since the column was chosen.
    prompt = parse_prompt(text, ANSWER_PROMPT, version)
    setup = lab.setup(column.model)
    return replace(setup, prompt=f"{ANSWER_PROMPT}/{version}", prompt_text=text, temperature=prompt.settings.temperature)
