"""What a search is kept to, in words and piece by piece. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.serialization import Unreadable, from_json
from bot.ui.words import word
from vectorstore.splitting.language import language_name
from vectorstore.types import Scope

Field = Literal["articles", "authors", "since", "until", "languages"]
NAMED = 3  # articles, or authors, that are named one by one: more are counted


@dataclass(frozen=True, slots=True)
class ScopePart:
    """A piece of a scope that can be dropped by itself; `value` is "" where it stands for all that its field holds."""

    field: Field
    value: str
    label: str


def scope_parts(scope: Scope, titles: Mapping[str, str]) -> tuple[ScopePart, ...]:
    """A scope in pieces; `titles` by article id, which stands in for a title that is not known.

    >>> [part.label for part in scope_parts(Scope(articles=("ice.md",), since="1902"), {"ice.md": "The winter"})]
    ['The winter', 'since 1902']
    """
    # The order in which they stand on the page: which articles, who wrote them, when, in which language.
    found = [*_named("articles", scope.articles, [titles.get(id, id) for id in scope.articles])]
    found += _named("authors", scope.authors, [word("scope.by", name=name) for name in scope.authors])
    if scope.since:
        found.append(ScopePart("since", scope.since, word("scope.since_date", date=scope.since)))
    if scope.until:
        found.append(ScopePart("until", scope.until, word("scope.until_date", date=scope.until)))
    found += _named(
        "languages", scope.languages, [word("scope.in_language", language=language_name(code)) for code in scope.languages]
    )
    return tuple(found)


def _named(
    field: Literal["articles", "authors", "languages"], values: tuple[str, ...], labels: Iterable[str]
) -> list[ScopePart]:
    if len(values) > NAMED:
        return [ScopePart(field, "", f"{len(values):,} {field}")]
    return [ScopePart(field, value, label) for value, label in zip(values, labels, strict=True)]


def scope_kept_by(browser: object) -> Scope | None:
    """The scope that a browser gives back as JSON; None for what is none, as a browser is not to be trusted."""
    try:
        return from_json(Scope, browser) if isinstance(browser, str) else None
    except Unreadable:
        return None


def scope_without(scope: Scope, part: ScopePart) -> Scope:
    """The scope with one piece less."""
    # No default branch: mypy tells of a field that was added and has no case here.
    match part.field:
        case "articles":
            return replace(scope, articles=_left(scope.articles, part))
        case "authors":
            return replace(scope, authors=_left(scope.authors, part))
        case "since":
            return replace(scope, since="")
        case "until":
            return replace(scope, until="")
        case "languages":
            return replace(scope, languages=_left(scope.languages, part))


def _left(values: tuple[str, ...], part: ScopePart) -> tuple[str, ...]:
    # A part without a value stands for the whole field (more than `NAMED` of them), so all of its values go.
    return tuple(value for value in values if part.value and value != part.value)


def distinct_labels(titles: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Labels to choose articles by, from ids and titles: a title that several articles have is told with the id."""
    named = dict(titles)
    # A select box shows labels alone, and two articles titled "Minutes" could not be told apart in it.
    seen: dict[str, int] = {}
    for title in named.values():
        seen[title] = seen.get(title, 0) + 1
    return {id: title if title and seen[title] == 1 else f"{title} ({id})".strip() for id, title in named.items()}
