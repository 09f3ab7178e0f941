"""Who may come in over a network: persons and domains that may sign in, and tokens that programs send, with their roles.

They stand in `accounts.json` of the home, which only its owner can read, and which is read again whenever it has changed: who
is taken off the list is out with their next click or request. A file that cannot be read lets nobody in.
"""

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.audit import AuditLog
from bot.errors import InputError, SettingsError
from bot.models.choices import write_private
from bot.request_context import Role
from bot.settings import Settings, variable

FILE = "accounts.json"
TOKEN_PREFIX = "footnote-"
"""How each token of this file begins, so that one that was revoked is known for what it was."""
GrantedRole = Literal["reader", "editor", "admin"]
# Seconds to wait for another process that changes the list; a change takes milliseconds.
_LOCK_TIMEOUT = 10.0
# Lengths as in RFC 5321: 64 before the @, about 250 behind it; no blanks, quotes or brackets, which no provider gives out.
_ADDRESS = re.compile(r"[^\s@,;<>\"]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?")
_NAME = re.compile(r"[^\s\x00-\x1f\x7f]{1,100}")


class DamagedAccounts(SettingsError):
    """The file of those who may come in cannot be read."""

    help = "Mend it, or move it away and let people in again; until then nobody can sign in."


class AllowedPerson(BaseModel):
    """Who may sign in: an address, or all of a domain as `@example.org`. The role "none" keeps one of a domain out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    who: str
    role: Role


class AccessToken(BaseModel):
    """A token of a program or a person: its name, its role and its SHA-256. The token itself is not kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    role: GrantedRole
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    made: str = ""


class AccountList(BaseModel):
    """What the file holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    people: tuple[AllowedPerson, ...] = ()
    tokens: tuple[AccessToken, ...] = ()


class Accounts:
    """Those who may come in to a home. Threads and processes may share it.

    >>> accounts = Accounts(folder)
    >>> _ = accounts.admit("@example.org", "reader"), accounts.admit("Ada@Example.org", "admin")
    >>> accounts.role_of("ada@example.org"), accounts.role_of("ben@example.org"), accounts.role_of("eve@evil.example")
    ('admin', 'reader', 'none')
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self.path = home / FILE
        self._audit = AuditLog(home)
        self._seen: tuple[tuple[int, int, int], AccountList] | None = None

    def read(self) -> AccountList:
        """What the file holds now; nothing where there is none. Raises DamagedAccounts."""
        try:
            state = self.path.stat()
            # The inode as well: a file that is renamed into place within one tick of the clock has another one.
            mark = (state.st_mtime_ns, state.st_size, state.st_ino)
            # Asked with each request and each run of a page.
            if self._seen is None or self._seen[0] != mark:
                self._seen = (mark, AccountList.model_validate_json(self.path.read_bytes()))
            return self._seen[1]
        except FileNotFoundError:
            return AccountList()
        except (OSError, ValidationError) as error:
            why = getattr(error, "strerror", None) or "it is not as it should be"
            raise DamagedAccounts(f"{self.path} cannot be read: {why}.") from None

    # Persons

    def role_of(self, address: str) -> Role:
        """The role of who signed in with this address; their own entry goes before that of their domain. Raises
        DamagedAccounts.
        """
        try:
            address = normal_person(address)
        except InputError:
            return "none"
        roles = {one.who: one.role for one in self.read().people}
        # "none" is a role like any other, so an entry of one's own can keep somebody of a welcome domain out.
        return roles.get(address) or roles.get(f"@{address.rpartition('@')[2]}", "none")

    def admit(self, who: str, role: Role) -> AllowedPerson:
        """Lets an address or a domain in, or changes its role; raises InputError for what is neither."""
        entry = AllowedPerson(who=normal_person(who), role=role)
        self._change(lambda kept: {"people": (*(one for one in kept.people if one.who != entry.who), entry)})
        self._audit.record("people.admit", who=entry.who, role=role)
        return entry

    def dismiss(self, who: str) -> None:
        """Takes an address or a domain off the list; raises InputError where it is not on it."""
        who = normal_person(who)
        if all(one.who != who for one in self.read().people):
            raise InputError(f"{who} is not on the list.", "`footnote people` lists those who are.")
        self._change(lambda kept: {"people": tuple(one for one in kept.people if one.who != who)})
        self._audit.record("people.dismiss", who=who)

    # Tokens

    def add_token(self, name: str, role: GrantedRole) -> str:
        """A new token, which cannot be had again; raises InputError where the name is taken, or is none."""
        name = name.lower()
        if not _NAME.fullmatch(name):
            raise InputError(
                "A token's name has 1 to 100 characters and no space.", "Take a person's address, or a program's name."
            )
        if any(one.name == name for one in self.read().tokens):
            raise InputError(f"There is a token called {name} already.", "Choose another name, or revoke that one first.")
        # 32 bytes of randomness, as many as the digest has.
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        made = datetime.now(UTC).isoformat(timespec="seconds")
        entry = AccessToken(name=name, role=role, sha256=_digest(token), made=made)
        self._change(lambda kept: {"tokens": (*kept.tokens, entry)})
        self._audit.record("tokens.add", token=name, role=role)
        return token

    def revoke_token(self, name: str) -> None:
        """Ends a token at once; raises InputError where there is none of this name."""
        name = name.lower()
        if all(one.name != name for one in self.read().tokens):
            raise InputError(f"There is no token called {name}.", "`footnote tokens` lists those there are.")
        self._change(lambda kept: {"tokens": tuple(one for one in kept.tokens if one.name != name)})
        self._audit.record("tokens.revoke", token=name)

    def token_holder(self, token: str) -> AccessToken | None:
        """Whose token this is; None where it is nobody's, or not any more. Raises DamagedAccounts."""
        # A token of another kind, such as that of the settings, is compared elsewhere.
        if not token.startswith(TOKEN_PREFIX):
            return None
        # Found by its digest, so the time that it takes tells nothing of the tokens that there are.
        wanted = _digest(token)
        return next((one for one in self.read().tokens if one.sha256 == wanted), None)

    def _change(self, edit: Callable[[AccountList], dict[str, object]]) -> None:
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            with FileLock(self._home / f"{FILE}.lock", timeout=_LOCK_TIMEOUT):
                # Read within the lock, so that no other process's change is lost.
                kept = self.read()
                edited = AccountList.model_validate({**kept.model_dump(), **edit(kept)})
                write_private(self.path, edited.model_dump_json(indent=2) + "\n")
        except (OSError, Timeout) as error:
            raise InputError(
                f"{self.path} cannot be written: {getattr(error, 'strerror', None) or 'another process keeps it'}.",
                "Check that the home folder may be written.",
            ) from error


