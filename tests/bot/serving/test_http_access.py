"""Who may ask: the token, the names of the server, and pages of other websites."""

import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.errors import InputError
from bot.serving.access import AccessRules, access_rules, checked_token, is_loopback, kept_token, read_token
from bot.serving.app import serving_app
from bot.wiring import Service
from tests.bot.serving.conftest import served

TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture(scope="module")
def guarded(quoting_service: Service) -> Iterator[httpx.Client]:
    with served(serving_app(quoting_service, AccessRules(TOKEN))) as address, httpx.Client(base_url=address) as client:
        yield client


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xff"])
@pytest.mark.parametrize("path", ["/v1/models", "/metrics", "/v1/nothing"])
def test_without_the_token_nothing_is_told(guarded: httpx.Client, path: str, header: str) -> None:
    came = guarded.get(path, headers={"Authorization": header.encode("latin-1")} if header else {})
    assert (came.status_code, came.headers["WWW-Authenticate"], came.json()["error"]["code"]) == (401, "Bearer", "no_token")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_with_the_token_the_server_answers(guarded: httpx.Client, scheme: str) -> None:
    came = guarded.post("/v1/search", json={"question": "op-ed"}, headers={"Authorization": f"{scheme} {TOKEN}"})
    assert came.status_code == 200


def test_without_the_token_the_health_is_one_word(guarded: httpx.Client) -> None:
    assert guarded.get("/healthz").json() == {"status": "ok"}
    assert guarded.get("/healthz", headers={"Authorization": f"Bearer {TOKEN}"}).json()["model"] == "quotes"


def test_the_description_tells_of_the_token(guarded: httpx.Client, client: httpx.Client) -> None:
    assert guarded.get("/openapi.json").json()["security"] == [{"token": []}]
    assert "security" not in client.get("/openapi.json").json()


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Host": "evil.example"}, 421, "unknown_host"),
        ({"Host": "localhost.evil.example:8600"}, 421, "unknown_host"),
        ({"Origin": "http://evil.example"}, 403, "foreign_origin"),
        ({"Origin": "null"}, 403, "foreign_origin"),
    ],
)
def test_pages_of_other_websites_are_refused(client: httpx.Client, headers: dict[str, str], status: int, code: str) -> None:
    came = client.post("/v1/ask", json={"question": "op-ed"}, headers=headers)
    assert (came.status_code, came.json()["error"]["code"]) == (status, code)
    assert not [name for name in came.headers if name.startswith("access-control")]


def test_what_a_form_of_a_website_sends_is_no_question(client: httpx.Client) -> None:
    came = client.post("/v1/ask", content='{"question": "op-ed"}', headers={"Content-Type": "text/plain"})
    assert (came.status_code, came.json()["error"]["code"]) == (400, "invalid_json")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8600", "[::1]:8600", "LOCALHOST:8600"])
def test_the_names_of_this_machine_are_known(host: str) -> None:
    assert access_rules("127.0.0.1", "").names(host)


def test_beyond_this_machine_the_token_takes_the_place_of_names() -> None:
    assert access_rules("0.0.0.0", TOKEN).names("anything.example")
    assert not access_rules("0.0.0.0", "").names("anything.example")
    assert not access_rules("0.0.0.0", TOKEN, ["box"]).names("anything.example")
    assert access_rules("0.0.0.0", "", ["box"]).names("box:8600")


@pytest.mark.parametrize(("host", "local"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)])
def test_loopback_is_known(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_a_token_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    token, path = kept_token(tmp_path / "home")
    assert (stat.S_IMODE(path.stat().st_mode), len(token)) == (0o600, 43)
    assert kept_token(tmp_path / "home") == (token, path)


@pytest.mark.parametrize("token", ["short", "with a space in the middle", "ümlaut-ümlaut-ümlaut"])
def test_a_token_that_can_be_guessed_is_refused_and_not_shown(tmp_path: Path, token: str) -> None:
    with pytest.raises(InputError, match="cannot be used") as caught:
        checked_token(token, "FOOTNOTE_SERVE_TOKEN")
    assert token not in caught.value.message + caught.value.help
    with pytest.raises(InputError, match="cannot be read"):
        read_token(tmp_path / "missing")
