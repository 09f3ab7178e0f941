"""Tables and JSON files: an article for each row or object, and a plain word where it is not clear which column is the text."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from vectorstore.readers import read
from vectorstore.readers.columns import parse_columns, use_columns
from vectorstore.types import Article, Failure

PROSE = "The dam at Brenn is forty metres high and was finished in the summer of 1957. " * 3


@pytest.fixture(autouse=True)
def no_columns() -> Iterator[None]:
    yield
    use_columns({})


def take(folder: Path, name: str, content: str) -> tuple[list[Article], list[Failure]]:
    path = folder / name
    path.write_text(content, "utf-8")
    found = list(read(path, folder))
    return [one for one in found if isinstance(one, Article)], [one for one in found if isinstance(one, Failure)]


DIALECTS = {
    "commas": 'headline,body,publish date,byline\n"Dams, old","It is ""high"", they say.",2021-03-04,By Olaf Berg\n',
    "semicolons": 'headline;body;publish date;byline\nDams, old;"It is ""high"", they say.";2021-03-04;By Olaf Berg\n',
    "tabs": 'headline\tbody\tpublish date\tbyline\nDams, old\t"It is ""high"", they say."\t2021-03-04\tBy Olaf Berg\n',
    "Excel": 'sep=|\nheadline|body|publish date|byline\nDams, old|"It is ""high"", they say."|2021-03-04|Olaf Berg\n',
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_dialect_is_told_by_the_file(tmp_path: Path, dialect: str) -> None:
    (article,), failures = take(tmp_path, "a.csv", DIALECTS[dialect])
    assert (article.title, article.text, article.author) == ("Dams, old", 'It is "high", they say.', "Olaf Berg")
    assert (article.date, article.media_type, failures) == ("2021-03-04", "text/csv", [])


def test_a_cell_may_have_several_lines(tmp_path: Path) -> None:
    (article,), _ = take(tmp_path, "a.tsv", 'title\ttext\nDams\t"One.\n\nTwo."\n')
    assert article.text == "One.\n\nTwo."


def test_html_in_a_cell_becomes_text(tmp_path: Path) -> None:
    (article,), _ = take(tmp_path, "a.csv", 'title,content\nDams,"<p>It is <b>high</b> &amp; old.</p><ul><li>wide</li></ul>"\n')
    assert article.text == "It is high & old.\n\n- wide"


def test_one_column_shows_the_order_of_its_dates(tmp_path: Path) -> None:
    articles, failures = take(tmp_path, "a.csv", "text,date\nOne.,03/04/2021\nTwo.,25/12/2021\n")
    assert ([one.date for one in articles], failures) == (["2021-04-03", "2021-12-25"], [])


def test_a_row_without_a_text_is_told(tmp_path: Path) -> None:
    articles, failures = take(tmp_path, "a.csv", "title,text\nDams,\nGates,Four metres.\n")
    assert [one.id for one in articles] == ["a.csv#2"]
    assert failures == [Failure("a.csv, row 1", "The row has no text in “text”; it was left out.")]


def test_data_without_a_text_are_one_article_with_a_table(tmp_path: Path) -> None:
    (article,), failures = take(tmp_path, "ships_of_ner.csv", "Town,Ships\nNer,12\nVik,9\n")
    assert article.text == "# ships of ner\n\n| Town | Ships |\n| --- | --- |\n| Ner | 12 |\n| Vik | 9 |"
    assert failures == []


def test_a_single_column_of_long_texts_is_taken_and_told(tmp_path: Path) -> None:
    (article,), failures = take(tmp_path, "a.csv", f"no,words\n1,{PROSE}\n")
    assert article.text == PROSE.strip()
    assert ["“words”" in one.reason for one in failures] == [True]


def test_two_columns_that_may_be_the_text_are_refused_by_name(tmp_path: Path) -> None:
    articles, (failure,) = take(tmp_path, "a.csv", f"left,right\n{PROSE},{PROSE}\n")
    assert articles == []
    assert "“left”, “right”" in failure.reason and 'FOOTNOTE_COLUMNS="text=left"' in failure.reason


def test_the_setting_says_which_column_is_what(tmp_path: Path) -> None:
    use_columns(parse_columns("text=Right, title=No"))
    (article,), failures = take(tmp_path, "a.csv", f"no,left,right\n7,{PROSE},It is high.\n")
    assert (article.text, article.title, failures) == ("It is high.", "7", [])


def test_the_setting_holds_for_json_lines_too(tmp_path: Path) -> None:
    use_columns({"text": "words"})
    (article,), _ = take(tmp_path, "a.jsonl", '{"words": "It is high.", "text": "no"}')
    assert article.text == "It is high."


@pytest.mark.parametrize("stated", ["body", "text=", "words=body"])
def test_a_setting_that_names_no_field_is_refused(stated: str) -> None:
    with pytest.raises(ValueError, match=r"form|field"):
        parse_columns(stated)


ONE = {"title": "Dams", "content": "It is high.", "datePublished": "2021-03-04", "creator": [{"name": "Ada Brandt"}]}
SHAPES = {
    "a list": [ONE],
    "a list inside": {"status": "ok", "articles": [ONE]},
    "a list two levels inside": {"data": {"items": [ONE]}},
    "one object": ONE,
    "attributes": {"data": [{"attributes": ONE}]},
    "WordPress": [{**ONE, "title": {"rendered": "Dams"}, "content": {"rendered": "<p>It is <em>high</em>.</p>"}}],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_of_json_is_read(tmp_path: Path, shape: str) -> None:
    (article,), failures = take(tmp_path, "a.json", json.dumps(SHAPES[shape]))
    assert (article.title, article.text, article.author, article.date) == ("Dams", "It is high.", "Ada Brandt", "2021-03-04")
    assert failures == []


def test_articles_by_their_ids_are_read(tmp_path: Path) -> None:
    articles, _ = take(tmp_path, "a.json", json.dumps({"x": ONE, "y": ONE}))
    assert [one.id for one in articles] == ["a.json#x", "a.json#y"]


def test_json_lines_under_the_name_of_json_are_read(tmp_path: Path) -> None:
    assert [one.text for one in take(tmp_path, "a.json", '{"text": "A."}\n{"text": "B."}\n')[0]] == ["A.", "B."]


NO_ARTICLES = {
    "the settings of a program": ('{"name": "x", "version": "1.0.0"}', "The JSON is one object without a text"),
    "numbers": ("[1, 2]", "The JSON holds no list of articles"),
    "half a file": ('{"text": "A.', "The file is not valid JSON"),
    "nesting": ("[" * 9000, "The file is JSON that cannot be read"),
}


@pytest.mark.parametrize("name", NO_ARTICLES)
def test_json_without_articles_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    content, reason = NO_ARTICLES[name]
    articles, (failure,) = take(tmp_path, "a.json", content)
    assert articles == [] and failure.reason.startswith(reason)
