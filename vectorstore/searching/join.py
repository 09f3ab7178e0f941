"""Neighbouring chunks of one article joined into one hit where both matter; pure.

A chunk ends where a limit was met, not where the subject ends. When the ranking puts two neighbours high, the reader is better
served by the whole run than by two hits with a seam between them.
"""

from collections.abc import Sequence

from vectorstore.storage.rows import StoredChunk


def join_neighbours(ranked: Sequence[StoredChunk], within: int, most: int) -> list[list[StoredChunk]]:
    """The chunks, best first, in runs of neighbours in reading order; a run stands where its best chunk stood.

    Only the first `within` are joined, and at most `most` to a run.
    """
    found: list[list[StoredChunk]] = []
    for rank, chunk in enumerate(ranked):
        run = next((run for run in found if len(run) < most and _touches(run, chunk)), None) if rank < within else None
        if run is None:
            found.append([chunk])
        else:
            run.insert(0 if chunk.ordinal < run[0].ordinal else len(run), chunk)
    return found


def _touches(run: Sequence[StoredChunk], chunk: StoredChunk) -> bool:
    return run[0].article_id == chunk.article_id and chunk.ordinal in (run[0].ordinal - 1, run[-1].ordinal + 1)
