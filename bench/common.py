"""What the measurements share."""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEDUI = ROOT / "build/release/hedui"


def sh(*command, **more):
    """A command that ended well; stdout and stderr are texts. Else the measurement ends, saying why."""
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, **more)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stderr}")
    return done


def counted(said, what):
    """The number, the last of its line, that hedui run says of `what`: "1,234,567"."""
    return int(re.search(rf"^{what} .*?([\d,]+)$", said, re.M)[1].replace(",", ""))


def stage_seconds(progress):
    """Seconds of each stage, in order, by the progress lines of a run."""
    return [float(m) for m in re.findall(r"^\[\d+/\d+\] .*?(\d+\.\d+) s", progress, re.M)]


def stages_of(county, progress):
    """Seconds of each stage of the run that was published last, and its manifest, which is written
    before publish has ended: the progress lines tell that one's time."""
    manifest = json.loads((county / "runs/current/manifest.json").read_text())
    names = [s["stage"] for s in manifest["outside_comparison"]["stages"]] + ["publish"]
    seconds = stage_seconds(progress)
    assert len(names) == len(seconds), (names, progress)
    return dict(zip(names, seconds)), manifest
