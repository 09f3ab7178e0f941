"""Each request has an id and a caller: ids go through, and callers of other machines are held to the limits of the settings."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from bot.serving.access import AccessRules
from bot.serving.app import serving_app
from bot.settings import Settings
from bot.wiring import Service, open_service

QUESTION = {"question": "Who translated the op-ed?"}
TOKEN = "a-token-that-nobody-guesses"


@pytest.fixture(scope="module")
def limited(seeds_home: Path) -> Iterator[Service]:
    with closing(open_service(Settings(home=seeds_home, model="quotes", embedding="minilm", requests_a_minute=1))) as service:
        yield service


def asked(service: Service, caller: str, times: int) -> list[httpx.Response]:
    """The responses to as many searches of one caller, whose address is `caller`."""

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(serving_app(service, AccessRules(TOKEN, None)), client=(caller, 40_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://footnote.test") as client:
            head = {"Authorization": f"Bearer {TOKEN}"}
            return [await client.post("/v1/search", json=QUESTION, headers=head) for _ in range(times)]

    return asyncio.run(ask())


def test_a_request_bears_the_id_that_its_caller_gave(client: httpx.Client) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "order-12"}).headers["X-Request-Id"] == "order-12"


def test_a_request_without_an_id_is_given_one_of_its_own(client: httpx.Client) -> None:
    first, second = (client.get("/healthz").headers["X-Request-Id"] for _ in range(2))
    assert first and second and first != second


def test_another_machine_is_told_when_it_asks_too_often(limited: Service) -> None:
    answered, refused = asked(limited, "203.0.113.7", 2)
    assert answered.status_code == 200 and refused.status_code == 429
    assert refused.json()["error"]["code"] == "limit_reached" and int(refused.headers["Retry-After"]) > 0


def test_one_caller_is_not_held_up_by_another(limited: Service) -> None:
    assert [asked(limited, caller, 1)[0].status_code for caller in ("203.0.113.8", "203.0.113.9")] == [200, 200]


def test_programs_of_this_machine_may_ask_as_often_as_they_like(limited: Service) -> None:
    assert [response.status_code for response in asked(limited, "127.0.0.1", 3)] == [200, 200, 200]
