"""OpenDocument texts, rich text and books as their programs write them, and the bomb that XML can be."""

from tests.corpus.docx_drafts import packed_zip

_ENTITIES = "".join("<!ENTITY lol{} '{}'>".format(n, f"&lol{n - 1};" * 10) for n in range(1, 10))
BILLION_LAUGHS = f"<!DOCTYPE lolz [<!ENTITY lol0 'lol'>{_ENTITIES}]>"
"""The head of XML in which `&lol9;` stands for a billion words."""

ODT = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" office:version="1.3">
<office:automatic-styles>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
<text:list-style style:name="L1">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/></text:list-style>
</office:automatic-styles>
<office:body><office:text>
<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><office:change-info><dc:creator>Lise Berg</dc:creator>
<dc:date>2026-01-05T10:00:00</dc:date></office:change-info><text:p>The chairman was late.</text:p></text:deletion>
</text:changed-region></text:tracked-changes>
<text:p text:style-name="P1">Minutes of the Allotment Society</text:p>
<text:h text:outline-level="1">Water</text:h>
<text:p>The society has<text:s text:c="2"/>two taps and one<text:line-break/>rain barrel.<text:note text:note-class="footnote"
><text:note-citation>1</text:note-citation><text:note-body><text:p>The barrel holds 900 litres.</text:p></text:note-body
></text:note> A third tap is planned.<office:annotation><dc:creator>Lise Berg</dc:creator><dc:date>2026-01-05T10:01:00</dc:date>
<text:p>By whom?</text:p></office:annotation></text:p>
<text:list text:style-name="L1"><text:list-item><text:p>Nobody waters after ten.</text:p></text:list-item>
<text:list-item><text:p>Hoses are rolled up:</text:p><text:list><text:list-item><text:p>on the hook</text:p></text:list-item>
</text:list>
</text:list-item></text:list>
<text:p>It was also agreed:</text:p>
<text:list text:style-name="L1" text:continue-numbering="true">
<text:list-item><text:p>The gate is locked.</text:p></text:list-item></text:list>
<text:h text:outline-level="1">Plots</text:h>
<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Row</text:p></table:table-cell>
<table:table-cell><text:p>Plot</text:p></table:table-cell><table:table-cell><text:p>Holder</text:p></table:table-cell>
</table:table-row></table:table-header-rows>
<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>North</text:p></table:table-cell>
<table:table-cell><text:p>14</text:p></table:table-cell>
<table:table-cell><text:p>Mr Eide</text:p></table:table-cell></table:table-row>
<table:table-row><table:covered-table-cell/><table:table-cell
 table:number-columns-spanned="2"><text:p>free</text:p></table:table-cell>
