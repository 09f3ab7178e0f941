"""Markdown: the body as it stands, and what the front matter says."""

from pathlib import Path

import pytest

from vectorstore.readers import read
from vectorstore.readers.markdown import NO_TEXT
from vectorstore.types import Article, Failure

BODY = "\n# The bridge\n\nIt is *closed*.\n"


def take(folder: Path, content: str) -> tuple[Article, list[Failure]]:
    path = folder / "a.md"
    path.write_text(content, "utf-8")
    article, *notes = read(path, folder)
    assert isinstance(article, Article)
    return article, [note for note in notes if isinstance(note, Failure)]


def test_the_text_is_the_body_exactly_as_it_stands(tmp_path: Path) -> None:
    assert take(tmp_path, f"---\ntitle: Bridges\n---\n{BODY}")[0].text == BODY


def test_the_front_matter_fills_the_fields(tmp_path: Path) -> None:
    article, notes = take(
        tmp_path,
        "---\nTitle: 'Bridges: a history'\nauthors: [Ada Brandt, Pia Moe]\ntranslator: Jo Lee\ndate: 2021-03-04\n"
        f"source: https://example.org/a\nsection: Opinion\nversion: 1.10\ndraft: false\ncut_off: true\n---\n{BODY}",
    )
    assert (article.title, article.author, article.translator) == ("Bridges: a history", "Ada Brandt, Pia Moe", "Jo Lee")
    assert (article.date, article.source, article.cut_off) == ("2021-03-04", "https://example.org/a", True)
    assert article.metadata == {"section": "Opinion", "version": "1.10", "draft": "false"}
    assert notes == []


TITLES = {
    "a heading": (BODY, "The bridge"),
    "an underlined heading": ("The bridge\n==========\n\nIt is closed.", "The bridge"),
    "marks in a heading": ("Foreword.\n\n## The [old](b.md) *bridge* `now` ##\n\nIt is closed.", "The old bridge now"),
    "no heading": ("It **is** closed. It rained.", "It is closed"),
    "a comment in code": ("```\n# no heading\n```\n\n# The bridge\n", "The bridge"),
    "nothing but code first": ("```\n---\n```\n\nIt is closed.\n", "It is closed"),
    "an empty title": ("---\ntitle:\n---\n# The bridge\n", "The bridge"),
    "nothing to make a title of": ("***\n", "a"),
}


@pytest.mark.parametrize("name", TITLES)
def test_the_title_is_the_heading_else_the_first_sentence(tmp_path: Path, name: str) -> None:
    text, title = TITLES[name]
    assert take(tmp_path, text)[0].title == title


NAMED = {
    "sections under a name": ("The old bridge.md", "Some notes.\n\n# Context\n\nIt is closed.\n\n# Sources\n\nNone.\n"),
    "sections from the top": ("The old bridge.md", "## Context\n\nIt is closed.\n\n## Sources\n\nNone.\n"),
    "a table at the top": ("The old bridge.md", "| year | state |\n|---|---|\n| 2021 | closed |\n"),
    "a heading over the whole": (
        "my note on it.md",
        "# The old bridge\n\n## Context\n\nIt is closed.\n\n## Sources\n",
    ),
}


@pytest.mark.parametrize("case", NAMED)
def test_a_name_that_a_person_gave_is_the_title_over_sections(tmp_path: Path, case: str) -> None:
    name, text = NAMED[case]
    (tmp_path / name).write_text(text, "utf-8")
    (article,) = read(tmp_path / name, tmp_path)
    assert isinstance(article, Article) and article.title == "The old bridge"


def test_a_note_in_a_vault_is_called_as_its_file_is(tmp_path: Path) -> None:
    (tmp_path / ".obsidian").mkdir()
    path = tmp_path / "bridges" / "SQL.md"
    path.parent.mkdir()
    path.write_text("# Tables\n\nThey have rows.\n\n# Joins\n\nThey pair them.\n", "utf-8")
    (article,) = read(path, tmp_path)
    assert isinstance(article, Article) and article.title == "SQL"


