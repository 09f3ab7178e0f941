"""Who changed what in a home: a line of JSON for each change, in a file that only its owner can read.

A line tells the change and what it was made to, by name: never a text, a value that was typed, or a key. The file is only ever
added to; whoever wants it shorter moves it away, and a new one is begun.
"""

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from bot.request_context import current_request

log = logging.getLogger(__name__)

FILE = "audit.jsonl"
"""The file in the home."""
_OF_REQUEST = {"session": "session", "request": "id"}
AuditAction = Literal[
    "articles.ingest",
    "articles.remove",
    "articles.edit",
    "articles.label",
    "articles.archive",
    "articles.unarchive",
    "articles.delete",
    "articles.restore",
    "articles.empty_trash",
    "articles.mark_gone",
    "index.rebuild",
    "index.repair",
    "home.export",
    "home.import",
    "prompts.save",
    "prompts.use",
    "prompts.label",
    "models.save",
    "models.remove",
    "models.default",
    "models.key",
    "home.backup",
    "home.restore",
    "conversations.delete",
    "conversations.share",
    "conversations.unshare",
    "people.admit",
    "people.dismiss",
    "tokens.add",
    "tokens.revoke",
]


class AuditLog:
    """The audit log of a home. Threads and processes may share it.

    >>> AuditLog(home).record("articles.delete", articles=["bridge.md"])
    >>> AuditLog(home).entries()[-1]["action"]
    'articles.delete'
    """

    def __init__(self, home: Path) -> None:
        self.path = home / FILE

    def record(self, action: AuditAction, **what: object) -> None:
        """Adds a change that was made; where the file cannot be written, the log tells so, as the change stays made."""
        request = current_request()
        # "Z" as most readers of logs expect it; Python writes an offset.
        time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        by = {"door": request.door, "who": request.person or _system_user()}
        # Who signed in tells most; without that, the tab of the browser and the request tell changes of one hand together.
        by |= {name: given for name in ("session", "request") if (given := getattr(request, _OF_REQUEST[name]))}
        told = {"time": time, **by, "action": action, **what}
        try:
            self._append(json.dumps(told, ensure_ascii=False) + "\n")
        except OSError as error:
            log.error("a change could not be written to the audit log: %s", error.strerror)

    def entries(self) -> list[dict[str, object]]:
        """All changes, the oldest first; a line that was cut off, as by a full disk, is passed over."""
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        return [entry for line in lines if (entry := _read(line))]

    def _append(self, line: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # One write at the end of the file is one line, whoever else writes; the mode counts where the file is made.
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line.encode("utf-8", "backslashreplace"))
        finally:
            os.close(descriptor)


def _read(line: str) -> dict[str, object]:
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _system_user() -> str:
    """Who runs the process, as their environment names them; else their number, or "" on a system that has none."""
    # The system's list of users is not read: it may be a directory on the network.
    names = (os.environ.get(name, "") for name in ("LOGNAME", "USER", "USERNAME"))
    return next(filter(None, names), f"uid {os.getuid()}" if hasattr(os, "getuid") else "")
