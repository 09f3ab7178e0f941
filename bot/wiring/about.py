"""What is known of an installation: its index, its home, its settings in force, its versions. Never a key, never a password."""

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.settings import Settings, variable
from vectorstore.storage.records import Manifest

PACKAGES = ("footnote", "streamlit", "langchain", "chromadb", "tantivy")
"""Those whose version is told: what a report of a fault should name."""

NamedFact = tuple[str, str]
"""A name and what it holds, both to be read by people."""


@dataclass(frozen=True, slots=True)
class InstallationFacts:
    """Facts about an installation, and the settings in force by the environment variables that set them."""

    facts: tuple[NamedFact, ...]
    settings: tuple[NamedFact, ...] = ()


def installation_facts(settings: Settings, counts: tuple[int, int] | None, made: Manifest | None) -> InstallationFacts:
    """The facts; `counts` are the catalog's articles and passages, and `made` its manifest, None where there is no index."""
    return InstallationFacts((*_index(counts, made), *_home(settings.home), *_versions()), tuple(_settings(settings)))


def _index(counts: tuple[int, int] | None, made: Manifest | None) -> Iterator[NamedFact]:
    articles, passages = counts or (0, 0)
    yield "Articles", f"{articles:,}"
    yield "Passages", f"{passages:,}"
    # That of the index, not of the settings: where both differ is what a report of a fault is about.
    yield "Embedding model of the index", f"{made.fingerprint}, {made.dimension} dimensions" if made else "none yet"
    if made:
        yield "Chunker", made.splitter


def _home(home: Path) -> Iterator[NamedFact]:
    yield "Home folder", str(home.absolute())
    yield "Size of the home folder", _size(_bytes(home))


def _versions() -> Iterator[NamedFact]:
    yield "Python", ".".join(map(str, sys.version_info[:3]))
    for name in PACKAGES:
        try:
            yield name.capitalize(), version(name)
        except PackageNotFoundError:
            yield name.capitalize(), "not installed as a package"


def _settings(settings: Settings) -> Iterator[NamedFact]:
    held: Mapping[str, object] = {name: getattr(settings, name) for name in Settings.model_fields}
    for name, value in held.items():
        # Named as the user sets them.
        yield variable(name), _shown_value(value)


def _shown_value(value: object) -> str:
    """A setting's value as it may be shown: a key is set or not, an address comes without the name and password in it."""
    if isinstance(value, SecretStr):
        return "set, never shown" if value.get_secret_value() else "not set"
    text = str(value)
    # Only addresses can hold a password beside what is shown.
    if "://" not in text:
        return text or "not set"
    parts = urlsplit(text)
    # What follows the path may hold a password or a key as well.
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _bytes(folder: Path) -> int:
    """How much the files of a folder hold; one that goes while it is looked at counts nothing."""
    found = 0
    for path, _, files in os.walk(folder):
        for name in files:
            try:
                found += Path(path, name).lstat().st_size
            except OSError:
                continue
    return found


def _size(count: int) -> str:
    if count < 1_000_000:
        return f"{count / 1000:,.0f} kB"
    return f"{count / 1e6:,.1f} MB" if count < 1_000_000_000 else f"{count / 1e9:,.1f} GB"
