"""What the server tells of the library and of itself, and the check of texts."""

from pathlib import Path

import httpx
import pytest

from bot.json_records import article_record, checked_record
from bot.serving.app import serving_app
from bot.serving.responses import ArticleListRecord, ArticleRecord, CheckRecord, HealthRecord, JudgementRecord
from bot.settings import Settings
from bot.wiring import Service, open_service
from tests.bot.serving.conftest import served
from tests.bot.serving.sse import events

DRAFT = "Eddy Chang translated Yao's op-ed.\r\nThe moon is made of blue cheese."


def test_a_draft_is_checked_sentence_by_sentence(client: httpx.Client, quoting_service: Service) -> None:
    with client.stream("POST", "/v1/check", json={"id": 1, "draft": DRAFT, "stream": True}) as came:
        told = events(came.iter_lines())
    found = [checked_record(one) for one in quoting_service.drafts.check(DRAFT.replace("\r\n", " \n"))]
    assert told[0] == ("start", {"id": 1, "sentences": 2})
    assert [one for name, one in told if name == "sentence"] == found
    assert told[-1] == ("done", {"id": 1, "verdicts": {"quoted": 1, "not found": 1}, "notes": []})


def test_a_draft_is_checked_at_once(client: httpx.Client) -> None:
    came = client.post("/v1/check", json={"draft": DRAFT}).json()
    CheckRecord.model_validate(came, strict=True, extra="forbid")
    assert [one["verdict"] for one in came["sentences"]] == ["quoted", "not found"]
    assert [DRAFT[one["start"] : one["end"]] for one in came["sentences"]] == [one["text"] for one in came["sentences"]]


def test_a_claim_is_held_against_a_source(client: httpx.Client) -> None:
    pair = {"claim": "It opened in 1932.", "source": "The bridge opened on 4 May 1931."}
    came = client.post("/v1/verify", json=pair).json()
    JudgementRecord.model_validate(came, strict=True, extra="forbid")
    assert came["verdict"] == "number differs"


def test_the_articles_are_listed_in_parts(client: httpx.Client) -> None:
    whole = client.get("/v1/articles").json()
    part = client.get("/v1/articles", params={"limit": 2, "offset": 1}).json()
    ArticleListRecord.model_validate(whole, strict=True, extra="forbid")
    assert (part["articles"], part["total"]) == (whole["articles"][1:3], len(whole["articles"]))
    assert "origin" not in whole["articles"][0]


def test_an_article_is_shown_whole(client: httpx.Client, quoting_service: Service) -> None:
    article = quoting_service.library.article("new-space-race.md")
    assert article is not None
    came = client.get("/v1/articles/new-space-race.md").json()
    ArticleRecord.model_validate(came, strict=True)
    assert came == article_record(article)


@pytest.mark.parametrize("id", ["no/such.md", "feeds/one.json%232", "%00", "a%20b"])
def test_an_article_that_is_not_there_is_said_not_to_be(client: httpx.Client, id: str) -> None:
    came = client.get(f"/v1/articles/{id}")
    assert (came.status_code, came.json()["error"]["code"]) == (404, "unknown_article")


def test_an_article_with_slashes_and_a_hash_is_found(tmp_path: Path) -> None:
    (tmp_path / "a" / "b c").mkdir(parents=True)
    (tmp_path / "a" / "b c" / "two.jsonl").write_text('{"text": "One is here."}\n{"text": "Two is there."}\n', encoding="utf-8")
    service = open_service(Settings(home=tmp_path / "home", model="quotes"))
    with served(serving_app(service)) as address:
        before = httpx.post(f"{address}/v1/ask", json={"question": "Who?"})
        empty = httpx.get(f"{address}/healthz").json()
        service.library.ingest([tmp_path / "a"], prune=False, rebuild=False, progress=None)
        ids = [one["id"] for one in httpx.get(f"{address}/v1/articles").json()["articles"]]
        assert "b c/two.jsonl#2" in ids
        found = httpx.get(f"{address}/v1/articles/b%20c/two.jsonl%232").json()
    service.close()
    assert found["text"] == "Two is there."
    assert (before.status_code, before.json()["error"]["code"], empty["status"]) == (409, "no_articles", "empty")


def test_the_health_tells_of_catalog_index_and_model(client: httpx.Client) -> None:
    came = client.get("/healthz").json()
    HealthRecord.model_validate(came, strict=True, extra="forbid")
    assert (came["status"], came["model"], came["articles"]) == ("ok", "quotes", client.get("/v1/articles").json()["total"])


def test_the_metrics_count_and_name_nobody(client: httpx.Client) -> None:
    client.post("/v1/ask", json={"question": "Who translated the op-ed of Yao?"})
    client.get("/secret-address")
    page = client.get("/metrics").text
    assert 'footnote_requests_total{method="POST",route="/v1/ask",status="200"}' in page
    assert 'footnote_verdicts_total{verdict="quoted"}' in page
    assert 'footnote_request_seconds_bucket{le="0.5",route="/v1/ask"}' in page
    assert "footnote_answers_in_progress 0.0" in page
    assert not [word for word in ("Yao", "secret-address", ".md") if word in page]


def test_the_description_loads_nothing_from_elsewhere(client: httpx.Client) -> None:
    page = client.get("/docs")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "POST /v1/chat/completions" in page.text
    assert not [word for word in ("<script", "<link", "src=", "http") if word in page.text]


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/nothing", 404), ("PUT", "/v1/ask", 405)])
def test_an_address_that_is_not_there_is_an_error_like_any(client: httpx.Client, method: str, path: str, status: int) -> None:
    came = client.request(method, path)
    assert came.status_code == status
    assert set(came.json()["error"]) == {"message", "help", "code"}
