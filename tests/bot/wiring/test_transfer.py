"""Articles with their vectors, conversations and cases out of one home and into another that has things of its own."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.conversation.history import AskedQuestion, History
from bot.errors import InputError
from bot.evals import cases
from bot.evals.keeping import keep
from bot.json_records import article_record
from bot.settings import load_settings
from bot.types import Answer, Citation
from bot.wiring.service import Service, open_service
from bot.wiring.transfer import ARTICLES, CONTENTS, CONVERSATIONS, PASSAGES
from bot.wiring.transfer_conversations import ConversationImport, conversation_lines
from tests.vectorstore.fake_encoder import FakeEncoder, prose, write
from vectorstore.encoding.embed import Encoded

ASKED_AT = 1_700_000_000.5


class UnwillingEncoder(FakeEncoder):
    """Refuses to embed anything: what is imported brings its vectors along."""

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        raise AssertionError(f"these were embedded again: {texts}")


def opened(home: Path, encoder: FakeEncoder | None = None) -> Service:
    service = open_service(load_settings(home=home, embedding="minilm"))
    service._engine.encoder.made = encoder or FakeEncoder()
    return service


def ingest(service: Service, folder: Path) -> None:
    service.library.ingest([folder], prune=False, rebuild=False, progress=None)


def talk(home: Path) -> None:
    """A conversation with a question that was asked twice, feedback and a review."""
    history = History.open(home, clock=lambda: ASKED_AT)
    conversation = history.create("When did the heron come?")
    first = history.begin(conversation, AskedQuestion("When did the heron come?"), model="quotes")
    cited = Citation(1, "heron.txt", "Heron", 0, 9, "It flew.", "quoted")
    history.save(first, Answer("When did the heron come?", text="It flew [1].", citations=(cited,), status="done"))
    again = history.begin(conversation, AskedQuestion("When did it come?"))
    history.save(again, Answer("When did it come?", text="In May.", status="done"))
    history.opinions.rate(first, "useful", "Good.", "ada")
    history.opinions.review(first, 0, "accepted", "", "ada")
    history.rename(conversation, "Herons")
    history.close()


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a home exports that has two articles, one of them with a tag, a conversation and a case."""
    folder = tmp_path_factory.mktemp("made")
    write(folder / "articles", {"heron.txt": prose("heron", 4), "stork.txt": prose("stork", 2)})
    talk(folder / "home")
    service = opened(folder / "home")
    ingest(service, folder / "articles")
    service.library.label(["heron.txt"], "tag", "birds", True)
    keep(cases.Case("heron", "When did the heron come?", must=("May",)), folder / "home/cases/mine.yaml")
    report = service.transfer.export(folder / "out.zip", article_record)
    service.close()
    assert (report.articles, report.conversations, report.cases, report.notes) == (2, 1, 1, [])
    return folder / "out.zip"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Service]:
    """A home that has an article of its own."""
    service = opened(tmp_path / "home")
    ingest(service, write(tmp_path / "own", {"own.txt": prose("otter", 2)}))
    service._engine.encoder.made = UnwillingEncoder()
    yield service
    service.close()


def test_articles_come_with_their_vectors_and_labels_beside_what_is_there(exported: Path, other: Service) -> None:
    report = other.transfer.take_in(exported)
    assert (report.articles, report.notes) == (2, [])
    assert [one.id for one in other.library.articles()] == ["heron.txt", "own.txt", "stork.txt"]
    assert other.library.labels("tag") == {"birds": 1}
    index = other._engine.index()
    assert (index.dense.count(), index.find_damage("dense")) == (index.catalog.counts()[1], "")


def test_conversations_come_with_branches_times_and_opinions(exported: Path, other: Service) -> None:
    other.transfer.take_in(exported)
    history = other.archive.history()
    (head,) = history.conversations().items
    found = history.conversation(head.id)
    assert found is not None
    assert (head.title, head.created) == ("Herons", datetime.fromtimestamp(ASKED_AT, UTC))
    (first, again) = next(iter(found.branches.values()))
    assert {turn.answer.text for id in (first, again) if (turn := history.turn(id))} == {"It flew [1].", "In May."}
    assert [one.feedback.note for one in history.opinions.ratings().items] == ["Good."]
    assert [one.review.decision for one in history.opinions.reviews().items] == ["accepted"]


