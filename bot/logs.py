"""What the program tells of its work, for whoever keeps it running: one line an event, with the id of its request.

No text of an article, a question or an answer, and no key, is in a line unless FOOTNOTE_LOG_TEXT asks for the texts. That is
kept in one place, the formatters: of a message they write what stands in the code and none of what was put into it, and of an
exception where it was raised and its class.
"""

import json
import logging
import os
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot.errors import SettingsError
from bot.request_context import current_request

if TYPE_CHECKING:
    from bot.settings import Settings  # pydantic takes a while to import, and `footnote --help` must not wait for it

LOGGERS = ("bot", "vectorstore")
"""Whose events are written. What libraries log may hold a prompt, so it goes where it always went."""
_FIELDS, _TEXTS = "footnote_fields", "footnote_texts"
_NAME = "footnote"


def log_event(
    log: logging.Logger,
    event: str,
    facts: Mapping[str, object],
    texts: Mapping[str, object] | None = None,
    level: int = logging.INFO,
) -> None:
    """Logs that something happened, with its facts; `texts` are those that are private.

    >>> log_event(logging.getLogger("bot.example"), "answer", {"ms": 12.5}, {"question": "Who signed it?"})
    """
    # Without a handler Python prints what is above INFO to stderr, where an event's bare name tells nobody anything.
    if log.isEnabledFor(level) and log.hasHandlers():
        log.log(level, event, extra={_FIELDS: facts, _TEXTS: texts or {}})


def start_logging(settings: "Settings") -> None:
    """Writes events as the settings say, from now on; raises SettingsError where their file cannot be written."""
    handler = None if settings.log == "off" else _handler(settings)
    for name in LOGGERS:
        logger = logging.getLogger(name)
        # Called again, as by tests and by a server with other settings, it takes its own handler away first.
        for old in [one for one in logger.handlers if one.name == _NAME]:
            logger.removeHandler(old)
            old.close()
        if handler is not None:
            logger.addHandler(handler)
        logger.setLevel(logging.INFO if handler else logging.NOTSET)
        # Else what is written here would be printed once more by whoever listens to everything.
        logger.propagate = handler is None


def _handler(settings: "Settings") -> logging.Handler:
    handler = _PrivateFile(settings.log_file) if settings.log_file else _StandardError()
    handler.name = _NAME
    formatter = JsonLines if settings.log == "json" else PlainLines
    handler.setFormatter(formatter(texts=settings.log_text))
    return handler


class _StandardError(logging.StreamHandler[TextIO]):
    """The stream that is stderr by then: tests, and those who start a server, put others in its place."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        """Writes a line."""
        self.stream = sys.stderr
        super().emit(record)


class _PrivateFile(WatchedFileHandler):
    """A file that only its owner can read, which is made anew where `logrotate` has moved it away."""

    def __init__(self, path: str) -> None:
        try:
            super().__init__(path, encoding="utf-8")
        except OSError as error:
            raise SettingsError(f"FOOTNOTE_LOG_FILE cannot be written: {error.strerror or error}.") from None

    def _open(self) -> "TextIO":  # type: ignore[override]  # the stub names a wrapper that every text file is
        path = Path(self.baseFilename)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Each line is written as a whole at the end, so several processes may share the file.
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")


class JsonLines(logging.Formatter):
    """One JSON object a line: `time`, `level`, `logger`, `event`, the request's `request` and `door`, and the event's facts.

    >>> record = logging.makeLogRecord({"name": "bot.example", "msg": "no answer: %s", "args": ("a secret",)})
    >>> json.loads(JsonLines().format(record))["event"]
    'no answer: %s'
    """

    def __init__(self, *, texts: bool = False) -> None:
        super().__init__()
        self._texts = texts

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        return json.dumps(self.facts(record), ensure_ascii=False, default=str)

    def facts(self, record: logging.LogRecord) -> dict[str, object]:
        """What is known of an event, in order."""
        request = current_request()
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        head = {"time": time, "level": record.levelname.lower(), "logger": record.name}
        # `msg` is the text in the code, with "%s" where a value would stand.
        event = record.getMessage() if self._texts else str(record.msg)
        of = {"request": request.id} if request.id else {}
        told = {"event": event, **of, "door": request.door, **getattr(record, _FIELDS, {})}
        texts = getattr(record, _TEXTS, {}) if self._texts else {}
        return {**head, **told, **texts, **self._failure(record)}

    def _failure(self, record: logging.LogRecord) -> dict[str, object]:
        """The exception of a record, by its class and the lines that it came through."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return {}
        frames = traceback.extract_tb(error.__traceback__)
        # The lines of the code are the program's own; what an error says may be an article's.
        way = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        said = {"said": str(error)} if self._texts else {}
        return {"error": type(error).__name__, "raised": way, **said}


class PlainLines(JsonLines):
    """The same facts for people: `2026-11-27T12:00:00.000Z info bot.wiring.chat answer request=7f door=page ms=12.5`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        facts = self.facts(record)
        head = [str(facts.pop(name)) for name in ("time", "level", "logger", "event")]
        return " ".join([*head, *(f"{name}={_word(value)}" for name, value in facts.items())])


def _word(value: object) -> str:
    """A value as one word, or in quotation marks."""
    plain = isinstance(value, str) and value.isprintable() and value and " " not in value
    return str(value) if plain else json.dumps(value, ensure_ascii=False, default=str)
