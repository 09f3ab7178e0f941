"""Exports of other programs, told by their columns or keys whatever their files are called."""

import json
from pathlib import Path

from vectorstore.readers import read
from vectorstore.types import Article, Failure


def take(folder: Path, name: str, content: str) -> tuple[list[Article], list[Failure]]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    found = list(read(path, folder))
    return [one for one in found if isinstance(one, Article)], [one for one in found if isinstance(one, Failure)]


ZOTERO = '"Key","Item Type","Publication Year","Author","Title","Publication Title","Url","Abstract Note","Date","Notes"\n'
DAM = '"AB1","journalArticle","2021","Brandt, Ada; Moe, Pia","On dams","Water","https://example.org","Twelve were measured.",'


def test_abstracts_of_zotero_are_articles_and_the_rest_is_told(tmp_path: Path) -> None:
    bare = '"CD2","book","2020","Moe, Pia","Gates","","","","2020",""\n'
    (article,), (failure,) = take(tmp_path, "any.csv", f'{ZOTERO}{DAM}"2021-03-04",""\n{bare}')
    assert (article.id, article.title, article.author) == ("any.csv#AB1", "On dams", "Ada Brandt, Pia Moe")
    assert (article.text, article.date, article.source) == ("Twelve were measured.", "2021-03-04", "https://example.org")
    assert failure.reason.startswith("1 publication has neither an abstract nor notes")


def test_the_name_of_a_journal_is_no_date_of_publication(tmp_path: Path) -> None:
    (article,), failures = take(tmp_path, "any.csv", f'{ZOTERO}{DAM}"",""\n'.replace('"2021","Brandt', '"","Brandt'))
    assert (article.date, article.metadata["publication"], failures) == ("", "Water", [])


def test_csl_json_is_read(tmp_path: Path) -> None:
    entry = {"id": "x", "type": "article", "title": "On dams", "abstract": "Twelve were measured.", "container-title": "Water"}
    people = {"author": [{"family": "Brandt", "given": "Ada"}], "issued": {"date-parts": [[2021, 3]]}}
    (article,), failures = take(tmp_path, "a.json", json.dumps([entry | people]))
    assert (article.title, article.author, article.date, failures) == ("On dams", "Ada Brandt", "2021-03", [])


def test_better_bibtex_json_is_read_with_its_notes(tmp_path: Path) -> None:
    creators = [
        {"firstName": "Ada", "lastName": "Brandt", "creatorType": "author"},
        {"firstName": "Jo", "lastName": "Lee", "creatorType": "editor"},
    ]
    item = {
        "itemType": "book",
        "title": "Dams",
        "creators": creators,
        "date": "2021",
        "notes": [{"note": "<p>Read <b>this</b>.</p>"}],
    }
    (article,), _ = take(tmp_path, "a.json", json.dumps({"config": {"id": 1}, "items": [item]}))
    assert (article.text, article.author, article.date) == ("Read this .", "Ada Brandt", "2021")


READWISE = (
    "Highlight,Book Title,Book Author,Amazon Book ID,Note,Color,Tags,Location Type,Location,Highlighted at,Document tags\n"
)


def test_highlights_of_readwise_are_one_article_for_each_book(tmp_path: Path) -> None:
    rows = "The dam is old.,Dams,Ada Brandt,,see p. 3,,,page,3,2021-03-04,\nIt leaks.,Dams,Ada Brandt,,,,,page,9,2021-03-05,\n"
    (article,), failures = take(tmp_path, "x.csv", READWISE + rows)
    assert (article.title, article.author, failures) == ("Dams", "Ada Brandt", [])
    assert article.text == "> The dam is old.\n\nNote: see p. 3\n\n> It leaks."


def test_the_list_of_pocket_is_said_to_be_addresses(tmp_path: Path) -> None:
    rows = "A,https://example.org/a,1640217600,,unread\nB,https://example.org/b,1640217601,x,archive\n"
    articles, (failure,) = take(tmp_path, "part_0.csv", "title,url,time_added,tags,status\n" + rows)
    assert articles == []
    assert failure.reason.startswith(
        "This is a list of 2 addresses, without their texts; ingest them with `footnote ingest https:"
    )


def test_selections_of_instapaper_are_texts_and_the_rest_addresses(tmp_path: Path) -> None:
    rows = "https://example.org/a,A,,Unread,1640217600\nhttps://example.org/b,B,The dam is high.,Unread,1640217600\n"
    (article,), (failure,) = take(tmp_path, "x.csv", "URL,Title,Selection,Folder,Timestamp\n" + rows)
    assert (article.text, article.source, article.metadata) == (
        "The dam is high.",
        "https://example.org/b",
        {"saved": "2021-12-23"},
    )
    assert "a list of 1 address" in failure.reason


def test_a_text_of_omnivore_has_what_its_list_says(tmp_path: Path) -> None:
    entry = {"slug": "dams-1", "title": "Dams", "author": "Ada Brandt", "url": "https://example.org", "savedAt": "2021-04-01"}
    (tmp_path / "content").mkdir()
    assert take(tmp_path, "metadata_0_to_1.json", json.dumps([entry | {"publishedAt": "2021-03-04T00:00:00Z"}])) == ([], [])
    (article,), _ = take(tmp_path, "content/dams-1.md", "The dam is old.")
    assert (article.title, article.author, article.date) == ("Dams", "Ada Brandt", "2021-03-04")
    assert article.source == "https://example.org"
