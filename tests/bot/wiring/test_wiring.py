"""The composition root on real homes: what it opens and when, and what it says when something stands in the way."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings, load_settings
from bot.types import Checked, Citation, Done, Question
from bot.wiring import Service, open_service, shared_service
from vectorstore.errors import IndexMissing, QueryError
from vectorstore.types import EVERYWHERE, Scope

DOUBTFUL = Checked("It was in Tokyo.", 0, 16, "check", Citation(1, "co-prosperity-leader-alliance.md", "", 0, 9, "", "check"))
HEAVY = ("chromadb", "tantivy", "onnxruntime", "onnx", "langchain", "langchain_core", "langchain_openai", "openai", "streamlit")
LAUNCH = "When was the Japan-Taiwan Co-prosperity Leader Alliance launched?"


def app_of(home: Path, **given: object) -> Service:
    return open_service(Settings(home=home, **given))  # type: ignore[arg-type]


@pytest.fixture
def home(seeds_home: Path, tmp_path: Path) -> Path:
    """A copy of the index of `seeds/`."""
    return Path(shutil.copytree(seeds_home, tmp_path / "home"))


@pytest.fixture
def app(home: Path) -> Iterator[Service]:
    opened = app_of(home)
    yield opened
    opened.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Service]:
    """An app whose home is not there yet."""
    opened = app_of(tmp_path / "nothing" / "here")
    yield opened
    opened.close()


@pytest.fixture
def bridge(tmp_path: Path) -> Path:
    file = tmp_path / "bridge.txt"
    file.write_text("The bridge at Ner opened on 4 May 1931. It carries 12 trains a day.")
    return file


def loaded_by(code: str, cwd: Path) -> set[str]:
    """The modules that a new process has loaded after this code."""
    script = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    env = {"PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run([sys.executable, "-c", script], cwd=cwd, env=env, capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_importing_the_wiring_loads_nothing_heavy(tmp_path: Path) -> None:
    assert loaded_by("import bot.wiring", tmp_path).isdisjoint(HEAVY)


def test_opening_an_app_makes_nothing(tmp_path: Path) -> None:
    app_of(tmp_path / "home").close()
    assert list(tmp_path.iterdir()) == []


def test_a_service_is_opened_from_the_environment(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", str(home))
    service = shared_service()
    assert service.library.has_index()
    service.close()


def test_a_missing_home_has_no_index_and_is_not_made(fresh: Service, tmp_path: Path) -> None:
    assert not fresh.library.has_index()
    assert list(tmp_path.iterdir()) == []


def test_a_home_with_articles_has_an_index(app: Service) -> None:
    assert app.library.has_index()


def test_a_home_whose_articles_are_all_gone_has_no_index(fresh: Service, bridge: Path) -> None:
    fresh.library.ingest([bridge], prune=False, rebuild=False, progress=None)
    fresh.library.remove(["bridge.txt"])
    assert not fresh.library.has_index()


def test_nothing_stands_in_the_way_of_a_sound_index(app: Service) -> None:
    assert app.library.problem() is None


def test_a_missing_index_is_a_problem_with_a_cure(fresh: Service) -> None:
    assert fresh.library.problem() == (
        "There are no articles here yet.",
        "Run `footnote ingest PATH` with a folder of your articles.",
    )


def test_an_index_made_otherwise_is_a_problem_with_a_cure(home: Path) -> None:
    app = app_of(home, chunk_tokens=100)
    problem = app.library.problem()
    app.close()
    assert problem is not None
    assert problem[0].startswith("The index was made differently: the chunker is")
    assert "footnote ingest --rebuild" in problem[1]


def test_an_embedding_without_its_key_is_a_problem_with_a_cure(home: Path) -> None:
    app = app_of(home, embedding="openai:text-embedding-3-small")
    problem = app.library.problem()
    app.close()
    assert problem is not None
    assert problem[0] == "FOOTNOTE_EMBEDDING is openai:text-embedding-3-small, which needs a key."


def test_a_broken_catalog_is_a_problem_with_a_cure(home: Path) -> None:
    (home / "catalog.sqlite").write_bytes(b"this is no database" * 100)
    app = app_of(home)
    problem = app.library.problem()
    app.close()
    assert problem is not None
    assert "catalog" in problem[0].lower()
    assert problem[1]


def test_searching_a_missing_home_is_refused(fresh: Service) -> None:
    with pytest.raises(IndexMissing, match=r"^There is no index in "):
        fresh.library.search(Question("When?"), 3)


def test_ingested_articles_can_be_listed_read_and_asked(fresh: Service, bridge: Path) -> None:
    report = fresh.library.ingest([bridge], prune=False, rebuild=False, progress=None)
    assert report.added == ("bridge.txt",)
    assert [one.id for one in fresh.library.articles()] == ["bridge.txt"]
    article = fresh.library.article("bridge.txt")
    assert article is not None
    assert article.text == bridge.read_text()
    *_, done = fresh.chat.stream(Question("When did the bridge open?"))
    assert isinstance(done, Done)
    assert done.answer.citations[0].quote == "The bridge at Ner opened on 4 May 1931."


def test_an_article_that_is_not_there_is_none(app: Service) -> None:
    assert app.library.article("nothing.md") is None


def test_the_articles_in_a_scope_are_counted(app: Service) -> None:
    one = app.library.articles()[0]
    assert (app.library.within(Scope((one.id,))), app.library.within(EVERYWHERE)) == (1, len(app.library.articles()))


def test_a_scope_that_makes_no_sense_is_refused(app: Service) -> None:
    with pytest.raises(QueryError, match="is not a date"):
        app.library.within(Scope(since="soon"))


def test_what_is_searched_is_told(app: Service) -> None:
    result = app.library.search(Question(LAUNCH), 3)
    assert (result.query, len(result.hits), result.notes) == (LAUNCH, 3, ())
    assert "total" in result.ms


def test_progress_is_told_file_by_file(fresh: Service, bridge: Path) -> None:
    told: list[tuple[str, int, int]] = []
    fresh.library.ingest([bridge], prune=False, rebuild=False, progress=lambda *at: told.append(at))
    assert told[0][1:] == (1, 1)
    assert told[0][0].startswith("Reading ")
    assert told[-1] == ("Done", 1, 1)


def test_a_rebuild_without_paths_takes_in_the_stored_articles_anew(home: Path) -> None:
    app = app_of(home, chunk_tokens=100)
    report = app.library.ingest([], prune=False, rebuild=True, progress=None)
    assert len(report.changed) == len(app.library.articles())
    assert app.library.problem() is None
    assert app.library.search(Question(LAUNCH), 1).hits
    app.close()


def test_removed_articles_are_not_found(app: Service) -> None:
    (hit,) = app.library.search(Question(LAUNCH), 1).hits
    app.library.remove([hit.article])
    assert app.library.article(hit.article) is None
    assert hit.article not in {one.article for one in app.library.search(Question(LAUNCH), 10).hits}


def test_examples_are_thought_of_once_for_each_state_of_the_index(app: Service, bridge: Path) -> None:
    first = app.chat.examples()
    assert app.chat.examples() is first
    app.library.ingest([bridge], prune=False, rebuild=False, progress=None)
    assert app.chat.examples() is not first


def test_a_sound_index_is_diagnosed_as_sound(app: Service) -> None:
    assert [finding.name for finding in app.library.diagnose() if not finding.ok] == []


def test_repairing_mends_what_is_missing(home: Path) -> None:
    (folder,) = home.glob("lexical-*")
    shutil.rmtree(folder)
    app = app_of(home)
    assert [finding.name for finding in app.library.diagnose() if not finding.ok] == ["lexical"]
    assert [finding.name for finding in app.library.repair() if not finding.ok] == []
    app.close()


def test_answers_are_quotations(app: Service) -> None:
    assert app.chat.mode() == "quotes"


def test_an_app_can_be_closed_before_anything_was_opened(tmp_path: Path) -> None:
    app = open_service(load_settings(home=tmp_path))
    app.close()
    assert list(tmp_path.iterdir()) == []


def test_the_prompts_are_those_of_the_folder_that_is_set(tmp_path: Path) -> None:
    (tmp_path / "mine" / "answer").mkdir(parents=True)
    (tmp_path / "mine" / "answer" / "own.md").write_text(
        "---\nvariables: [passages, question]\n---\n# user\n$passages $question\n"
    )
    (tmp_path / "mine" / "in-force.yaml").write_text("answer: own\n")
    service = app_of(tmp_path / "home", prompts=str(tmp_path / "mine"))
    answer = next(one for one in service.lab.prompts() if one.name == "answer")
    assert (answer.in_force, [one.version for one in answer.versions]) == ("own", ["own"])


def test_without_a_model_there_is_no_second_opinion_and_that_is_said(home: Path) -> None:
    advice = app_of(home, second_opinion=True).drafts.advise([DOUBTFUL])
    assert (advice.checked, advice.note) == ((DOUBTFUL,), "There is no second opinion: no model is set.")
