"""The names that exports give the fields of an article, and what may stand in them: one normal form, one list; pure.

`publishDate`, `publish_date`, `Publish Date` and `article:publish-date` are one name. What a field holds may be a string, a
number, a list or an object (`{"name": ...}` of schema.org, `{"family": ..., "given": ...}` of CSL, `{"$date": ...}`).
"""

import html
import json
import re
from collections.abc import Iterable, Mapping

from vectorstore.readers.files import storable

# The first name that is given wins; the rest is kept as metadata. In normal form, without spaces.
_ALIASES = {
    "title": "title headline heading maintitle documenttitle displaytitle name titel titre título titulo titolo заголовок "
    "标题 標題 タイトル 제목",
    "author": "author authors authorname authornames byline creator creators writer writers writtenby postedby by reporter "
    "journalist autor autora autores auteur auteurs autore autori verfasser автор 作者 著者 저자",
    "translator": "translator translators translatedby",
    "date": "date published publisheddate publisheddatetime publishedtime publishedat publishedon publishdate publishdatetime "
    "publishtime publishat publicationdate publicationtime pubdate pubtime datepublished datepub firstpublished "
    "firstpublishedat firstpublicationdate originaldate dateposted posted postedat postedon postdate releasedate issued "
    "issuedate dateissued onlinedate datetime timestamp displaydate created createdat createdon createddate createdtime "
    "datecreated creationdate createtime datum fecha дата 日期 날짜 year",
    "changed": "lastmod lastmodified lastmodifiedat modified modifiedat modifieddate modifiedtime modificationdate "
    "datemodified updated updatedat updatedon updateddate updatedtime dateupdated lastupdated",
    "source": "source url link permalink canonical canonicalurl canonicallink originalurl sourceurl sourcelink weburl pageurl "
    "href uri address website sitename site",
    "language": "language lang locale languagecode inlanguage langid",
    "text": "text content body fulltext maintext maincontent bodytext plaintext articlebody contenttext textcontent "
    "contenthtml bodyhtml html htmlcontent contentencoded contents markdown md rawtext cleantext storytext transcript "
    "transkript inhalt texte contenu texto contenido cuerpo testo текст 正文 内容 本文 본문",
    "id": "id guid uuid articleid",
}
NAMES: Mapping[str, tuple[str, ...]] = {field: tuple(names.split()) for field, names in _ALIASES.items()}
"""The names of each field, in normal form, the surest first."""

# Words before a name that say what the field belongs to, and not what it holds: `post_title`, `og:title`, `dc.creator`.
_PREFIX_WORDS = (
    "article post story entry item page doc document news blog og dc dcterms "
    "schema twitter meta citation prism sailthru parsely the wp itunes rdf atom content"
)
_PREFIXES = frozenset(_PREFIX_WORDS.split())
_WORDS = re.compile(r"[^\W\d_]+|\d+")
# Between a small letter and a capital, and before the last capital of several: `publishDate`, `HTMLBody`.
_HUMP = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# What programs write for "no value": `nan` and `nat` are of pandas, `~` of YAML.
_EMPTY_VALUES = {"", "null", "none", "nan", "n/a", "undefined", "~", "nat"}
# The keys under which an object has its name, the surest first.
_PERSON = ("name", "displayname", "fullname", "literal", "value", "text", "label", "title")
_GIVEN = ("given", "givenname", "firstname", "first", "givennames", "forename")
_FAMILY = ("family", "familyname", "lastname", "last", "surname")
# Obsidian's links, `[[people/Ada|Ada Brandt]]`, and what it embeds, `![[map.png]]`.
_WIKILINK = re.compile(r"!?\[\[([^\[\]|]*)(?:\|([^\[\]]*))?\]\]")
_LINK = re.compile(r"!?\[([^\[\]]+)\]\([^()\s]*\)")
# "By", "Written by:" or "Text:" before the names.
_BY = re.compile(
    r"(?:(?:written|posted|words|text|story|reported|published)\s+by|by|author|text|words)\s*(?::|\s)\s*(?=\S)", re.I
)
# In other languages "by" is also the first word of names (Von Neumann, De Gaulle): two names must come after it.
_BY_ABROAD = re.compile(r"(?:von|par|por|door|di|af|av)\s+(?=[^\W\d_a-z][\w’'.-]+\s+[^\W\d_a-z])", re.IGNORECASE)
# `Ada <ada@x.org>` or `Ada (ada@x.org)`; an RSS feed has it the other way round, `ada@x.org (Ada)`.
_MAIL_AFTER = re.compile(r"\s*<[^<>\s]+@[^<>\s]+>|\s*\([^()\s]+@[^()\s]+\)")
_MAIL_BEFORE = re.compile(r"[^\s()@]+@[^\s()@]+\s+\(([^()]+)\)")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[\da-fA-F]{1,5}|[A-Za-z]{2,8});")
# The keys of objects that hold a date, such as MongoDB's `{"$date": {"$numberLong": "1620000000000"}}`.
_DATE_KEYS = ("date", "iso", "raw", "value", "datetime", "timestamp", "numberlong", "seconds", "t", "start")


