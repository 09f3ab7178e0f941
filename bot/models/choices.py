"""The models that were chosen in the page or by `footnote models`, as they are kept in the home: all but their keys.

They stand in `models.json`. It is written as a whole, into a file beside it that then takes its place, so that a process that
is killed leaves the old one. A file that cannot be read is told of, and never written over: a person may mend it.
"""

import os
import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from uuid import uuid4

from filelock import FileLock, Timeout
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bot.errors import InputError, SettingsError
from bot.models.providers import ANY, provider

FILE = "models.json"
QUOTES = "quotes"
_LOCK_TIMEOUT = 10.0
# No colon, which tells a provider's model from a choice, and no @, as in `openai:gpt-4.1@At work`.
_NAME = re.compile(r"[^\x00-\x1f\x7f:@/\\]{1,60}")


class DamagedChoices(SettingsError):
    """The file of the chosen models cannot be read."""

    help = "Mend it, or move it away and add the models again; nothing in it was changed."


def normal_address(address: str) -> str:
    """An address as it is kept and compared; raises ValueError for one that cannot be asked, or that holds a password.

    >>> normal_address(" http://LOCALHOST:11434/v1/ ")
    'http://localhost:11434/v1'
    """
    address = address.strip().rstrip("/")
    if not address:
        return ""
    parts = urlsplit(address)
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or re.search(r"\s", address):
        raise ValueError("an address begins with http:// or https://, and a server's name follows")
    # It is shown and kept where a key may not be.
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("an address holds no user, password or query: a key has a field of its own")
    parts.port  # noqa: B018  # raises ValueError where it is no number
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()


def _normal_name(name: str) -> str:
    name = " ".join(name.split())
    if not _NAME.fullmatch(name) or name.lower() == QUOTES:
        raise ValueError(f"a name has 1 to 60 characters, none of them : @ / or \\, and is not “{QUOTES}”")
    return name


class ModelChoice(BaseModel):
    """A model of a server, under the name that a reader gave it. An option that is None is that of the settings.

    `id` is what its key is kept under. `revision` counts how often it was saved, with its key or without.

    >>> ModelChoice(name="At home", provider="ollama", model="qwen3:8b").address
    'http://localhost:11434/v1'
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)

    name: Annotated[str, AfterValidator(_normal_name)]
    provider: str = "compatible"
    address: Annotated[str, AfterValidator(normal_address)] = ""
    model: str = Field("", max_length=200)
    temperature: float | None = Field(None, ge=0, le=2)
    max_answer_tokens: int | None = Field(None, ge=50, le=100_000)
    context_tokens: int | None = Field(None, ge=200, le=1_000_000)
    id: str = Field(default_factory=lambda: uuid4().hex, pattern=r"^[0-9a-f]{32}$")
    revision: int = Field(0, ge=0)

    @field_validator("provider")
    @classmethod
    def _known(cls, id: str) -> str:
        try:
            return provider(id).id
        except SettingsError as error:
            raise ValueError(f"{error.message} {error.help}") from None

    @model_validator(mode="before")
    @classmethod
    def _usual_address(cls, given: object) -> object:
        """Gives the provider's usual address where none is entered."""
        if isinstance(given, dict) and not str(given.get("address") or "").strip():
            with suppress(SettingsError):
                return {**given, "address": provider(str(given.get("provider", "compatible"))).address}
        return given

    @model_validator(mode="after")
    def _complete(self) -> "ModelChoice":
        found = provider(self.provider)
        if found.wants_address and not self.address:
            raise ValueError("the address of the server is missing")
        # A compatible server can be asked for its first model; others cannot.
        if not self.model and not (found.compatible and self.provider != "openai"):
            raise ValueError("the model's name is missing")
        if found.id == ANY and not re.fullmatch(r"[a-z0-9_]+:\S.*", self.model):
            raise ValueError("write the model with LangChain's name of its provider before it, such as cohere:command-r")
        return self

    @property
    def full_name(self) -> str:
        """The model as `FOOTNOTE_MODEL` would have it; "" for a server's first model."""
        found = provider(self.provider)
        if not self.model or found.id == ANY:
            return self.model
        return f"{found.langchain or 'openai'}:{self.model}"


