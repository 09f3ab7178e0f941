"""Standing questions over a real index: when they are asked again, what they say then, and what a model is spared."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.errors import InputError
from bot.settings import Settings
from bot.types import Question
from bot.wiring import Service, open_service
from bot.wiring.standing import StandingOutcome
from tests.openai_server import KEY, OpenAIServer, words
from vectorstore.types import Scope

WHEN = "When did the bridge at Ner open?"
BRIDGE = "The bridge at Ner opened on 4 May 1931. It carries 12 trains a day.\n"
HARBOUR = "The harbour of Lindmark froze in January. Ferries stayed at their berths for nine days.\n"


@dataclass
class Kept:
    """A service with a folder of articles."""

    service: Service
    folder: Path

    def write(self, name: str, text: str | None) -> None:
        """Writes an article, or removes it, and takes that in."""
        if text is None:
            (self.folder / name).unlink()
        else:
            (self.folder / name).write_text(text)
        self.service.library.ingest([self.folder], prune=True, rebuild=False, progress=None)

    def first(self, question: Question) -> str:
        """Keeps a question and asks it; its id."""
        one = self.service.standing.add(question)
        assert self.service.standing.ask(one.id).first
        return one.id

    def again(self) -> StandingOutcome:
        """The outcome of the one question that is due."""
        (outcome,) = self.service.standing.ask_due()
        return outcome


def kept_in(tmp_path: Path, **given: object) -> Kept:
    folder = tmp_path / "articles"
    folder.mkdir()
    kept = Kept(open_service(Settings(home=tmp_path / "home", embedding="minilm", **given)), folder)  # type: ignore[arg-type]
    (folder / "harbour.md").write_text(HARBOUR)
    kept.write("bridge.md", BRIDGE)
    return kept


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = kept_in(tmp_path)
    yield made
    made.service.close()


@pytest.fixture
def writing(tmp_path: Path, server: OpenAIServer) -> Iterator[Kept]:
    """The same with a model on loopback."""
    made = kept_in(tmp_path, openai_base_url=server.address, openai_api_key=KEY, model="openai:fake-model")
    yield made
    made.service.close()


def test_a_question_is_due_until_it_was_asked(kept: Kept) -> None:
    one = kept.service.standing.add(Question(WHEN))
    assert [due.id for due in kept.service.standing.due()] == [one.id]
    assert kept.service.standing.ask(one.id).first
    assert kept.service.standing.due() == ()


def test_nothing_new_is_said_as_such_and_kept_once(kept: Kept) -> None:
    id = kept.first(Question(WHEN))
    kept.write("mill.md", "The mill at Ostrow was sold for a single crown last week.\n")
    outcome = kept.again()
    assert (outcome.change, outcome.first, outcome.failure) == (None, False, "")
    assert kept.service.standing.due() == ()
    assert outcome.question.changes == 0
    assert outcome.question.id == id


def test_a_changed_article_changes_the_answer_and_breaks_its_footnote(kept: Kept) -> None:
    kept.first(Question(WHEN))
    kept.write("bridge.md", BRIDGE.replace("4 May 1931", "9 June 1932"))
    change = kept.again().change
    assert change is not None
    assert [one.now for one in change.reworded] == ["The bridge at Ner opened on 9 June 1932."]
    assert [(one.article, one.why) for one in change.broken] == [("bridge.md", "words gone")]


def test_an_article_that_went_takes_its_answer_along(kept: Kept) -> None:
    kept.first(Question(WHEN))
    kept.write("bridge.md", None)
    outcome = kept.again()
    assert outcome.change is not None
    assert outcome.change.answered == "no longer"
    assert [one.why for one in outcome.change.broken] == ["article gone"]
    assert outcome.question.changes == 1


def test_a_file_that_went_is_told_once_while_its_article_is_kept(kept: Kept) -> None:
    kept.first(Question(WHEN))
    (kept.folder / "bridge.md").unlink()
    kept.service.library.ingest([kept.folder], prune=False, rebuild=False, progress=None)
    change = kept.again().change
    assert change is not None
    assert ([one.why for one in change.broken], change.gone) == (["file gone"], ())
    (kept.folder / "mill.md").write_text("The mill at Ostrow was sold.\n")
    kept.service.library.ingest([kept.folder], prune=False, rebuild=False, progress=None)
    assert kept.again().change is None


def test_an_article_that_came_brings_an_answer(kept: Kept) -> None:
    kept.first(Question("Who sold the mill at Ostrow?"))
    kept.write("mill.md", "The mill at Ostrow was sold by Ada Brandt for a single crown last week.\n")
    change = kept.again().change
    assert change is not None
    assert change.answered == "now"
    assert any("Ada Brandt" in one for one in change.new)


def test_a_scope_is_kept_to_when_the_question_is_asked_again(kept: Kept) -> None:
    kept.first(Question(WHEN, scope=Scope(articles=("harbour.md",))))
    kept.write("mill.md", "The bridge at Ner opened on 4 May 1931, says the miller.\n")
    assert kept.again().change is None


def test_a_question_that_is_not_kept_cannot_be_asked(kept: Kept) -> None:
    with pytest.raises(InputError, match="no standing question ab12"):
        kept.service.standing.ask("ab12")


def test_a_removed_question_is_not_asked(kept: Kept) -> None:
    one = kept.service.standing.add(Question(WHEN))
    kept.service.standing.remove(one.id)
    assert list(kept.service.standing.ask_due()) == []


def test_no_index_means_that_nothing_is_due(tmp_path: Path) -> None:
    service = open_service(Settings(home=tmp_path / "home"))
    service.standing.add(Question(WHEN))
    assert service.standing.due() == ()
    service.close()


def test_a_model_is_asked_again_only_where_its_passages_changed(writing: Kept, server: OpenAIServer) -> None:
    server.script(words("It opened on 4 May 1931 [1]."))
    writing.first(Question(WHEN, scope=Scope(articles=("bridge.md",))))
    asked = len(server.chats)
    writing.write("harbour.md", HARBOUR.replace("nine", "ten"))
    outcome = writing.again()
    assert (outcome.spared, outcome.change, len(server.chats)) == (True, None, asked)


def test_a_written_answer_says_what_it_cost(writing: Kept, server: OpenAIServer) -> None:
    server.script(words("It opened on 4 May 1931 [1]."))
    id = writing.first(Question(WHEN))
    last = writing.service.standing.questions()[0].last
    assert last is not None
    assert last.answer.usage["output_tokens"] > 0
    assert last.answer.trace is None
    assert id


def test_a_model_that_fails_leaves_the_question_due_and_says_why(tmp_path: Path) -> None:
    kept = kept_in(tmp_path, openai_base_url="http://127.0.0.1:9/v1", openai_api_key=KEY, model="openai:fake-model")
    one = kept.service.standing.add(Question(WHEN))
    outcome = kept.service.standing.ask(one.id)
    assert outcome.failure
    assert [due.failure for due in kept.service.standing.due()] == [outcome.failure]
    kept.service.close()
