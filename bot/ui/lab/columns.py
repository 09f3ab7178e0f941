"""What a column of the lab answers with: a model, a version of a prompt or an edited text, and its settings. Pure.

Three prompts can be tried: the one that writes answers, the one that rewrites follow-up questions, and the judge's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from bot.errors import InputError
from bot.evals.records import Setup
from bot.prompting import parse_prompt
from bot.ui.words import word
from bot.wiring.lab import Lab
from bot.wiring.model_choices import QUOTES

ANSWER_PROMPT, CONDENSE_PROMPT, JUDGE_PROMPT = "answer", "condense", "judge"
TRIED_PROMPTS = (ANSWER_PROMPT, CONDENSE_PROMPT, JUDGE_PROMPT)
"""The prompts that can be tried on a turn."""
Drafts = Mapping[tuple[str, str], str]
"""Edited texts that are not saved, by prompt and version."""
MOST_COLUMNS = 4
"""Columns side by side."""
# A version's name holds small letters, digits and hyphens, so no colon.
_EDITED = "edited:"


@dataclass(frozen=True, slots=True)
class Column:
    """`model` is "quotes", a model, or "" for the server's first; `pick` a version, or the edited text of one.

    A `temperature` or a `most` (tokens of the answer) of None is what the version and Footnote's settings say. `prompt` is the
    prompt that `pick` is a version of.
    """

    model: str = QUOTES
    pick: str = ""
    temperature: float | None = None
    most: int | None = None
    prompt: str = ANSWER_PROMPT


def edited(version: str) -> str:
    """How the text that was edited, and not saved, of a version is picked."""
    return f"{_EDITED}{version}"


def picks(versions: Sequence[str], drafts: Drafts, prompt: str = ANSWER_PROMPT) -> tuple[str, ...]:
    """What can be picked of a prompt, edited texts last: nobody expects them before what is kept.

    >>> picks(("base", "strict"), {("answer", "strict"): "…"})
    ('base', 'strict', 'edited:strict')
    """
    return (*versions, *(edited(version) for name, version in sorted(drafts) if name == prompt))


def offered_picks(lab: Lab, prompt: str, drafts: Drafts) -> tuple[tuple[str, ...], str]:
    """What can be picked of a prompt, but for broken versions, and the version in force."""
    listing = next((one for one in lab.prompts() if one.name == prompt), None)
    versions = [one.version for one in listing.versions if one.prompt is not None] if listing else []
    return picks(versions, drafts, prompt), listing.in_force if listing else ""


def pick_label(pick: str, in_force: str = "") -> str:
    """What a pick is called."""
    if pick.startswith(_EDITED):
        return word("lab.edited_not_saved", version=pick.removeprefix(_EDITED))
    return word("lab.version_in_force", version=pick) if pick == in_force else pick


def setup_of(lab: Lab, column: Column, drafts: Drafts) -> Setup:
    """The setup of a column. Raises PromptError, ModelError and InputError."""
    if column.model == QUOTES:
        return lab.setup(QUOTES)
    if column.prompt == ANSWER_PROMPT:
        setup = _answered(lab, column, drafts)
    else:
        setup = with_prompt(lab, lab.setup(column.model), column.prompt, column.pick, drafts)
    # 0 is a temperature, so `or` would lose it; an answer of 0 tokens is none, so `or` does for the length.
    temperature = setup.temperature if column.temperature is None else column.temperature
    return replace(setup, temperature=temperature, max_tokens=column.most or setup.max_tokens)


def with_prompt(lab: Lab, setup: Setup, name: str, pick: str, drafts: Drafts) -> Setup:
    """The setup with another version, or an edited text, of the prompt that rewrites follow-ups or of the judge's.

    The judge is the setup's own model unless it has one. Raises PromptError and InputError.
    """
    version, text = picked_text(lab, name, pick, drafts)
    if name == JUDGE_PROMPT:
        return replace(setup, judge=setup.judge or setup.model, judge_prompt=f"{name}/{version}", judge_text=text)
    return replace(setup, condense=f"{name}/{version}", condense_text=text)


def picked_text(lab: Lab, name: str, pick: str, drafts: Drafts) -> tuple[str, str]:
    """The version that a pick stands for, and its text; "" is the version in force. Raises PromptError and InputError.

    The name of an edited text has a digest of it, so that two edits of one version are told apart in the list of runs.
    """
    if not pick.startswith(_EDITED):
        files = lab.prompt_files()
        version = pick or files.in_force(name)
        return version, files.text(name, version)
    version = pick.removeprefix(_EDITED)
    if (text := drafts.get((name, version))) is None:
        raise InputError(word("lab.edited_text_gone", prompt=name, version=version), word("lab.choose_a_version"))
    # The text is parsed again, as it may have been broken since it was chosen.
    parse_prompt(text, name, version)
    # Four hexadecimal digits: enough to tell a handful of edits apart, and short enough to be read.
    return f"{version} (edited {sha256(text.encode()).hexdigest()[:4]})", text


def _answered(lab: Lab, column: Column, drafts: Drafts) -> Setup:
    if not column.pick.startswith(_EDITED):
        return lab.setup(column.model, f"{ANSWER_PROMPT}/{column.pick}" if column.pick else "")
    version, text = picked_text(lab, ANSWER_PROMPT, column.pick, drafts)
    # The setup of the version in force, in which the edited text takes the place of the prompt, with the temperature that its
    # own front matter names.
    setup, settings = lab.setup(column.model), parse_prompt(text, ANSWER_PROMPT, version).settings
    name = f"{version}, {setup.model}"
    return replace(setup, name=name, prompt=f"{ANSWER_PROMPT}/{version}", prompt_text=text, temperature=settings.temperature)
