"""Finds what is wrong with an index, and mends it from the catalog. Looking changes nothing."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from vectorstore.errors import IndexMissing, Remedy, VectorstoreError
from vectorstore.index import Index
from vectorstore.storage.records import Manifest
from vectorstore.storage.schema import DERIVED

SAMPLE = 2000
"""Chunks that are compared with their articles; a larger index is looked at in part, which is said."""
LOW_DISK = 500_000_000
"""Bytes; a rebuild needs room for a second copy of what it makes anew."""


@dataclass(frozen=True, slots=True)
class IndexFinding:
    """One thing that was looked at: whether it is well, what was seen, and what to do if it is not."""

    name: str
    ok: bool
    detail: str
    help: str = ""


def diagnose(index: Index, wanted: Manifest | None = None) -> list[IndexFinding]:
    """Looks at everything, in the order in which it should be mended; `wanted` is what the settings in force ask for."""
    findings = [
        _looked("catalog", lambda: _catalog(index)),
        _looked("manifest", lambda: _manifest(index, wanted)),
        _looked("chunks", lambda: _chunks(index)),
        _looked("vectors", lambda: _vectors(index)),
        _looked("journal", lambda: _journal(index)),
    ]
    findings += [_looked(name, partial(_derived, index, name)) for name in _derived_names(index)]
    return [*findings, _looked("disk", lambda: _disk(index)), _looked("folders", lambda: _folders(index))]


def repair(index: Index) -> list[str]:
    """Applies what is waiting, makes anew what is damaged, and removes what nothing needs; what was done, in sentences.

    Raises IndexBusy, and what cannot be mended from the catalog.
    """
    # Asked before the lock is taken: whoever takes it applies what waits and removes old folders.
    waiting = index.backlog()
    old = index.replicas.old_folders(index.replicas.positions())
    before = {name: state.folder for name, state in index.replicas.positions().items()}
    with index.writing():
        index.rebuild_damaged()
        index.catalog.forget_loose_vectors(sweep=True)
    after = {name: state.folder for name, state in index.replicas.positions().items()}
    rebuilt = [name for name in after if after[name] != before.get(name)]
    done = [f"The {name} index was made anew from the catalog." for name in rebuilt]
    if waiting and not rebuilt:
        done.append(f"{waiting} waiting changes were applied.")
    return done + [f"The old folder {folder} was removed." for folder in old]


def _looked(name: str, look: Callable[[], IndexFinding]) -> IndexFinding:
    """A finding, also where looking itself fails."""
    try:
        return look()
    except VectorstoreError as error:
        return IndexFinding(name, False, error.message, error.help)


def _catalog(index: Index) -> IndexFinding:
    damage = index.catalog.integrity()
    articles, chunks = index.catalog.counts()
    if damage:
        return IndexFinding(
            "catalog", False, f"The database is damaged: {damage}.", "Restore it from a backup, or ingest again."
        )
    return IndexFinding("catalog", True, f"{articles} articles in {chunks} chunks")


def _manifest(index: Index, wanted: Manifest | None) -> IndexFinding:
    made = index.catalog.manifest()
    if made is None:
        raise IndexMissing("Nothing has been ingested yet.")
    if wanted is not None:
        made.check(wanted)
    return IndexFinding("manifest", True, f"{made.fingerprint}, {made.dimension} dimensions, chunker {made.splitter}")


def _chunks(index: Index) -> IndexFinding:
    """Whether the chunks stand in their articles where they say."""
    _, total = index.catalog.counts()
    wrong = [number for number, right in _compared(index) if not right]
    looked = f"all {total}" if total <= SAMPLE else f"{SAMPLE} of {total}"
    if wrong:
        told = f"{len(wrong)} of {looked} chunks do not stand where they say, chunk {wrong[0]} among them."
        return IndexFinding("chunks", False, told, Remedy.SPLIT_AGAIN)
    return IndexFinding("chunks", True, f"{looked} stand in their articles where they say")


def _compared(index: Index) -> Iterator[tuple[int, bool]]:
    """Chunk ids, and whether `article.text[start:end]` is the chunk's text."""
    # A chunk that does not stand where it says would make every citation of it wrong, so the texts are compared.
    by_article: dict[str, str] = {}
    for number, chunk in sorted(index.catalog.chunks(index.catalog.sample(SAMPLE)).items()):
        if chunk.article_id not in by_article:
            article = index.catalog.article(chunk.article_id)
            # Chunks of an article follow each other, so one text at a time is enough.
            by_article = {chunk.article_id: article.text if article else ""}
        yield number, by_article[chunk.article_id][chunk.start : chunk.end] == chunk.text


def _vectors(index: Index) -> IndexFinding:
    lacking = index.catalog.without_vector()
    if lacking:
        return IndexFinding("vectors", False, f"{lacking} chunks have no vector.", Remedy.SPLIT_AGAIN)
    return IndexFinding("vectors", True, "every chunk has its vector")


def _journal(index: Index) -> IndexFinding:
    waiting = index.backlog()
    if waiting:
        return IndexFinding("journal", False, f"{waiting} changes have yet to reach the indexes.", Remedy.REPAIR)
    if index.catalog.writing_unfinished():
        return IndexFinding(
            "journal", False, "A writer is at work, or was killed at it.", f"If none is at work: {Remedy.REPAIR}"
        )
    return IndexFinding("journal", True, "everything has been applied")


def _derived_names(index: Index) -> list[str]:
    """The derived indexes; the usual ones where the catalog cannot be read, which is told of each."""
    try:
        return index.replicas.names()
    except VectorstoreError:
        return list(DERIVED)


def _derived(index: Index, name: str) -> IndexFinding:
    damage = index.find_damage(name)
    if damage:
        return IndexFinding(name, False, damage, Remedy.REPAIR)
    probe = "found by their own words" if name == "lexical" else "found by their own vectors"
    return IndexFinding(name, True, f"{index.catalog.counts()[1]} chunks, a sample {probe}")


def _disk(index: Index) -> IndexFinding:
    free = shutil.disk_usage(index.home.path).free
    if free < LOW_DISK:
        return IndexFinding("disk", False, f"{free / 1e6:.0f} MB are free.", "Make room before you ingest or repair.")
    return IndexFinding("disk", True, f"{free / 1e9:.1f} GB are free")


def _folders(index: Index) -> IndexFinding:
    old = index.replicas.old_folders(index.replicas.positions())
    if old:
        names = ", ".join(folder.name for folder in old)
        return IndexFinding("folders", True, f"left from earlier: {names}", "They are removed with the next ingest or repair.")
    return IndexFinding("folders", True, "nothing is left from earlier")
