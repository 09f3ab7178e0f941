"""Which articles are in a scope, and what to say where there are none.

An author is named as a whole ("Ada Brandt", also "Brandt, Ada"), as one of several in an article's author field, or in part:
some of the words of one name, in their order, as a surname is. Case, accents and punctuation do not matter. A part of a name
counts only where nobody has it as the whole name. An article that is dated by a year or a month is in a range that overlaps it;
one without a date is in none. Archived articles are in no scope.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches

from vectorstore.errors import QueryError, Remedy
from vectorstore.searching.folding import folded
from vectorstore.splitting.language import known_language, language_name
from vectorstore.storage.catalog import Catalog
from vectorstore.storage.library_catalog import LabelKind
from vectorstore.storage.records import ArticleSummary, day_range
from vectorstore.types import Scope

NAMED = 3
"""Near matches that are named."""

_DATE = re.compile(r"\d{4}(-\d{1,2}){0,2}", re.ASCII)
_PARTED = re.compile(r"[,;&/|、]|\b(?:and|with|und|et)\b")
_WORD = re.compile(r"[^\W_]+")
# Days before and after all dates.
_FIRST, _LAST = -(10**9), 10**9

Name = tuple[str, ...]
"""The folded words of a name."""


def articles_in_scope(catalog: Catalog, scope: Scope) -> list[str]:
    """The ids of the articles in the scope; raises QueryError where it is not understood or has nothing in it."""
    days = _days(scope)
    if scope.articles:
        known = {one.id for one in catalog.articles(scope.articles)}
        if unknown := [id for id in scope.articles if id not in known]:
            if catalog.summaries(unknown):
                raise QueryError(f"The article {next(iter(catalog.summaries(unknown)))} is archived.", Remedy.WIDEN_SCOPE)
            raise _no_article(unknown[0], catalog.articles())
    # Each part is checked by itself first, so that the message is about the one that is wrong.
    stated = matching_authors(scope.authors, catalog.authors()) if scope.authors else set[str]()
    codes = _codes(scope.languages, catalog.languages()) if scope.languages else set[str]()
    found = [one.id for one in catalog.articles(scope.articles, stated, days, codes)]
    if not found:
        raise _empty(scope, catalog.articles(scope.articles), stated, codes)
    return _labelled(catalog, scope, found)


def _labelled(catalog: Catalog, scope: Scope, found: Sequence[str]) -> list[str]:
    """Those of the articles that have one of the scope's tags, and are in one of its collections."""
    left = list(found)
    wanted: tuple[tuple[LabelKind, tuple[str, ...]], ...] = (("tag", scope.tags), ("collection", scope.collections))
    for kind, names in wanted:
        if not names:
            continue
        there = catalog.labels(kind)
        if unknown := [name for name in names if name not in there]:
            near = nearest_names(unknown[0], {name: name for name in there})
            known = f" There are {_or(near or list(there)[:NAMED])}." if there else f" There are no {kind}s."
            raise QueryError(f"There is no {kind} “{unknown[0]}”.{known}", Remedy.WIDEN_SCOPE)
        having = catalog.labelled(kind, names)
        left = [id for id in left if id in having]
        if not left:
            told = f"None of the {len(found)} chosen articles" if len(found) > 1 else f"The article {found[0]} does not have"
            told += f" has the {kind} {_or(names)}." if len(found) > 1 else f" the {kind} {_or(names)}."
            raise QueryError(told, Remedy.WIDEN_SCOPE)
    return left


def matching_authors(names: Iterable[str], stated: Sequence[str]) -> set[str]:
    """Those of the stated author fields in which one of the names stands; raises QueryError for a name that is in none.

    >>> stated = ["Ada Brandt, Jo Li", "Li"]
    >>> matching_authors(["Brandt"], stated), matching_authors(["Li"], stated)
    ({'Ada Brandt, Jo Li'}, {'Li'})
    """
    forms = {author: _forms(author) for author in stated}
    return {author for name in names for author in _of(name, forms)}


def nearest_names(wanted: str, known: Mapping[str, str]) -> list[str]:
    """Up to three of the `known` whose text has the wanted words in it, or is spelled like them; best first.

    >>> nearest_names("brand", {name: name for name in ("Ada Brandt", "Jo Li")})
    ['Ada Brandt']
    """
    plain = folded(wanted).strip()
    texts = {one: folded(text) for one, text in known.items()}
    # Who types a part of a name is nearer to it than one who types something alike, so the parts come first.
    having = [one for one, text in texts.items() if plain and plain in text]
    if having:
        return sorted(having, key=lambda one: len(texts[one]))[:NAMED]
    # Of several with one text, the first counts.
    by_text = {text: one for one, text in reversed(texts.items())}
    return [by_text[text] for text in get_close_matches(plain, by_text, NAMED)]


def _days(scope: Scope) -> tuple[int, int] | None:
    """The first and last day of the scope's dates, None where it has none."""
    ends = [day_range(date) if _DATE.fullmatch(date) else None for date in (scope.since, scope.until)]
    for date, end in zip((scope.since, scope.until), ends, strict=True):
        if date and end is None:
            raise QueryError(f"“{date}” is not a date.", "Write it like 2021, 2021-12 or 2021-12-23.")
    first, last = ends[0][0] if ends[0] else _FIRST, ends[1][1] if ends[1] else _LAST
    if (first, last) == (_FIRST, _LAST):
        return None
    if first > last:
        raise QueryError(f"Nothing is dated {_span(scope)}: the range ends before it begins.", "Exchange the two dates.")
    return first, last


