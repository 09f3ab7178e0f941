"""Claims with passages that carry them or do not: what the claim judge is trained on.

Nothing here is committed but this program. The files are those of public repositories, put into one folder under these names
(all are read where they are there; each is under 4 MiB, so some sets are only the part of theirs that is so small):

- `fib/`: a news summary that holds beside one that does not, models' errors found by people and made ones (Tam et al. 2023),
  from r-three/fib, `multiple_choice-dataset/`; BSD 3-Clause.
- `factcg/CG2C_doc.json` and `CG2C_musique_minhop3_rbt_mnli_failed.json`: claims made by GPT-4 (Lei et al. 2025), from
  derenlei/FactCG, `data/training_stage*/`; MIT. (cg2c of the development sets is of them.)
- `climate/climate-fever.jsonl`: claims from the web beside sentences of Wikipedia (Diggelmann et al. 2020), from
  tdiggelm/climate-fever-dataset, `dataset/`; CC BY-SA 4.0.
- `symmetric/fever_symmetric_dev.jsonl`, `fever_symmetric_test.jsonl`: FEVER's claims and their opposites (Schuster et al.
  2019), from TalSchuster/FeverSymmetric, `symmetric_v0.2/`; CC BY-SA 3.0.
- `infotabs/infotabs_train.tsv` and `infotabs/tables/`: sentences about infoboxes (Gupta et al. 2020), from infotabs/infotabs,
  `data/maindata/` and `data/tables/json/`; Apache-2.0, text CC BY-SA.
- `tabfact/all_positive_negative_pairs.json`, `table_to_page.json` and `tables/`: sentences about tables, right and wrong (Chen
  et al. 2020), from wenhuchen/Table-Fact-Checking, `pairwise_data/`, `data/` and `data/all_csv/`; MIT, text CC BY-SA.
- `qa/`: the questions with answers that `answer_data.py` names, made into sentences by `claim_variants.py`.

Of the public data in `verify/` (docs/figures.md), those in `LEARNT` are trained on (and cg2c, in FactCG). The
others tell what carries over to claims of another kind; `apart` takes out what any file shares with a development set.
Sets whose licence forbids commercial use, or that have none, are left out: FaithBench, ANLI, HealthVer, CovidFact.
"""

import csv
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from vectorstore.splitting.sentences import sentences

_PLAIN = re.compile(r"[^a-z0-9]+")