class ModelChoices(BaseModel):
    """What the file holds. `default` is the name of the choice that answers unless a question says otherwise, or `quotes`;
    "" leaves that to the environment.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    default: str = ""
    choices: tuple[ModelChoice, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> "ModelChoices":
        names = [one.name.casefold() for one in self.choices]
        if len(set(names)) < len(names):
            raise ValueError("two models have the same name")
        if self.default not in ("", QUOTES) and self.find(self.default) is None:
            raise ValueError("the default is none of the models")
        return self

    def find(self, name: str) -> ModelChoice | None:
        """The choice of this name, in whatever case."""
        wanted = " ".join(name.split()).casefold()
        return next((one for one in self.choices if one.name.casefold() == wanted), None)


def checked_choice(**fields: object) -> ModelChoice:
    """A choice from what was typed; raises InputError with the first thing that is wrong in it."""
    try:
        return ModelChoice.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        # A rule of the whole model has no place, and names the field in its sentence.
        field = f"{str(first['loc'][0]).replace('_', ' ')}: " if first["loc"] else ""
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise InputError(f"This model cannot be kept: {field}{reason[:1].lower()}{reason[1:]}.", "Correct it.") from None


class ChoiceStore:
    """The chosen models of a home. Threads and processes may share it: each change reads the file anew, under a lock.

    >>> store = ChoiceStore(folder)
    >>> _ = store.change(lambda kept: kept.model_copy(update={"default": "quotes"}))
    >>> store.read().default
    'quotes'
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self.path = home / FILE
        self._seen: tuple[tuple[int, int, int], ModelChoices] | None = None

    def read(self) -> ModelChoices:
        """What the file holds now; nothing where there is none. Raises DamagedChoices."""
        try:
            state = self.path.stat()
            # The inode too: two changes within one tick of the clock are two files.
            mark = (state.st_mtime_ns, state.st_size, state.st_ino)
            # A page asks this with each run: a file that has not changed is not read again.
            if self._seen is None or self._seen[0] != mark:
                self._seen = (mark, ModelChoices.model_validate_json(self.path.read_bytes()))
            return self._seen[1]
        except FileNotFoundError:
            return ModelChoices()
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise DamagedChoices(f"{self.path} cannot be read: {f'{place}: ' if place else ''}{first['msg']}.") from None
        except OSError as error:
            raise DamagedChoices(f"{self.path} cannot be read: {error.strerror}.") from error

    def change(self, edit: Callable[[ModelChoices], ModelChoices]) -> ModelChoices:
        """Puts what `edit` makes of the file in its place; raises DamagedChoices, and InputError where it cannot be written."""
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            with FileLock(self._home / f"{FILE}.lock", timeout=_LOCK_TIMEOUT):
                edited = edit(self.read())
                # Read back through the checks: `model_copy` makes none.
                edited = ModelChoices.model_validate(edited.model_dump())
                write_private(self.path, edited.model_dump_json(indent=2, exclude_defaults=True) + "\n")
            return edited
        except (OSError, Timeout) as error:
            raise InputError(
                f"{self.path} cannot be written: {getattr(error, 'strerror', None) or 'another process keeps it'}.",
                "Check that the home folder may be written.",
            ) from error


def write_private(path: Path, text: str) -> None:
    """Writes a file as a whole, readable by its owner alone (mode 0600), and on disk before it takes the old one's place."""
    # `mkstemp` makes a file of mode 0600, so its content is at no moment readable by others.
    handle, scratch = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(scratch).replace(path)
    # Also for Ctrl-C: no file with a key in it may be left behind.
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise
