"""What the container files promise: nothing runs as root or writes to its image, and all that is built is let in."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_is_hardened(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["healthcheck"] if name != "serve" else "HEALTHCHECK" in DOCKERFILE


def test_ports_are_published_on_this_machine_alone() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_image_runs_as_a_user_that_is_not_root() -> None:
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["10001:10001"]


def test_the_image_has_the_version_of_the_program() -> None:
    images = {service["image"] for service in COMPOSE["services"].values() if service["image"].startswith("footnote")}
    assert images == {f"footnote:{PROJECT['version']}"}


def test_what_the_package_links_to_is_let_into_the_build() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    linked = {path.resolve().relative_to(ROOT).parts[0] for path in ROOT.glob("bot/**/.*") if path.is_symlink()}
    assert linked
    assert linked | {"bot", "vectorstore", "prompts", "seeds", PROJECT["readme"], "LICENSE"} <= allowed