<table:covered-table-cell/></table:table-row>
</table:table>
<text:p><draw:frame><draw:text-box><text:p>The next meeting is on 9 March.</text:p></draw:text-box></draw:frame></text:p>
</office:text></office:body></office:document-content>"""
ODT_STYLES = """<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">
<office:master-styles><style:master-page style:name="Standard"><style:header><text:p>Allotment Society of Lund</text:p>
</style:header></style:master-page></office:master-styles></office:document-styles>"""
ODT_META = """<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>
<meta:initial-creator>Lise Berg</meta:initial-creator><meta:creation-date>2026-01-04T19:20:11</meta:creation-date>
<dc:creator>Somebody Else</dc:creator><dc:date>2026-01-06T08:00:00</dc:date></office:meta></office:document-meta>"""
ODT_TYPE = "application/vnd.oasis.opendocument.text"


def open_document() -> bytes:
    """Minutes in OpenDocument, as LibreOffice writes them."""
    files = {"mimetype": ODT_TYPE, "content.xml": ODT, "styles.xml": ODT_STYLES, "meta.xml": ODT_META}
    return packed_zip(files, stored=("mimetype",))


def encrypted_open_document() -> bytes:
    """An OpenDocument text with a password: its parts are encrypted, and the manifest says so."""
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
        "</manifest:manifest>"
    )
    return packed_zip({"mimetype": ODT_TYPE, "content.xml": bytes(range(256)), "META-INF/manifest.xml": manifest})


def open_document_bomb() -> bytes:
    """An OpenDocument text whose words are a few entities that stand for gigabytes."""
    text = '<d xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><office:text>&lol9;</office:text></d>'
    return packed_zip({"mimetype": ODT_TYPE, "content.xml": BILLION_LAUGHS + text})


RTF = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\froman\fcharset238 Times;}}"
    r"{\stylesheet{\ql Normal;}{\s1\outlinelevel0 heading 1;}}"
    r"{\info{\title Les caf\'e9s du port}{\author Mo\'efra Lenoir}{\creatim\yr2018\mo3\dy9\hr10}{\operator X}}"
    r"{\header \pard Feuille paroissiale\par}"
    r"\pard\s1\outlinelevel0 Les caf\'e9s du port\par"
    r"\pard\plain Le port compte \ldblquote sept\rdblquote  caf\'e9s"
    r"{\super\chftn}{\footnote \pard\chftn  Sans le bar du cin\'e9ma.}"
    r"; le plus ancien, \i L\rquote Ancre\i0 , date de 1902.\par"
    r"\pard {\pntext\f0 1.\tab}Le patron sert lui-m\'eame.\par{\pntext\f0 2.\tab}On paie au comptoir.\par"
    r"\trowd\cellx2000\cellx4000\pard\intbl Caf\'e9\cell Tables\cell\row"
    r"\trowd\cellx2000\cellx4000\pard\intbl L\rquote Ancre\cell 14\cell\row"
    r"\pard {\deleted Le bar du quai est ferm\'e9.}\f1 Le serveur s\rquote appelle Ji\'f8\'ed.\f0\par"
    r"{\*\annotation Qui est-ce ?}{\pict\pngblip 89504e470d0a1a0a}}"
)
RUSSIAN = (
    r"{\rtf1\ansi\ansicpg1251\uc1{\fonttbl{\f0\fcharset204 Arial;}}{\info{\title \u1052?\u1086?\u1089?\u1090?}}"
    r"\pard\f0 \'cc\'ee\'f1\'f2 \'f7\'e5\'f0\'e5\'e7 \'d2\'e8\'f5\'f3\'fe \'e4\'eb\'e8\'ed\'ee\'e9 "
    r"\u1089?\u1090?\u1086? \u1084?\u1077?\u1090?\u1088?\u1086?\u1074?."
    r"\par \u22823?\u26725?\u27491?\u22312?\u20462?\u29702?\u12290? \u-10179?\u-8704?\par}"
)


def french_rtf() -> bytes:
    """Rich text in cp1252 with a font in another code page, a note, a list, a table, deleted words and a comment."""
    return RTF.encode("ascii")


def russian_rtf() -> bytes:
    """Rich text in cp1251 and in escaped Unicode, with a character that takes two escapes."""
    return RUSSIAN.encode("ascii")


EPUB_PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Salt Road</dc:title>
<dc:creator id="a">Hanna Lie</dc:creator>
<meta refines="#a" property="role" scheme="marc:relators">aut</meta><dc:contributor id="t">Jon Ask</dc:contributor>
<meta refines="#t" property="role" scheme="marc:relators">trl</meta><dc:language>en-GB</dc:language><dc:date>2015-08</dc:date>
<dc:publisher>Fjord Press</dc:publisher></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="two" href="text/two.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/one%20chapter.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/></spine></package>"""
EPUB_NAV = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><nav
 epub:type="toc"><ol>
<li><a href="text/one%20chapter.xhtml">The pans</a></li><li><a
 href="text/two.xhtml#x">The road</a></li></ol></nav></body></html>"""
EPUB_ONE = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title>
<style>p { color: red }</style></head><body><section><h1>The pans</h1>
<p>Salt was boiled at Ruse&nbsp;Bay from 1720 on.<a epub:type="noteref" href="#n1">1</a> Forty pans were lit at once.</p>
<blockquote><p>The smoke can be seen from the church.</p></blockquote>
<aside epub:type="footnote" id="n1"><p>1. The first licence is lost.</p></aside>
<table><tr><th>Year</th><th>Barrels</th></tr><tr><td>1740</td><td>2,100</td></tr><tr><td>1790</td><td>640</td></tr></table>
<p><img src="pan.png" alt="A pan"/></p></section></body></html>"""
EPUB_TWO = """<html xmlns="http://www.w3.org/1999/xhtml"><body><div>The road ran inland for nine days.<br/>
<ul><li>Carters slept in barns;</li><li>horses drank at <b>three</b> fords.</li></ul>
It was paved only in 1888 & never widened.</div></body></html>"""
CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""


def book() -> bytes:
    """A book in two chapters, one of them without a heading and not quite XML."""
    return packed_zip(_book_files(), stored=("mimetype",))


def _book_files() -> dict[str, str | bytes]:
    return {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": EPUB_PACKAGE,
        "OEBPS/nav.xhtml": EPUB_NAV,
        "OEBPS/text/one chapter.xhtml": EPUB_ONE,
        "OEBPS/text/two.xhtml": EPUB_TWO,
    }


def protected_book() -> bytes:
    """A book of a shop, whose chapters are encrypted."""
    told = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
        '<enc:EncryptedData><enc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></enc:EncryptedData>'
        "</encryption>"
    )
    return packed_zip({**_book_files(), "META-INF/encryption.xml": told, "OEBPS/text/two.xhtml": bytes(range(256))})


def book_bomb() -> bytes:
    """A book with a chapter of a few entities that stand for gigabytes."""
    chapter = f'{BILLION_LAUGHS}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>&lol9;</p></body></html>'
    return packed_zip({**_book_files(), "OEBPS/text/two.xhtml": chapter})
