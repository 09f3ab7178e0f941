"""Archives: each member under its own name, within limits, and nothing outside of the folder that it is unpacked to."""

import struct
import tempfile
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo
from zlib import crc32

import pytest

from tests.corpus.docx_drafts import packed_zip, zip_with_names_in
from tests.corpus.make_office import OFFICE
from vectorstore.readers import archive, read
from vectorstore.types import Article, Failure

TEXT = "It rained on the moor.\n"


def found_in(folder: Path, data: bytes) -> list[Article | Failure]:
    path = folder / "all" / "a.zip"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return list(read(path, folder))


def archive_of(member: ZipInfo, content: str | bytes = TEXT) -> bytes:
    """An archive of one odd member and a good one."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        file.writestr(member, content)
        file.writestr("good.txt", TEXT)
    return packed.getvalue()


def ids(found: list[Article | Failure]) -> list[str]:
    return [one.id for one in found if isinstance(one, Article)]


def reasons(found: list[Article | Failure]) -> list[str]:
    return [one.reason for one in found if isinstance(one, Failure)]


def test_members_are_called_by_the_archive_and_their_place_in_it() -> None:
    found = list(read(OFFICE / "folders.zip", OFFICE))
    assert ids(found) == ["folders.zip/notes/bees.md", "folders.zip/notes/deep/wasps.txt", "folders.zip/letter.docx"]
    assert reasons(found) == []


def test_the_archive_is_where_its_articles_come_from(tmp_path: Path) -> None:
    (article,) = found_in(tmp_path, packed_zip({"b.txt": TEXT}))
    assert isinstance(article, Article)
    assert (article.id, article.origin) == ("all/a.zip/b.txt", str(tmp_path / "all" / "a.zip"))


def test_nothing_is_left_of_what_was_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    articles = read(OFFICE / "folders.zip", OFFICE)
    next(articles)
    articles.close()  # type: ignore[attr-defined]  # a generator, as all readers are
    assert list((tmp_path / "temporary").iterdir()) == []


def symbolic_link() -> ZipInfo:
    member = ZipInfo("link.txt")
    member.external_attr = 0o120777 << 16
    return member


MEMBERS = {
    "a name with ..": (ZipInfo("b/../../evil.txt"), "leads out of the archive"),
    "an absolute name": (ZipInfo("/etc/evil.txt"), "place outside of the archive"),
    "a drive letter": (ZipInfo("C:evil.txt"), "place outside of the archive"),
    "a backslash": (ZipInfo("b\\evil.txt"), "has a backslash in its name"),
    "a control character": (ZipInfo("e\x1bvil.txt"), "has a control character"),
    "a symbolic link": (symbolic_link(), "is a symbolic link"),
    "another format": (ZipInfo("b.exe"), "is not a format that can be read"),
}


@pytest.mark.parametrize("name", MEMBERS)
def test_an_odd_member_is_refused_and_the_rest_goes_on(tmp_path: Path, name: str) -> None:
    member, reason = MEMBERS[name]
    found = found_in(tmp_path, archive_of(member))
    assert ids(found) == ["all/a.zip/good.txt"]
    assert [reason in told for told in reasons(found)] == [True]
    assert not (tmp_path.parent / "evil.txt").exists()


def test_a_bomb_is_refused_unread_and_the_rest_goes_on(tmp_path: Path) -> None:
    found = found_in(tmp_path, archive_of(ZipInfo("bomb.txt"), b""))
    bomb = BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as file:
        with file.open("bomb.txt", "w") as member:
            for _ in range(20):
                member.write(bytes(1_000_000))
        file.writestr("good.txt", TEXT)
    found = found_in(tmp_path, bomb.getvalue())
    assert ids(found) == ["all/a.zip/good.txt"]
    assert ["zip bomb" in told for told in reasons(found)] == [True]


def test_a_member_with_a_password_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    data = bytearray(archive_of(ZipInfo("secret.txt")))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    found = found_in(tmp_path, bytes(data))
    assert ids(found) == ["all/a.zip/good.txt"]
    assert ["protected with a password" in told for told in reasons(found)] == [True]


def test_an_archive_of_which_all_has_a_password_is_refused_once(tmp_path: Path) -> None:
    data = bytearray(packed_zip({"a.txt": TEXT}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert reasons(found_in(tmp_path, bytes(data))) == [
        "The archive is protected with a password. Unpack it, then ingest what was in it."
    ]


def test_an_archive_in_an_archive_is_read_and_one_in_that_is_not(tmp_path: Path) -> None:
    third = packed_zip({"deep.txt": TEXT})
    found = found_in(tmp_path, packed_zip({"b.zip": packed_zip({"c.txt": TEXT, "d.zip": third})}))
    assert ids(found) == ["all/a.zip/b.zip/c.txt"]
    assert reasons(found) == ["The file in the archive is an archive in 2 archives, which is not opened; it was left out."]


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    many = packed_zip({f"{number}.txt": "" for number in range(archive.MAX_MEMBERS + 1)})
    assert ["holds 10,001 files" in told for told in reasons(found_in(tmp_path, many))] == [True]


def test_too_many_bytes_are_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED", 30)
    told = reasons(found_in(tmp_path, packed_zip({"a.txt": TEXT, "b.txt": TEXT})))
    assert told == ["The archive has 46 bytes unpacked; the limit is 30 bytes."]


def test_a_damaged_member_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    data = packed_zip({"a.txt": TEXT, "b.txt": TEXT + TEXT}, stored=("a.txt",))
    found = found_in(tmp_path, data.replace(b"rained", b"snowed", 1))
    assert ids(found) == ["all/a.zip/b.txt"]
    assert reasons(found) == ["The file in the archive is damaged; it was left out."]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no more", b"Hello."])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    assert len(reasons(found_in(tmp_path, data))) == 1


NAMES = {
    "cp437": ["café.txt", "Größe und Maß.txt"],
    "cp850": ["São João.txt", "Ação.txt"],
    "cp1252": ["café.txt", "Über uns.txt"],
    "cp866": ["Протокол собрания.txt", "Отчёт.txt"],
    "cp932": ["議事録.txt", "一覧表.txt"],
    "gb18030": ["会议记录.txt", "北京的春天.txt"],
    "cp949": ["회의록.txt", "서울의 봄.txt"],
}


@pytest.mark.parametrize("codec", NAMES)
def test_names_are_read_in_the_encoding_of_who_packed_them(tmp_path: Path, codec: str) -> None:
    found = found_in(tmp_path, zip_with_names_in(codec, dict.fromkeys(NAMES[codec], TEXT)))
    assert ids(found) == [f"all/a.zip/{name}" for name in NAMES[codec]]


def test_names_in_utf8_are_read_declared_or_not(tmp_path: Path) -> None:
    assert ids(found_in(tmp_path, zip_with_names_in("utf-8", {"café.txt": TEXT}))) == ["all/a.zip/café.txt"]
    assert ids(found_in(tmp_path, packed_zip({"café.txt": TEXT}))) == ["all/a.zip/café.txt"]


def test_a_name_that_is_stated_in_utf8_beside_the_other_is_taken(tmp_path: Path) -> None:
    member = ZipInfo("me_mo.txt")
    name = "メモ.txt".encode()
    member.extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, crc32(b"me_mo.txt")) + name
    assert ids(found_in(tmp_path, archive_of(member))) == ["all/a.zip/メモ.txt", "all/a.zip/good.txt"]
    member.extra = member.extra.replace(struct.pack("<I", crc32(b"me_mo.txt")), bytes(4))
    assert ids(found_in(tmp_path, archive_of(member))) == ["all/a.zip/me_mo.txt", "all/a.zip/good.txt"]


def test_a_corrupt_word_file_in_an_archive_does_not_stop_the_rest(tmp_path: Path) -> None:
    found = found_in(tmp_path, packed_zip({"a.docx": (OFFICE / "corrupt.docx").read_bytes(), "b.txt": TEXT}))
    assert ids(found) == ["all/a.zip/b.txt"]
    assert ["damaged" in told for told in reasons(found)] == [True]
