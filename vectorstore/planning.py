"""What an ingest of some folders would do, without reading a file: what is new, changed, moved or gone, and what stays out.

A file counts as unchanged by its size and time alone; the ingest itself reads it and goes by what it says.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vectorstore.identity import is_file_origin
from vectorstore.readers.origins import absolute, is_missing, is_under, sources_under
from vectorstore.storage.catalog import Catalog
from vectorstore.types import Failure, IngestSource


@dataclass(frozen=True, slots=True)
class IngestPlan:
    """What folders hold. `formats` counts the files that can be read by their endings, the most frequent first.

    `skipped` are files that cannot be read, each with the reason. `new`, `changed` and `unchanged` are origins of files,
    `moved` the ids of articles whose file seems to stand elsewhere now, `gone` of those whose file is not there any more.
    """

    sources: tuple[IngestSource, ...] = ()
    formats: Mapping[str, int] | None = None
    skipped: tuple[Failure, ...] = ()
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def seen_now(path: Path) -> dict[str, str]:
    """What is kept of a file to tell later whether it has changed: its size and time; {} where it cannot be looked at."""
    try:
        status = path.stat()
    except OSError:
        return {}
    return {"size": str(status.st_size), "modified": str(status.st_mtime_ns)}


def plan_ingest(paths: Iterable[Path], catalog: Catalog | None) -> IngestPlan:
    """What an ingest of these files and folders would do; `catalog` is None where there is no index yet.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "rain.md").write_text("It rained."), Path(folder, "photo.xyz").write_text("")
    ...     plan = plan_ingest([Path(folder)], None)
    >>> plan.formats, len(plan.new), [one.where for one in plan.skipped]
    ({'.md': 1}, 1, ['photo.xyz'])
    """
    roots, skipped = absolute(paths), list[Failure]()
    sources = tuple(sources_under(roots, skipped))
    kept = catalog.files_seen() if catalog else {}
    there = {source.origin: seen_now(source.path) for source in sources}
    known = [origin for origin in there if origin in kept]
    # What is kept of a file may have more entries than these two.
    same = {origin for origin in known if kept[origin].items() >= there[origin].items()}
    left = _missing_articles(catalog, roots)
    moved_to = _moved(left, kept, {origin: seen for origin, seen in there.items() if origin not in kept})
    return IngestPlan(
        sources=sources,
        formats=dict(Counter(source.path.suffix.lower() for source in sources).most_common()),
        skipped=tuple(skipped),
        new=tuple(origin for origin in there if origin not in kept and origin not in moved_to.values()),
        changed=tuple(origin for origin in known if origin not in same),
        unchanged=tuple(origin for origin in known if origin in same),
        moved=tuple(moved_to),
        gone=tuple(id for id, origin in left.items() if id not in moved_to and any(is_under(origin, one) for one in roots)),
    )


def _missing_articles(catalog: Catalog | None, roots: Sequence[Path]) -> dict[str, str]:
    """The articles whose files are certainly not there any more, with these files."""
    known = catalog.known_articles() if catalog and roots else {}
    return {id: one.origin for id, one in known.items() if is_file_origin(one.origin) and is_missing(one.origin)}


def _moved(
    left: Mapping[str, str], kept: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """The articles of files that are gone, each with the new file that has the same size, time and ending."""
    by_look = {(seen["size"], seen["modified"], Path(origin).suffix): origin for origin, seen in new.items() if seen}
    found: dict[str, str] = {}
    for id, origin in left.items():
        seen = kept.get(origin, {})
        target = by_look.get((seen.get("size", ""), seen.get("modified", ""), Path(origin).suffix))
        if target:
            found[id] = target
    return found
