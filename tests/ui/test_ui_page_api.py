"""Which requests of the page's server go to the doors for other programs, and when these are built."""

import asyncio
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from bot.errors import SettingsError
from bot.settings import load_settings
from bot.ui.page_api import PageApiMiddleware, page_doors
from bot.wiring import Service, open_service

DOORS, PAGE = PlainTextResponse("doors"), PlainTextResponse("page")


def told(app: ASGIApp, *paths: str) -> list[str]:
    """What is answered at these paths, asked at once."""

    async def ask() -> list[str]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return [one.text for one in await asyncio.gather(*map(client.get, paths))]

    return asyncio.run(ask())


def test_what_is_below_v1_goes_to_the_doors_which_are_built_once() -> None:
    built: list[bool] = []

    def build() -> ASGIApp:
        built.append(True)
        return DOORS

    app = PageApiMiddleware(PAGE, build)
    assert told(app, "/", "/check", "/v1") == ["page"] * 3
    assert built == []
    assert told(app, "/v1/ask", "/v1/search", "/check") == ["doors", "doors", "page"]
    assert built == [True]


def test_why_the_doors_cannot_be_built_is_told_and_they_are_tried_again() -> None:
    ways: list[ASGIApp] = []

    def build() -> ASGIApp:
        if not ways:
            raise SettingsError("A setting is wrong.", "Put it right.")
        return ways[0]

    app = PageApiMiddleware(PAGE, build)
    assert "A setting is wrong." in told(app, "/v1/ask")[0]
    ways.append(DOORS)
    assert told(app, "/v1/ask") == ["doors"]


SIGN_IN = {
    "FOOTNOTE_SIGNIN_PROVIDER": "https://id.example.org",
    "FOOTNOTE_SIGNIN_CLIENT": "footnote",
    "FOOTNOTE_SIGNIN_SECRET": "a-secret-of-the-provider",
    "FOOTNOTE_PUBLIC_ADDRESS": "https://notes.example.org",
}


@pytest.mark.parametrize(
    ("address", "settings", "status"), [("127.0.0.1", {}, 409), ("0.0.0.0", {}, 401), ("127.0.0.1", SIGN_IN, 401)]
)
def test_beyond_this_machine_or_with_sign_in_a_token_is_wanted(
    address: str, settings: dict[str, str], status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"FOOTNOTE_HOME": str(tmp_path), **settings}.items():
        monkeypatch.setenv(name, value)

    async def ask(service: Service) -> int:
        transport = httpx.ASGITransport(page_doors(lambda: service, address))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return (await client.post("/v1/ask", json={"question": "Who?"})).status_code

    with closing(open_service(load_settings())) as service:
        assert asyncio.run(ask(service)) == status
    assert (tmp_path / "serve-token").exists() is (status == 401)
