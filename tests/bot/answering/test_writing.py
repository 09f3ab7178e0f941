"""Answers by a model, over the real client and a server on loopback: citations, verdicts, failures, and what is kept."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.cited import markers
from bot.answering.pipeline import Bot
from bot.answering.retrieval import Limits
from bot.answering.streamed import after
from bot.answering.writing import Budget, ModelWriter
from bot.errors import ModelError, RateLimited, WrongKey
from bot.models import open_model
from bot.prompting import PromptFolder
from bot.resources import prompts_dir
from bot.settings import Settings
from bot.types import (
    Answer,
    Cited,
    Condensed,
    Done,
    Judged,
    ModelReading,
    Notice,
    Part,
    Preview,
    Question,
    Retrieved,
    Token,
    Turn,
)
from bot.verification.verify import Verifier
from tests.bot.answering.written import BRIDGE, HARD, TEXTS, Canned, about, answered, count, told
from tests.openai_server import KEY, Failure, OpenAIServer, Said, error, words
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.encoding.late_interaction import TokenSimilarity
from vectorstore.encoding.transformer import TokenVectors


def written_by(name: str, server: OpenAIServer, verifier: Verifier, budget: Budget) -> ModelWriter:
    model = open_model(Settings(openai_base_url=server.address, openai_api_key=KEY, model=f"openai:{name}"))
    assert model is not None
    return ModelWriter(model, PromptFolder(prompts_dir()), verifier, count, budget, lambda _in, _out: None)


@pytest.fixture
def small(server: OpenAIServer, verifier: Verifier) -> ModelWriter:
    """What writes with a model whose name says that it is a small one."""
    return written_by("tiny-1.5b", server, verifier, Budget())


FOLLOW_UP = Question(
    "And who drew it?", (Turn("user", "When did the bridge at Ner open?"), Turn("assistant", "On 4 May 1931."))
)


def test_a_good_answer_is_cited_and_checked(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("The bridge at Ner opened on 4 May 1931 [1]. Ada Brandt drew its plans [2]."))
    answer = answered(writer)
    assert [claim.verdict for claim in answer.claims] == ["quoted", "supported"]
    assert [BRIDGE[c.start : c.end] == c.quote for c in answer.citations[:1]] == [True]
    assert [(c.n, c.article) for c in answer.citations] == [(1, "bridge.md"), (2, "people.md")]
    assert (answer.mode, answer.model, answer.abstained, answer.trouble) == ("model", "openai:fake-model", False, None)


def test_how_many_of_the_passages_the_model_is_given_is_told(server: OpenAIServer, verifier: Verifier) -> None:
    server.script(words("On 4 May 1931 [1]."))
    events = told(written_by("fake-model", server, verifier, Budget(context=1)))
    assert [event.passages for event in events if isinstance(event, ModelReading)] == [1]
    assert [len(event.passages) for event in events if isinstance(event, Retrieved)] == [2]


def test_the_events_tell_of_each_claim_before_the_end(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(Said(("The bridge at Ner opened", " on 4 May 1931 [1", "]. ", "It is made of iron [1].")))
    events = told(writer)
    assert isinstance(events[0], Condensed) and isinstance(events[1], Retrieved) and isinstance(events[-1], Done)
    kinds = [type(event) for event in events if isinstance(event, Cited | Judged)]
    assert kinds == [Cited, Judged, Cited, Judged]
    assert "".join(event.text for event in events if isinstance(event, Token)) == events[-1].answer.text


CODE = "The first is `a[1]`.\n\n```\nvalues = [1, 2]\n```\n\n| Event | Day |\n|---|---|\n| It opened | 4 May 1931 [1] |"


def test_code_keeps_its_brackets_and_a_table_its_footnotes(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words(f"{CODE}\n\nSources:\n[1] Bridge"))
    answer = answered(writer)
    assert answer.text.startswith(CODE) and answer.text.endswith("Sources:\n[1] Bridge")
    assert [(c.n, c.verdict) for c in answer.citations] == [(1, "supported")]
    assert [(start, end) for start, end, _ in markers(answer)] == [(CODE.index(" [1] |") + 1, CODE.index(" [1] |") + 4)]
    assert "Event" not in [claim.text for claim in answer.claims]


def test_the_markers_of_a_stream_stand_where_those_of_the_whole_answer_do(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words(f"It is made of iron. {CODE} It carries 12 trains a day (1)."))
    answer = Answer(HARD.text, mode="model", status="running")
    *events, done = told(writer)
    for event in events:
        answer = after(answer, event)
    assert isinstance(done, Done)
    assert (answer.text, answer.markers) == (done.answer.text, done.answer.markers)


def test_the_citations_are_those_of_the_markers_in_their_order(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(
        words("Ada Brandt drew the plans of the bridge [2][1]. It is made of iron [1]. It carries 12 trains a day [1, 2].")
    )
    answer = answered(writer)
    assert [c.n for c in answer.citations] == [n for claim in answer.claims for n in claim.citations] == [2, 1, 1, 1, 2]
    assert all(answer.text[claim.start : claim.end] == claim.text for claim in answer.claims)
    assert all(TEXTS[c.article][c.start : c.end] == c.quote for c in answer.citations)


def test_a_footnote_opens_exactly_the_words_that_support_its_claim(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("Every day 12 trains cross it [1]. It opened in May 1931 [1]."))
    assert [c.quote for c in answered(writer).citations] == [
        "It carries 12 trains a day.",
        "The bridge at Ner opened on 4 May 1931.",
    ]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The bridge at Ner opened on 4 May 1932 [1].", "number differs"),
        ("It carries 40 trains a day [1].", "number differs"),
        ("The bridge at Ner did not open on 4 May 1931 [1].", "denied"),
        ("The bridge was paid for by a bank in Tallinn [1].", "not found"),
        ("As she put it, “a bridge is a promise kept in iron” [2].", "not found"),
        ("The bridge at Ner opened on 4 May 1931 [9].", "no such passage"),
        ("The bridge at Ner was painted red.", "uncited"),
    ],
)
def test_what_the_words_do_not_carry_is_said(server: OpenAIServer, writer: ModelWriter, text: str, verdict: str) -> None:
    server.script(words(text))
    assert [claim.verdict for claim in answered(writer).claims] == [verdict]


def test_a_number_that_was_never_given_is_a_failed_citation(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("It is made of iron [1][9]."))
    one, nine = answered(writer).citations
    assert one.verdict == "quoted"
    assert (nine.n, nine.verdict, nine.article, nine.quote) == (9, "no such passage", "", "")


def test_a_better_source_is_named(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("Ada Brandt drew the plans of the bridge [1]."))
    (claim,) = answered(writer).claims
    assert claim.verdict in ("not found", "check")
    assert claim.better is not None and (claim.better.n, claim.better.verdict) == (2, "quoted")


def test_a_marker_behind_no_statement_carries_nothing(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("[1]"))
    assert [c.verdict for c in answered(writer).citations] == ["not found"]


@pytest.mark.parametrize(
    "text", ["The articles do not say who paid for it [0].", "The passages do not mention a price.", "文章没有提到票价 [0]。"]
)
def test_an_abstention_is_known(server: OpenAIServer, writer: ModelWriter, text: str) -> None:
    server.script(words(text))
    answer = answered(writer)
    assert answer.abstained and not answer.claims and "[0]" not in answer.text


def test_a_part_that_is_answered_is_no_abstention(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("It is made of iron [1]. The articles do not say who paid for it [0]."))
    answer = answered(writer)
    assert not answer.abstained and len(answer.claims) == 1


def test_nothing_found_is_not_put_to_the_model(server: OpenAIServer, writer: ModelWriter) -> None:
    answer = answered(writer, search=Canned({}))
    assert answer.abstained and server.chats == []


def test_a_search_that_is_not_sure_is_said(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("It is made of iron [1]."))
    assert any("may not answer" in note for note in answered(writer, search=Canned(evidence=0.0)).notes)


def test_tokens_cost_and_times_are_told(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("It is made of iron [1].", usage=(321, 12)))
    answer = answered(writer)
    assert answer.usage == {"input_tokens": 321, "output_tokens": 12, "cost_usd": 0.25}
    assert 0 < answer.ms["first_token"] <= answer.ms["write"]


def test_what_the_server_did_not_count_is_not_made_up(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("It is made of iron [1].", usage=None))
    assert answered(writer).usage == {}


def test_a_small_model_is_given_the_prompt_for_small_models(server: OpenAIServer, small: ModelWriter) -> None:
    server.script(words("It is made of iron [1]."))
    answer = answered(small)
    assert answer.trace is not None and answer.trace.prompt == "answer/small"
    assert server.chats[0]["temperature"] == 0 and server.chats[0]["max_tokens"] == 300
    assert answer.notes[0].startswith("openai:tiny-1.5b is a small model, so it is given a shorter prompt (answer/small)")


def test_a_small_model_is_told_of_once_in_a_conversation(server: OpenAIServer, small: ModelWriter) -> None:
    server.script(words("Who drew the bridge at Ner?"), words("Ada Brandt drew its plans [2]."))
    answer = answered(small, FOLLOW_UP)
    assert answer.trace is not None and answer.trace.prompt == "answer/small" and answer.notes == ()


def test_a_small_model_is_given_the_usual_prompt_where_that_is_wanted(server: OpenAIServer, verifier: Verifier) -> None:
    server.script(words("It is made of iron [1]."))
    answer = answered(written_by("tiny-1.5b", server, verifier, Budget(small=0)))
    assert answer.trace is not None and (answer.trace.prompt, answer.notes) == ("answer/strict", ())


def test_a_prompt_says_how_many_passages_it_is_given(server: OpenAIServer, asking: Callable[[str], ModelWriter]) -> None:
    server.script(words("It is made of iron [1]."))
    assert answered(asking("passages: 1")).notes == ()
    assert server.chats[0]["messages"][-1]["content"].count("<passage ") == 1


def test_quotations_are_there_to_read_before_the_model_is_asked(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("It is made of iron [1]."))
    events = Bot(Canned(), about, Limits(), writer).stream(HARD)
    preview = next(event.answer for event in events if isinstance(event, Preview))
    assert (preview.citations[0].verdict, server.chats) == ("quoted", [])
    assert preview.text.startswith("The model is reading. Meanwhile, word for word from the articles:")


def test_a_follow_up_is_quoted_before_it_is_rewritten(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("Who drew the bridge at Ner?"), words("Ada Brandt drew its plans [2]."))
    events = Bot(Canned(), about, Limits(), writer).stream(FOLLOW_UP)
    assert isinstance(next(events), Preview) and server.chats == []
    events.close()


def test_passages_that_do_not_fit_are_said_and_cannot_be_cited(server: OpenAIServer, verifier: Verifier) -> None:
    settings = Settings(openai_base_url=server.address, openai_api_key=KEY, model="openai:fake-model")
    model = open_model(settings)
    assert model is not None
    small = ModelWriter(model, PromptFolder(prompts_dir()), verifier, count, Budget(context=25), lambda _in, _out: None)
    server.script(words("It is made of iron [1]. She was born in Riga [2]."))
    answer = answered(small)
    assert 'number="2"' not in server.chats[0]["messages"][-1]["content"]
    assert answer.notes == ("1 of 2 passages did not fit into the model's budget.",)
    assert [c.verdict for c in answer.citations] == ["quoted", "no such passage"]


def test_the_answer_s_own_question_is_the_reader_s(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("Who drew the bridge at Ner?"), words("Ada Brandt drew the plans of the bridge [2]."))
    search = Canned()
    answer = answered(writer, FOLLOW_UP, search)
    assert answer.query == search.asked[-1].searched == "Who drew the bridge at Ner?"
    assert "<question>\nAnd who drew it?\n</question>" in server.chats[1]["messages"][-1]["content"]


def test_a_first_question_is_not_rewritten(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("It is made of iron [1]."))
    assert answered(writer).query == HARD.text and len(server.chats) == 1


@pytest.mark.parametrize("reply", [words("Ada Brandt drew the bridge in 1929."), Failure(400, error("No."))])
def test_a_rewriting_that_failed_or_drifted_is_said_and_done_without(
    server: OpenAIServer, writer: ModelWriter, reply: Said | Failure
) -> None:
    server.script(reply, words("Ada Brandt drew the plans of the bridge [2]."))
    answer = answered(writer, FOLLOW_UP)
    assert "bridge at Ner" in answer.query and "1929" not in answer.query
    assert len(answer.notes) == 1 and "read by rules instead" in answer.notes[0]


def test_a_search_in_the_reader_s_words_is_not_rewritten(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("It is made of iron [1]."))
    question = Question(FOLLOW_UP.text, FOLLOW_UP.history, searched="plans of the bridge")
    assert answered(writer, question).query == "plans of the bridge" and len(server.chats) == 1


def test_a_failure_before_the_first_word_is_raised(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(Failure(401, error("Incorrect API key", "invalid_api_key")))
    with pytest.raises(WrongKey):
        told(writer)


def test_what_is_worth_asking_again_is_asked_again(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(Failure(429, error("Slow down"), {"Retry-After": "2"}), words("It is made of iron [1]."))
    events = told(writer)
    assert len(server.chats) == 2
    assert any(isinstance(event, Notice) and "Asking again" in event.text for event in events)


def test_a_limit_that_stays_is_an_error_in_the_end(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(*[Failure(429, error("Slow down"), {"Retry-After": "15"})] * 9)
    with pytest.raises(RateLimited):
        told(writer)


def test_a_stream_that_breaks_off_keeps_what_had_come(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("It is made of iron [1]. It carries 12 trains a day [1].", cut=8))
    answer = answered(writer)
    assert answer.text.startswith("It is made of iron [1]. It carries")
    assert [claim.verdict for claim in answer.claims] == ["quoted"]
    assert answer.trouble is not None and answer.trouble.message


def test_an_answer_at_the_limit_of_tokens_is_marked_as_cut_off(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("It is made of iron [1]. It carries", finish="length"))
    trouble = answered(writer).trouble
    assert trouble is not None and "FOOTNOTE_MAX_ANSWER_TOKENS" in trouble.help


def test_a_refusal_is_said_in_the_server_s_words(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(Said((), refusal="I can't help with that."))
    with pytest.raises(ModelError, match="I can't help with that"):
        told(writer)


def test_a_refusal_after_some_words_marks_them_as_incomplete(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("It is made of iron [1].", refusal="I can't go on."))
    trouble = answered(writer).trouble
    assert trouble is not None and "I can't go on" in trouble.message


def test_a_reader_who_stops_ends_the_request(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("It is made of iron [1]. " * 40, delay=0.02))
    events = Bot(Canned(), about, Limits(), writer).stream(HARD)
    while not isinstance(next(events), Token):
        pass
    events.close()  # type: ignore[attr-defined]  # a generator in truth
    assert server.gone.wait(5)


def test_what_went_to_the_model_and_what_came_back_is_kept_to_the_letter(server: OpenAIServer, writer: ModelWriter) -> None:
    pieces = (
        "  The bridge at Ner",
        " opened on 4 May 1931 [1",
        "][9]. See [here](https://evil.test/x). Nothing on tolls [0].\n",
    )
    server.script(Said(pieces))
    answer = answered(writer)
    assert answer.trace is not None
    assert answer.trace.prompt == "answer/strict"
    assert answer.trace.reply == "".join(pieces)
    assert answer.text != answer.trace.reply
    sent = [(message["role"], message["content"]) for message in server.chats[0]["messages"]]
    assert list(answer.trace.messages) == sent


def test_a_stream_that_breaks_off_leaves_what_had_come(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(Said(("The bridge at Ner opened", " on 4 May 1931 [1", "]."), cut=2))
    answer = answered(writer)
    assert answer.trouble is not None and answer.trace is not None
    assert answer.trace.reply == "The bridge at Ner opened on 4 May 1931 [1"


def test_what_must_be_done_without_is_not_sent(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("It is made of iron [1]."))
    answer = answered(writer, replace(HARD, without=(Part("bridge.md", 0, 5),)))
    assert answer.trace is not None
    assert BRIDGE not in str(answer.trace.messages) and TEXTS["people.md"] in str(answer.trace.messages)
    assert [claim.verdict for claim in answer.claims] == ["not found"]


# What a prompt asks of the model


@pytest.fixture
def asking(server: OpenAIServer, verifier: Verifier, tmp_path: Path) -> Callable[[str], ModelWriter]:
    def with_fields(fields: str) -> ModelWriter:
        for name, version in (("answer", "strict"), ("condense", "plain")):
            text = PromptFolder(prompts_dir()).text(name, version)
            (tmp_path / name).mkdir()
            (tmp_path / name / "own.md").write_text(text.replace("---\n", f"---\n{fields}\n", 1), encoding="utf-8")
        (tmp_path / "in-force.yaml").write_text("answer: own\ncondense: own\n", encoding="utf-8")
        model = open_model(Settings(openai_base_url=server.address, openai_api_key=KEY, model="openai:fake-model"))
        assert model is not None
        return ModelWriter(model, PromptFolder(tmp_path), verifier, count, Budget(answer=500), lambda _in, _out: None)

    return with_fields


def test_a_prompt_s_temperature_is_sent_for_the_answer_and_the_rewriting(
    server: OpenAIServer, asking: Callable[[str], ModelWriter]
) -> None:
    answered(asking("temperature: 0.25"), FOLLOW_UP)
    assert [request["temperature"] for request in server.chats] == [0.25, 0.25]


@pytest.mark.parametrize(
    ("own", "limit", "raised"), [(200, 200, "max_tokens in prompts/answer/own.md"), (800, 500, "FOOTNOTE_MAX_ANSWER_TOKENS")]
)
def test_a_prompt_s_limit_only_lowers_that_of_the_settings(
    server: OpenAIServer, asking: Callable[[str], ModelWriter], own: int, limit: int, raised: str
) -> None:
    server.script(Said(("It is made of iron [1]. It",), finish="length"))
    trouble = answered(asking(f"max_tokens: {own}")).trouble
    assert server.chats[0]["max_tokens"] == limit
    assert trouble is not None and trouble.help == f"Raise {raised}, or ask for less."


def test_a_prompt_s_limit_never_lengthens_the_rewriting(server: OpenAIServer, asking: Callable[[str], ModelWriter]) -> None:
    answered(asking("max_tokens: 400"), FOLLOW_UP)
    assert [request["max_tokens"] for request in server.chats] == [120, 400]


@pytest.fixture
def slow_writer(server: OpenAIServer, minilm_encoder: LocalEncoder) -> ModelWriter:
    """A writer whose answers end before their passages have been read."""

    def encode(texts: Sequence[str]) -> list[TokenVectors]:
        time.sleep(1)
        return minilm_encoder.tokens(texts)

    model = open_model(Settings(openai_base_url=server.address, openai_api_key=KEY, model="openai:fake-model"))
    assert model is not None
    return ModelWriter(
        model, PromptFolder(prompts_dir()), Verifier(TokenSimilarity(encode)), count, Budget(), lambda _in, _out: None
    )


def preparing() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "footnote-prepare"]


def test_no_thread_is_left_by_an_answer_that_ends_early(server: OpenAIServer, slow_writer: ModelWriter) -> None:
    server.script(words("[0]"))
    assert answered(slow_writer).abstained
    assert preparing() == []


def test_no_thread_is_left_when_the_model_fails(server: OpenAIServer, slow_writer: ModelWriter) -> None:
    server.script(Failure(401, error("Incorrect API key", "invalid_api_key")))
    with pytest.raises(WrongKey):
        answered(slow_writer)
    assert preparing() == []


def test_no_thread_is_left_when_nobody_wants_the_rest(server: OpenAIServer, slow_writer: ModelWriter) -> None:
    server.script(words("The bridge at Ner opened on 4 May 1931 [1]."))
    events = Bot(Canned(), about, Limits(), slow_writer).stream(HARD)
    next(event for event in events if isinstance(event, Token))
    events.close()  # type: ignore[attr-defined]
    assert preparing() == []
