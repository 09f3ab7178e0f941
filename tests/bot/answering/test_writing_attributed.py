"""Sentences that a model gives no source for, over the real client: which passage becomes their footnote, and what says so."""

import io

import pytest

from bot.answering.cited import groups, markers
from bot.answering.streamed import after
from bot.answering.writing import Additions, Budget, ModelWriter
from bot.commands.ask import footnotes_text, summary_line
from bot.commands.output import Output
from bot.json_records import answer_record
from bot.models import open_model
from bot.prompting import PromptFolder
from bot.resources import prompts_dir
from bot.settings import Settings
from bot.types import Answer, Done, Token
from bot.verification.verify import Verifier
from tests.bot.answering.written import TEXTS, answered, count, told
from tests.openai_server import KEY, OpenAIServer, Said, words

BORN = "She was born in Riga and never saw it finished."
PAINTED = "The bridge at Ner was painted red."


def test_a_sentence_without_a_source_gets_the_passage_that_carries_it(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words(f"{BORN} It is made of iron [1]."))
    answer = answered(writer)
    assert answer.text == f"{BORN} [2] It is made of iron [1]."
    assert [(c.n, c.found, c.verdict) for c in answer.citations] == [(2, True, "quoted"), (1, False, "quoted")]
    assert [(claim.verdict, claim.citations, claim.better) for claim in answer.claims] == [
        ("quoted", (2,), None),
        ("quoted", (1,), None),
    ]


def test_a_found_footnote_opens_the_words_that_carry_the_sentence(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("Each day 12 trains cross it."))
    (one,) = answered(writer).citations
    assert TEXTS[one.article][one.start : one.end] == one.quote == "It carries 12 trains a day."


def test_what_no_passage_carries_stays_uncited(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words(f"{PAINTED} {BORN}"))
    answer = answered(writer)
    assert answer.text == f"{PAINTED} {BORN} [2]"
    assert [claim.verdict for claim in answer.claims] == ["uncited", "quoted"]


@pytest.mark.parametrize("pieces", [1, 3, 11, 400])
def test_the_page_shows_the_same_text_as_the_answer_has(server: OpenAIServer, writer: ModelWriter, pieces: int) -> None:
    text = f"{BORN} {PAINTED}\n\n- It is made of iron.\n- It carries 12 trains a day [1]. **Ada Brandt drew the plans.**"
    server.script(Said(tuple(text[at : at + pieces] for at in range(0, len(text), pieces))))
    page = Answer("When?", mode="model", status="running")
    for event in told(writer):
        if isinstance(event, Done):
            break
        page = after(page, event)
    assert isinstance(event, Done)
    answer = event.answer
    assert (page.text, page.citations, page.claims) == (answer.text, answer.citations, answer.claims)
    assert [at for _, _, at in markers(page)] == list(range(4))
    assert all(page.text[claim.start : claim.end] == claim.text for claim in page.claims)
    assert [len(group.cited) for group in groups(answer)] == [1, 0, 1, 1, 1]


def test_the_tokens_are_the_models_own_words(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words(f"{BORN} It is made of iron."))
    assert "".join(event.text for event in told(writer) if isinstance(event, Token)) == f"{BORN} It is made of iron."


def test_an_answer_whose_footnotes_were_all_forgotten_is_no_abstention(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words(f"{BORN} The articles do not say who paid for it [0]."))
    assert not answered(writer).abstained


def test_a_sentence_that_says_that_nothing_is_said_is_not_attributed(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words("Wann die Brücke am Ner am 4 May 1931 opened, bleibt offen [0]."))
    answer = answered(writer)
    assert answer.abstained and not answer.citations


def test_json_and_the_command_line_tell_of_what_was_found(server: OpenAIServer, writer: ModelWriter) -> None:
    server.script(words(f"{BORN} It is made of iron [1]."))
    answer = answered(writer)
    record = answer_record("1", answer)
    Output(io.StringIO(), io.StringIO()).record(record)
    assert [one.get("found") for one in record["citations"]] == [True, None]  # type: ignore[attr-defined]
    assert f"quoted, found by Footnote for “{BORN}”" in footnotes_text(answer)
    assert "2 of 2 claims supported, 1 of them by a source that Footnote found." in summary_line(answer)


def test_where_the_model_is_measured_it_gets_no_help(server: OpenAIServer, verifier: Verifier) -> None:
    model = open_model(Settings(openai_base_url=server.address, openai_api_key=KEY, model="openai:fake-model"))
    assert model is not None
    alone = ModelWriter(
        model, PromptFolder(prompts_dir()), verifier, count, Budget(), lambda _in, _out: None, Additions(sources=False)
    )
    server.script(words(BORN))
    answer = answered(alone)
    (claim,) = answer.claims
    assert (answer.text, answer.citations, claim.verdict) == (BORN, (), "uncited")
    assert claim.better is not None and claim.better.n == 2
