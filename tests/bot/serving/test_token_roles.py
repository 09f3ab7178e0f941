"""Tokens with a role, over HTTP and for agents: what each lets its caller do, and that a revoked one opens nothing."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.audit import AuditLog
from bot.request_context import current_request
from bot.serving.access import AccessRules, access_rules
from bot.serving.app import serving_app
from bot.serving.mcp_server import FootnoteMCPServer, mcp_app
from bot.wiring import Service
from bot.wiring.accounts import Accounts
from tests.bot.serving.conftest import served

TOKEN = "a-token-that-nobody-guesses"


@dataclass(frozen=True, slots=True)
class TokenDoors:
    """A server for HTTP and one for agents that know a reader's, an editor's and the server's own token."""

    http: httpx.Client
    mcp: httpx.Client
    tokens: dict[str, str]
    accounts: Accounts


@pytest.fixture(scope="module")
def doors(quoting_service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenDoors]:
    accounts = Accounts(tmp_path_factory.mktemp("accounts"))
    tokens = {role: accounts.add_token(f"{role}@example.org", role) for role in ("reader", "editor")} | {"admin": TOKEN}
    rules = AccessRules(TOKEN, holders=accounts.token_holder)
    app, agents = serving_app(quoting_service, rules), FootnoteMCPServer(quoting_service)

    # No path and no tool of Footnote's changes anything as yet: these do, as one to come might.
    @app.post("/v1/label")
    def label() -> dict[str, str]:
        quoting_service.library.label([], "tag", "x", True)
        return {"who": current_request().person}

    def label_tool() -> str:
        quoting_service.library.label([], "tag", "x", True)
        return current_request().person

    agents.add_tool(label_tool, name="label")
    with ExitStack() as opened:
        addresses = [opened.enter_context(served(one)) for one in (app, mcp_app(agents, rules))]
        http, mcp = (opened.enter_context(httpx.Client(base_url=one, timeout=30)) for one in addresses)
        yield TokenDoors(http, mcp, tokens, accounts)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("editor", 200), ("admin", 200)])
def test_a_role_holds_over_http(doors: TokenDoors, role: str, status: int) -> None:
    assert doors.http.post("/v1/search", json={"question": "op-ed"}, headers=bearer(doors.tokens[role])).status_code == 200
    came = doors.http.post("/v1/label", headers=bearer(doors.tokens[role]))
    assert came.status_code == status
    if status == 403:
        assert came.json()["error"]["message"] == "As a reader you may not add or change articles."
        assert came.json()["error"]["code"] == "not_permitted"
    else:
        assert came.json() == {"who": "" if role == "admin" else f"{role}@example.org"}


def called(doors: TokenDoors, role: str, session: str = "", tool: str = "label") -> str:
    """What an agent is told by a tool, by the protocol's own messages."""
    headers = {**bearer(doors.tokens[role]), "Accept": "application/json, text/event-stream"}
    headers |= {"Mcp-Session-Id": session, "MCP-Protocol-Version": "2025-06-18"} if session else {}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": {}}}
    return doors.mcp.post("/mcp", json=body, headers=headers).text


def begun(doors: TokenDoors, role: str) -> str:
    """The id of a session that an agent with this role has begun."""
    headers = {**bearer(doors.tokens[role]), "Accept": "application/json, text/event-stream"}
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    came = doors.mcp.post("/mcp", json={"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": client}, headers=headers)
    session = came.headers["mcp-session-id"]
    told = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    doors.mcp.post("/mcp", json=told, headers={**headers, "Mcp-Session-Id": session, "MCP-Protocol-Version": "2025-06-18"})
    return session


def test_a_role_holds_for_agents(doors: TokenDoors) -> None:
    said = {role: called(doors, role, begun(doors, role)) for role in ("reader", "editor")}
    assert "As a reader you may not add or change articles." in said["reader"]
    assert "editor@example.org" in said["editor"]


def test_a_session_of_another_lends_nobody_its_role(doors: TokenDoors) -> None:
    assert "you may not" in called(doors, "reader", begun(doors, "admin"))


def test_a_revoked_token_is_refused_at_the_next_request(doors: TokenDoors) -> None:
    token = doors.accounts.add_token("short-lived", "admin")
    assert doors.http.get("/v1/articles", headers=bearer(token)).status_code == 200
    doors.accounts.revoke_token("short-lived")
    assert doors.http.get("/v1/articles", headers=bearer(token)).status_code == 401


def test_where_no_token_is_asked_for_a_revoked_one_opens_nothing(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    token = accounts.add_token("bot", "reader")
    rules = access_rules("127.0.0.1", "", holders=accounts.token_holder)
    accounts.revoke_token("bot")
    assert rules.caller(f"Bearer {token}") is None
    owner, stranger = rules.caller(""), rules.caller("Bearer sk-anything")
    assert owner is not None and owner == stranger and owner.role == "admin"


def test_a_damaged_file_refuses_its_tokens_and_keeps_the_servers(quoting_service: Service, tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    token = accounts.add_token("bot", "reader")
    accounts.path.write_text("{")
    rules = AccessRules(TOKEN, holders=accounts.token_holder)
    with served(serving_app(quoting_service, rules)) as address, httpx.Client(base_url=address) as client:
        assert client.get("/v1/articles", headers=bearer(token)).status_code == 401
        assert client.get("/v1/articles", headers=bearer(TOKEN)).status_code == 200


def test_the_audit_log_names_whose_token_it_was(doors: TokenDoors, quoting_service: Service) -> None:
    doors.http.post("/v1/label", headers=bearer(doors.tokens["editor"]))
    entry = AuditLog(quoting_service.library._engine.settings.home).entries()[-1]
    assert (entry["action"], entry["who"], entry["door"]) == ("articles.label", "editor@example.org", "http")
