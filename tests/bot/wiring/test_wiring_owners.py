"""Conversations, links and standing questions as the service gives them: to whoever asks, and to nobody else."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.audit import AuditLog
from bot.errors import HistoryError, PermissionDenied
from bot.request_context import RequestContext, Role, background_request, request_scope
from bot.settings import load_settings
from bot.types import Question
from bot.wiring import Service, open_service
from bot.wiring.accounts import Accounts


@pytest.fixture(scope="module")
def service(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("owners") / "home"
    shutil.copytree(seeds_home, home)
    with closing(open_service(load_settings(home=home, model="quotes", embedding="minilm"))) as opened:
        yield opened


def asking(person: str = "", role: Role = "reader") -> RequestContext:
    return RequestContext("page", person=person, role=role)


def titles(service: Service) -> list[str]:
    return [head.title for head in service.archive.history().conversations().items]


def test_a_conversation_is_its_persons(service: Service) -> None:
    service.archive.history().create("Of the owner")
    with request_scope(asking("ada")):
        id = service.archive.history().create("Of Ada")
        assert titles(service) == ["Of Ada"]
    with request_scope(asking("ben")):
        assert titles(service) == []
        with pytest.raises(HistoryError):
            service.archive.share(id)
    with request_scope(asking("cyd", "admin")):
        assert titles(service) == ["Of the owner"]
    assert titles(service) == ["Of the owner"]


def test_a_link_opens_for_who_may_read_and_for_nobody_else(service: Service) -> None:
    with request_scope(asking("ada")):
        id = service.archive.history().create("To be read")
        token = service.archive.share(id)
    with request_scope(asking("ben")):
        found = service.archive.shared(token)
        assert found is not None and found.head.title == "To be read"
    with request_scope(asking(role="none")), pytest.raises(PermissionDenied):
        service.archive.shared(token)
    with request_scope(asking("ada")):
        service.archive.unshare(id)
    with request_scope(asking("ben")):
        assert service.archive.shared(token) is None
    told = AuditLog(service.library._engine.settings.home)
    assert [(entry["action"], entry["who"]) for entry in told.entries()[-2:]] == [
        ("conversations.share", "ada"),
        ("conversations.unshare", "ada"),
    ]
    assert token not in told.path.read_text()


def test_standing_questions_are_asked_for_their_owners(service: Service) -> None:
    for person in ("ada", "ben"):
        with request_scope(asking(person)):
            service.standing.add(Question("Who launched the alliance?"))
            assert len(service.standing.due()) == 1
    with request_scope(asking("ada")), pytest.raises(PermissionDenied):
        service.standing.ask_everybodys()
    with request_scope(background_request()):
        assert [outcome.failure for outcome in service.standing.ask_everybodys()] == ["", ""]
    with request_scope(asking("ada")):
        assert service.standing.due() == ()
        (question,) = service.standing.questions()
        assert question.last is not None and question.person == "ada"


def test_who_may_not_come_in_any_more_is_not_asked_for(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home", model="quotes", signin_provider="https://id.example.org")
    accounts = Accounts(settings.home)
    accounts.admit("ada@example.org", "reader")
    with closing(open_service(settings)) as service:
        for person in ("ada@example.org", "ben@example.org", ""):
            assert service.standing._may_ask(person) == (person != "ben@example.org")
        accounts.dismiss("ada@example.org")
        assert not service.standing._may_ask("ada@example.org")