UNREAD = {
    "a sentence": ("---\nHello there\n---\n", "is not a list of `name: value` pairs"),
    "never closed and not plainly fields": ("---\nsummary: x\n", "has no closing line ---"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_front_matter_without_a_field_stays_in_the_text_and_is_told(tmp_path: Path, name: str) -> None:
    block, problem = UNREAD[name]
    article, notes = take(tmp_path, block + BODY)
    assert article.text == block + BODY
    assert [note.reason.startswith(f"The front matter {problem}") for note in notes] == [True]


BROKEN = {
    "an open bracket": ("---\ntitle: Dams\ntags: [open\n---\n", "Line 3 of the front matter is not valid YAML; “tags” was"),
    "an alias": ("---\ntitle: Dams\na: &a [x]\nb: *a\n---\n", "Line 4 of the front matter is not valid YAML; “b” was"),
    "deep nesting": (f"---\ntitle: Dams\na: {'[' * 3000}\n---\n", "Line 3 of the front matter is not valid YAML; “a” was"),
    "quotes in quotes": (
        '---\ntitle: Dams\nabout: "The "old" dam"\n---\n',
        "Line 3 of the front matter is not valid YAML; “about” was",
    ),
    "a line without a name": ("---\ntitle: Dams\nwhat is this\n---\n", "Line 3 of the front matter (“what is this”) names no"),
    "no space behind a colon": ("---\ntitle: Dams\ndate:2021-03-04\n---\n", ""),
    "no closing line": ("---\ntitle: Dams\nauthor: x\n\n", "The front matter has no closing line ---; it was taken to end"),
    "TOML without quotes": (
        '+++\ntitle = "Dams"\nauthor = Ada\n+++\n',
        "Line 3 of the front matter is not valid TOML; “author”",
    ),
    "JSON without a comma": ('{\n"title": "Dams"\n"author": "Ada"\n}\n\n', ""),
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_bad_line_of_front_matter_costs_that_field_alone(tmp_path: Path, name: str) -> None:
    block, problem = BROKEN[name]
    article, notes = take(tmp_path, block + BODY.lstrip())
    assert (article.title, article.text.strip()) == ("Dams", BODY.strip())
    assert [note.reason.startswith(problem) for note in notes] == ([True] if problem else [])


FORMS = {
    "TOML": '+++\ntitle = "Dams: a #1 list"\ndate = 2021-03-04T09:00:00Z\nauthor = "Ada Brandt"\n+++\n',
    "TOML with a table": '+++\ntitle = "Dams: a #1 list"\ndate = 2021-03-04\n[params]\nauthor = "Ada Brandt"\n+++\n',
    "JSON": '{\n  "title": "Dams: a #1 list",\n  "date": "2021-03-04",\n  "author": {"name": "Ada Brandt"}\n}\n\n',
    "JSON between lines": '---\n{"title": "Dams: a #1 list", "date": "2021-03-04", "author": "Ada Brandt"}\n---\n',
    "a colon and a number sign": "---\ntitle: Dams: a #1 list\ndate: 2021-03-04\nauthor: Ada Brandt # the elder\n---\n",
    "blank lines and tabs": "\n\n---\ntitle:\tDams: a #1 list\ndate:\t2021-03-04\nauthors:\n\t- Ada Brandt\n---\n",
    "comments": "---\n# of the dams\ntitle: 'Dams: a #1 list'\ndate: 2021-03-04 # ISO\nauthor: Ada Brandt\n---\n",
    "a list that is not set in": '---\ntitle: "Dams: a #1 list"\ndate: 2021-03-04\nauthors:\n- Ada Brandt\n---\n',
    "links of Obsidian": '---\ntitle: "Dams: a #1 list"\ncreated: "[[2021-03-04]]"\nauthor:\n  - "[[p/Ada|Ada Brandt]]"\n---\n',
    "a field that is set in": "---\ntitle: Dams: a #1 list\n  date: 2021-03-04\n  author: Ada Brandt\n---\n",
    "a longer closing line": "---\ntitle: Dams: a #1 list\ndate: 2021-03-04\nauthor: Ada Brandt\n-----\n",
    "a bare link": "---\ntitle: Dams: a #1 list\ncreated: 2021-03-04\nauthor: [[Ada Brandt]]\n---\n",
    "MultiMarkdown": "Title: Dams: a #1 list\nAuthor: Ada Brandt\nDate: 2021-03-04\n\n",
    "pandoc": "% Dams: a #1 list\n% Ada Brandt\n% March 4, 2021\n\n",
    "a byline": "---\nheadline: Dams: a #1 list\nPublish Date: 4 March 2021\nbyline: By Ada Brandt\n---\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_each_form_of_front_matter_is_read(tmp_path: Path, name: str) -> None:
    article, notes = take(tmp_path, FORMS[name] + BODY)
    assert (article.title, article.author, article.date) == ("Dams: a #1 list", "Ada Brandt", "2021-03-04")
    assert (article.text.strip(), notes) == (BODY.strip(), [])


NO_FIELDS = {
    "a talk": "Ada: Hello.\nPia: Good morning.\n\nThey met.\n",
    "a template": "{{ title }}\n\nThe bridge is closed.\n",
    "JSON alone": '{"title": "Dams"}\n',
    "one line with a colon": "Title: of what?\n\nThe bridge is closed.\n",
}


@pytest.mark.parametrize("name", NO_FIELDS)
def test_what_only_looks_like_front_matter_stays_in_the_text(tmp_path: Path, name: str) -> None:
    assert take(tmp_path, NO_FIELDS[name])[0].text == NO_FIELDS[name]


def test_a_date_in_doubt_is_told(tmp_path: Path) -> None:
    article, notes = take(tmp_path, f"---\ndate: 03/04/2021\n---\n{BODY}")
    assert article.date == "2021-03-04"
    assert ["can be read in two ways" in note.reason for note in notes] == [True]


@pytest.mark.parametrize("said", ["lang: en-GB\n", "lang: fr\n"])
def test_the_language_settles_a_date(tmp_path: Path, said: str) -> None:
    article, notes = take(tmp_path, f"---\n{said}date: 03/04/2021\n---\n{BODY}")
    assert (article.date, notes) == ("2021-04-03", [])


def test_the_name_of_a_jekyll_post_gives_its_date(tmp_path: Path) -> None:
    path = tmp_path / "2021-03-04-old-dams.md"
    path.write_text("It is closed.", "utf-8")
    (article,) = read(path, tmp_path)
    assert isinstance(article, Article)
    assert article.date == "2021-03-04"


def test_a_text_of_nothing_but_an_images_data_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mdx"
    path.write_text("![](data:image/png;base64,iVBORw0KGgo=)\n", "utf-8")
    assert list(read(path, tmp_path)) == [Failure("a.mdx", "The file holds the data of an image, and no text.")]


def test_a_rule_at_the_top_is_no_front_matter(tmp_path: Path) -> None:
    assert take(tmp_path, f"---\n\nHello.\n{BODY}") == (take(tmp_path, f"---\n\nHello.\n{BODY}")[0], [])


def test_empty_front_matter_is_taken_off(tmp_path: Path) -> None:
    article, notes = take(tmp_path, f"---\n---\n{BODY}")
    assert (article.text, notes) == (BODY, [])


def test_front_matter_of_nothing_but_a_comment_is_taken_off(tmp_path: Path) -> None:
    article, notes = take(tmp_path, f"---\n# Do not remove front matter.\n---\n{BODY}")
    assert (article.text, notes) == (BODY, [])


def test_a_date_that_is_not_understood_is_reported_and_kept(tmp_path: Path) -> None:
    article, notes = take(tmp_path, f"---\ndate: the other day\n---\n{BODY}")
    assert (article.date, article.metadata) == ("", {"date": "the other day"})
    assert [(note.where, "the other day" in note.reason) for note in notes] == [("a.md", True)]


def test_line_ends_inside_front_matter_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbf---\r\ntitle: Bridges\r\n---\r\nIt is closed.\r\n")
    (article,) = read(path, tmp_path)
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Bridges", "It is closed.\n")


def test_what_cannot_be_encoded_is_replaced(tmp_path: Path) -> None:
    assert take(tmp_path, f'---\ntitle: "a\\ud800b"\n---\n{BODY}')[0].title == "a\ufffdb"


def test_a_file_of_front_matter_alone_is_no_article(tmp_path: Path) -> None:
    path = tmp_path / "_index.md"
    path.write_text("---\ntitle: All posts\n---\n", "utf-8")
    assert list(read(path, tmp_path)) == [Failure("_index.md", NO_TEXT, no_article=True)]


ADDRESSES = {
    "of Zola": ('+++\npath = "2021/03/04/old-dams"\n+++\n', "2021-03-04"),
    "of Jekyll": ("---\npermalink: /news/2021/03/04/old-dams/\n---\n", "2021-03-04"),
    "beside a date": ("---\nurl: /2021/03/04/old-dams\npublished: 2021-03-05\n---\n", "2021-03-05"),
    "beside a switch": ("---\nurl: /2021/03/04/old-dams\npublished: true\n---\n", "2021-03-04"),
    "without a day": ("---\nurl: /2021/old-dams\n---\n", ""),
    "with no such day": ("---\nurl: /2021/13/40/old-dams\n---\n", ""),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_the_address_of_a_post_gives_its_date(tmp_path: Path, name: str) -> None:
    matter, date = ADDRESSES[name]
    assert take(tmp_path, f"{matter}{BODY}")[0].date == date
