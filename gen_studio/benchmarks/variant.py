"""The other end of `processes`: the module that a measuring process runs."""

import json
import sys

from gen_studio.benchmarks.comparison import Comparison
from gen_studio.benchmarks.processes import Errand
from gen_studio.benchmarks.registry import find


def main(text: str) -> None:
    """Measures what an errand asks for and writes down the answer."""
    errand = Errand.from_json(text)
    benchmark = find(errand.benchmark)
    assert isinstance(benchmark, Comparison)
    benchmark.limit_threads(errand.conditions.threads or benchmark.default_threads())
    values = benchmark.variants(errand.conditions)[errand.variant](errand.conditions, errand.workspace)
    errand.answer.write_text(json.dumps(values))


if __name__ == "__main__":
    main(sys.argv[1])
