"""A Kindle's clippings, told by their shape in whatever language the device is set to."""

from pathlib import Path

import pytest

from vectorstore.readers import read
from vectorstore.readers.clippings import clippings
from vectorstore.types import Article

BOOK = "Make It Hold (Ada Brandt)"


def entry(about: str, words: str, book: str = BOOK) -> str:
    return f"{book}\n- {about}\n\n{words}\n==========\n"


def take(folder: Path, text: str) -> list[Article]:
    path = folder / "My Clippings.txt"
    path.write_text(text, "utf-8")
    return [one for one in read(path, folder) if isinstance(one, Article)]


@pytest.mark.parametrize(
    "about",
    [
        "Your Highlight on Location 55-56 | Added on Sunday, February 23, 2020 2:58:27 PM",
        "Votre surlignement sur la page 4 | emplacement 55-56 | Ajouté le dimanche 23 février 2020 14:58:27",
        "La subrayado en la página 4 | posición 55-56 | Añadido el domingo, 23 de febrero de 2020 14:58:27",
        "您在位置 #55-56的标注 | 添加于 2020年2月23日星期日 下午2:58:27",
        "Ваш выделенный отрывок в месте 55–56 | Добавлено: воскресенье, 23 февраля 2020 г. в 14:58:27",
    ],
)
def test_an_entry_is_read_in_the_language_of_the_device(tmp_path: Path, about: str) -> None:
    text = entry(about, "It is old.")
    (found,) = take(tmp_path, text)
    assert (found.title, found.author, found.metadata) == ("Make It Hold", "Ada Brandt", {"highlighted": "2020-02-23"})
    assert [one.place for one in clippings(text)] == [(55, 56)]


def test_each_book_is_an_article_of_its_own(tmp_path: Path) -> None:
    about = "Your Highlight on Location 5-6 | Added on 4 March 2021 10:00:00"
    found = take(tmp_path, entry(about, "It is old.") + entry(about, "It leaks.", "Gates: a Guide (2nd ed.) (Moe, Pia)"))
    assert [(one.title, one.author, one.text) for one in found] == [
        ("Make It Hold", "Ada Brandt", "> It is old."),
        ("Gates: a Guide (2nd ed.)", "Pia Moe", "> It leaks."),
    ]


def test_a_text_with_lines_of_signs_is_no_list_of_clippings() -> None:
    assert clippings("Report\n==========\n- rain | sun\n\nIt rained.\n==========\nIt shone.\n") == []
