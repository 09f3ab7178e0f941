"""llama.cpp and its server in an environment of their own, built once from the package index."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.local_model.fetching import LocalModelError, pip_reason
from tests.local_model.progress import ProgressBar

COMPILERS = ("c++", "g++", "clang++", "cl")
NEEDED = 1_500_000_000
"""Bytes that an environment and the build of llama.cpp take."""
TICK = 0.5
"""Seconds between two looks at the build."""
PROCESSORS = Path("/proc/cpuinfo")
WITHOUT_AMX = "-DGGML_NATIVE=OFF -DGGML_AVX512=ON -DGGML_AVX512_VBMI=ON -DGGML_AVX512_VNNI=ON"
"""What the other instructions of a processor with AMX are used by. Built for AMX, llama.cpp 0.3.36 ends with an illegal
instruction (`tilezero`) at the first question, as its threads have not set the tiles up."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The package that serves a model; `compiled`: its build needs a compiler."""

    requirement: str = "llama-cpp-python[server]==0.3.36"
    compiled: bool = True


def build_arguments(processors: Path = PROCESSORS) -> str:
    """What CMake is told to build for this machine, by what its processors can do; "" leaves it to llama.cpp."""
    try:
        flags = processors.read_text(encoding="utf-8", errors="replace").split()
    except OSError:
        # Only Linux tells it in a file.
        return ""
    return WITHOUT_AMX if "amx_tile" in flags else ""


def prepared_engine(engine: Engine, folder: Path) -> Path:
    """The Python of the environment that has the engine, made unless it is there; raises LocalModelError."""
    place = folder / "engine"
    python, stamp = place / "bin" / "python", place / "installed"
    arguments = build_arguments() if engine.compiled else ""
    # The stamp is written last, so a build that was interrupted is made again, as is one that was made in another way.
    made_of = " ".join(filter(None, (engine.requirement, arguments)))
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == made_of:
        return python
    _check_compiler(engine)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (free := shutil.disk_usage(folder).free) < NEEDED:
            raise LocalModelError(
                f"llama.cpp needs {NEEDED / 1e9:.1f} GB in {folder} while it is built, where {free / 1e9:.1f} GB are free. "
                "Make room, or set FOOTNOTE_CACHE to a folder on another disk."
            )
        _make_environment(place)
        _install(engine, python, folder / "engine.log", arguments)
        stamp.write_text(made_of, encoding="utf-8")
    except OSError as error:
        raise LocalModelError(f"llama.cpp cannot be put into {place}: {error.strerror or error}.") from error
    return python


def _check_compiler(engine: Engine) -> None:
    """A missing compiler is told before anything is fetched, as pip tells it at the end of three hundred lines."""
    if engine.compiled and not any(map(shutil.which, COMPILERS)):
        raise LocalModelError(
            "llama.cpp is built from source, and there is no C++ compiler here. "
            "Install one (Debian and Ubuntu: apt install build-essential; macOS: xcode-select --install), then start again."
        )


def _make_environment(place: Path) -> None:
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], capture_output=True, text=True, check=False)
    if made.returncode:
        raise LocalModelError(
            f"{sys.executable} cannot make an environment: its module venv or ensurepip is missing. "
            "Install it (Debian and Ubuntu: apt install python3-venv), then start again."
        )


def _install(engine: Engine, python: Path, log: Path, arguments: str) -> None:
    """Has pip build and install the engine, and tells how long that has taken; CMake is told these arguments."""
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off", engine.requirement]
    bar = ProgressBar("Building llama.cpp (once, about ten minutes on two cores)")
    told = " ".join(filter(None, (arguments, os.environ.get("CMAKE_ARGS"))))
    environment = {**os.environ, "CMAKE_ARGS": told} if told else None
    with (
        log.open("w", encoding="utf-8") as out,
        subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment) as pip,
    ):
        try:
            while pip.poll() is None:
                bar.show()
                time.sleep(TICK)
        finally:
            pip.terminate()
            bar.end()
    if pip.returncode:
        said = log.read_text(encoding="utf-8", errors="replace")
        raise LocalModelError(f"pip could not install {engine.requirement}: {pip_reason(said)} All that it said is in {log}.")
