"""What each role may do, and that no public method of a service is without a permission."""

import inspect
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import PermissionDenied
from bot.permissions import LEAST_ROLE, ROLES, Permission, allowed, needs, permission_of, require, role_allows
from bot.request_context import RequestContext, Role, current_request, request_copy, request_scope
from bot.settings import load_settings
from bot.types import Question
from bot.wiring import Service, open_service

PARTS = ("library", "chat", "drafts", "lab", "models", "archive", "standing", "watching", "transfer", "limits")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    opened = open_service(load_settings(home=tmp_path / "home", model="quotes"))
    yield opened
    opened.close()


def test_every_public_method_of_a_service_has_a_permission(service: Service) -> None:
    assert sorted(name for name in vars(service) if not name.startswith("_")) == sorted(PARTS)
    unmarked = []
    for part in PARTS:
        kind = type(getattr(service, part))
        members = {name: inspect.getattr_static(kind, name) for name in dir(kind) if not name.startswith("_")}
        for name, member in members.items():
            try:
                permission_of(member)
            except LookupError:
                unmarked.append(f"{part}.{name}")
    assert unmarked == []


def test_every_permission_has_a_role() -> None:
    assert set(LEAST_ROLE) == set(Permission)
    assert "none" not in LEAST_ROLE.values()


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (Permission.READ_ARTICLES, "reader editor admin"),
        (Permission.ASK, "reader editor admin"),
        (Permission.KEEP_CONVERSATIONS, "reader editor admin"),
        (Permission.EDIT_ARTICLES, "editor admin"),
        (Permission.USE_LAB, "editor admin"),
        (Permission.CHOOSE_MODELS, "admin"),
        (Permission.MAINTAIN, "admin"),
    ],
)
def test_the_roles_that_have_a_permission(permission: Permission, roles: str) -> None:
    assert [role for role in ROLES if role_allows(role, permission)] == roles.split()


CALLS = {
    "library.articles": ("reader", lambda service: service.library.articles()),
    "library.search": ("reader", lambda service: service.library.search(Question("Why?"), 1)),
    "chat.stream": ("reader", lambda service: service.chat.stream(Question("Why?"))),
    "drafts.check": ("reader", lambda service: service.drafts.check("It rained.")),
    "archive.history": ("reader", lambda service: service.archive.history()),
    "standing.questions": ("reader", lambda service: service.standing.questions()),
    "library.pasted": ("editor", lambda service: service.library.pasted("Rain", "It rained.")),
    "library.delete": ("editor", lambda service: service.library.delete(["x"])),
    "library.edit": ("editor", lambda service: service.library.edit("x", {"title": "y"})),
    "lab.prompt_files": ("editor", lambda service: service.lab.prompt_files()),
    "library.ingest": ("admin", lambda service: service.library.ingest([], prune=False, rebuild=False, progress=None)),
    "library.repair": ("admin", lambda service: service.library.repair()),
    "models.make_default": ("admin", lambda service: service.models.make_default("quotes")),
    "models.entries": ("admin", lambda service: service.models.entries()),
    "watching.add_folder": ("admin", lambda service: service.watching.add_folder(Path("/"))),
    "archive.everybody": ("admin", lambda service: service.archive.everybody()),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", CALLS)
def test_a_role_may_do_no_more_than_it_should(service: Service, name: str, role: Role) -> None:
    least, call = CALLS[name]
    refused = False
    with request_scope(RequestContext("http", person="ada", role=role)):
        try:
            call(service)
        except PermissionDenied:
            refused = True
        except Exception:  # there are no articles here, and no article x
            pass
    assert refused == (ROLES.index(role) < ROLES.index(least))


def test_a_refusal_says_what_may_not_be_done() -> None:
    with request_scope(RequestContext("http", role="editor")), pytest.raises(PermissionDenied) as caught:
        require(Permission.CHOOSE_MODELS)
    assert caught.value.message == "As an editor you may not change the models or their keys."
    with request_scope(RequestContext("page", role="none")), pytest.raises(PermissionDenied, match="not signed in"):
        require(Permission.ASK)


def test_a_generator_is_refused_when_it_is_made(service: Service) -> None:
    with request_scope(RequestContext("http", role="reader")), pytest.raises(PermissionDenied):
        service.library.take_in([])


def test_a_thread_does_what_its_starter_may() -> None:
    found: list[bool] = []

    def look() -> None:
        found.append(allowed(Permission.EDIT_ARTICLES))

    for role in ROLES:
        with request_scope(RequestContext("page", role=role)):
            thread = threading.Thread(target=request_copy(current_request()).run, args=(look,))
        thread.start()
        thread.join()
    assert found == [False, False, True, True]


def test_a_method_without_a_mark_is_told_of() -> None:
    class Part:
        @needs(Permission.ASK)
        def marked(self) -> None: ...

        def bare(self) -> None: ...

    assert permission_of(Part.marked) is Permission.ASK
    with pytest.raises(LookupError, match="bare"):
        permission_of(Part.bare)
