"""What decides between two runs: the rule, which a file beside the cases can set, and the verdict that it comes to.

A comparison looks at many metrics, so the chance of a false alarm, `level`, is split over them. The primary metric is tested at
four fifths of it. The other metrics of quality are a family, tested together at the last fifth, and at the whole level once the
primary metric has been found different (the fallback procedure, Wiens 2003). So of comparisons of a prompt with itself no more
than a share of `level` is called different. Costs are a family of their own and decide nothing.

The default primary metric is the mean of all metrics of quality, case by case: it varies far less than any one of them, so it
finds a true fall with fewer cases (O'Brien 1984 argues so for several endpoints). `make bench ARGS=alarms` prints how often.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import NormalDist

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.errors import InputError
from bot.evals.metrics import BY_KEY, METRICS, TOGETHER
from bot.evals.records import Run

FILE = "decision.yaml"
"""The name of the file beside the cases that sets the rule."""
PRIMARY_SHARE = 0.8
"""The part of the level that the primary metric is tested at, until it is rejected."""
PROBABLE = 2.0
"""Up to this many times the level a difference is called probable: worth another look, and no reason to stop a build."""
POWER = 0.8
"""The usual chance of finding a true difference that a study is planned for (Cohen 1988)."""
_MOST_MORE = 5_000
"""More cases than this nobody writes, so no number is told."""
_FIELDS = "A decision file may have `primary`, `level`, `margin` and `secondary`."


class DecisionRule(BaseModel):
    """How two runs are told apart. `primary` and `secondary` name metrics by their keys; no `secondary` means all of quality.

    `margin` is a size, in the units of the primary metric, below which a difference does not matter.

    >>> DecisionRule(primary="passed", margin=0.05).level
    0.05
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    primary: str = TOGETHER.key
    # Above one false alarm in five a verdict says nothing any more.
    level: float = Field(default=0.05, gt=0, le=0.2)
    margin: float = Field(default=0.0, ge=0)
    secondary: tuple[str, ...] = ()

    @field_validator("primary", "secondary")
    @classmethod
    def _known(cls, named: str | tuple[str, ...]) -> str | tuple[str, ...]:
        # One validator for both fields: `primary` is one key, `secondary` several.
        for key in (named,) if isinstance(named, str) else named:
            # A cost never decides: an answer is not worse for being long.
            if key not in BY_KEY or BY_KEY[key].kind != "quality":
                known = ", ".join(one.key for one in (TOGETHER, *METRICS) if one.kind == "quality")
                raise ValueError(f"there is no metric of quality “{key}”; there are {known}")
        return named

    @property
    def family(self) -> tuple[str, ...]:
        """The keys of the secondary metrics, without the primary one."""
        named = self.secondary or tuple(metric.key for metric in METRICS if metric.kind == "quality")
        return tuple(key for key in named if key != self.primary)

    def reading(self) -> str:
        """How the differences, their intervals and their verdicts are to be read."""
        primary = BY_KEY[self.primary].label
        margin = f" A difference of no more than {self.margin:g} does not count." if self.margin else ""
        first, rest = self.level * PRIMARY_SHARE, self.level * (1 - PRIMARY_SHARE)
        return (
            "Each difference is the mean over the cases that have a value in both runs; in brackets is where it lies with "
            f"95 %, for that metric by itself (paired bootstrap). “{primary}” decides, tested at {first:g}; the other metrics "
            f"of quality are tested together at {rest:g}, and at {self.level:g} once it has been found different. Of 100 "
            f"comparisons of a prompt with itself at most {100 * self.level:g} are called different.{margin}"
        )


DEFAULT = DecisionRule()


def load(path: Path) -> DecisionRule:
    """The rule of a file; raises InputError where it cannot be read or says something that is not known."""
    try:
        # None for an empty file, which is the default rule.
        written = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"The decision file {path} cannot be read: {error.strerror or error}.") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise InputError(f"{path} is not YAML.", _FIELDS) from None
    if not isinstance(written or {}, Mapping):
        raise InputError(f"{path} must hold fields, such as `primary: passed`.", _FIELDS)
    try:
        return DecisionRule.model_validate(written or {})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise InputError(f"{path}: {field}: {first['msg'].removeprefix('Value error, ')}.", _FIELDS) from None


def rule_of(run: Run) -> DecisionRule:
    """The rule in the file beside a run's cases, the default where there is none; raises InputError for a bad file."""
    # The cases know their files; those that were made in the program know none.
    folders = dict.fromkeys(Path(case.where.rpartition(":")[0]).parent for case in run.cases if ":" in case.where)
    return next((load(folder / FILE) for folder in folders if (folder / FILE).is_file()), DEFAULT)


def levels(rule: DecisionRule, primary_chance: float) -> Mapping[str, float]:
    """The level of each metric; those of the family grow once the primary metric has been found different."""
    first = rule.level * PRIMARY_SHARE
    # The level that the primary metric has used up goes back to the family once it was rejected.
    rest = rule.level if primary_chance <= first else rule.level - first
    # Costs decide nothing, so their tests take nothing from the level of the others.
    costs = {metric.key: rule.level for metric in METRICS if metric.kind == "cost"}
    return {**dict.fromkeys(rule.family, rest), rule.primary: first, **costs}


def cases_to_decide(differences: Sequence[float], level: float) -> int | None:
    """How many more cases would find the mean difference that was seen, four times in five; None where that is out of reach.

    The sample size of a paired test of a mean (Cohen 1988): ((z(1 - level/2) + z(power)) * deviation / mean) squared.

    >>> cases_to_decide([1.0, 0.0, 0.0, 0.0, 0.0, 0.0], 0.05), cases_to_decide([0.0, 0.0], 0.05)
    (42, None)
    """
    n = len(differences)
    mean = sum(differences) / n if n else 0.0
    # One case has no deviation, and no number of cases finds a difference of nothing.
    if n < 2 or not mean:
        return None
    deviation = (sum((one - mean) ** 2 for one in differences) / (n - 1)) ** 0.5
    wanted = ((NormalDist().inv_cdf(1 - level / 2) + NormalDist().inv_cdf(POWER)) * deviation / abs(mean)) ** 2
    more = int(wanted) + 1 - n
    return more if 0 < more <= _MOST_MORE else None