def test_a_conversation_stays_that_of_the_person_who_had_it(exported: Path, other: Service, tmp_path: Path) -> None:
    history = History.open(tmp_path / "home")
    conversation = history.owned_by("ada@news.example").create("Whose?")
    history.owned_by("ada@news.example").begin(conversation, AskedQuestion("Whose?"), id="adas")
    history.close()
    other.transfer.export(tmp_path / "adas.zip", article_record)
    (tmp_path / "third").mkdir()
    third = opened(tmp_path / "third")
    third.transfer.take_in(tmp_path / "adas.zip")
    kept = third.archive.everybody()
    assert [len(kept.owned_by(person).conversations().items) for person in ("ada@news.example", "bob@news.example", "")] == [
        1,
        0,
        0,
    ]
    third.close()


def test_what_is_taken_in_twice_is_there_once(exported: Path, other: Service) -> None:
    other.transfer.take_in(exported)
    report = other.transfer.take_in(exported)
    assert (report.articles, report.conversations, report.turns, report.cases) == (0, 0, 0, 0)
    assert dict(report.known) == {"articles": 2, "turns": 2, "cases": 1}
    assert len(other.archive.history().conversations().items) == 1


def test_an_article_of_the_same_id_with_other_words_stays(exported: Path, tmp_path: Path) -> None:
    service = opened(tmp_path / "home")
    ingest(service, write(tmp_path / "own", {"heron.txt": "My own heron."}))
    report = service.transfer.take_in(exported)
    article = service.library.article("heron.txt")
    assert article is not None
    assert (article.text, report.articles, len(report.notes)) == ("My own heron.", 1, 1)
    service.close()


def test_each_member_is_lines_of_json_that_other_programs_read(exported: Path) -> None:
    with ZipFile(exported) as archive:
        lines = {name: archive.read(name).splitlines() for name in (ARTICLES, PASSAGES, CONVERSATIONS)}
        contents = json.loads(archive.read(CONTENTS))
    article, passage, conversation = (json.loads(found[0]) for found in lines.values())
    assert (article["id"], article["labels"]["tags"], contents["dimension"]) == ("heron.txt", ["birds"], 32)
    assert passage["article"] == "heron.txt" and conversation["turns"][0]["answer"]["text"] == "It flew [1]."


@pytest.mark.parametrize(
    "line",
    ["", "null", "[]", '{"title": 1}', '{"title": "a", "created": "2020-01-01", "turns": [{"id": "../x"}]}', "{" * 9000],
)
def test_a_line_that_is_broken_is_noted_and_the_rest_goes_in(exported: Path, other: Service, line: str, tmp_path: Path) -> None:
    with ZipFile(exported) as whole, ZipFile(tmp_path / "broken.zip", "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, f"{line}\n".encode() + whole.read(name) if name == CONVERSATIONS else whole.read(name))
    report = other.transfer.take_in(tmp_path / "broken.zip")
    assert (report.conversations, len(report.notes)) == (1, int(bool(line)))


def test_what_is_no_export_is_refused(tmp_path: Path, other: Service) -> None:
    (tmp_path / "no.zip").write_bytes(b"no zip")
    with pytest.raises(InputError, match="broken"):
        other.transfer.take_in(tmp_path / "no.zip")
    with pytest.raises(InputError, match="There is no file"):
        other.transfer.take_in(tmp_path / "none.zip")


def test_conversations_come_back_to_the_person_whose_they_were(tmp_path: Path) -> None:
    history = History.open(tmp_path / "one")
    ada = history.owned_by("ada@example.org")
    turn = ada.begin(ada.create("Of Ada"), AskedQuestion("Of Ada"))
    ada.save(turn, Answer("Of Ada", text="Yes.", status="done"))
    history.close()
    (line,) = conversation_lines(tmp_path / "one")
    taken = ConversationImport(tmp_path / "two")
    taken.take(line)
    taken.take(line)
    taken.close()
    found = History.open(tmp_path / "two")
    assert [head.title for head in found.owned_by("ada@example.org").conversations().items] == ["Of Ada"]
    assert (found.conversations().items, taken.new, taken.known) == ((), 1, 1)
    found.close()


def test_an_export_into_a_folder_that_is_not_there_names_the_folder(other: Service, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"^There is no folder {tmp_path / 'none'}\.$"):
        other.transfer.export(tmp_path / "none" / "out.zip", article_record)
