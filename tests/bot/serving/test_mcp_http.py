"""`footnote mcp --http` as a process that asks for a token, and the SDK's own client over HTTP."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture(scope="module")
def address(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    token = tmp_path_factory.mktemp("token") / "token"
    token.write_text(TOKEN)
    options = ["--http", "--port", "0", "--token-file", str(token), "--home", str(seeds_home)]
    command = [sys.executable, "-P", "-m", "bot.commands.main", "mcp", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = process.stderr.readline()
        assert told.startswith("Footnote's tools are at http://127.0.0.1:"), told
        yield told.removeprefix("Footnote's tools are at ").partition(" ")[0]
        process.terminate()


async def _asked(address: str) -> object:
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as http,
        Client(streamable_http_client(address, http_client=http)) as client,
    ):
        judged = await client.call_tool("verify", {"claim": "It carries 14 trains.", "source": "It carries 12 trains."})
        return judged.structured_content and judged.structured_content["verdict"]


def test_a_client_with_the_token_is_served(address: str) -> None:
    assert anyio.run(_asked, address) == "number differs"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, "no_token"),
        ({"Authorization": "Bearer another-token-of-some-length"}, 401, "no_token"),
        ({"Host": "evil.example"}, 421, "unknown_host"),
    ],
)
def test_others_are_told_what_is_wrong(address: str, headers: dict[str, str], status: int, code: str) -> None:
    response = httpx2.post(address, json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, headers=headers)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
