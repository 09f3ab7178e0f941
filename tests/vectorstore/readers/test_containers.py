"""The parts of packed files within their limits: size, ratio, method, entities."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest

from vectorstore.errors import ReadError
from vectorstore.readers.containers import MAX_PART, MAX_PARTS, Container, open_container, parsed_xml


def container(content: bytes, method: int = ZIP_DEFLATED, times: int = 1) -> Container:
    packed = BytesIO()
    with ZipFile(packed, "w", method) as file:
        for number in range(times):
            file.writestr(f"a{number}.xml", content)
    return Container(ZipFile(packed))


def test_a_part_that_packs_as_only_a_bomb_does_is_refused_unread() -> None:
    with pytest.raises(ReadError, match="zip bomb"):
        container(bytes(2_000_000)).bytes_of("a0.xml")


def test_a_small_part_may_pack_as_it_likes() -> None:
    assert container(bytes(900_000)).bytes_of("a0.xml") == bytes(900_000)


def test_a_part_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(ReadError, match=r"the limit is 30\.0 MB"):
        container(bytes(MAX_PART + 1)).bytes_of("a0.xml")


def test_the_parts_together_have_a_limit() -> None:
    opened = container(bytes(1_000_000), times=MAX_PARTS // 1_000_000 + 1)
    with pytest.raises(ReadError, match="the limit is"):
        for name in opened.names():
            opened.bytes_of(name)


def test_a_method_that_unpacks_whole_blocks_is_refused() -> None:
    with pytest.raises(ReadError, match="packed by a method"):
        container(b"<a/>", ZIP_BZIP2).bytes_of("a0.xml")


def test_entities_are_not_resolved_but_refused() -> None:
    with pytest.raises(ReadError, match="declares XML entities"):
        parsed_xml(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "a.xml")


def test_a_document_type_without_entities_is_fine() -> None:
    assert parsed_xml(b'<!DOCTYPE a SYSTEM "http://localhost/a.dtd"><a>b</a>', "a.xml").text == "b"


def test_broken_xml_is_said_to_be_damaged() -> None:
    with pytest.raises(ReadError, match=r"a\.xml, is damaged"):
        parsed_xml(b"<a><b></a>", "a.xml")


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "a.docx").touch()
    with pytest.raises(ReadError, match="empty"), open_container(tmp_path / "a.docx"):
        pass


def test_a_damaged_part_is_refused(tmp_path: Path) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as file:
        file.writestr("a.xml", "<a>It rained.</a>")
    (tmp_path / "a.docx").write_bytes(packed.getvalue().replace(b"rained", b"snowed"))
    with open_container(tmp_path / "a.docx") as opened, pytest.raises(ReadError, match="is damaged"):
        opened.bytes_of("a.xml")
