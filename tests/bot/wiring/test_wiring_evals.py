"""Evaluations on a real index and over the real client: what a setup answers with, and with what it is cached."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import InputError, SettingsError
from bot.evals import cases, setups
from bot.evals.records import AnswerCheck, Case, Run, Setup
from bot.evals.robustness import removal_effect, shuffle_effect
from bot.evals.runner import run
from bot.evals.setup_files import SetupRequest
from bot.evals.setups import PassageChange
from bot.evals.store import RunStore
from bot.settings import Settings
from bot.types import Done, Question, Turn
from bot.wiring import Service, open_service
from tests.openai_server import KEY, OpenAIServer, words

STARTER = cases.load(cases.STARTER)
SOME = tuple(one for one in STARTER if one.history)[:4] + STARTER[:6] + tuple(one for one in STARTER if one.abstain)[:3]
FACT = next(one for one in STARTER if one.cites and not one.history)
PROMPT = "---\nvariables: [passages, question]\ntemperature: 0.2\nmax_tokens: 77\n---\n# user\nMine. $passages $question\n"


@pytest.fixture(scope="module")
def home(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(seeds_home, tmp_path_factory.mktemp("evals") / "home"))


@pytest.fixture(scope="module")
def app(home: Path) -> Iterator[Service]:
    opened = open_service(Settings(home=home))
    yield opened
    opened.close()


@pytest.fixture
def written(home: Path, server: OpenAIServer) -> Iterator[Service]:
    """An app with a model that has a server."""
    opened = open_service(Settings(home=home, openai_base_url=server.address, openai_api_key=KEY, model="openai:fake-model"))
    yield opened
    opened.close()


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "evals")


def made(app: Service, store: RunStore, setup: Setup, these: tuple[Case, ...] = SOME) -> Run:
    return run(store.begin(these, setup), app.lab.evaluating(setup), store)


def answer_of(app: Service, setup: Setup, question: Question) -> Done:
    done = list(app.lab.answerer(setup)(question))[-1]
    assert isinstance(done, Done)
    return done


def test_quotations_are_the_same_on_passages_that_are_held_still(app: Service, store: RunStore) -> None:
    searched = made(app, store, app.lab.setup())
    frozen = made(app, store, setups.frozen_to(app.lab.setup(), searched.id))
    alike = ("query", "text", "abstained", "confidence", "claims", "citations", "passages")
    for before, after in zip(searched.results, frozen.results, strict=True):
        assert before.answer and after.answer
        assert [getattr(before.answer, name) for name in alike] == [getattr(after.answer, name) for name in alike]


def test_a_question_about_the_collection_is_answered_as_in_the_chat(app: Service) -> None:
    question = Question("How many articles are there?")
    (chat,) = [event for event in app.chat.stream(question) if isinstance(event, Done)]
    assert answer_of(app, app.lab.setup(), question).answer.text == chat.answer.text
    assert f"There are {len(app.library.articles())} articles here" in chat.answer.text


def test_passages_that_are_held_still_need_no_index(app: Service, store: RunStore, tmp_path: Path) -> None:
    searched = made(app, store, app.lab.setup(), (FACT,))
    bare = open_service(Settings(home=tmp_path / "nothing"))
    setup = setups.frozen_to(bare.lab.setup(), searched.id)
    (result,) = made(bare, store, setup, (FACT,)).results
    assert result.answer and searched.results[0].answer and result.answer.text == searched.results[0].answer.text


def test_citations_follow_shuffled_and_removed_passages(app: Service, store: RunStore) -> None:
    plain = made(app, store, app.lab.setup(), (FACT,))
    shuffled = made(app, store, setups.with_changed_passages(app.lab.setup(), plain.id, PassageChange(shuffled=3)), (FACT,))
    without = made(app, store, setups.with_changed_passages(app.lab.setup(), plain.id, PassageChange(removed=True)), (FACT,))
    moved, gone = shuffle_effect(plain, shuffled), removal_effect(plain, without)
    assert moved.moved == moved.followed > 0
    assert {change.kind for _, change in gone.changes} == {"gone"}
    given = [
        [one.text for one in each.results[0].answer.passages] for each in (plain, shuffled, without) if each.results[0].answer
    ]
    assert given[0] != given[1] and sorted(given[0]) == sorted(given[1])
    assert len(given[2]) < len(given[0])


def test_every_result_has_its_scores(app: Service, store: RunStore) -> None:
    (result,) = made(app, store, app.lab.setup(), (FACT,)).results
    assert result.scores["passed"].value == 1.0
    assert result.scores["tokens"].value is None and result.scores["tokens"].why


def test_the_index_is_told_by_what_is_in_it(app: Service, home: Path, tmp_path: Path) -> None:
    other = open_service(Settings(home=Path(shutil.copytree(home, tmp_path / "other"))))
    same = other.lab.setup().index
    other.library.remove([FACT.cites[0].article])
    assert app.lab.setup().index == same != other.lab.setup().index
    other.close()


def test_a_prompt_without_a_model_is_refused_with_what_to_do(app: Service) -> None:
    with pytest.raises(InputError) as caught:
        app.lab.setup(prompt="strict")
    assert "needs a model" in caught.value.message and "--model" in caught.value.help


def test_a_model_without_a_key_is_told_of_before_anything_is_asked(app: Service) -> None:
    with pytest.raises(SettingsError, match="needs a key"):
        app.lab.setup("openai:gpt-4.1-mini")


def test_a_setup_names_its_model_and_its_prompt(written: Service) -> None:
    setup = written.lab.setup(prompt="terse")
    assert (setup.model, setup.prompt) == ("openai:fake-model", "answer/terse")
    assert setup.prompt_text == written.lab.prompt_files().text("answer", "terse")


def test_the_model_is_sent_exactly_what_the_setup_says(written: Service, server: OpenAIServer) -> None:
    server.script(words("It says so [1]."))
    setup = replace(written.lab.setup(), prompt="answer/never-saved", prompt_text=PROMPT, temperature=0.9, max_tokens=500)
    answer = answer_of(written, setup, Question(FACT.question)).answer
    body = server.chats[-1]
    assert body["messages"][0]["content"].startswith("Mine. <passage")
    assert (body["temperature"], body["max_tokens"]) == (0.9, 77)
    assert answer.trace and answer.trace.prompt == "answer/never-saved"


def test_another_server_or_another_budget_is_another_basis(written: Service, home: Path, server: OpenAIServer) -> None:
    setup = written.lab.setup()
    other = open_service(
        Settings(home=home, openai_base_url=server.address, openai_api_key=KEY, model="openai:fake-model", context_tokens=500)
    )
    assert written.lab.evaluating(setup).basis != other.lab.evaluating(setup).basis
    assert written.lab.evaluating(setup).basis == written.lab.evaluating(setup).basis
    other.close()


def test_a_frozen_follow_up_is_not_rewritten_again(
    written: Service, app: Service, store: RunStore, server: OpenAIServer
) -> None:
    follow_up = next(one for one in STARTER if one.history)
    before = made(app, store, app.lab.setup(), (follow_up,))
    made(written, store, setups.frozen_to(written.lab.setup(), before.id), (follow_up,))
    assert len(server.chats) == 1


def test_cases_are_drafted_by_rules_or_by_a_model(app: Service, written: Service, server: OpenAIServer) -> None:
    assert len(app.lab.drafted(2)) == 2 and server.chats == []
    written.lab.drafted(1, "openai:fake-model")
    assert server.chats


def test_every_knob_of_a_set_up_reaches_the_server(written: Service, server: OpenAIServer) -> None:
    request = SetupRequest(prompt="terse", condense="small", temperature=0.7, seed=7, k=2, max_tokens=55)
    setup = written.lab.requested(request)
    assert (setup.prompt, setup.condense, setup.passages) == ("answer/terse", "condense/small", 2)
    server.script(words("Who translated the op-ed?"), words("The op-ed was translated [1]."))
    history = (Turn("user", "What of the op-ed?"), Turn("assistant", "It was translated."))
    done = answer_of(written, setup, Question("Who translated it?", history))
    rewrite, answer = server.chats
    assert written.lab.prompt_files().load("condense", "small").messages[0][1][:40] in str(rewrite["messages"][0]["content"])
    assert (answer["temperature"], answer["seed"], rewrite["seed"]) == (0.7, 7, 7) and len(done.answer.passages) == 2
    assert 55 in (answer.get("max_tokens"), answer.get("max_completion_tokens"))


def test_a_judge_is_asked_by_its_prompt(written: Service, store: RunStore, server: OpenAIServer) -> None:
    case = replace(
        FACT, checks=(AnswerCheck("judge", "It names the translator.", 0.5), AnswerCheck("similar", "The op-ed.", 0.9))
    )
    setup = written.lab.judged(written.lab.setup("quotes"))
    server.script(words("It names nobody.\nVERDICT: FAIL"))
    (result,) = made(written, store, setup, (case,)).results
    assert result.scores["check.0"].why == "The judge does not find “It names the translator.”: It names nobody."
    assert (result.value("check.1") or 0) < 0.9 and result.value("checks") == result.value("passed") == 0.0
    assert setup.judge == "openai:fake-model" and "<criterion>" in str(server.chats[0]["messages"])


def test_what_no_setup_can_have_is_told_before_anything_is_asked(app: Service) -> None:
    with pytest.raises(InputError, match="Quotations have no seed"):
        app.lab.requested(SetupRequest(seed=1))
    with pytest.raises(InputError, match="to be judged by a model, and none is chosen"):
        app.lab.judged(app.lab.setup())


def test_another_size_of_chunks_has_an_index_of_its_own_that_can_be_removed(app: Service, store: RunStore) -> None:
    small, plain = app.lab.requested(SetupRequest(model="quotes", chunk=60)), app.lab.setup("quotes")
    assert small.index != plain.index
    longest = []
    for setup in (small, plain):
        answer = made(app, store, setup, (FACT,)).results[0].answer
        assert answer is not None
        longest.append(max(len(passage.text) for passage in answer.passages))
    assert longest[0] < longest[1]
    indexes = app.lab.evaluation_indexes()
    assert app.lab.requested(SetupRequest(model="quotes", chunk=60)) == small  # which makes none anew
    assert (indexes.stored().count, indexes.remove().count, indexes.stored().count) == (1, 1, 0)


def test_an_index_that_cannot_be_is_refused_before_it_is_made(app: Service) -> None:
    with pytest.raises(InputError, match="no encoder “nobody's”"):
        app.lab.requested(SetupRequest(model="quotes", encoder="nobody's"))
