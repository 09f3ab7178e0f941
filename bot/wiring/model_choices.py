"""The models of a home: those that were chosen, that of the environment, and which of them is the default.

A model is named by a text, as `Question.model` has it: "" is the default, `quotes` no model, `openai:gpt-4.1` a model of the
environment's server, and anything without a colon the name of a choice. `openai:gpt-4.1@At work` is that model, of that choice.
"""

import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from bot.audit import AuditLog
from bot.errors import InputError, ModelError, SettingsError
from bot.permissions import Permission, needs, open_to_all
from bot.settings import Settings
from bot.wiring.limits import ModelMeter

if TYPE_CHECKING:
    from bot.models import ChoiceStore, KeyStore, Model, ModelChoice, ModelChoices, Provider

QUOTES = "quotes"
KeyState = Literal["keyring", "file", "none"]
_TRIAL = "Reply with the one word: ready"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model that can be chosen, as it is listed. `key` says where its key is kept; the key itself is in no entry.

    `choice` is None for the environment's, which is changed there and not here. `missing` is a sentence with the command that
    brings what it needs, "" where it needs nothing.
    """

    name: str
    provider: str
    address: str
    model: str
    key: KeyState
    default: bool
    choice: "ModelChoice | None" = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class ModelTrial:
    """A model has answered: after how many seconds it began to, and how it calls itself."""

    seconds: float
    model: str


class ModelDirectory:
    """The models of a home. Threads may share it; what is changed counts from the next question on.

    >>> service.models.default(), [entry.name for entry in service.models.entries()]
    ('', [])
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.RLock()
        # By name, each with the choice that it was opened for; None stands for quotes mode.
        self._opened: dict[str, tuple[ModelChoice | None, Model | None]] = {}
        # Opened when first needed: importing the wiring must load nothing heavy.
        self._stores: tuple[ChoiceStore, KeyStore] | None = None
        self._meter = ModelMeter(settings)
        self._audit = AuditLog(settings.home)

    # What answers

    @needs(Permission.ASK)
    def model(self, name: str = "") -> "Model | None":
        """The model of that name with the connections that it keeps; None for quotes mode. Raises SettingsError."""
        name = name or self.default()
        choice = self._choice(name)
        with self._lock:
            known = self._opened.get(name)
            # A choice that was saved anew, with another key perhaps, is another choice.
            if known is None or known[0] != choice:
                known = self._opened[name] = (choice, self._open(name, choice))
            return known[1]

    @needs(Permission.ASK)
    def settings(self, name: str = "") -> Settings:
        """The settings with the budget of the model of that name, and the address of its server."""
        from bot.models import settings_with

        name = name or self.default()
        choice = self._choice(name)
        return self._settings if choice is None else settings_with(self._settings, choice)

    @needs(Permission.ASK)
    def temperature(self, name: str = "") -> float | None:
        """The temperature that was chosen for the model of that name; None where the prompt's counts."""
        choice = self._choice(name or self.default())
        return choice.temperature if choice else None

    @needs(Permission.ASK)
    def full_name(self, name: str, model: str) -> str:
        """How a run of the prompt lab names `model`, which the one called `name` has turned out to be: with its choice."""
        choice = self._choice(name or self.default())
        return model if choice is None else f"{model}@{choice.name}"

    @needs(Permission.ASK)
    def default(self) -> str:
        """The name of the choice that answers unless a question says otherwise, or `quotes`; "": as the environment has it.

        Raises DamagedChoices where that cannot be known: another model than the one chosen must not be sent the articles.
        """
        # Whoever names the model for this one run means it.
        return "" if self.fixed else self._kept().default

    @needs(Permission.ASK)
    def names(self) -> tuple[str, ...]:
        """The names of the choices, in the order in which they were added; raises DamagedChoices."""
        return tuple(one.name for one in self._kept().choices)

    @needs(Permission.CHOOSE_MODELS)
    def entries(self) -> tuple[ModelEntry, ...]:
        """All models that can be chosen, the environment's first; raises DamagedChoices."""
        from bot.models import missing_package, provider

        default, keys = self.default(), self._store_files()[1]
        # The environment's model first, as it needs no choice to be there.
        own = self.environment()
        found = [own] if own else []
        for one in self._kept().choices:
            kept = keys.find(one.id, one.address)
            key: KeyState = kept.place if kept else "none"
            label, missing = provider(one.provider).label, missing_package(one.provider)
            found.append(ModelEntry(one.name, label, one.address, one.model, key, one.name == default, one, missing))
        return tuple(found)

    @needs(Permission.CHOOSE_MODELS)
    def environment(self) -> ModelEntry | None:
        """The model that environment variables ask for, if they do; it needs no file."""
        from bot.models import open_model

        # A damaged file of choices must not hide the model of the environment.
        settings, default = self._settings, self.fixed or not self._readable_default()
        address = _public_address(settings.openai_base_url)
        try:
            model = open_model(settings)
        except SettingsError as error:
            # Listed with what is wrong, so that somebody who has set a variable sees why it does nothing.
            return ModelEntry("", "", address, settings.model, "none", default, missing=f"{error.message} {error.help}")
        # Where its key is kept is known to the environment alone.
        return ModelEntry("", "", address or model.host, model.name, "none", default) if model else None

    # Changes

    @needs(Permission.CHOOSE_MODELS)
    def save(self, choice: "ModelChoice", key: str = "", *, before: str = "") -> "ModelChoice":
        """Keeps a choice, in the place of the one called `before` if that is given; the choice as it is kept.

        An empty `key` leaves the one that was entered before, as long as the address stays the same; else that is forgotten.
        Raises InputError where the name is another's, and DamagedChoices.
        """
        store, keys = self._store_files()
        old = self._kept().find(before) if before else None
        # The id stays through renames, as keys are kept by it; the revision tells one state of a choice from the next.
        saved = choice.model_copy(update={"id": old.id if old else choice.id, "revision": old.revision + 1 if old else 0})

        def edit(kept: "ModelChoices") -> "ModelChoices":
            """The choices with this one in its place, or at their end."""
            other = kept.find(saved.name)
            # Looked for in what the file holds at that moment, which another process may have changed.
            if other is not None and other.id != saved.id:
                raise InputError(f"There is a model called {other.name} already.", "Choose another name, or change that one.")
            listed = [saved if one.id == saved.id else one for one in kept.choices]
            listed += [] if any(one.id == saved.id for one in kept.choices) else [saved]
            default = saved.name if old and kept.default == old.name else kept.default
            # The first model that is added is what somebody without any has been waiting for.
            first = not kept.choices and not kept.default and self.environment() is None
            return kept.model_copy(update={"choices": tuple(listed), "default": saved.name if first else default})

        # Refused before the key is touched. The key comes first, as a model may be opened as soon as its choice is there.
        edit(self._kept())
        # A key is never sent to another address than the one that it was entered for.
        if old and (key or old.address != saved.address):
            keys.forget(saved.id)
        if key:
            keys.keep(saved.id, saved.address, key)
        store.change(edit)
        self._audit.record("models.save", model=saved.name, asks=saved.full_name, new=old is None)
        if key:
            # An event of its own: a new key is another change than one of the choice.
            self._audit.record("models.key", model=saved.name)
        return saved

    @needs(Permission.CHOOSE_MODELS)
    def remove(self, name: str) -> None:
        """Removes a choice and its key; raises InputError where there is none of this name, and DamagedChoices."""
        store, keys = self._store_files()
        gone = self._named(name)

        def edit(kept: "ModelChoices") -> "ModelChoices":
            """The choices without this one, which can't be the default any more."""
            left = tuple(one for one in kept.choices if one.id != gone.id)
            return kept.model_copy(update={"choices": left, "default": "" if kept.default == gone.name else kept.default})

        store.change(edit)
        # After the choice, so that nothing opens a model whose key is gone already.
        keys.forget(gone.id)
        self._audit.record("models.remove", model=gone.name)

    @needs(Permission.CHOOSE_MODELS)
    def make_default(self, name: str) -> None:
        """Makes a choice, or `quotes`, answer unless a question says otherwise; "" leaves it to the environment again."""
        chosen = name if name in ("", QUOTES) else self._named(name).name
        self._store_files()[0].change(lambda kept: kept.model_copy(update={"default": chosen}))
        self._audit.record("models.default", model=chosen)

    # Trying

    @needs(Permission.CHOOSE_MODELS)
    def try_out(self, choice: "ModelChoice", key: str = "") -> ModelTrial:
        """Asks a model for one word, whether it is kept or not; raises ModelError or SettingsError where that fails.

        Without a `key`, the one that is kept for it and its address.
        """
        from bot.models import open_chosen

        opened = open_chosen(self._settings, choice, key or self._key(choice)).metered(self._meter)
        return _first_word(opened, choice.max_answer_tokens or self._settings.max_answer_tokens)

    @needs(Permission.CHOOSE_MODELS)
    def try_kept(self, name: str = "") -> ModelTrial:
        """The same for a model by its name, "" for the default; raises InputError where that is quotations."""
        # By `model`, so that the connection that is tried is the one that answers will use.
        if (opened := self.model(name)) is None:
            raise InputError("There is no model to try: answers are made of quotations.", "Add a model first.")
        return _first_word(opened, self.settings(name).max_answer_tokens)

    @needs(Permission.CHOOSE_MODELS)
    def try_environment(self) -> ModelTrial:
        """The same for the model that the environment asks for; raises InputError where that is none."""
        from bot.models import open_model

        if (opened := open_model(self._settings)) is None:
            raise InputError("The environment asks for no model.", "Add a model.")
        return _first_word(opened.metered(self._meter), self._settings.max_answer_tokens)

    @needs(Permission.CHOOSE_MODELS)
    def offered(self, choice: "ModelChoice", key: str = "") -> tuple[str, ...]:
        """The models that the server of a choice has; raises ModelError. It takes some seconds at most."""
        from bot.models import list_chosen

        return list_chosen(self._settings, choice, key or self._key(choice))

    @open_to_all
    def prepare(self) -> None:
        """Imports what asks a server, beside everything else: that takes seconds, while somebody types an address."""
        # A daemon, as nobody waits for it: an import that fails is told of when it is needed.
        threading.Thread(target=import_module, args=("bot.models.protocol",), daemon=True).start()

    @property
    @needs(Permission.ASK)
    def fixed(self) -> bool:
        """Whether FOOTNOTE_MODEL names what answers in this run, whatever the default is."""
        return bool(self._settings.model)

    @open_to_all
    def providers(self) -> "Sequence[Provider]":
        """The providers that can be chosen from, in the order in which they are offered."""
        from bot.models import PROVIDERS

        return PROVIDERS

    @needs(Permission.CHOOSE_MODELS)
    def missing(self, id: str) -> str:
        """What a provider still needs, as a sentence with the command that brings it; "" for nothing."""
        from bot.models import missing_package

        return missing_package(id)

    @needs(Permission.CHOOSE_MODELS)
    def draft(self, entry: ModelEntry | None, **fields: object) -> "ModelChoice":
        """A choice from what was typed, nothing of which is kept yet; it has the key of `entry`. Raises InputError."""
        from bot.models import checked_choice

        own = {"id": entry.choice.id} if entry and entry.choice else {}
        return checked_choice(**fields, **own)

    @needs(Permission.CHOOSE_MODELS)
    def has_key(self, choice: "ModelChoice") -> bool:
        """Whether a key is kept for it and its address."""
        return bool(self._key(choice))

    def _key(self, choice: "ModelChoice") -> str:
        kept = self._store_files()[1].find(choice.id, choice.address)
        return kept.key.get_secret_value() if kept else ""

    def _open(self, name: str, choice: "ModelChoice | None") -> "Model | None":
        from bot.models import open_chosen, open_model

        if choice is None:
            opened = open_model(self._settings, name)
            return opened.metered(self._meter) if opened else None
        # Another process may have been given another key.
        self._store_files()[1].reread()
        return open_chosen(self._settings, choice, self._key(choice)).metered(self._meter)

    def _choice(self, name: str) -> "ModelChoice | None":
        """The choice that is meant; None for what the environment knows. Raises SettingsError for a name that nobody has."""
        # Quotations need no file, so a damaged one does not stand in their way; nor do the environment's models.
        # `openai:gpt-4.1@At work`: the model of a choice under another name of the server's.
        model, at, of = name.rpartition("@")
        if at and ":" in model and (choice := self._kept().find(of)) is not None:
            return choice.model_copy(update={"model": model.partition(":")[2]})
        if name in ("", QUOTES) or ":" in name:
            return None
        if (choice := self._kept().find(name)) is None:
            raise SettingsError(
                f"There is no model called {name}.",
                "`footnote models` lists those there are. For one of the environment's server write its provider before it: "
                f"openai:{name}.",
            )
        return choice

    def _named(self, name: str) -> "ModelChoice":
        if (found := self._kept().find(name)) is None:
            raise InputError(f"There is no model called {name}.", "`footnote models` lists those there are.")
        return found

    def _readable_default(self) -> str:
        from bot.models import DamagedChoices

        try:
            return self._kept().default
        except DamagedChoices:
            return ""

    def _kept(self) -> "ModelChoices":
        return self._store_files()[0].read()

    def _store_files(self) -> "tuple[ChoiceStore, KeyStore]":
        from bot.models import ChoiceStore, KeyStore

        with self._lock:
            if self._stores is None:
                self._stores = ChoiceStore(self._settings.home), KeyStore(self._settings.home)
            return self._stores


def _first_word(model: "Model", limit: int) -> ModelTrial:
    """Asks a model for one word; raises ModelError also where it would be asked again only after a wait."""
    from bot.models import RetryWait

    begun = time.perf_counter()
    with closing(model.stream([("user", _TRIAL)], max_tokens=limit)) as pieces:
        # The first word is enough: nothing more is waited for, or paid.
        # A trial tells what is wrong now; it does not wait to ask again.
        if isinstance(first := next(pieces), RetryWait):
            raise ModelError(first.reason, "Try again in a moment.")
    return ModelTrial(time.perf_counter() - begun, model.name)


def _public_address(address: str) -> str:
    """An address without the name and password that the environment may have in it."""
    # Cut at the last @, since a password may hold one.
    before, mark, rest = address.partition("://")
    return f"{before}{mark}{rest.rpartition('@')[2]}" if mark else ""
