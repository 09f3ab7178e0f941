"""Articles with their vectors, conversations with their reviews, and cases as one file that other programs can read.

The file is a .zip of JSON lines (`docs/transfer.md` has each field). A backup is a whole home, and is restored as one; what is
exported can be taken into a home that has other things, and what is there already is recognised and left as it is.
"""

import json
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import numpy as np

from bot.audit import AuditLog
from bot.errors import FootnoteError, InputError
from bot.evals import cases
from bot.evals.keeping import keep
from bot.permissions import Permission, needs
from bot.serialization import Unreadable, parsed
from bot.settings import Settings
from bot.wiring.engine import Progress, SearchEngine
from bot.wiring.library import Library
from bot.wiring.transfer_conversations import ConversationImport, conversation_lines
from vectorstore.errors import VectorstoreError
from vectorstore.storage.database import paged
from vectorstore.storage.library_catalog import LabelKind
from vectorstore.storage.records import packed_vector
from vectorstore.types import Article, IngestSource

CONTENTS, ARTICLES, PASSAGES, CONVERSATIONS = "footnote-export.json", "articles.jsonl", "passages.jsonl", "conversations.jsonl"
# Counts up with each change that an older Footnote would read wrongly.
FORMAT = 1
_CASES = "cases/"
# Passages in one statement, so that memory holds one page of vectors and not all of them.
_KEPT_AT_ONCE = 500
_NO_EXPORT = "Name a file that `footnote export` has written."
# The names of the fields in the file, and those of the catalog.
_KINDS: Mapping[str, LabelKind] = {"tags": "tag", "collections": "collection"}


ArticleRecord = Callable[[Article], Mapping[str, object]]


@dataclass(slots=True)
class TransferReport:
    """What was written or taken in, and `known`: how much of each was there already. `notes` say what was left out, and why."""

    articles: int = 0
    passages: int = 0
    conversations: int = 0
    turns: int = 0
    cases: int = 0
    known: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


