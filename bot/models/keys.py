"""The keys of the chosen models: in the system's keyring where there is one, else in a file that only its owner can read.

A key is kept together with the address that it was entered for, and given back for that address alone: who changes the address
of a model, in the page or in the file, has to enter the key again. No key is ever part of a text, a log or an error.
"""

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_serializer

from bot.errors import SettingsError
from bot.models.choices import write_private

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

FILE = "model-keys.json"
SERVICE = "footnote"
"""The name under which the keyring lists the keys."""
KeyPlace = Literal["keyring", "file"]
_LOCK_TIMEOUT = 10.0


class DamagedKeys(SettingsError):
    """The file of the keys cannot be read."""

    help = "Mend it, or move it away and enter the keys again; nothing in it was changed."


class BoundKey(BaseModel):
    """A key and the address that it was entered for."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    address: str
    key: SecretStr

    @field_serializer("key", when_used="json")
    def _plain(self, key: SecretStr) -> str:
        """The key itself, for the place where it is kept; everything else prints stars."""
        return key.get_secret_value()


class _KeyFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    keys: Mapping[str, BoundKey] = Field(default_factory=dict)


class KeptKey(NamedTuple):
    """A key, and where it is kept."""

    key: SecretStr
    place: KeyPlace


class KeyStore:
    """The keys of a home, by the ids of the choices that they belong to. Threads may share it.

    >>> keys = KeyStore(folder)
    >>> place = keys.keep("0" * 32, "http://localhost:8080/v1", "secret-1")
    >>> keys.find("0" * 32, "http://localhost:8080/v1").key.get_secret_value()
    'secret-1'
    >>> keys.find("0" * 32, "http://elsewhere.test/v1") is None
    True
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self.path = home / FILE
        self._lock = threading.RLock()
        # A keyring may ask its user before it tells a key: each is asked for once.
        self._told: dict[str, tuple[BoundKey, KeyPlace]] = {}

    def keep(self, id: str, address: str, key: str) -> KeyPlace:
        """Keeps the key in place of the one before; where it is kept now. Raises DamagedKeys, and OSError."""
        bound = BoundKey(address=address, key=SecretStr(key.strip()))
        with self._lock:
            self.forget(id)
            place: KeyPlace = "keyring" if self._keep_in_keyring(id, bound) else "file"
            if place == "file":
                self._change_file(lambda kept: {**kept, id: bound})
            self._told[id] = (bound, place)
            return place

    def find(self, id: str, address: str) -> KeptKey | None:
        """The key, if one was entered for exactly this address; raises DamagedKeys."""
        with self._lock:
            told = self._told.get(id)
            if told is None or told[0].address != address:
                # The file first: to ask a keyring may open a window.
                told = self._from_file(id) or self._from_keyring(id)
            if told is None or told[0].address != address:
                return None
            self._told[id] = told
            return KeptKey(told[0].key, told[1])

    def forget(self, id: str) -> None:
        """Removes the key from wherever it is kept; raises DamagedKeys."""
        with self._lock:
            self._told.pop(id, None)
            if id in self._read_file():
                self._change_file(lambda kept: {one: bound for one, bound in kept.items() if one != id})
            if ring := _keyring():
                # A keyring raises an error of its own where it has no such key.
                with suppress(Exception):
                    ring.delete_password(SERVICE, id)

    def reread(self) -> None:
        """Forgets what was read before: another process may have changed it."""
        with self._lock:
            self._told.clear()

    def _keep_in_keyring(self, id: str, bound: BoundKey) -> bool:
        """Whether the keyring has it now; one that is locked, or whose service does not run, fails in its own way."""
        if (ring := _keyring()) is None:
            return False
        try:
            ring.set_password(SERVICE, id, bound.model_dump_json())
            # Read back, as a backend may take a password and keep none.
            return ring.get_password(SERVICE, id) == bound.model_dump_json()
        except Exception:
            return False

    def _from_keyring(self, id: str) -> tuple[BoundKey, KeyPlace] | None:
        if (ring := _keyring()) is None:
            return None
        try:
            told = ring.get_password(SERVICE, id)
            return (BoundKey.model_validate_json(told), "keyring") if told else None
        except Exception:  # a keyring that cannot be asked has no key for us, which the model's server will tell of
            return None

    def _from_file(self, id: str) -> tuple[BoundKey, KeyPlace] | None:
        bound = self._read_file().get(id)
        return (bound, "file") if bound else None

    def _read_file(self) -> Mapping[str, BoundKey]:
        try:
            return _KeyFile.model_validate_json(self.path.read_bytes()).keys
        except FileNotFoundError:
            return {}
        # Neither pydantic's message nor its cause may be passed on: both may quote what the file holds.
        except (ValidationError, OSError):
            raise DamagedKeys(f"{self.path} cannot be read.") from None

    def _change_file(self, edit: Callable[[Mapping[str, BoundKey]], Mapping[str, BoundKey]]) -> None:
        self._home.mkdir(parents=True, exist_ok=True)
        with FileLock(self._home / f"{FILE}.lock", timeout=_LOCK_TIMEOUT):
            kept = _KeyFile(keys=edit(self._read_file()))
            # By way of JSON, where the serializer gives the key itself; a dump in Python would print stars.
            write_private(self.path, json.dumps(json.loads(kept.model_dump_json()), indent=2) + "\n")


def _keyring() -> "KeyringBackend | None":
    """The system's keyring; None where its package is not installed, or has nothing better than a file of its own."""
    try:
        import keyring

        ring = keyring.get_keyring()
        # Backends below 1 are not recommended by the package: a plain file, or none at all.
        return ring if ring.priority >= 1 else None
    except Exception:  # ImportError, and whatever a backend does where its service is not there
        return None
