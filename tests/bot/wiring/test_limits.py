"""The limits: each is told in a sentence that names its setting, and holds up nobody below it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import BudgetSpent, InputError, LimitReached
from bot.models.usage import ModelUsage
from bot.request_context import RequestContext, request_scope
from bot.settings import load_settings
from bot.wiring import limits
from bot.wiring.limits import ModelMeter, RateCounter, UsageLedger, UsageLimits

ADA, BEN = (RequestContext("page", session=name) for name in ("ada", "ben"))
USED = ModelUsage("openai:gpt-4.1", 1000, 100)
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_a_caller_waits_until_the_oldest_request_is_a_minute_old() -> None:
    now = [0.0]
    counter = RateCounter(2, 60, lambda: now[0])
    waits = []
    for second in (0, 10, 20, 59, 60, 61, 70):
        now[0] = second
        waits.append(counter.take("ada"))
    assert waits == [0, 0, 40, 1, 0, 9, 0]


def test_no_request_too_many_is_let_through_by_threads() -> None:
    counter = RateCounter(50, 60)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: counter.take("ada"), range(200)))
    assert waits.count(0.0) == 50


def test_a_counter_forgets_callers_who_have_not_come_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_MOST_CALLERS", 10)
    now = [0.0]
    counter = RateCounter(1, 60, lambda: now[0])
    for number in range(11):
        counter.take(str(number))
    now[0] = 61
    counter.take("ada")
    assert len(counter._taken) == 1


@pytest.mark.parametrize(
    ("check", "setting"),
    [
        (lambda limits: limits.check_question("x" * 101), "FOOTNOTE_LONGEST_QUESTION"),
        (lambda limits: limits.check_draft("é" * 500_001), "FOOTNOTE_LARGEST_DRAFT"),
        (lambda limits: limits.check_upload(1_000_001), "FOOTNOTE_LARGEST_UPLOAD"),
    ],
)
def test_what_is_too_large_is_refused_by_its_settings_name(check: Callable[[UsageLimits], None], setting: str) -> None:
    found = UsageLimits(load_settings(longest_question=100, largest_draft=1, largest_upload=1))
    with pytest.raises(InputError) as refused:
        check(found)
    assert setting in refused.value.help


def test_what_just_fits_is_taken() -> None:
    found = UsageLimits(load_settings(longest_question=100, largest_draft=1, largest_upload=1))
    found.check_question("x" * 100)
    found.check_draft("é" * 500_000)
    found.check_upload(1_000_000)


@pytest.mark.parametrize("count", ["count_request", "count_upload"])
def test_one_caller_too_fast_holds_up_no_other(count: str) -> None:
    found = UsageLimits(load_settings(requests_a_minute=1, uploads_an_hour=1))
    with request_scope(ADA):
        getattr(found, count)()
        with pytest.raises(LimitReached, match="the most that one caller may send") as refused:
            getattr(found, count)()
    assert refused.value.after > 50
    assert "FOOTNOTE_" in refused.value.help
    with request_scope(BEN):
        getattr(found, count)()


def test_commands_of_this_machine_are_not_counted() -> None:
    found = UsageLimits(load_settings(requests_a_minute=1))
    with request_scope(RequestContext("shell")):
        for _ in range(5):
            found.count_request()


def test_one_answer_too_many_waits_and_is_refused_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SLOT_WAIT", 0.01)
    found = UsageLimits(load_settings(answers_at_once=1))
    with found.slot(), pytest.raises(LimitReached, match="busy with 1 answers"), found.slot():
        pass
    with found.slot():
        pass


def test_a_callers_tokens_of_a_day_end_and_others_go_on(tmp_path: Path) -> None:
    meter = ModelMeter(load_settings(home=tmp_path, tokens_a_day=1100))
    with request_scope(ADA):
        meter.allow()
        meter.count(USED)
        # Another process, or this one after a restart, knows of it.
        with pytest.raises(BudgetSpent, match="1,100 tokens"):
            ModelMeter(load_settings(home=tmp_path, tokens_a_day=1100)).allow()
    with request_scope(BEN):
        meter.allow()


def test_the_money_of_a_month_ends_for_all(tmp_path: Path) -> None:
    meter = ModelMeter(load_settings(home=tmp_path, dollars_a_month=0.002))
    meter.count(USED)
    with pytest.raises(BudgetSpent, match="US dollars") as refused:
        meter.allow()
    assert "FOOTNOTE_DOLLARS_A_MONTH" in refused.value.help


def test_a_model_of_ones_own_server_costs_nothing_unless_a_price_is_set(tmp_path: Path) -> None:
    meter = ModelMeter(load_settings(home=tmp_path))
    meter.count(ModelUsage("openai:gpt-4.1", 1000, 100, compatible=True))
    assert meter.ledger.dollars_this_month() == 0
    assert meter.ledger.tokens_today("") == 1100


def test_limits_of_nought_are_none(tmp_path: Path) -> None:
    meter = ModelMeter(load_settings(home=tmp_path, dollars_a_month=0, tokens_a_day=0))
    with request_scope(ADA):
        meter.count(USED)
        meter.allow()
    assert meter.ledger.tokens_today("ada") == 1100


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