def _codes(names: Iterable[str], there: Collection[str]) -> set[str]:
    """The codes of languages that are named by code or name."""
    codes = {name: known_language(name) for name in names}
    for name, code in codes.items():
        if not code:
            raise QueryError(f"“{name}” is not a language that is known here.", "Write it like de or German.")
        if code not in there:
            known = [language_name(one) for one in there if one]
            told = f" The languages are {', '.join(known)}." if len(known) > 1 else f" The only language is {''.join(known)}."
            raise QueryError(f"No article is in {language_name(code)}.{told if known else ''}", Remedy.WIDEN_SCOPE)
    return set(codes.values())


def _of(name: str, forms: Mapping[str, tuple[set[Name], list[Name]]]) -> list[str]:
    """The author fields that have the name as a whole, or else in part."""
    wanted = _turned(name) or _words(name)
    # "Li" means the author Li where there is one, and every author called Li where there is none.
    whole = [author for author, (full, _) in forms.items() if wanted in full or _words(name) in full]
    found = whole or [author for author, (_, single) in forms.items() if any(_in_order(wanted, one) for one in single)]
    if not wanted or not found:
        raise _no_author(name, list(forms))
    return found


def _forms(author: str) -> tuple[set[Name], list[Name]]:
    """An author field as what may be given for it as a whole, and as the single names in it."""
    single = [words for part in _PARTED.split(folded(author)) if (words := _words(part))]
    turned = [words] if (words := _turned(author)) else []
    # "Ada Brandt, Jo Li" are two people, and nobody is called Jo Brandt.
    one_person = author.count(",") == 1 and any(len(words) == 1 for words in single)
    return {_words(author), *single, *turned}, single + turned if one_person else single


def _words(name: str) -> Name:
    return tuple(_WORD.findall(folded(name)))


def _turned(name: str) -> Name:
    """The words of "Brandt, Ada" as "Ada Brandt"; () where there is not just one comma."""
    parts = name.split(",")
    return _words(parts[1]) + _words(parts[0]) if len(parts) == 2 else ()


def _in_order(some: Name, of: Name) -> bool:
    """Whether these words stand in the name, in their order."""
    # `in` moves the iterator on past what it finds, so each word is looked for behind the one before it.
    rest = iter(of)
    return all(word in rest for word in some)


# What is said


def _empty(scope: Scope, chosen: Sequence[ArticleSummary], stated: Collection[str], codes: Collection[str]) -> QueryError:
    """Why none of the chosen articles is in a scope of which each part alone is in order."""
    if codes:
        spoken = [one for one in chosen if one.language in codes]
        if not spoken:
            are = f"The article {chosen[0].id} is not" if len(chosen) == 1 else f"None of the {len(chosen)} chosen articles is"
            return QueryError(f"{are} in {_or([language_name(code) for code in sorted(codes)])}.", Remedy.WIDEN_SCOPE)
        chosen = spoken
    written = [one for one in chosen if not stated or one.author in stated]
    if not written:
        those = f"The article {chosen[0].id} is not" if len(chosen) == 1 else f"None of the {len(chosen)} chosen articles is"
        return QueryError(f"{those} by {_or(scope.authors)}. {_authors_of(chosen)}", Remedy.WIDEN_SCOPE)
    if len(written) == 1:
        return QueryError(f"The article {written[0].id} is not dated {_span(scope)}. {_dates_of(written)}", Remedy.WIDEN_SCOPE)
    by = f" by {_or(scope.authors)}" if stated else ""
    return QueryError(
        f"None of the {len(written)} articles{by} is dated {_span(scope)}. {_dates_of(written)}", Remedy.WIDEN_SCOPE
    )


def _no_article(id: str, known: Sequence[ArticleSummary]) -> QueryError:
    by_id, by_title = ({one.id: text for one in known for text in [getattr(one, name)]} for name in ("id", "title"))
    found = nearest_names(id, by_id) or nearest_names(id, by_title)
    return QueryError(f"There is no article {id}.{_nearest(found)}", Remedy.LIST_ARTICLES)


def _no_author(name: str, stated: Sequence[str]) -> QueryError:
    if not stated:
        return QueryError(f"No article is by “{name}”: none names its author.", "Leave the author out.")
    found = nearest_names(name, {author: author for author in stated})
    told = _nearest(found) if found else f" {_listed(stated)}"
    return QueryError(f"No article is by “{name}”.{told}", Remedy.LIST_ARTICLES)


def _nearest(found: Sequence[str]) -> str:
    return f" {'The nearest is' if len(found) == 1 else 'Near it are'} {'; '.join(found)}." if found else ""


def _listed(names: Collection[str]) -> str:
    if len(names) == 1:
        return f"The only author is {next(iter(names))}."
    some = list(names)[:NAMED]
    more = f" and {len(names) - len(some)} more" if len(names) > len(some) else ""
    return f"The authors are {'; '.join(some)}{more}."


def _authors_of(chosen: Sequence[ArticleSummary]) -> str:
    stated = dict.fromkeys(one.author for one in chosen if one.author)
    return _listed(stated) if stated else "No author is named."


def _dates_of(chosen: Sequence[ArticleSummary]) -> str:
    """From when to when the articles are dated."""
    dated = [one for one in chosen if one.first_day is not None and one.last_day is not None]
    if not dated:
        return "No date is known."
    first = min(dated, key=lambda one: one.first_day or 0).date
    last = max(dated, key=lambda one: one.last_day or 0).date
    return f"The dates go from {first} to {last}." if first != last else f"The date is {first}."


def _span(scope: Scope) -> str:
    if not scope.until:
        return f"{scope.since} or later"
    if not scope.since:
        return f"{scope.until} or earlier"
    return scope.since if scope.since == scope.until else f"from {scope.since} to {scope.until}"


def _or(names: Sequence[str]) -> str:
    return " or ".join(names)
