"""The part of a service that keeps the articles, in memory: what is dropped, edited, labelled, archived and deleted."""

import atexit
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp

from bot.answering.collection.overview import ArticleOverview, PlacedText
from vectorstore.errors import ReadError
from vectorstore.storage.records import ArticleSummary, DeletedArticle, KeptFailure
from vectorstore.types import Article, Failure, IngestOutcome, IngestSource, Span

LABELS = {"tag": "tags", "collection": "collections"}


def scratch_folder(prefix: str) -> Path:
    """A new folder that goes when this process ends: one that a test does not name, and a server of the browser tests needs."""
    folder = Path(mkdtemp(prefix=prefix))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@dataclass
class FakeLibrary:
    """Keeps what it is given, the words after "#" of a text's first line as its title; a text that holds "broken" fails."""

    stored: dict[str, Article]
    pace: float = 0.0
    notes: dict[str, ArticleSummary] = field(default_factory=dict)
    trash: dict[str, tuple[Article, ArticleSummary]] = field(default_factory=dict)
    folder: Path = field(default_factory=lambda: scratch_folder("footnote-library-"))

    def articles(self, *, with_archived: bool = False) -> Sequence[ArticleSummary]:
        """In the order in which they came."""
        found = [self._summary(article) for article in self.stored.values()]
        return [one for one in found if with_archived or not one.archived]

    def _summary(self, article: Article) -> ArticleSummary:
        note = self.notes.get(article.id) or ArticleSummary(article.id, "", "", "", "", False, 0, 0)
        return replace(
            note,
            title=article.title,
            author=article.author,
            date=article.date,
            source=article.source,
            cut_off=article.cut_off,
            chars=len(article.text),
            chunks=1 + len(article.text) // 900,
            language=article.language or "en",
            media_type=article.media_type,
            origin=article.origin,
        )

    def article(self, id: str) -> Article | None:
        """The article, if there is one of this id."""
        return self.stored.get(id)

    def overview(self, article: Article) -> ArticleOverview:
        """Of its first line as a heading, and of the second paragraph as a sentence."""
        first, _, rest = article.text.partition("\n\n")
        heading = PlacedText(first.lstrip("# "), (0, len(first)), 1)
        sentence = PlacedText(rest, (len(first) + 2, len(article.text)))
        return ArticleOverview(1, (heading,), (sentence,) if rest else ())

    def containing(self, words: str) -> Sequence[str]:
        """By each word, without case."""
        wanted = words.casefold().split()
        return [one.id for one in self.stored.values() if all(word in one.text.casefold() for word in wanted)]

    def passages(self, id: str) -> Sequence[Span]:
        """Two halves."""
        length = len(self.stored[id].text)
        return [(0, length // 2), (length // 2, length)]

    def uploaded(self, name: str, data: bytes) -> IngestSource:
        """Keeps the file."""
        path = self.folder / name
        path.write_bytes(data)
        return IngestSource(path, name, f"upload:{name}")

    def pasted(self, title: str, text: str) -> IngestSource:
        """The same for a text."""
        return replace(self.uploaded(f"{title}.md", text.encode()), fields={"title": title}, origin=f"pasted:{title}")

    def fetched(self, url: str) -> list[IngestSource]:
        """No address can be reached but those of example.org."""
        if "example.org" not in url:
            raise ReadError(f"{url} cannot be reached.")
        found = self.uploaded(f"{url.rsplit('/', 1)[-1]}.md", f"# Page\n\nWhat stands at {url}.".encode())
        return [replace(found, origin=url, fields={"source": url})]

    def fetch_again(self, id: str) -> list[IngestSource]:
        """From its source."""
        return [replace(one, id=id) for one in self.fetched(self.stored[id].source)]

    def take_in(
        self, sources: Sequence[IngestSource], progress: object, cancelled: Callable[[], bool]
    ) -> Iterator[IngestOutcome]:
        """One by one."""
        assert progress is None
        for source in sources:
            if cancelled():
                yield IngestOutcome(source, "cancelled")
                continue
            time.sleep(self.pace)
            text = source.path.read_text()
            if "broken" in text:
                yield IngestOutcome(source, "failed", (), (Failure(source.id, "The file is broken."),))
                continue
            status = "changed" if source.id in self.stored else "added"
            title = source.fields.get("title") or text.splitlines()[0].lstrip("# ")
            self.stored[source.id] = Article(
                source.id, text, title, origin=source.origin, source=source.fields.get("source", "")
            )
            self._note(source.id, added=f"2026-11-27T00:00:{len(self.stored):02}")
            yield IngestOutcome(source, "added" if status == "added" else "changed", (source.id,))

    def failures(self) -> list[KeptFailure]:
        """None is kept."""
        return []

    def _note(self, id: str, **values: object) -> None:
        known = self.notes.get(id) or ArticleSummary(id, "", "", "", "", False, 0, 0)
        self.notes[id] = replace(known, **values)  # type: ignore[arg-type]

    def edit(self, id: str, fields: Mapping[str, str]) -> None:
        """A date has to begin with a digit."""
        if fields.get("date") and not fields["date"][0].isdigit():
            raise ReadError(f"“{fields['date']}” is not a date.")
        self.stored[id] = replace(self.stored[id], **fields)  # type: ignore[arg-type]

    def archive(self, ids: Sequence[str], archived: bool) -> None:
        """Notes it."""
        for id in ids:
            self._note(id, archived=archived)

    def delete(self, ids: Sequence[str]) -> None:
        """Into the trash."""
        for id in ids:
            article = self.stored.pop(id)
            self.trash[id] = (article, self._summary(article))

    def deleted(self) -> list[DeletedArticle]:
        """The last first."""
        return [DeletedArticle(id, one.title, one.origin, "2026-11-27") for id, (one, _) in reversed(self.trash.items())]

    def restore(self, ids: Sequence[str]) -> None:
        """Out of the trash, with all that was noted."""
        for id in ids:
            self.stored[id], self.notes[id] = self.trash.pop(id)

    def label(self, ids: Sequence[str], kind: str, name: str, given: bool) -> None:
        """In the order of the alphabet."""
        for id in ids:
            has = set(getattr(self.notes.get(id), LABELS[kind], ()))
            self._note(id, **{LABELS[kind]: tuple(sorted(has | {name} if given else has - {name}))})

    def labels(self, kind: str) -> Mapping[str, int]:
        """Of all articles."""
        names = [name for one in self.articles(with_archived=True) for name in getattr(one, LABELS[kind])]
        return {name: names.count(name) for name in sorted(names)}

    def copies(self, id: str) -> Sequence[str]:
        """Those of one article, itself left out."""
        root = getattr(self.notes.get(id), "variant_of", "") or id
        return [one for one, note in self.notes.items() if root in (one, note.variant_of) and one != id]

    def original(self, id: str) -> Path | None:
        """Of what was dropped."""
        path = self.folder / id
        return path if path.is_file() else None

    def put_back(self, id: str, part: int) -> None:
        """At the end of the text."""
        article = self.stored[id]
        left = tuple(one for at, one in enumerate(article.omitted) if at != part)
        self.stored[id] = replace(article, text=f"{article.text}\n\n{article.omitted[part].text}", omitted=left)
