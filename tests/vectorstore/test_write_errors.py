"""Writers that are killed while their disk refuses writes; `make bench ARGS=kills` does the same some hundred times."""

import os

import pytest

from tests.kill_rounds import kill_rounds

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the writers are forked, which this system cannot do")


def test_a_killed_writer_on_a_full_disk_loses_nothing_it_has_reported() -> None:
    report, _ = kill_rounds(2, seed=4)
    assert (report.rounds, report.faults) == (2, [])
