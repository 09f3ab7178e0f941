"""Where the files that ship with Footnote are: beside the packages in a checkout, inside `bot` when installed."""

from pathlib import Path

_BOT = Path(__file__).resolve().parent


def seeds_dir() -> Path:
    """The folder of the example articles."""
    return _shipped("seeds")


def prompts_dir() -> Path:
    """The folder of the prompts."""
    return _shipped("prompts")


def app_file() -> Path:
    """The script that Streamlit runs."""
    return _BOT / "ui" / "app.py"


def _shipped(name: str) -> Path:
    bundled = _BOT / "bundled" / name
    return bundled if bundled.is_dir() else _BOT.parent / name
