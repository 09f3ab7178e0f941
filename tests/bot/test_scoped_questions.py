"""A question's scope on its way to the search, and what comes back of it: on the real index of `seeds/`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.types import Answer, Done, Question, Turn
from bot.wiring import Service, open_service
from vectorstore.errors import QueryError
from vectorstore.types import Scope

OKINAWA = Scope(("okinawa-and-first-island-chain.md",))
ASKED = "What did Elon Musk say about Chinese workers?"
HISTORY = (Turn("user", "Who is Elon Musk?"), Turn("assistant", "The articles do not say."))


@pytest.fixture(scope="module")
def app(seeds_home: Path) -> Iterator[Service]:
    opened = open_service(Settings(home=seeds_home))
    yield opened
    opened.close()


def answered(app: Service, question: Question) -> Answer:
    *_, done = app.chat.stream(question)
    assert isinstance(done, Done)
    return done.answer


@pytest.mark.parametrize("history", [(), HISTORY])
def test_a_search_keeps_to_the_questions_scope(app: Service, history: tuple[Turn, ...]) -> None:
    hits = app.library.search(Question(ASKED, history, OKINAWA), 10).hits
    assert {hit.article for hit in hits} == set(OKINAWA.articles)


@pytest.mark.parametrize("history", [(), HISTORY])
def test_an_answer_keeps_to_the_questions_scope(app: Service, history: tuple[Turn, ...]) -> None:
    passages = answered(app, Question(ASKED, history, OKINAWA)).passages
    assert {passage.article for passage in passages} == set(OKINAWA.articles)


def test_what_the_scope_leaves_out_is_found_without_it(app: Service) -> None:
    assert answered(app, Question(ASKED)).passages[0].article == "musk-on-chinese-workers.md"


def test_a_scope_with_nothing_in_it_is_refused(app: Service) -> None:
    with pytest.raises(QueryError, match=r"^No article is by “Brandt”\. The only author is Footnote editors\.$"):
        app.library.search(Question(ASKED, scope=Scope(authors=("Brandt",))), 5)
