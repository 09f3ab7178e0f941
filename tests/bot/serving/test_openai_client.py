"""The `openai` package as a client of `/v1/chat/completions`: whole and streamed, with citations, usage and errors."""

from collections.abc import Iterator

import httpx
import openai
import pytest

from bot.serving.responses import CompletionRecord, ModelListRecord
from bot.types import Done, Question
from bot.wiring import Service

ASKED = "Who translated the op-ed?"


@pytest.fixture(scope="module")
def chat(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def answer(quoting_service: Service) -> str:
    *_, done = quoting_service.chat.stream(Question(ASKED))
    assert isinstance(done, Done)
    return done.answer.text


def test_a_completion_has_its_citations_as_annotations(chat: openai.OpenAI, answer: str) -> None:
    came = chat.chat.completions.create(model="footnote", messages=[{"role": "user", "content": ASKED}])
    message = came.choices[0].message
    assert (message.content, came.choices[0].finish_reason) == (answer, "stop")
    cited = [one.url_citation for one in message.annotations or []]
    assert [answer[one.start_index : one.end_index] for one in cited] == [
        one.model_extra["quote"] for one in cited if one.model_extra
    ]
    assert httpx.get(cited[0].url).json()["title"] == cited[0].title
    assert came.usage and came.usage.total_tokens == 0
    CompletionRecord.model_validate(came.model_dump(exclude_unset=True), extra="ignore")


def test_a_streamed_completion_is_the_same(chat: openai.OpenAI, answer: str) -> None:
    options: dict[str, bool] = {"include_usage": True}
    asked = [{"role": "user", "content": ASKED}]
    chunks = list(chat.chat.completions.create(model="quotes", messages=asked, stream=True, stream_options=options))  # type: ignore[call-overload]
    told = [one.choices[0] for one in chunks if one.choices]
    assert "".join(one.delta.content or "" for one in told) == answer
    assert (told[0].delta.role, told[-1].finish_reason, chunks[-1].usage.total_tokens) == ("assistant", "stop", 0)
    assert len(told) > 3
    annotations = told[-1].delta.model_extra["annotations"]
    cited = [one["url_citation"] for one in annotations]
    assert [answer[one["start_index"] : one["end_index"]] for one in cited] == [one["quote"] for one in cited]
    assert chunks[-2].model_extra["footnote"]["answer"] == answer


def test_the_messages_before_are_the_history(chat: openai.OpenAI) -> None:
    came = chat.chat.completions.create(
        model="footnote",
        temperature=0.2,
        messages=[
            {"role": "system", "content": "You are a pirate."},
            {"role": "user", "content": "Who wrote about the Gogoro scooters?"},
            {"role": "assistant", "content": "Somebody."},
            {"role": "user", "content": [{"type": "text", "text": "And when?"}]},
        ],
        extra_body={"scope": {"articles": ["new-space-race.md"]}},
    )
    record = (came.model_extra or {})["footnote"]
    assert (record["question"], "Gogoro" in record["query"]) == ("And when?", True)
    assert {one["article"] for one in record["passages"]} <= {"new-space-race.md"}


def test_the_models_are_listed(chat: openai.OpenAI, address: str) -> None:
    assert [one.id for one in chat.models.list()] == ["footnote", "quotes"]
    ModelListRecord.model_validate(httpx.get(f"{address}/v1/models").json(), strict=True, extra="forbid")


def test_errors_are_those_of_openais_protocol(chat: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as unknown:
        chat.chat.completions.create(model="gpt-9", messages=[{"role": "user", "content": ASKED}])
    assert (unknown.value.code, unknown.value.type, unknown.value.param) == ("unknown_model", "invalid_request_error", "model")
    assert "There is no model called gpt-9." in unknown.value.message
    with pytest.raises(openai.BadRequestError, match="The last message asks nothing"):
        chat.chat.completions.create(model="footnote", messages=[{"role": "system", "content": ASKED}])
    with pytest.raises(openai.BadRequestError, match="“n” is not as it should be"):
        chat.chat.completions.create(model="footnote", n=2, messages=[{"role": "user", "content": ASKED}])
