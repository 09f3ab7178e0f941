"""The sums behind the figures; the figures themselves are nobody's test."""

import json
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.cost_drawing import DOCS, Cost, apart, figure, steps, told_time
from tests.benchmarks.peer_process import located
from tests.benchmarks.peers import OURS, RECIPE, Run, ingest_rows
from tests.benchmarks.quality import auc, holds
from tests.benchmarks.table import at_least, info, table, under

COSTS = [Cost(1000, 20, 30, 0.2, 0.05, 250), Cost(10_000, 30, 45, 0.3, 0.08, 400)]
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
    lines = table([info("short", "1", "here"), info("much longer", "22", "there")]).splitlines()
    assert len({lines[0].index("where"), lines[2].index("here"), lines[3].index("there")}) == 1


@given(st.lists(st.sampled_from(["Yes. ", "No. ", "Yes. No. ", "\n\n"]), min_size=1), st.integers(2, 30), st.integers(0, 20))
def test_the_chunks_of_a_peer_are_found_where_they_were_cut(parts: list[str], size: int, overlap: int) -> None:
    text = "".join(f"{part}{n}" for n, part in enumerate(parts))
    cut = [(start, min(start + size, len(text))) for start in range(0, len(text), max(1, size - overlap))]
    cut = cut[: 1 + next(n for n, span in enumerate(cut) if span[1] == len(text))]
    assert list(located(text, [text[start:end] for start, end in cut])) == cut


def test_a_chunk_that_comes_again_is_found_in_its_turn() -> None:
    assert list(located("Yes.\n\nYes.\n\nYes.", ["Yes."] * 3)) == [(0, 4), (6, 10), (12, 16)]


@pytest.mark.parametrize("chunks", [["One.", "Three."], ["Two."], ["Four."]])
def test_chunks_that_leave_words_out_are_refused(chunks: list[str]) -> None:
    with pytest.raises(ValueError, match="not where it should be"):
        list(located("One. Two. Three.", chunks))


def test_a_peers_speed_is_its_chunks_by_its_seconds_over_all_sets() -> None:
    ours, recipe = {"a": Run(60, 1, [], {}), "b": Run(60, 2, [], {})}, {"a": Run(10, 1, [], {}), "b": Run(30, 3, [], {})}
    ratio, *each = ingest_rows({OURS: ours, RECIPE: recipe}, 12)
    assert (ratio.measured, [row.measured for row in each]) == ("4.0", ["40.0", "10.0"])


@given(st.lists(st.floats(0, 400), min_size=1, max_size=5))
def test_labels_keep_apart_in_their_order(heights: list[float]) -> None:
    placed = sorted(apart(heights, 19))
    assert all(upper - lower > 18.9 for lower, upper in pairwise(placed))


@given(st.floats(0.001, 100), st.floats(1, 100))
def test_an_axis_holds_what_is_drawn(low: float, times: float) -> None:
    ticks = steps(low, low * times)
    assert ticks[0] <= low * 1.0001 and ticks[-1] * 1.0001 >= low * times


def test_times_are_told_as_they_are_read() -> None:
    assert [told_time(seconds) for seconds in (0.0244, 0.0999, 0.312, 2, 120)] == ["24 ms", "0.1 s", "0.31 s", "2 s", "120 s"]


def test_the_figure_says_what_each_line_ends_at() -> None:
    told = [text.text for text in ElementTree.fromstring(figure(COSTS)).iter("{http://www.w3.org/2000/svg}text")]
    ends = {"a search, p50 30 ms", "a search, p99 45 ms", "one article changed 0.3 s", "one article removed 80 ms", "400 MB"}
    assert ends <= set(told)


def test_the_figure_stays_on_its_ground() -> None:
    numbers = re.findall(r'c[xy]="(-?[\d.]+)"', figure([*COSTS, Cost(100_000, 900, 5000, 40, 9, 3000)]))
    assert min(map(float, numbers)) > 0 and max(map(float, numbers)) < 880


def test_the_figure_of_the_readme_is_drawn_from_the_figures_beside_it() -> None:
    costs = [Cost(**line) for line in json.loads((DOCS / "cost.json").read_text(encoding="utf-8"))]
    assert (DOCS / "cost.svg").read_text(encoding="utf-8") == figure(costs)
