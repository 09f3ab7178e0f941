"""The class `Footnote`: what it gives, what it refuses, and that it can be had by name without waiting for anything else."""

import subprocess
import sys
from pathlib import Path

import pytest

import bot
from bot import ArticlesError, Footnote, FootnoteError, InputError, Scope, SettingsError, Turn
from bot.errors import ModelError
from tests.openai_server import KEY, OpenAIServer, words
from vectorstore.errors import IndexMissing, QueryError

QUESTION = "When was the Japan-Taiwan Co-prosperity Leader Alliance launched?"
ALLIANCE = "co-prosperity-leader-alliance.md"


def test_every_public_name_is_there() -> None:
    assert all(getattr(bot, name) is not None for name in bot.__all__)
    assert set(bot.__all__) <= set(dir(bot))
    with pytest.raises(AttributeError, match="has no attribute 'Footnotes'"):
        _ = bot.Footnotes  # type: ignore[attr-defined]


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, bot; print([name for name in ('pydantic', 'langchain_core', 'sqlalchemy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_class_alone_imports_no_langchain() -> None:
    code = "import sys; from bot import Footnote; print('langchain_core' in sys.modules, 'chromadb' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


def test_options_are_the_settings(door_home: Path) -> None:
    with Footnote(door_home, quotes=1) as footnote:
        assert len(footnote.ask(QUESTION).citations) == 1


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(SettingsError, match="There is no setting called colour"):
        Footnote(colour="red")


def test_history_makes_a_follow_up_whole(footnote: Footnote) -> None:
    said = footnote.ask(QUESTION).text
    pairs = footnote.ask("Where was it launched?", history=[("user", QUESTION), ("assistant", said)])
    turns = footnote.ask("Where was it launched?", history=[Turn("user", QUESTION), Turn("assistant", said)])
    assert pairs.citations == turns.citations
    assert pairs.citations[0].article == ALLIANCE


@pytest.mark.parametrize("history", [[("system", "Be brief.")], ["Who?"], [("user", 7)]])
def test_a_history_of_another_form_is_refused(footnote: Footnote, history: list[tuple[str, str]]) -> None:
    with pytest.raises(InputError, match="The history must be turns"):
        footnote.ask(QUESTION, history=history)


def test_articles_and_a_scope_hold_together(footnote: Footnote) -> None:
    scope = Scope(since="1900")
    found = footnote.search(QUESTION, 3, articles=["new-space-race.md"], scope=scope).hits
    assert {hit.article for hit in found} == {"new-space-race.md"}


@pytest.mark.parametrize("ask", [Footnote.ask, Footnote.search])
@pytest.mark.parametrize("text", ["", " \n", "\ud800"])
def test_a_question_without_words_is_refused(footnote: Footnote, ask: object, text: str) -> None:
    assert callable(ask)
    with pytest.raises(InputError, match=r"^The question is (missing or empty|not valid Unicode)\.$"):
        ask(footnote, text)


def test_less_than_one_passage_is_refused(footnote: Footnote) -> None:
    with pytest.raises(InputError, match="at least one passage"):
        footnote.search(QUESTION, 0)


@pytest.mark.parametrize(("claim", "source"), [(" ", "It rained."), ("It rained.", "")])
def test_a_claim_wants_a_source(footnote: Footnote, claim: str, source: str) -> None:
    with pytest.raises(InputError, match="is missing or empty"):
        footnote.verify(claim, source)


def test_an_error_of_the_index_is_footnotes_own(tmp_path: Path) -> None:
    with Footnote(tmp_path / "none") as footnote, pytest.raises(FootnoteError) as raised:
        footnote.ask(QUESTION)
    assert isinstance(raised.value, ArticlesError)
    assert isinstance(raised.value.__cause__, IndexMissing)
    assert raised.value.help == "Run `footnote ingest PATH` first."


def test_an_unknown_article_is_named(footnote: Footnote) -> None:
    with pytest.raises(ArticlesError, match=r"none\.md") as raised:
        footnote.ask(QUESTION, articles=["none.md"])
    assert isinstance(raised.value.__cause__, QueryError)


def test_a_model_that_fails_is_a_model_error(door_home: Path, server: OpenAIServer) -> None:
    with (
        Footnote(door_home, model="openai:fake-model", openai_base_url=server.address, openai_api_key="wrong") as footnote,
        pytest.raises(ModelError),
    ):
        footnote.ask(QUESTION)


def test_a_second_opinion_is_asked_for_where_it_is_set(door_home: Path, server: OpenAIServer) -> None:
    server.script(words("1 | Dec. 23 | Yes"))
    model = {"model": "openai:fake-model", "openai_base_url": server.address, "openai_api_key": KEY}
    with Footnote(door_home, second_opinion=True, **model) as footnote:
        found = list(footnote.check("The launch took place in Tokyo on Dec. 23, to the joy of many guests from abroad."))
    assert [one.opinion.model for one in found if one.opinion] == ["openai:fake-model"]


def test_nothing_to_ingest_is_refused(footnote: Footnote) -> None:
    with pytest.raises(InputError, match="nothing to ingest"):
        footnote.ingest([])


def test_several_files_are_taken_in_and_told_of(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("The bridge at Ner opened on 4 May 1931.")
    told = list[str]()
    with Footnote(tmp_path / "home") as footnote:
        report = footnote.ingest([tmp_path / "one.txt", tmp_path / "two.txt"], progress=lambda what, *_: told.append(what))
        assert [article.id for article in footnote.articles()] == ["one.txt"]
    assert report.added == ("one.txt",)
    assert [Path(failure.where).name for failure in report.failed] == ["two.txt"]
    assert told