def normal_name(name: str) -> str:
    """A field's name in the one form in which names are compared.

    >>> {normal_name(name) for name in ("publishDate", "Publish Date", "publish-date", "article:publish_date")}
    {'publishdate'}
    """
    words = _words_of(name)
    # There may be several of them: `og:article:published_time`.
    while len(words) > 1 and words[0] in _PREFIXES:
        del words[0]
    return "".join(words)


def joined_name(name: str) -> str:
    """As `normal_name`, with all of its words: an "Item Type" is not any type.

    >>> joined_name("Item Type"), joined_name("itemType")
    ('itemtype', 'itemtype')
    """
    return "".join(_words_of(name))


def _words_of(name: str) -> list[str]:
    return _WORDS.findall(_HUMP.sub(" ", name.strip()).lower())


def keys_by_name(keys: Iterable[str]) -> dict[str, str]:
    """The key for each normal name; a name that is written out goes before one whose first words were taken off.

    >>> keys_by_name(["post_title", "Published On"])
    {'publishedon': 'Published On', 'title': 'post_title'}
    """
    found: dict[str, str] = {}
    # The shortest key last, so that "title" is the title where there is a "post_title" as well.
    for key in sorted(keys, key=len, reverse=True):
        found[normal_name(key)] = key
    return found


def field_line(value: object) -> str:
    """A stated value as one line: lists joined by commas, an object by the name in it; "" where nothing is stated.

    >>> field_line(["rain", {"family": "Brandt", "given": "Ada"}, None]), field_line("n/a")
    ('rain, Ada Brandt', '')
    """
    if isinstance(value, list | tuple):
        return ", ".join(line for line in map(field_line, value) if line)
    if isinstance(value, Mapping):
        return _of_object(value)
    line = " ".join(stated_text(value).split()) if value is not None else ""
    line = html.unescape(line) if _ENTITY.search(line) else line
    return "" if line.lower() in _EMPTY_VALUES else storable(line)


def _of_object(value: Mapping[object, object]) -> str:
    plain = {normal_name(str(key)): one for key, one in value.items()}
    family = next((plain[name] for name in _FAMILY if plain.get(name)), None)
    if family:
        given = next((plain[name] for name in _GIVEN if plain.get(name)), None)
        return " ".join(filter(None, (field_line(given), field_line(family))))
    return next((line for name in _PERSON if (line := field_line(plain.get(name)))), "")


def author_line(value: object) -> str:
    """Who is stated to have written it, by their names alone.

    >>> author_line(["[[people/Ada|Ada Brandt]]", {"given": "Pia", "family": "Moe"}]), author_line("By JO LEE <jo@x.org>")
    ('Ada Brandt, Pia Moe', 'JO LEE')
    """
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")) and not value.lstrip().startswith("[["):
        value = _unpacked(value)
    if isinstance(value, list | tuple):
        names = (author_line(one) for one in value)
        return ", ".join(dict.fromkeys(name for name in names if name))
    return _cleaned_name(field_line(value))


def _unpacked(value: str) -> object:
    """A list that an export has written into a string, as pandas and CSV do; the string itself where it is none."""
    # pandas writes lists as Python does, with single quotes, which are no JSON.
    for attempt in (value, value.replace("'", '"')):
        try:
            return json.loads(attempt)
        except (ValueError, RecursionError):
            continue
    return value


def _cleaned_name(line: str) -> str:
    line = _LINK.sub(r"\1", without_wikilinks(line))
    line = _MAIL_AFTER.sub("", _MAIL_BEFORE.sub(r"\1", line))
    line = _ADDRESS.sub("", line).strip(' \t,;|"“”*_')
    by = _BY.match(line) or _BY_ABROAD.match(line)
    return line[by.end() :].strip(" ,;|") if by else line


def without_wikilinks(text: str) -> str:
    """The text with what is shown in the place of each link of Obsidian."""
    return _WIKILINK.sub(_shown, text) if "[[" in text else text


def _shown(found: re.Match[str]) -> str:
    """What is shown of a wikilink: its alias, else the last part of its path without heading and block."""
    alias = (found[2] or "").strip()
    return alias or found[1].split("#")[0].rsplit("/", 1)[-1].strip()


def date_line(value: object) -> str:
    """A stated date as one line: of a list of dates the first, of `{"date-parts": [[2021, 3]]}` and its like what they say.

    >>> date_line({"date-parts": [[2021, 3]]}), date_line([2021, 3, 4, 9, 30])
    ('2021-03', '2021-03-04')
    """
    if isinstance(value, Mapping):
        plain = {normal_name(str(key)): one for key, one in value.items()}
        if isinstance(parts := plain.get("dateparts"), list) and parts and isinstance(parts[0], list):
            return "-".join(str(part).zfill(2) for part in parts[0][:3])
        return next((line for name in _DATE_KEYS if (line := date_line(plain.get(name)))), "")
    if isinstance(value, list | tuple):
        # Year, month, day and perhaps a time, as Java programs write a date.
        if 1 < len(value) <= 7 and all(isinstance(one, int) for one in value[:3]):
            return "-".join(str(part).zfill(2) for part in value[:3])
        return date_line(value[0]) if value else ""
    return without_wikilinks(field_line(value)).strip('"“” ')


def stated_text(value: object) -> str:
    """A value as it is kept in an article's metadata."""
    return storable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))
