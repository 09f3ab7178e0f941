"""The `footnote` command on a fake service, in this process."""

import json

import pytest

from bot.commands.main import main
from bot.settings import Settings
from bot.wiring import Service
from tests.bot.fake_service import FakeService


class Run:
    """Runs `footnote` on a fake service, and keeps what it printed."""

    def __init__(self, service: FakeService, capsys: pytest.CaptureFixture[str]) -> None:
        self.service, self._capsys = service, capsys
        self.settings: Settings | None = None
        self.out = self.err = ""

    def __call__(self, *argv: str) -> int:
        code = main(argv, self._open)
        self.out, self.err = self._capsys.readouterr()
        return code

    def records(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def _open(self, settings: Settings) -> Service:
        self.settings = settings
        return self.service
