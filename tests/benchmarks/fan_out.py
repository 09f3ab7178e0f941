"""What a search over many machines would take, simulated from what one machine takes: for docs/scale.md.

Each question is sent to every shard, and is answered when the last of them has answered. A shard has two copies with two
cores each; a question waits there for a free core. A search takes as long as one at 100,000 passages does (`docs/cost.json`: a
log-normal distribution through its median and 99th percentile), and one in a hundred takes ten times as long, as on a machine
that pauses. With hedging, a shard that has not answered after the 95th percentile is asked again at its other copy.
"""

import heapq
import json
import math

import numpy as np

from tests.benchmarks.common import Floats, percentile
from tests.benchmarks.cost_drawing import DOCS, Cost
from tests.benchmarks.table import Row, info

_SHARDS = (1, 10, 100, 1000)
_RATE = 20.0  # questions a second, all of which every shard is asked
_QUESTIONS = 2000
_CORES = 2
_SLOW, _TIMES = 0.01, 10.0
_Z99 = 2.326  # standard deviations from the median to the 99th percentile


def run() -> list[Row]:
    """The times of a search over so many shards, without and with hedging."""
    one = Cost(**json.loads((DOCS / "cost.json").read_text(encoding="utf-8"))[-1])
    rows = []
    for shards in _SHARDS:
        times = {hedged: searches(one, shards, hedged) for hedged in (False, True)}
        told = "; ".join(
            f"{'hedged' if hedged else 'plain'} {percentile(took, 50):.0f} and {percentile(took, 99):.0f} ms"
            for hedged, took in times.items()
        )
        rows.append(info(f"{shards:,} shards of {one.chunks:,} passages, p50 and p99", told, "simulated; see the module"))
    return rows


def searches(one: Cost, shards: int, hedged: bool) -> Floats:
    """The milliseconds of each question, until the last of the shards has answered it."""
    # Each shard is drawn for itself, so a question's time is the greatest of theirs.
    worst = np.zeros(_QUESTIONS)
    for shard in range(shards):
        draw = np.random.default_rng([7, shard])
        arrivals = np.cumsum(np.random.default_rng(7).exponential(1000 / _RATE, _QUESTIONS))
        worst = np.maximum(worst, _shard_times(one, arrivals, draw, hedged))
    return worst


def _shard_times(one: Cost, arrivals: Floats, draw: np.random.Generator, hedged: bool) -> Floats:
    """How long one shard takes over each question that arrives, in milliseconds."""
    spread = math.log(one.p99 / one.p50) / _Z99
    took = draw.lognormal(math.log(one.p50), spread, (2, len(arrivals)))
    took *= np.where(draw.random(took.shape) < _SLOW, _TIMES, 1.0)
    # Questions go to the two copies in turn.
    copies = [[0.0] * _CORES for _ in range(2)]
    patience = one.p50 * math.exp(1.645 * spread)  # the 95th percentile
    ends = np.empty(len(arrivals))
    for n, arrival in enumerate(arrivals):
        first, second = copies[n % 2], copies[1 - n % 2]
        end = _served(first, arrival, took[0, n])
        if hedged and end > arrival + patience:
            end = min(end, _served(second, arrival + patience, took[1, n]))
        ends[n] = end
    return ends - arrivals


def _served(cores: list[float], arrival: float, took: float) -> float:
    """When a question is answered by the core that is free first; the core is then taken until that time."""
    begun = max(arrival, heapq.heappop(cores))
    heapq.heappush(cores, begun + took)
    return begun + took
