"""Who may come in: addresses, domains, tokens; and that the file of them lets nobody in whom it does not name."""

import stat
from pathlib import Path

import pytest

from bot.audit import AuditLog
from bot.errors import InputError, SettingsError
from bot.settings import load_settings
from bot.wiring.accounts import FILE, TOKEN_PREFIX, Accounts, DamagedAccounts, check_signin, normal_person


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(tmp_path / "home")


def test_nobody_may_come_in_at_first(accounts: Accounts) -> None:
    assert accounts.role_of("ada@example.org") == "none"
    assert not accounts.path.exists()


def test_an_address_goes_before_its_domain(accounts: Accounts) -> None:
    accounts.admit("@example.org", "editor")
    accounts.admit("Ada@Example.org", "admin")
    accounts.admit("eve@example.org", "none")
    assert [accounts.role_of(f"{who}@example.org") for who in ("ada", "ADA", "ben", "eve")] == [
        "admin",
        "admin",
        "editor",
        "none",
    ]


@pytest.mark.parametrize(
    "address",
    [
        "ada@sub.example.org",
        "ada@example.org.evil.example",
        "ada@evilexample.org",
        "@example.org",
        "ada@example.org@evil.example",
        "ada@evil.example, ada@example.org",
        "ada",
        "",
        "x" * 10_000 + "@example.org",
    ],
)
def test_what_only_looks_like_the_domain_stays_out(accounts: Accounts, address: str) -> None:
    accounts.admit("@example.org", "reader")
    assert accounts.role_of(address) == ("reader" if address == "@example.org" else "none")


def test_who_is_taken_off_the_list_is_out_at_once(accounts: Accounts, tmp_path: Path) -> None:
    accounts.admit("ada@example.org", "reader")
    assert accounts.role_of("ada@example.org") == "reader"
    Accounts(tmp_path / "home").dismiss("ADA@example.org")  # as another process would
    assert accounts.role_of("ada@example.org") == "none"
    with pytest.raises(InputError, match="not on the list"):
        accounts.dismiss("ada@example.org")


@pytest.mark.parametrize(
    "who", ["", "ada", "@", "ada@", "a b@example.org", "@exa mple.org", "ada@example.org\n", "*@example.org "]
)
def test_names_are_addresses_or_domains(who: str) -> None:
    if who.strip() in ("ada@example.org", "*@example.org"):
        assert normal_person(who) == who.strip()
    else:
        with pytest.raises(InputError, match="neither"):
            normal_person(who)


def test_a_token_is_kept_as_its_digest_in_a_private_file(accounts: Accounts) -> None:
    token = accounts.add_token("Bot", "editor")
    assert token.startswith(TOKEN_PREFIX) and token not in accounts.path.read_text()
    assert stat.S_IMODE(accounts.path.stat().st_mode) == 0o600
    holder = accounts.token_holder(token)
    assert holder is not None and (holder.name, holder.role) == ("bot", "editor")
    assert accounts.token_holder(f"{token}x") is None and accounts.token_holder(holder.sha256) is None


def test_a_revoked_token_is_nobodys_at_once(accounts: Accounts) -> None:
    token = accounts.add_token("bot", "reader")
    with pytest.raises(InputError, match="already"):
        accounts.add_token("BOT", "admin")
    accounts.revoke_token("bot")
    assert accounts.token_holder(token) is None
    with pytest.raises(InputError, match="no token called"):
        accounts.revoke_token("bot")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"people": [{"who": "a@b.org", "role": "owner"}]}', '{"persons": []}'])
def test_a_damaged_file_lets_nobody_in_and_is_left(accounts: Accounts, text: str) -> None:
    accounts.admit("ada@example.org", "admin")
    accounts.path.write_text(text)
    with pytest.raises(DamagedAccounts, match=FILE):
        accounts.role_of("ada@example.org")
    with pytest.raises(DamagedAccounts):
        accounts.admit("ben@example.org", "admin")
    assert accounts.path.read_text() == text


def test_the_audit_log_tells_who_was_let_in_and_no_token(accounts: Accounts, tmp_path: Path) -> None:
    accounts.admit("ada@example.org", "admin")
    token = accounts.add_token("bot", "reader")
    accounts.revoke_token("bot")
    accounts.dismiss("ada@example.org")
    log = AuditLog(tmp_path / "home")
    assert [entry["action"] for entry in log.entries()] == ["people.admit", "tokens.add", "tokens.revoke", "people.dismiss"]
    assert token not in log.path.read_text()


SIGN_IN = {
    "signin_provider": "https://id.example.org",
    "signin_client": "footnote",
    "signin_secret": "secret",
    "public_address": "https://notes.example.org",
}


def test_sign_in_wants_all_of_its_settings() -> None:
    check_signin(load_settings())
    check_signin(load_settings(**SIGN_IN))
    for name in ("signin_client", "signin_secret", "public_address"):
        with pytest.raises(SettingsError, match=f"FOOTNOTE_{name.upper()} is missing"):
            check_signin(load_settings(**{**SIGN_IN, name: ""}))


def test_sign_in_beyond_this_machine_wants_https() -> None:
    check_signin(load_settings(**{**SIGN_IN, "public_address": "http://127.0.0.1:8501"}))
    with pytest.raises(SettingsError, match="http://"):
        check_signin(load_settings(**{**SIGN_IN, "public_address": "http://notes.example.org"}))


@pytest.mark.parametrize(
    "address", ["notes.example.org", "https://a@b.org", "https://notes.example.org/page", "ftp://x", "https://"]
)
def test_a_public_address_is_a_host_alone(address: str) -> None:
    with pytest.raises(SettingsError, match="FOOTNOTE_PUBLIC_ADDRESS"):
        load_settings(public_address=address)