def normal_person(who: str) -> str:
    """An address or a domain as it is kept and compared; raises InputError for what is neither.

    >>> normal_person(" Ada@Example.ORG "), normal_person("@Example.org")
    ('ada@example.org', '@example.org')
    """
    name = who.strip().lower()
    # A domain is taken as the address of anybody there.
    if not _ADDRESS.fullmatch(f"x{name}" if name.startswith("@") else name):
        raise InputError(
            f"{who.strip()[:100]!r} is neither an address nor a domain.", "Write ada@example.org, or @example.org."
        )
    return name


def check_signin(settings: Settings) -> None:
    """Raises SettingsError where sign-in is asked for and something that it needs is missing."""
    if not settings.signin_provider:
        return
    for name in ("signin_client", "signin_secret", "public_address"):
        value = getattr(settings, name)
        if not (value if isinstance(value, str) else value.get_secret_value()):
            raise SettingsError(
                f"{variable(name)} is missing, and {variable('signin_provider')} asks for sign-in.",
                "docs/sign-in.md tells what to set.",
            )
    address = urlsplit(settings.public_address)
    # Browsers treat these names as safe without HTTPS, as nothing leaves the machine.
    if address.scheme == "http" and address.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise SettingsError(
            f"{variable('public_address')} begins with http://, where anybody on the way could read who is signed in.",
            "Have a reverse proxy answer with HTTPS: docs/sign-in.md tells how.",
        )
    if find_spec("authlib") is None:
        raise SettingsError("Sign-in needs a package that is not installed.", "Install it: `pip install 'footnote[signin]'`.")


def _digest(token: str) -> str:
    # No salt and no slow digest: a token is random, and as long as the digest.
    return sha256(token.encode("utf-8", "replace")).hexdigest()
