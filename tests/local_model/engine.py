"""llama.cpp and its server in an environment of their own, built once from the package index."""

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


@dataclass(frozen=True, slots=True)
class Engine:
    """The package that serves a model; `compiled`: its build needs a compiler."""

    requirement: str = "llama-cpp-python[server]==0.3.36"
    compiled: bool = True


def prepared_engine(engine: Engine, folder: Path) -> Path:
    """The Python of the environment that has the engine, made unless it is there; raises LocalModelError."""
    place = folder / "engine"
    python, stamp = place / "bin" / "python", place / "installed"
    # The stamp is written last, so a build that was interrupted is made again.
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == engine.requirement:
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
        _install(engine, python, folder / "engine.log")
        stamp.write_text(engine.requirement, encoding="utf-8")
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


def _install(engine: Engine, python: Path, log: Path) -> None:
    """Has pip build and install the engine, and tells how long that has taken."""
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off", engine.requirement]
    bar = ProgressBar("Building llama.cpp (once, about ten minutes on two cores)")
    with log.open("w", encoding="utf-8") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT) as pip:
        try:
            while pip.poll() is None:
                bar.show()
                time.sleep(TICK)
        finally:
            pip.terminate()
            bar.end()
    if pip.returncode:
        told = log.read_text(encoding="utf-8", errors="replace")
        raise LocalModelError(f"pip could not install {engine.requirement}: {pip_reason(told)} All that it said is in {log}.")