class Transfer:
    """Exports a home's things, and imports those of another one. The file that is written is there whole or not at all."""

    def __init__(self, settings: Settings, engine: SearchEngine, library: Library) -> None:
        self._settings = settings
        self._engine = engine
        self._library = library

    # Out

    @needs(Permission.MAINTAIN)
    def export(self, target: Path, article_record: ArticleRecord, progress: Progress | None = None) -> TransferReport:
        """Writes everything into one file, also while the home is used; raises InputError where the file is there already.

        `article_record` makes the JSON of an article that can be ingested again, as `footnote articles export` writes it.
        """
        if target.exists():
            raise InputError(f"There is a file {target} already.", "Name another one, or remove it first.")
        if not target.parent.is_dir():
            raise InputError(f"There is no folder {target.parent}.", "Make it first, or name a file in another one.")
        part, report = target.with_name(f"{target.name}.part"), TransferReport()
        try:
            with ZipFile(part, "w", ZIP_DEFLATED, compresslevel=6) as archive:
                # Before anything is written: it will hold conversations.
                part.chmod(0o600)
                self._export_articles(archive, report, article_record, progress)
                turns = _written(archive, CONVERSATIONS, conversation_lines(self._settings.home, self._settings.catalog))
                report.conversations = turns
                for file in sorted((self._settings.home / "cases").glob("*.yaml")):
                    archive.write(file, f"{_CASES}{file.name}")
                    report.cases += len(cases.load(file))
                archive.writestr(CONTENTS, json.dumps(self._contents(), indent=1))
            # A rename within one folder takes place at once: the file is there whole or not at all.
            part.replace(target)
        except OSError as error:
            raise InputError(f"The export cannot be written: {error.strerror or error}.") from error
        finally:
            part.unlink(missing_ok=True)
        AuditLog(self._settings.home).record("home.export", file=target.name)
        return report

    def _contents(self) -> dict[str, object]:
        made = datetime.now(UTC).isoformat(timespec="seconds")
        found: dict[str, object] = {"format": FORMAT, "footnote": version("footnote"), "made": made}
        if self._library.has_index() and (manifest := self._engine.catalog.manifest()):
            found |= {"model": manifest.fingerprint, "dimension": manifest.dimension}
        return found

    def _export_articles(
        self, archive: ZipFile, report: TransferReport, article_record: ArticleRecord, progress: Progress | None
    ) -> None:
        if not self._library.has_index():
            return
        # The archive is exported too; the trash is not.
        summaries = self._library.articles(with_archived=True)

        def lines() -> Iterator[dict[str, object]]:
            """A record for each article with its labels; one text is in memory at a time."""
            for number, one in enumerate(summaries, 1):
                if progress:
                    progress(one.title, number, len(summaries))
                if article := self._library.article(one.id):
                    yield {**article_record(article), "labels": {name: list(getattr(one, name)) for name in _KINDS}}

        report.articles = _written(archive, ARTICLES, lines())
        report.passages = _written(archive, PASSAGES, self._passages([one.id for one in summaries]))

    def _passages(self, ids: list[str]) -> Iterator[dict[str, object]]:
        """Each passage with its vector, and what reranking keeps of it."""
        catalog = self._engine.catalog
        for id in ids:
            chunks = catalog.chunks_of(id)
            for page in paged(chunks, _KEPT_AT_ONCE):
                numbers = [chunk.id for chunk in page]
                vectors, tokens = catalog.vectors(numbers), catalog.packed_tokens(numbers)
                for chunk in page:
                    # A passage that was embedded by another model meanwhile has none; the importing home embeds it anew.
                    if chunk.id in vectors:
                        packed = b64encode(packed_vector(vectors[chunk.id])).decode()
                        late = b64encode(tokens.get(chunk.id, b"")).decode()
                        yield {"article": id, "start": chunk.start, "end": chunk.end, "vector": packed, "tokens": late}

    # In

    @needs(Permission.MAINTAIN)
    def take_in(self, source: Path, progress: Progress | None = None) -> TransferReport:
        """Takes in what an export has and this home lacks; raises InputError for a file that is none.

        An article that is here with other words under the same id stays as it is, and a note says so.
        """
        report = TransferReport()
        try:
            with ZipFile(source) as archive, TemporaryDirectory(prefix="footnote-import-") as folder:
                self._check(archive)
                names = set(archive.namelist())
                if ARTICLES in names:
                    self._take_articles(archive, Path(folder), source.name, report, progress)
                if CONVERSATIONS in names:
                    self._take_conversations(archive, report)
                # Only the last part of a member's name is used below: "../" in it leads nowhere.
                for name in sorted(name for name in names if name.startswith(_CASES) and name.endswith(".yaml")):
                    self._take_cases(archive.read(name), Path(name).name, Path(folder), report)
        except FileNotFoundError:
            raise InputError(f"There is no file {source}.", _NO_EXPORT) from None
        # zipfile raises all four: for a broken file, a truncated one, an unknown compression, and a password.
        except (BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
            raise InputError(f"The export {source} is broken: {error}.", "Take another one.") from error
        AuditLog(self._settings.home).record("home.import", file=source.name)
        return report

    def _check(self, archive: ZipFile) -> None:
        try:
            found = json.loads(archive.read(CONTENTS))
            number = int(found["format"])
        except (KeyError, ValueError, TypeError):
            raise InputError("The file is no export of Footnote.", _NO_EXPORT) from None
        if number > FORMAT:
            raise InputError("The export was written by a newer Footnote.", "Install that version, or a newer one.")

    def _take_articles(
        self, archive: ZipFile, folder: Path, name: str, report: TransferReport, progress: Progress | None
    ) -> None:
        """Takes in the articles that are new, with the vectors that came with them."""
        fresh, labels = folder / ARTICLES, dict[str, Mapping[str, object]]()
        texts: dict[str, str] = {}
        with fresh.open("w", encoding="utf-8") as file:
            for record in _lines(archive, ARTICLES, report):
                id, text = str(record.get("id", "")), str(record.get("text", ""))
                if not id or not text.strip():
                    report.notes.append(f"A line of {ARTICLES} has no id or no text.")
                # What is here stays: somebody may have edited it, or it may be another article of that name.
                elif (here := self._engine.text(id) if self._library.has_index() else None) is not None:
                    report.known["articles"] += here == text
                    if here != text:
                        report.notes.append(f"{id}: an article with this id and other words is here, which stays.")
                else:
                    given = record.pop("labels", {})
                    labels[id], texts[id] = given if isinstance(given, dict) else {}, text
                    # As a file of articles, which the reader of JSON lines takes in like any other, with its limits and
                    # failures.
                    file.write(json.dumps(record, ensure_ascii=True) + "\n")
        if not texts:
            return
        # Before the articles: an ingest asks for kept vectors first, and then embeds nothing.
        self._keep_vectors(archive, texts, report)
        for outcome in self._library.take_in([IngestSource(fresh, ARTICLES, f"import:{name}")], progress):
            report.articles += len(outcome.articles)
            report.notes += [f"{one.where}: {one.reason}" for one in outcome.failures]
        self._label(labels)

    def _keep_vectors(self, archive: ZipFile, texts: Mapping[str, str], report: TransferReport) -> None:
        """Keeps the vectors of the passages to come, where they are of the model that this home has."""
        contents = json.loads(archive.read(CONTENTS))
        encoder = self._engine.encoder()
        # Vectors of two models cannot be compared.
        if contents.get("model") != encoder.fingerprint:
            report.notes.append("The vectors are of another model, so the articles are embedded anew.")
            return
        rows: list[tuple[bytes, bytes, bytes]] = []
        catalog = self._engine.index(create=True).catalog
        for record in _lines(archive, PASSAGES, report):
            row = _vector_row(record, texts, encoder.dimension)
            if row:
                rows.append(row)
            if len(rows) >= _KEPT_AT_ONCE:
                catalog.save_vectors(encoder.fingerprint, rows)
                report.passages += len(rows)
                rows = []
        catalog.save_vectors(encoder.fingerprint, rows)
        report.passages += len(rows)

    def _label(self, labels: Mapping[str, Mapping[str, object]]) -> None:
        # Gathered by label, as each is one statement for all its articles.
        given: dict[tuple[LabelKind, str], list[str]] = {}
        for id, named in labels.items():
            for field_name, kind in _KINDS.items():
                names = named.get(field_name)
                for name in names if isinstance(names, list) else ():
                    given.setdefault((kind, str(name)), []).append(id)
        for (kind, name), ids in given.items():
            self._library.label(ids, kind, name, True)

    def _take_conversations(self, archive: ZipFile, report: TransferReport) -> None:
        with closing(ConversationImport(self._settings.home, self._settings.catalog)) as taking:
            for number, record in enumerate(_lines(archive, CONVERSATIONS, report), 1):
                try:
                    taking.take(record)
                # OverflowError and OSError come from times that no clock knows.
                except (Unreadable, FootnoteError, OverflowError, OSError) as error:
                    report.notes.append(f"{CONVERSATIONS}, conversation {number}: {str(error)[:200]}.")
            report.conversations, report.turns = taking.conversations, taking.new
            report.known["turns"] += taking.known

    def _take_cases(self, content: bytes, name: str, folder: Path, report: TransferReport) -> None:
        """Adds the cases whose ids the file of this name does not have."""
        came, own = folder / name, self._settings.home / "cases" / name
        came.write_bytes(content)
        try:
            found = cases.load(came)
            # Cases that are here may have been edited since, so they stay.
            there = {case.id for case in cases.load(own)} if own.exists() else set()
            for case in found:
                if case.id in there:
                    report.known["cases"] += 1
                else:
                    keep(case, own)
                    report.cases += 1
        except (FootnoteError, VectorstoreError) as error:
            report.notes.append(f"{_CASES}{name}: {error.message}")


def _written(archive: ZipFile, name: str, records: Iterator[dict[str, object]]) -> int:
    """Writes lines of JSON into a member of the archive; how many. In ASCII, as a question may hold half a surrogate pair."""
    # The size is not known when the member is opened, and may be more than 4 GB.
    with archive.open(name, "w", force_zip64=True) as member:
        return sum(bool(member.write(json.dumps(record, default=float).encode("ascii") + b"\n")) for record in records)


def _lines(archive: ZipFile, name: str, report: TransferReport) -> Iterator[dict[str, object]]:
    """The objects of a member, line by line, so that memory holds one; a line that is none is noted."""
    if name not in archive.namelist():
        return
    # "replace": a line with broken bytes is noted by itself and does not end the import.
    with archive.open(name) as member, TextIOWrapper(member, "utf-8", "replace") as lines:
        for number, line in enumerate(lines, 1):
            try:
                found = parsed(line)
            except Unreadable:
                found = None
            if isinstance(found, dict):
                yield found
            elif line.strip():
                report.notes.append(f"{name}, line {number}: it is no JSON object.")


def _vector_row(record: Mapping[str, object], texts: Mapping[str, str], dimension: int) -> tuple[bytes, bytes, bytes] | None:
    """The key of a passage's text with its vector and its tokens; None for one that cannot be right."""
    try:
        text = texts[str(record["article"])][_place(record["start"]) : _place(record["end"])]
        vector = b64decode(str(record["vector"]), validate=True)
        tokens = b64decode(str(record.get("tokens", "")), validate=True)
    except (KeyError, ValueError):
        return None
    # Little-endian floats of 32 bits, whatever machine wrote the file.
    found = np.frombuffer(vector, "<f4") if len(vector) == 4 * dimension else np.zeros(0)
    # A vector of another length than 1 would put its passage before or behind all others.
    if not text or not len(found) or not abs(float(np.linalg.norm(found)) - 1) < 0.02:
        return None
    # The digest by which an ingest finds the kept vector of a text again.
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest(), vector, tokens


def _place(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value
