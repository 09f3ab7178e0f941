"""Files of set-ups: what runs are to be made with, side by side, each a mapping of the knobs that it turns.

    - prompt: strict                     # nothing but the version of the answer prompt
    - prompt: terse
      temperature: 0.3
    - name: small, by the big judge
      model: openai:gpt-4.1-mini
      condense: small
      judge: openai:gpt-4.1
      seed: 7
      k: 6
      context: 2000
    - name: small chunks                 # an index of its own, made beside the home when it is first needed
      chunk: 120
      encoder: e5

What is left out is as the settings have it. A run records all of them, and is named by what differs within the file.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, ValidationError

from bot.errors import InputError
from bot.evals.file_models import AnyText, FileModel, LocatedValue, Mistake, Number, Whole, any_text, from_yaml
from bot.evals.records import Setup

# The most that OpenAI's protocol allows.
_HOTTEST = 2.0


def _at_least_one(value: object) -> object:
    # Values are still texts here, so "0" and "00" are both meant; what is no number at all, `Whole` refuses.
    if any_text(value).strip("0") == "":
        raise Mistake("{what} must be at least 1", "Leave it out for what the settings say.")
    return value


def _temperature(value: object) -> object:
    try:
        right = 0 <= float(any_text(value)) <= _HOTTEST
    except ValueError:
        right = False
    if not right:
        raise Mistake("{what} must be from 0 to 2", "Leave it out for what the prompt or the model says.")
    return value


Positive = Annotated[Whole, BeforeValidator(_at_least_one)]


class SetupModel(FileModel):
    """One set-up of a file."""

    called = "a set-up"
    example = "`prompt: strict` and `temperature: 0`"
    missing = ("a set-up has no `{field}`", "Every field of it may be left out.")
    name: AnyText = ""
    model: AnyText = ""
    prompt: AnyText = ""
    condense: AnyText = ""
    judge: AnyText = ""
    judge_prompt: AnyText = ""
    temperature: Annotated[Number | None, BeforeValidator(_temperature)] = None
    seed: Whole | None = None
    k: Positive | None = None
    quotes: Positive | None = None
    context: Positive | None = None
    max_tokens: Positive | None = None
    chunk: Positive | None = None
    encoder: AnyText = ""

    def asked(self) -> "SetupRequest":
        """What the set-up asks for."""
        return SetupRequest(**self.model_dump())


@dataclass(frozen=True, slots=True)
class SetupRequest:
    """The knobs that a set-up turns; "" and None leave one as the settings have it.

    >>> SetupRequest(prompt="terse", k=6).turned(Setup("terse")).passages
    6
    """

    name: str = ""
    model: str = ""
    prompt: str = ""
    condense: str = ""
    judge: str = ""
    judge_prompt: str = ""
    temperature: float | None = None
    seed: int | None = None
    k: int | None = None
    quotes: int | None = None
    context: int | None = None
    max_tokens: int | None = None
    chunk: int | None = None
    encoder: str = ""

    def turned(self, setup: Setup) -> Setup:
        """The setup with the numbers that are asked for; prompts and models are chosen where they are known."""
        turned = {
            "temperature": self.temperature,
            "seed": self.seed,
            "passages": self.k,
            "quotes": self.quotes,
            "context_tokens": self.context,
            "max_tokens": self.max_tokens,
            "chunk_tokens": self.chunk,
            "encoder": self.encoder or None,
        }
        known = {name: value for name, value in turned.items() if value is not None}
        return replace(setup, **known)  # type: ignore[arg-type]  # each of them has the type of its field


def load_setups(path: Path) -> tuple[SetupRequest, ...]:
    """The set-ups of a YAML file, in its order; raises InputError for the first mistake, with its line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"The set-ups in {path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError:
        raise InputError(f"{path} is not valid UTF-8.", "Save the file as UTF-8.") from None
    try:
        root = from_yaml(text)
        if not isinstance(root.value, list) or not root.value:
            raise Mistake("the file must be a list of set-ups", "Begin each with a hyphen: `- prompt: strict`.", root.line)
        return tuple(_request(one) for one in root.items())
    except Mistake as mistake:
        raise InputError(f"{path}, line {mistake.line}: {mistake.message}.", mistake.help) from None


def _request(written: LocatedValue) -> SetupRequest:
    try:
        return SetupModel.model_validate(written.value).asked()
    except ValidationError as error:
        # One mistake at a time: the person who mends it reads the file again anyway.
        first = error.errors()[0]
    at = first["loc"]
    field = str(at[0]) if at else ""
    # A misspelt knob must be told: passed over, the run would be made without it and look like the others.
    if first["type"] == "extra_forbidden":
        *names, last = sorted(SetupModel.model_fields)
        help = f"It takes {', '.join(names)} and {last}."
        raise Mistake(f"a set-up has no field “{field}”", help, written.line_of(at, name=True))
    found = first["ctx"]["error"]
    assert isinstance(found, Mistake)  # every rule of the model raises one
    raise Mistake(found.message.replace("{what}", f"`{field}`"), found.help, found.line or written.line_of(at))
