"""What a person does with articles, on a real index: it shows at once, and reading the file again undoes none of it."""

from pathlib import Path

import pytest

from tests.vectorstore.fake_encoder import prose, write
from vectorstore.curation import ArticleCurator
from vectorstore.errors import QueryError
from vectorstore.index import Index
from vectorstore.ingest import Ingestor
from vectorstore.originals import keep_original, original_file
from vectorstore.storage.records import ArticleOrigin
from vectorstore.types import Article, OmittedText, Scope

CATS, DOGS = prose("cat", 6), prose("dog", 6)


@pytest.fixture
def folder(ingestor: Ingestor, tmp_path: Path) -> Path:
    """A folder with two articles, which are in the index."""
    made = write(tmp_path / "articles", {"cats.md": f"---\nauthor: Ada\ndate: 2020\n---\n{CATS}", "dogs.txt": DOGS})
    ingestor.ingest([made])
    return made


@pytest.fixture
def curator(index: Index, ingestor: Ingestor, folder: Path) -> ArticleCurator:
    return ArticleCurator(index, ingestor.writer)


def article(index: Index, id: str) -> Article:
    found = index.catalog.article(id)
    assert found is not None
    return found


def found(index: Index, word: str) -> set[str]:
    """The articles that the lexical index finds by a word."""
    numbers = [number for number, _ in index.lexical.query([(word, 1.0)], 50)]
    return {chunk.article_id for chunk in index.catalog.chunks(numbers).values()}


def test_an_edit_survives_reading_the_file_again(
    curator: ArticleCurator, ingestor: Ingestor, index: Index, folder: Path
) -> None:
    curator.edit("cats.md", {"title": "About cats", "date": "May 2021"})
    assert ingestor.ingest([folder]).unchanged == ("cats.md", "dogs.txt")
    write(folder, {"cats.md": f"---\nauthor: Bo\n---\n{CATS}\n\nOne more."})
    assert ingestor.ingest([folder]).changed == ("cats.md",)
    now = article(index, "cats.md")
    assert (now.title, now.author, now.date, "One more" in now.text) == ("About cats", "Bo", "2021-05", True)


def test_an_edit_survives_a_rebuild(curator: ArticleCurator, ingestor: Ingestor, index: Index, folder: Path) -> None:
    curator.edit("cats.md", {"author": "Cy"})
    ingestor.rebuild()
    assert (article(index, "cats.md").author, ingestor.ingest([folder]).changed) == ("Cy", ())


def test_an_edited_date_counts_for_the_scope(curator: ArticleCurator, index: Index) -> None:
    curator.edit("dogs.txt", {"date": "1999-05-01"})
    (summary,) = index.catalog.articles(["dogs.txt"])
    assert summary.first_day == summary.last_day is not None


def test_none_gives_back_what_the_file_says(curator: ArticleCurator, index: Index) -> None:
    curator.edit("cats.md", {"author": "Cy", "title": "C"})
    curator.edit("cats.md", {"author": None})
    assert (article(index, "cats.md").author, article(index, "cats.md").title) == ("Ada", "C")


def test_an_edited_language_is_no_change_of_the_file(curator: ArticleCurator, ingestor: Ingestor, folder: Path) -> None:
    write(folder, {"cats.md": f"---\nlang: fr\n---\n{CATS}"})
    ingestor.ingest([folder])
    curator.edit("cats.md", {"language": "de"})
    assert ingestor.ingest([folder]).changed == ()


@pytest.mark.parametrize("fields", [{"title": " "}, {"date": "some day"}, {"language": "Elvish"}, {"text": "x"}])
def test_what_cannot_be_set_is_refused(curator: ArticleCurator, fields: dict[str, str | None]) -> None:
    with pytest.raises(QueryError):
        curator.edit("cats.md", fields)


def test_an_archived_article_is_kept_and_not_found(curator: ArticleCurator, index: Index) -> None:
    curator.archive(["cats.md"])
    assert ([one.id for one in index.catalog.articles()], found(index, "cat")) == (["dogs.txt"], set())
    assert [one.archived for one in index.catalog.articles(with_archived=True)] == [True, False]
    curator.unarchive(["cats.md"])
    assert (found(index, "cat"), len(index.catalog.articles())) == ({"cats.md"}, 2)


def test_an_archived_article_stays_so_when_its_file_changes(
    curator: ArticleCurator, ingestor: Ingestor, index: Index, folder: Path
) -> None:
    curator.archive(["dogs.txt"])
    write(folder, {"dogs.txt": DOGS + "\n\nA wolf."})
    ingestor.ingest([folder])
    ingestor.rebuild()
    assert (found(index, "dog"), "wolf" in article(index, "dogs.txt").text) == (set(), True)
    curator.unarchive(["dogs.txt"])
    assert found(index, "wolf") == {"dogs.txt"}


def test_a_deleted_article_comes_back_as_it_was(curator: ArticleCurator, index: Index) -> None:
    curator.label(["cats.md"], "tag", "pets", True)
    curator.edit("cats.md", {"title": "C"})
    before = index.catalog.articles(["cats.md"]), article(index, "cats.md")
    curator.delete(["cats.md"])
    assert ([one.id for one in index.catalog.deleted()], found(index, "cat")) == (["cats.md"], set())
    curator.restore(["cats.md"])
    assert (index.catalog.deleted(), found(index, "cat")) == ([], {"cats.md"})
    assert (index.catalog.articles(["cats.md"]), article(index, "cats.md")) == before
    assert index.catalog.edits("cats.md")["fields"] == {"title": "C"}


def test_an_ingest_brings_a_deleted_article_back(
    curator: ArticleCurator, ingestor: Ingestor, index: Index, folder: Path
) -> None:
    curator.delete(["cats.md"])
    assert (ingestor.ingest([folder]).added, index.catalog.deleted()) == (("cats.md",), [])


def test_no_other_article_gets_the_id_of_a_deleted_one(curator: ArticleCurator, ingestor: Ingestor, tmp_path: Path) -> None:
    curator.delete(["dogs.txt"])
    other = write(tmp_path / "other", {"dogs.txt": prose("wolf", 3)})
    assert ingestor.ingest([other]).added == ("other/dogs.txt",)


def test_an_emptied_trash_gives_nothing_back(curator: ArticleCurator) -> None:
    curator.delete(["cats.md"])
    curator.empty_trash(["cats.md"])
    with pytest.raises(QueryError, match="trash"):
        curator.restore(["cats.md"])


def test_a_kept_file_goes_with_its_last_article(curator: ArticleCurator, ingestor: Ingestor, index: Index) -> None:
    path = keep_original(index.home, "x.txt", b"It is here.")
    digest = path.parent.name
    index.catalog.store([ingestor.writer.prepare(Article("x", "It is here.", "X", original=digest), ArticleOrigin())])
    curator.delete(["x"])
    assert original_file(index.home, digest) == path
    curator.empty_trash(["x"])
    assert original_file(index.home, digest) is None


def test_labels_are_given_and_taken(curator: ArticleCurator, index: Index) -> None:
    curator.label(["cats.md", "dogs.txt"], "tag", " pets ", True)
    curator.label(["cats.md"], "collection", "Zoo", True)
    curator.label(["dogs.txt"], "tag", "pets", False)
    assert (index.catalog.labels("tag"), index.catalog.labels("collection")) == ({"pets": 1}, {"Zoo": 1})
    assert [(one.tags, one.collections) for one in index.catalog.articles()] == [(("pets",), ("Zoo",)), ((), ())]


def test_a_part_that_was_put_back_is_found_and_stays(
    curator: ArticleCurator, ingestor: Ingestor, index: Index, folder: Path
) -> None:
    omitted = (OmittedText("teaser", "A zebra came."), OmittedText("menu", "Home"))
    read = Article("z", prose("horse", 2), "Z", omitted=omitted)
    index.catalog.store([ingestor.writer.prepare(read, ArticleOrigin(read.hash))])
    index.catch_up()
    curator.put_back("z", 0)
    now = article(index, "z")
    assert (now.text.endswith("\n\nA zebra came.\n"), now.omitted, found(index, "zebra")) == (True, omitted[1:], {"z"})
    assert index.catalog.known_articles()["z"].hash == read.hash
    with pytest.raises(QueryError, match="1 part"):
        curator.put_back("z", 1)


@pytest.mark.parametrize("call", ["archive", "unarchive", "delete"])
def test_an_unknown_id_changes_nothing(curator: ArticleCurator, index: Index, call: str) -> None:
    before = index.catalog.articles()
    with pytest.raises(QueryError, match="no article nobody"):
        getattr(curator, call)(["cats.md", "nobody"])
    assert index.catalog.articles() == before


def test_the_scope_is_false_without_labels() -> None:
    assert (bool(Scope(tags=("a",))), bool(Scope(collections=("b",))), bool(Scope())) == (True, True, False)
