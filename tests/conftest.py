"""What holds for every test: the developer's own settings do not reach it, and Hypothesis does not look at the clock.

Beside that, the real things that several tests share because they take seconds to make: the model, and an index of `seeds/`.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from bot.settings import Settings
from bot.wiring import open_service
from vectorstore.encoding.embed import LocalEncoder
from vectorstore.index import Index
from vectorstore.ingest import manifest_of
from vectorstore.searching.search import Searcher
from vectorstore.storage.home import Home

settings.register_profile("footnote", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("footnote")

# No test reads or writes the keyring of whoever runs it, and no server that a test starts does.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

SEEDS = Path(__file__).parents[1] / "seeds"
_FOR_THE_TESTS = {"FOOTNOTE_REQUIRE_BROWSER", "FOOTNOTE_REQUIRE_STRACE", "FOOTNOTE_CACHE"}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes the settings out of the environment; a test sets those that it is about."""
    for name in os.environ:
        if name in {"PORT", "OPENAI_API_KEY", "OPENAI_BASE_URL"} or (
            name.startswith("FOOTNOTE_") and name not in _FOR_THE_TESTS
        ):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def minilm_encoder() -> LocalEncoder:
    """The real model."""
    return LocalEncoder()


@pytest.fixture(scope="session")
def seeds_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the articles of `seeds/`, as `footnote ingest` makes it; copy it to change it.

    Of the processes that share the tests, the first one makes it and the others copy it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made-seeds"
    with FileLock(shared.with_suffix(".lock")):
        if not shared.exists():
            made = tmp_path_factory.mktemp("making") / "home"
            with closing(open_service(Settings(home=made))) as service:
                service.library.ingest([SEEDS], prune=False, rebuild=False, progress=None)
            # Renamed when it is whole: one that was broken off is made again by the next process.
            made.rename(shared)
    return Path(shutil.copytree(shared, tmp_path_factory.mktemp("seeds") / "home"))


@pytest.fixture(scope="session")
def seeds_index(seeds_home: Path) -> Iterator[Index]:
    """The index of `seeds/`, open for reading."""
    index = Index.open(Home(seeds_home))
    yield index
    index.close()


@pytest.fixture(scope="session")
def seeds_searcher(seeds_index: Index, minilm_encoder: LocalEncoder) -> Searcher:
    """The search over `seeds/`."""
    return Searcher(seeds_index, minilm_encoder, manifest_of(minilm_encoder))
