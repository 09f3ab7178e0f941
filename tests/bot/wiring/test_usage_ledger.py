"""What models have used: counted over restarts, by several at once, and where the disk is full."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.wiring.usage_ledger import UsageLedger

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def add_ten(home: Path) -> None:
    ledger = UsageLedger(home)
    for _ in range(10):
        ledger.add("ada", 5, 0.25)


def test_what_was_used_is_known_after_a_restart(tmp_path: Path) -> None:
    UsageLedger(tmp_path).add("ada", 1200, 0.5)
    again = UsageLedger(tmp_path)
    again.add("ben", 300, 0.25)
    assert (again.tokens_today("ada"), again.tokens_today("ben"), again.dollars_this_month()) == (1200, 300, 0.75)


def test_tokens_are_counted_by_the_day_and_dollars_by_the_month(tmp_path: Path) -> None:
    days = [NOON]
    ledger = UsageLedger(tmp_path, lambda: days[-1])
    ledger.add("ada", 100, 1.0)
    days.append(NOON.replace(day=29))
    ledger.add("ada", 50, 1.0)
    assert (ledger.tokens_today("ada"), ledger.dollars_this_month()) == (50, 2.0)
    days.append(datetime(2026, 12, 1, tzinfo=UTC))
    assert (ledger.tokens_today("ada"), ledger.dollars_this_month()) == (0, 0)


def test_nothing_is_lost_between_threads(tmp_path: Path) -> None:
    # Each call opens the file anew, so threads stand for processes here.
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_ten, [tmp_path] * 4))
    assert (UsageLedger(tmp_path).tokens_today("ada"), UsageLedger(tmp_path).dollars_this_month()) == (200, 10.0)


def test_what_cannot_be_written_counts_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "usage.sqlite").mkdir()
    ledger = UsageLedger(tmp_path)
    ledger.add("ada", 100, 1.5)
    assert (ledger.tokens_today("ada"), ledger.dollars_this_month()) == (100, 1.5)


def test_to_look_makes_no_file(tmp_path: Path) -> None:
    assert UsageLedger(tmp_path / "home").dollars_this_month() == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("caller", ["o'brien@example.org", "名", ""])
def test_only_the_owner_may_read_who_used_what(tmp_path: Path, caller: str) -> None:
    UsageLedger(tmp_path).add(caller, 1, 0)
    assert UsageLedger(tmp_path).tokens_today(caller) == 1
    assert (tmp_path / "usage.sqlite").stat().st_mode & 0o777 == 0o600
