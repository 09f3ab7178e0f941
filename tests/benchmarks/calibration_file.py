"""Judges the sets of `make bench ARGS=verify`, and writes what the page Quality shows: `bot/verification/calibration.json`.

Run `python -m tests.benchmarks.calibration_file` again after whatever changes a verdict or a score.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import get_args

from bot.types import Verdict
from bot.verification.calibration import (
    MEASUREMENT_FILE,
    MeasuredGroup,
    Measurement,
    VerdictRate,
    calibration_bins,
    calibration_error,
)
from bot.verification.verdicts import UNCOMPARED
from tests.benchmarks.common import data_folder
from tests.benchmarks.table import missing
from tests.benchmarks.verify import BASE_RATE, CITED, WRITTEN, Case, judged, precision

MEASURABLE: tuple[Verdict, ...] = tuple(one for one in get_args(Verdict) if one not in UNCOMPARED)
_CITED = "Sentences of answers with citations by four search engines that write: what Footnote judges"
_WRITTEN = "Sentences that models wrote in answers and talks, with the passages that they were given or cite"


def measured(cases: Sequence[Case]) -> Measurement:
    """What the page shows of these sentences."""
    groups = _group("Cited answers", _CITED, CITED, cases), _group("All that models wrote", _WRITTEN, WRITTEN, cases)
    return Measurement("make bench ARGS=verify", "python -m tests.benchmarks.calibration_file", BASE_RATE, groups)


def _group(name: str, about: str, sets: Sequence[str], cases: Sequence[Case]) -> MeasuredGroup:
    own = [case for case in cases if case.of in sets]
    truth = [case.supported for case in own]
    bins = calibration_bins([case.judgement.score for case in own], truth)
    words = {word: _rate(own, word) for word in MEASURABLE}
    return MeasuredGroup(name, about, tuple(sets), len(own), sum(truth) / len(own), words, bins)


def _rate(cases: Sequence[Case], word: Verdict) -> VerdictRate:
    """How often a word is right where `BASE_RATE` of the sentences are supported, whatever share of the set is."""
    n = [sum(case.supported == truth and case.judgement.verdict == word for case in cases) for truth in (True, False)]
    of = [max(1, sum(case.supported == truth for case in cases)) for truth in (True, False)]
    return VerdictRate(sum(n), precision(n[0] / of[0], n[1] / of[1]) if sum(n) else None)


def written(found: Measurement) -> str:
    """The measurement as the file has it: shares and scores to four places."""
    rounded = json.loads(json.dumps(asdict(found)), parse_float=lambda text: round(float(text), 4))
    return json.dumps(rounded, indent=1) + "\n"


def main() -> int:
    """Writes the file; 1 where there are no development sets."""
    folder = data_folder()
    if folder is None or not (folder / "verify").is_dir():
        sys.stderr.write(f"{missing('calibration').where}.\n")
        return 1
    cases, _ = judged(folder / "verify", WRITTEN)
    found = measured(cases)
    MEASUREMENT_FILE.write_text(written(found), encoding="utf-8")
    for group in found.groups:
        sys.stdout.write(f"{group.name}: {group.n} sentences, calibration error {calibration_error(group.bins):.3f}\n")
        sys.stdout.writelines(f"  {word}: {rate.n}, supported {rate.supported}\n" for word, rate in group.words.items())
    return 0


if __name__ == "__main__":
    sys.exit(main())