LEARNT = ("expertqa", "begin", "factcheckgpt", "wice")
"""The development sets that are trained on, all of them: half of what people judged, and one of cited answers among them."""

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim beside a source, and whether that carries the whole claim. `group` is what training and testing are parted by."""

    claim: str
    source: str
    carried: bool
    origin: str
    group: str


def pairs(folder: Path, seed: int) -> list[Pair]:
    """All pairs of the sets that `folder` has, each set with at most its quota, and of those at most 3 in 5 not carried."""
    readers: dict[str, tuple[Callable[[Path], Iterator[Pair]], int]] = {
        "fib": (_fib, 5000),
        "factcg": (_factcg, 4000),
        "climate": (_climate, 4000),
        "symmetric": (_symmetric, 1500),
        "infotabs": (_infotabs, 2000),
        "tabfact": (_tabfact, 1200),
    }
    found: list[Pair] = []
    for name, (reader, quota) in readers.items():
        if (folder / name).is_dir():
            found += _balanced(list(reader(folder / name)), quota, random.Random(seed))
    return found


def judged(bench: Path) -> list[Pair]:
    """The pairs of the development sets in `LEARNT`, as people judged them."""
    return [
        Pair(record["claim"], record["source"], bool(record["label"]), name, f"{name}:{record['group']}")
        for name in LEARNT
        for record in _records(bench / f"{name}.jsonl")
    ]


def _balanced(found: list[Pair], quota: int, draw: random.Random) -> list[Pair]:
    draw.shuffle(found)
    carried = [pair for pair in found if pair.carried]
    others = [pair for pair in found if not pair.carried]
    if carried:
        others = others[: max(len(carried) * 3 // 2, 1)]
    kept = [*carried, *others]
    draw.shuffle(kept)
    return kept[:quota]


def _records(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _table(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def _fib(folder: Path) -> Iterator[Pair]:
    for path in sorted(folder.rglob("*.jsonl")):
        for record in _records(path):
            for n, choice in enumerate(record["list_choices"]):
                text = choice.strip()
                if len(spans(text)) <= 2:
                    yield Pair(text, record["input"], n == record["lbl"], "fib", f"fib:{record['id']}")


def _factcg(folder: Path) -> Iterator[Pair]:
    for path in sorted(folder.glob("CG2C_*.json")):
        for record in _records(path):
            if record["text_a"]:
                group = f"factcg:{record['text_a'][:60]}"
                yield Pair(record["text_b"][0], record["text_a"], record["orig_label"] == 1, "factcg", group)


def _climate(folder: Path) -> Iterator[Pair]:
    """Sentences on whose label most of the judges agree, half of them under the title of their article."""
    for record in _records(folder / "climate-fever.jsonl"):
        for n, evidence in enumerate(record["evidences"]):
            if evidence["entropy"] < 0.7:
                before = f"{evidence['article']}\n\n" if n % 2 else ""
                carried = evidence["evidence_label"] == "SUPPORTS"
                yield Pair(record["claim"], before + evidence["evidence"], carried, "climate", f"climate:{record['claim_id']}")


def _symmetric(folder: Path) -> Iterator[Pair]:
    for path in sorted(folder.glob("fever_symmetric_*.jsonl")):
        for record in _records(path):
            claim, evidence = spaced(record["claim"]), spaced(record["evidence"])
            yield Pair(claim, evidence, record["gold_label"] == "SUPPORTS", "symmetric", f"symmetric:{record['id']}")


def _infotabs(folder: Path) -> Iterator[Pair]:
    for record in _table(folder / "infotabs_train.tsv", "\t"):
        table = json.loads((folder / "tables" / f"{record['table_id']}.json").read_text(encoding="utf-8"))
        lines = [f"{name}: {', '.join(values)}" for name, values in table.items() if name != "title"]
        source = "\n".join([*table["title"], "", *lines])
        yield Pair(record["hypothesis"], source, record["label"] == "E", "infotabs", f"infotabs:{record['table_id']}")


def _tabfact(folder: Path) -> Iterator[Pair]:
    pages = json.loads((folder / "table_to_page.json").read_text(encoding="utf-8"))
    for n, (name, right, wrong) in enumerate(
        json.loads((folder / "all_positive_negative_pairs.json").read_text(encoding="utf-8"))
    ):
        table = folder / "tables" / name
        rows = [line.split("#") for line in table.read_text(encoding="utf-8").splitlines()] if table.is_file() else []
        if not rows or len(rows) * len(rows[0]) > 60:
            continue
        title = pages[name][0] if name in pages else ""
        source = f"{title}\n\n{_markdown(rows) if n % 2 else _lines(rows)}"
        for claim in (right, wrong):
            yield Pair(spaced(claim), source, claim == right, "tabfact", f"tabfact:{name}")


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def _lines(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("; ".join(f"{name}: {value}" for name, value in zip(rows[0], row, strict=False)) for row in rows[1:])


def spaced(text: str) -> str:
    """A text whose tokens are apart ("in 1903 , and") as it would be written."""
    text = re.sub(r"-LRB-\s*", "(", text)
    text = re.sub(r"\s*-RRB-", ")", text)
    text = re.sub(r"``\s*|\s*''", '"', text)
    text = re.sub(r"\s+([,.;:!?%)\]]|'s\b|n't\b)", r"\1", text)
    return re.sub(r"([(\[$])\s+", r"\1", text).strip()


@lru_cache(maxsize=50_000)
def spans(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of a text's sentences."""
    return tuple(sentences(text))


def apart(found: Iterable[Pair], bench: Path) -> tuple[list[Pair], int]:
    """The pairs that share neither claim nor a sentence of the source with a development set (but cg2c), and how many do."""
    known: set[str] = set()
    for path in sorted(bench.glob("*.jsonl")):
        if path.stem != "cg2c":
            for record in _records(path):
                known |= {_plain(record["claim"]), *_long(record["source"])}
    everything = list(found)
    kept = [pair for pair in everything if _plain(pair.claim) not in known and not _long(pair.source) & known]
    return kept, len(everything) - len(kept)


def _plain(text: str) -> str:
    return _PLAIN.sub(" ", text.casefold()).strip()


@lru_cache(maxsize=50_000)
def _long(text: str) -> frozenset[str]:
    """The sentences with at least six words, in small letters without marks."""
    return frozenset(p for a, b in spans(text) if len((p := _plain(text[a:b])).split()) >= 6)
