"""Runs benchmarks without the app's command line: `python -m gen_studio.benchmarks NAME --device cuda`."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from gen_studio.benchmarks import main as benchmarks
from gen_studio.benchmarks.benchmark import Conditions
from gen_studio.core.errors import UserError
from gen_studio.core.meter import Meter
from gen_studio.core.plan import Device


def main(words: list[str]) -> int:
    """Returns the exit status: 0 done, 1 something broke off, 2 wrong use."""
    given = _parser().parse_args(words)
    if given.list:
        _say(f"{name:<20} {summary}" for name, summary in benchmarks.names().items())
        return 0
    conditions = Conditions(
        device=Device(given.device),
        root=given.root,
        threads=given.threads,
        repeats=given.repeats,
        seconds=given.seconds,
        share=given.share,
    )
    try:
        with Meter() as meter:
            document = benchmarks.run(given.names, given.json, conditions=conditions, report=meter.report)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_status
    _say(benchmarks.lines(document))
    return 0 if benchmarks.succeeded(document) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gen_studio.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which ones; all but the long ones if none is named")
    parser.add_argument("--list", action="store_true", help="say which there are")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the whole result there")
    parser.add_argument("--device", default="cpu", choices=[device.value for device in Device if device != Device.AUTO])
    parser.add_argument("--root", type=Path, help="folder of the data sets")
    parser.add_argument("--threads", type=int, help="processor threads for every variant")
    parser.add_argument("--repeats", type=int, help="how often each variant is measured")
    parser.add_argument("--seconds", type=float, help="how long each variant is measured")
    parser.add_argument("--share", type=float, default=1.0, help="part of a long training that is done, to try it out")
    return parser


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
