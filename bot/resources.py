"""Where the files that ship with Footnote are: beside the packages in a checkout, inside `bot` when installed."""

from pathlib import Path

_BOT = Path(__file__).resolve().parent


def seeds_dir() -> Path:
    """The folder of the example articles."""
    return _shipped("seeds")


def prompts_dir(chosen: str = "") -> Path:
    """The folder of the prompts: that which FOOTNOTE_PROMPTS names, else that which ships."""
    return Path(chosen) if chosen else _shipped("prompts")


def bundled_dir() -> Path:
    """Where an installed copy has the files that came with it; what is changed there is gone with its next update."""
    return _BOT / "bundled"


def app_file() -> Path:
    """The script that Streamlit runs."""
    return _BOT / "ui" / "app.py"


def _shipped(name: str) -> Path:
    bundled = bundled_dir() / name
    return bundled if bundled.is_dir() else _BOT.parent / name
