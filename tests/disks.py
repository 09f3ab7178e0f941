"""Disks for tests: small ones, full ones and such as may only be read, where this user may mount any."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


def mount(*options: str) -> int:
    """Mounts something; 0 where that worked."""
    return subprocess.run(["mount", *options], check=False, capture_output=True).returncode


def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """A mount for the test, where this user may make one."""
    folder.mkdir(exist_ok=True)
    if sys.platform != "linux" or mount(*options, str(folder)):
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def filled(folder: Path) -> Path:
    """Fills the disk to the last block; the file that does it, for whoever makes room again."""
    filling = folder / "filling"
    with pytest.raises(OSError, match="No space"), filling.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return filling
