"""`make audit`: a bill of materials of what requirements.lock pins, and what is known against it.

Both tools run in environments of their own (`uv tool run`), pinned here. In Footnote's they would bring packages along that
change what the readers see: feedparser, for one, asks `chardet` for a file's encoding as soon as it is installed.
"""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = "requirements.lock"
BILL = Path("build", "footnote-sbom.json")
_CYCLONEDX, _PIP_AUDIT = "cyclonedx-bom==7.5.0", "pip-audit==2.10.1"
_SERVICES = ("pypi", "osv")
_LIMIT = 300.0


@dataclass(frozen=True, slots=True)
class AuditReport:
    """Packages that were looked up, those that no advisory source knows, and what is known, a sentence each."""

    audited: int = 0
    skipped: int = 0
    known: list[str] = field(default_factory=list)

    @classmethod
    def parse(cls, output: str) -> "AuditReport":
        """Reads pip-audit's JSON; a report of nothing where it is none, as without a network.

        >>> AuditReport.parse('{"dependencies": [{"name": "a", "vulns": []}, {"name": "b", "skip_reason": "?"}]}')
        AuditReport(audited=1, skipped=1, known=[])
        """
        try:
            found = json.loads(output)["dependencies"]
        except (ValueError, KeyError, TypeError):
            return cls()
        looked_up = [one for one in found if "skip_reason" not in one]
        known = [
            f"{one['name']} {one['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no version yet'}"
            for one in looked_up
            for flaw in one.get("vulns", [])
        ]
        return cls(len(looked_up), len(found) - len(looked_up), known)


def main() -> int:
    """Writes the bill, looks the packages up, and says what came of it; 1 where something is known against one of them."""
    if (count := write_bill()) is None:
        return 1
    sys.stdout.write(f"{BILL}: a bill of materials (CycloneDX) of {count} packages.\n")
    report = next((found for service in _SERVICES if (found := looked_up(service)).audited), AuditReport())
    if not report.audited:
        sys.stdout.write(
            "No advisory source could be reached from here, so nothing was looked up. Run this where there is one.\n"
        )
        return 0
    left = f"; {report.skipped} are not known to the advisory source" if report.skipped else ""
    sys.stdout.write(f"{report.audited} packages were looked up{left}; {len(report.known) or 'no'} advisories concern them.\n")
    sys.stdout.writelines(f"  {one}\n" for one in report.known)
    return int(bool(report.known))


def write_bill() -> int | None:
    """Writes the bill of materials; the number of its packages, or None where the tool could not be had."""
    (ROOT / BILL).parent.mkdir(exist_ok=True)
    done = _tool(_CYCLONEDX, "cyclonedx-py", "requirements", "--output-format", "JSON", "--output-file", str(BILL), LOCK)
    if done is None or done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] if done else []
        sys.stderr.write(f"The bill of materials needs uv, and {_CYCLONEDX} from a package index. {''.join(reason)}\n")
        return None
    return len(json.loads((ROOT / BILL).read_text(encoding="utf-8"))["components"])


def looked_up(service: str) -> AuditReport:
    """What an advisory source knows of the packages; a report of nothing where it does not answer."""
    given = ("--requirement", LOCK, "--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json")
    done = _tool(_PIP_AUDIT, "pip-audit", *given, "--vulnerability-service", service, "--timeout", "10")
    return AuditReport.parse(done.stdout) if done else AuditReport()


def _tool(package: str, *command: str) -> "subprocess.CompletedProcess[str] | None":
    call = ["uv", "tool", "run", "--quiet", "--from", package, *command]
    try:
        return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False, timeout=_LIMIT)
    except (OSError, subprocess.TimeoutExpired):
        return None


if __name__ == "__main__":
    sys.exit(main())
