"""One file in: its articles, their ids, and a reason for each thing that stays out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.readers import read
from vectorstore.readers.files import decode_text, with_lf
from vectorstore.types import Article, Failure


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def only(folder: Path, name: str, content: str | bytes) -> Article:
    (found,) = read(write(folder, name, content), folder)
    assert isinstance(found, Article)
    return found


def reason(folder: Path, name: str, content: str | bytes, max_bytes: int = 1000) -> str:
    (found,) = read(write(folder, name, content), folder, max_bytes)
    assert isinstance(found, Failure)
    return found.reason


def test_an_id_is_the_path_under_the_root(tmp_path: Path) -> None:
    assert only(tmp_path, "a/b/c.txt", "Hello there.").id == "a/b/c.txt"


def test_a_file_that_is_the_root_is_named_by_its_name(tmp_path: Path) -> None:
    path = write(tmp_path, "c.txt", "Hello there.")
    assert [found.id for found in read(path, path) if isinstance(found, Article)] == ["c.txt"]


def test_the_origin_is_the_absolute_path(tmp_path: Path) -> None:
    assert only(tmp_path, "a.txt", "Hello there.").origin == str(tmp_path / "a.txt")


def test_further_articles_of_a_file_are_numbered(tmp_path: Path) -> None:
    body = "The council met on Monday and decided nothing at all about the bridge that it had closed.\n" * 3
    cut = "A cold April has left keepers with half of their hives. The insects had begun to fly, and now they wonder whether"
    path = write(tmp_path, "page.txt", f"{body}Translated by Jonas Lindqvist\n{cut}\n{cut} or")
    assert [found.id for found in read(path, tmp_path) if isinstance(found, Article)] == [
        "page.txt",
        "page.txt#2",
        "page.txt#3",
    ]


def test_a_text_is_stored_as_it_came_but_for_mark_and_line_ends(tmp_path: Path) -> None:
    assert only(tmp_path, "a.txt", b"\xef\xbb\xbf  One.\r\nTwo.\rThree.\n\n ").text == "  One.\nTwo.\nThree.\n\n "


SAID = {
    "cp1252": ("Windows-1252", "Le café de Besançon a fermé en juin — son patron est parti."),
    "koi8_r": ("KOI8-R", "Мост через реку был закрыт в среду. Он построен в 1931 году."),
    "cp1251": ("Windows-1251", "Мост через реку был закрыт в среду. Он построен в 1931 году."),
    "gb18030": ("GB18030", "这座桥于一九三一年建成，长四十二米。"),
    "shift_jis": ("Shift-JIS", "この橋は1931年に建てられた。長さは42メートルです。"),
    "cp949": ("EUC-KR", "이 다리는 1931년에 지어졌다. 길이는 42미터이다."),
    "iso8859_2": ("ISO 8859-2", "Most w Gdańsku został zamknięty w środę. Śnieg leżał na ulicach."),
    "cp1255": ("Windows-1255", "הגשר נסגר ביום רביעי. הוא נבנה בשנת 1931."),
    "utf_16_le": ("UTF-16 without a mark", "The tram in Graz was built in 1878."),
    "utf_16_be": ("UTF-16 without a mark", "这座桥于一九三一年建成，长四十二米。\n"),
    "mac_roman": ("Mac Roman", "The café in Besançon closed “early” – its owner retired."),
}


@pytest.mark.parametrize("encoding", SAID)
def test_an_encoding_is_detected_and_told(tmp_path: Path, encoding: str) -> None:
    name, text = SAID[encoding]
    article, note = read(write(tmp_path, "a.txt", text.encode(encoding)), tmp_path)
    assert isinstance(article, Article)
    assert article.text == text
    told = f"The text is not UTF-8; it was read as {name}, in which its bytes make sense."
    assert note == Failure("a.txt", told, taken=True)


def test_a_slip_in_utf8_is_told_and_spoils_nothing_else(tmp_path: Path) -> None:
    article, note = read(
        write(tmp_path, "a.txt", "Das Schloß über der Brücke, schön und größer.\n".encode() * 9 + b"a\xe9b"), tmp_path
    )
    assert isinstance(article, Article) and isinstance(note, Failure)
    assert article.text.endswith("größer.\na\ufffdb")
    assert note.reason.startswith("The text holds 1 byte that is not valid UTF-8")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_a_byte_order_mark_tells_the_encoding(tmp_path: Path, encoding: str) -> None:
    assert only(tmp_path, "a.txt", "Zażółć 今天 😀.".encode(encoding)).text == "Zażółć 今天 😀."


def test_a_title_is_made_from_the_first_sentence(tmp_path: Path) -> None:
    assert only(tmp_path, "a.txt", "\n The bridge is\nclosed. It rained.").title == "The bridge is closed"


def test_a_long_title_is_cut_at_a_word(tmp_path: Path) -> None:
    title = only(tmp_path, "a.txt", "The bridge " + "over the river " * 20 + "is closed.").title
    assert title.endswith(("over…", "the…", "river…")) and len(title) <= 81


@pytest.mark.parametrize("suffix", ["TXT", "Md"])
def test_the_case_of_the_suffix_does_not_matter(tmp_path: Path, suffix: str) -> None:
    assert only(tmp_path, f"a.{suffix}", "Hello there.").text == "Hello there."


REASONS: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.txt", b"", "The file is empty."),
    "only a mark": ("a.txt", b"\xef\xbb\xbf", "The file holds nothing but white space."),
    "white space": ("a.md", b" \n\t\n", "The file holds nothing but white space."),
    "binary": ("a.txt", b"GIF89a\x00\x01", "This is a binary file, not text."),
    "control characters": ("a.txt", b"\x01\x02\x03\x04 text", "This is a binary file, not text."),
    "binary lines": ("a.jsonl", b"\x00\x01\n\x02", "This is a binary file, not JSON lines."),
    "bad bytes behind a mark": (
        "a.txt",
        b"\xef\xbb\xbfcaf\xe9",
        "The text is not valid UTF-8: byte 7 is 0xE9. Save it as UTF-8.",
    ),
    "half of a UTF-16 character": (
        "a.txt",
        b"\xff\xfea\x00b",
        "The text is not valid UTF-16: byte 5 is 0x62. Save it as UTF-8.",
    ),
    "too large": ("a.txt", b"x" * 4001, "The file has 4001 bytes; the limit is 4000 bytes. Cut it into smaller files."),
    "another format": ("a.exe", b"x", "“.exe” is not a format that can be read."),
    "no suffix": ("README", b"x", "“README” is not a format that can be read."),
    "front matter alone": ("a.md", b"---\ntitle: A\n---\n\n", "The file has front matter, but no text after it."),
    "empty lines": ("a.jsonl", b"", "The file is empty."),
}


@pytest.mark.parametrize("name", REASONS)
def test_what_stays_out_is_named_with_its_reason(tmp_path: Path, name: str) -> None:
    file, content, expected = REASONS[name]
    assert reason(tmp_path, file, content) == expected


def test_a_huge_file_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(200_100_000)
    assert list(read(path, tmp_path)) == [
        Failure("a.txt", "The file has 200.1 MB; the limit is 200.0 MB. Cut it into smaller files.")
    ]


@pytest.mark.parametrize("name", ["gone.txt", "gone.md", "gone.jsonl"])
def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, name: str) -> None:
    assert list(read(tmp_path / name, tmp_path)) == [Failure(name, "The file cannot be read: no such file or directory.")]


@pytest.mark.parametrize("name", ["folder.txt", "folder.jsonl"])
def test_a_folder_with_a_files_name_is_not_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert list(read(tmp_path / name, tmp_path)) == [Failure(name, "This is not a regular file.")]


def test_a_name_that_is_not_utf8_becomes_an_id_that_is(tmp_path: Path) -> None:
    path = Path(str(tmp_path) + "/caf\udce9.txt")
    path.write_text("Hello there.")
    assert [found.id for found in read(path, tmp_path) if isinstance(found, Article)] == ["caf\ufffd.txt"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\r\n\t")).map(lambda text: "words " + text))
def test_any_text_comes_back_with_its_line_ends_normalised(text: str) -> None:
    assert with_lf(decode_text(text.encode())) == text.replace("\r\n", "\n").replace("\r", "\n")
