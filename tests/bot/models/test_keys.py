"""Keys: where they are kept, for which address they are given back, and that nothing else ever shows them."""

import stat
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from bot.models import KeyStore
from bot.models.keys import DamagedKeys

ID, ADDRESS, KEY = "0" * 32, "http://localhost:8080/v1", "sk-very-secret-1"


class MemoryKeyring(KeyringBackend):
    """A keyring that lasts as long as the test; a locked one fails as the system's does."""

    priority = 5  # type: ignore[assignment]  # a property of the class in keyring's own types

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")

    def _open(self) -> None:
        if self.locked:
            raise KeyringLocked("locked")


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    """The system's keyring for one test."""
    before, made = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def told(store: KeyStore, address: str = ADDRESS) -> str:
    found = store.find(ID, address)
    return found.key.get_secret_value() if found else ""


def test_without_a_keyring_a_key_is_in_a_file_of_its_owner_alone(tmp_path: Path) -> None:
    place = KeyStore(tmp_path).keep(ID, ADDRESS, KEY)
    again = KeyStore(tmp_path)
    assert (place, told(again)) == ("file", KEY)
    assert stat.S_IMODE(again.path.stat().st_mode) == 0o600


def test_with_a_keyring_no_file_has_the_key(tmp_path: Path, ring: MemoryKeyring) -> None:
    place = KeyStore(tmp_path).keep(ID, ADDRESS, KEY)
    assert (place, told(KeyStore(tmp_path))) == ("keyring", KEY)
    assert all(KEY not in path.read_text() for path in tmp_path.iterdir())


def test_a_locked_keyring_leaves_the_key_to_the_file(tmp_path: Path, ring: MemoryKeyring) -> None:
    ring.locked = True
    assert KeyStore(tmp_path).keep(ID, ADDRESS, KEY) == "file"
    assert told(KeyStore(tmp_path)) == KEY


@pytest.mark.parametrize("address", ["http://localhost:8080", "https://localhost:8080/v1", "http://evil.test/v1", ""])
def test_a_key_is_given_back_for_its_address_alone(tmp_path: Path, address: str) -> None:
    store = KeyStore(tmp_path)
    store.keep(ID, ADDRESS, KEY)
    assert told(store, address) == ""


def test_a_key_that_moves_to_the_keyring_leaves_the_file(tmp_path: Path, ring: MemoryKeyring) -> None:
    ring.locked = True
    KeyStore(tmp_path).keep(ID, ADDRESS, "sk-before")
    ring.locked = False
    store = KeyStore(tmp_path)
    store.keep(ID, ADDRESS, KEY)
    assert told(store) == KEY
    assert "sk-before" not in store.path.read_text()


def test_a_forgotten_key_is_nowhere(tmp_path: Path, ring: MemoryKeyring) -> None:
    store = KeyStore(tmp_path)
    store.keep(ID, ADDRESS, KEY)
    store.forget(ID)
    assert (told(store), ring.kept) == ("", {})
    store.forget(ID)


def test_another_stores_change_is_seen_once_read_again(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    store.keep(ID, ADDRESS, "sk-before")
    KeyStore(tmp_path).keep(ID, ADDRESS, KEY)
    store.reread()
    assert told(store) == KEY


@pytest.mark.parametrize("content", [f'{{"keys": {{"{ID}": "{KEY}"}}}}', f"{KEY}", f'{{"key": "{KEY}"}}'])
def test_a_damaged_file_is_told_without_what_it_holds_and_kept(tmp_path: Path, content: str) -> None:
    store = KeyStore(tmp_path)
    store.path.write_text(content)
    with pytest.raises(DamagedKeys) as caught:
        store.keep(ID, ADDRESS, "another")
    assert KEY not in f"{caught.value} {caught.value.help} {caught.value.__cause__}"
    assert store.path.read_text() == content


def test_a_key_prints_as_stars(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    store.keep(ID, ADDRESS, KEY)
    assert KEY not in repr(store.find(ID, ADDRESS))
