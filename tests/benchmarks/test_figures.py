"""The sums behind the figures; the figures themselves are nobody's test."""

from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.quality import auc, holds
from tests.benchmarks.table import at_least, table, told, under

VALUES = st.lists(st.integers(0, 9), min_size=1)


@given(VALUES, VALUES)
def test_auc_counts_the_pairs_in_the_right_order_and_half_the_ties(positive: list[int], negative: list[int]) -> None:
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in positive for b in negative]
    assert abs(auc(positive, negative) - sum(pairs) / len(pairs)) < 1e-9


def test_only_the_first_quotations_count() -> None:
    answer = {"citations": [{"quote": "Nothing."}, {"quote": "In PARIS, they say."}]}
    assert [holds(answer, {"answers": ["Paris"]}, first) for first in (1, 2)] == [False, True]


def test_a_figure_that_falls_short_is_marked() -> None:
    rows = [at_least("a", 0.8, 0.8, ""), at_least("a", 0.79, 0.8, ""), under("b", 1.9, 2, ""), under("b", 2, 2, "")]
    assert ["MISSED" in row.measured for row in rows] == [False, True, False, True]


def test_the_columns_of_the_table_line_up() -> None:
    lines = table([told("short", "1", "here"), told("much longer", "22", "there")]).splitlines()
    assert len({lines[0].index("where"), lines[2].index("here"), lines[3].index("there")}) == 1
