"""Rich text: blocks in order, characters in whatever code page, and what is hidden or deleted apart."""

from pathlib import Path

import pytest

from tests.corpus.make_office import OFFICE
from vectorstore.readers import read
from vectorstore.types import Article, Failure


def corpus(name: str) -> Article:
    (found,) = read(OFFICE / name, OFFICE)
    assert isinstance(found, Article)
    return found


def read_text(folder: Path, text: str) -> Article | Failure:
    (folder / "a.rtf").write_bytes(text.encode("latin-1"))
    (found,) = read(folder / "a.rtf", folder)
    return found


def words(folder: Path, inside: str) -> str:
    found = read_text(folder, r"{\rtf1\ansi\ansicpg1252 " + inside + "}")
    assert isinstance(found, Article), found
    return found.text


def test_the_properties_are_in_the_code_page_of_the_file() -> None:
    article = corpus("cafes-cp1252.rtf")
    assert (article.title, article.author, article.date) == ("Les cafés du port", "Moïra Lenoir", "2018-03-09")


def test_blocks_come_in_order_with_a_note_under_its_paragraph() -> None:
    assert corpus("cafes-cp1252.rtf").text == (
        "# Les cafés du port\n\nLe port compte “sept” cafés[1]; le plus ancien, L’Ancre, date de 1902.\n\n"
        "[1] Sans le bar du cinéma.\n\n1. Le patron sert lui-même.\n2. On paie au comptoir.\n\n"
        "| Café | Tables |\n| --- | --- |\n| L’Ancre | 14 |\n\nLe serveur s’appelle Jiří."
    )


def test_deleted_words_comments_and_margins_are_apart() -> None:
    assert [(part.reason, part.text) for part in corpus("cafes-cp1252.rtf").omitted] == [
        ("running head", "Feuille paroissiale"),
        ("deleted text", "Le bar du quai est fermé."),
        ("comment", "Qui est-ce ?"),
    ]


def test_code_pages_escapes_and_pairs_of_them_are_read() -> None:
    assert corpus("bridge-unicode.rtf").text == "Мост через Тихую длиной сто метров.\n\n大桥正在修理。 😀"


WORDS = {
    "escaped, with the letters for old programs": (r"Caf\u233\'e9s and \u8364 ?uro", "Cafés and €uro"),
    "two letters for old programs": (r"\uc2 \u22823xxb", "大b"),
    "a byte as it is": ("Caf\xe9", "Café"),
    "signs": (r"a\~b \{c\} d\_e\-f\\", "a b {c} d-ef\\"),
    "a destination that nobody knows": (r"{\*\secret hush}Loud", "Loud"),
    "a field": (r'{\field{\*\fldinst{HYPERLINK "x"}}{\fldrslt{See}}} it', "See it"),
    "bytes of a picture": (r"{\pict\bin6 }}{{\\}After", "After"),
    "merged cells": (
        r"\trowd\clvmgf\cellx1\cellx2\intbl N\cell a\cell\row\trowd\clvmrg\cellx1\cellx2\intbl\cell b\cell\row\pard",
        "| N | a |\n| --- | --- |\n| N | b |",
    ),
    "a text box": (r"One.{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt Two.\par}}{\shprslt Old}}\par", "One.\n\nTwo."),
}


@pytest.mark.parametrize("name", WORDS)
def test_the_words_of_the_stream(tmp_path: Path, name: str) -> None:
    inside, text = WORDS[name]
    assert words(tmp_path, inside) == text


REFUSED = {
    "no rich text": ("Hello.", "does not begin as .rtf does"),
    "nested too deeply": (r"{\rtf1" + "{" * 600, "nested too deeply"),
    "no words": (r"{\rtf1{\fonttbl{\f0 Arial;}}}", "no text"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    text, reason = REFUSED[name]
    found = read_text(tmp_path, text)
    assert isinstance(found, Failure) and reason in found.reason
