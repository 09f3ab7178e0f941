"""Word files written part by part, as Word itself writes them: python-docx makes no notes, tracked changes or boxes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True)
class DocxDraft:
    """The parts of a Word file, as XML without their root elements; `core` are its properties, `pages` what Word counted."""

    body: str
    styles: str = ""
    numbering: str = ""
    footnotes: str = ""
    endnotes: str = ""
    comments: str = ""
    header: str = ""
    core: Mapping[str, str] = field(default_factory=dict)
    pages: int = 0

    def packed(self) -> bytes:
        """The file."""
        parts = {
            name: text
            for name in ("styles", "numbering", "footnotes", "endnotes", "comments", "header")
            if (text := getattr(self, name))
        }
        roots = {"header": "hdr"}
        files = {f"word/{name}.xml": _root(roots.get(name, name), text) for name, text in parts.items()}
        files["word/document.xml"] = _root("document", f"<w:body>{self.body}</w:body>")
        files["word/_rels/document.xml.rels"] = _relations({f"{_OFFICE}/{name}": f"{name}.xml" for name in parts})
        files["_rels/.rels"] = _relations(
            {
                f"{_OFFICE}/officeDocument": "word/document.xml",
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties": "docProps/core.xml",
                f"{_OFFICE}/extended-properties": "docProps/app.xml",
            }
        )
        files["docProps/core.xml"] = _core(self.core)
        files["docProps/app.xml"] = (
            f'{_HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
            f"<Pages>{self.pages or 1}</Pages></Properties>"
        )
        files["[Content_Types].xml"] = _types(files)
        return packed_zip(files)


def packed_zip(files: Mapping[str, str | bytes], stored: tuple[str, ...] = ()) -> bytes:
    """A zip of these files that has the same bytes each time; those `stored` are not compressed."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for name, content in files.items():
            member = ZipInfo(name, (2026, 11, 1, 12, 0, 0))
            member.compress_type = 0 if name in stored else ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            file.writestr(member, content)
    return packed.getvalue()


class UndeclaredName(ZipInfo):
    """A member whose name is in an encoding that nothing declares, as the Explorer of a Windows of that country packs it."""

    codec = "cp932"

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # the method of `ZipInfo` that writes the name
        return self.filename.encode(self.codec), self.flag_bits


def zip_with_names_in(codec: str, files: Mapping[str, str | bytes]) -> bytes:
    """A zip whose names are in this encoding, without a word on it."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as file:
        for name, content in files.items():
            member = UndeclaredName(name, (2026, 11, 1, 12, 0, 0))
            member.codec, member.compress_type = codec, ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            file.writestr(member, content)
    return packed.getvalue()


def repacked(data: bytes) -> bytes:
    """A zip that a library made, without the time at which it did."""
    with ZipFile(BytesIO(data)) as file:
        names = [member.filename for member in file.infolist()]
        return packed_zip({name: file.read(name) for name in names}, stored=("mimetype",))


def p(words: str, style: str = "", extra: str = "") -> str:
    """A paragraph of plain words in a style, with further properties."""
    return paragraph(run(words), style, extra)


def paragraph(runs: str, style: str = "", extra: str = "") -> str:
    """A paragraph of runs."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{extra}</w:pPr>{runs}</w:p>"


def run(words: str, properties: str = "") -> str:
    """A run of words."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def style(name: str, told: str, inside: str = "", kind: str = "paragraph") -> str:
    """A style by its id and its name."""
    return f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{told}"/>{inside}</w:style>'


def cell(words: str, properties: str = "") -> str:
    """A cell of a table."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(words)}</w:tc>"


def table(*rows: str) -> str:
    """A table of rows, each the XML of its cells."""
    return "<w:tbl><w:tblPr/>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def _root(name: str, inside: str) -> str:
    return f"{_HEAD}<w:{name} {NAMESPACES}>{inside}</w:{name}>"


def _relations(targets: Mapping[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), start=1)
    )
    return (
        f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{listed}</Relationships>'
    )


def _core(properties: Mapping[str, str]) -> str:
    dates = ("created", "modified")
    told = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{value}</dcterms:{name}>'
        if name in dates
        else f"<dc:{name}>{value}</dc:{name}>"
        for name, value in properties.items()
    )
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{told}</cp:coreProperties>'
    )


def _types(files: Mapping[str, str]) -> str:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    names = {"document": "document.main", "header": "header"}
    told = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}.{names.get(stem, stem)}+xml"/>'
        for name in files
        if name.startswith("word/") and name.endswith(".xml")
        for stem in [name.removeprefix("word/").removesuffix(".xml")]
    )
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f"{told}</Types>"
    )
