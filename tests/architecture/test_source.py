"""Rules on the source that no linter knows, each seen to find a planted fault before it is asked about the project."""

import ast
import functools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "gen_studio"
FAMILIES = PACKAGE / "models" / "families"
LONGEST_FILE = 400

Finding = tuple[int, str]
Rule = Callable[[ast.Module], Iterator[Finding]]


def python_files(*folders: Path) -> list[Path]:
    return [file for folder in folders for file in sorted(folder.rglob("*.py"))]


def found(rule: Rule, files: list[Path]) -> list[str]:
    assert files, "the rule looks at no file"
    return [
        f"{file.relative_to(ROOT)}:{line}: {what}"
        for file in files
        for line, what in rule(ast.parse(file.read_text(encoding="utf-8")))
    ]


def planted(rule: Rule, code: str) -> list[str]:
    return [what for _, what in rule(ast.parse(code))]


# No model's name outside its own file


@functools.cache
def family_keys() -> set[str]:
    """What the families call themselves: the key in the Info of each file."""
    keys = {
        keyword.value.value
        for file in FAMILIES.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Info"
        for keyword in node.keywords
        if keyword.arg == "key" and isinstance(keyword.value, ast.Constant)
    }
    return {str(key) for key in keys}


def family_names(tree: ast.Module) -> Iterator[Finding]:
    keys = family_keys()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in keys:
            yield node.lineno, f'names the family "{node.value}"'


def test_every_family_file_says_its_key() -> None:
    assert len(family_keys()) >= sum(1 for file in FAMILIES.glob("[!_]*.py"))
    assert "vae" in family_keys()


def test_a_family_named_in_the_trainer_is_found() -> None:
    assert planted(family_names, 'if plan.family == "vae":\n    pass\n') == ['names the family "vae"']


def test_no_family_is_named_outside_the_families() -> None:
    # A benchmark measures models by name: that is its purpose.
    apart = (FAMILIES, PACKAGE / "benchmarks" / "definitions")
    files = [file for file in python_files(PACKAGE) if not any(file.is_relative_to(part) for part in apart)]
    assert found(family_names, files) == []


# Signals of workers reach only methods


def loose_receivers(tree: ast.Module) -> Iterator[Finding]:
    """A lambda or a plain function connected to a worker's signal runs on the worker's thread and crashes Qt there."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "connect"):
            continue
        receiver = node.args[0] if node.args else None
        if not isinstance(receiver, ast.Attribute):
            yield node.lineno, "connects a signal to something other than a method"


@pytest.mark.parametrize("receiver", ["lambda: 1", "on_event", "partial(self.on_event, 1)", "make_receiver()"])
def test_a_signal_connected_to_no_method_is_found(receiver: str) -> None:
    assert len(planted(loose_receivers, f"worker.happened.connect({receiver})\n")) == 1
    assert planted(loose_receivers, "worker.happened.connect(self._on_event)\n") == []


def test_signals_between_threads_reach_only_methods() -> None:
    files = [*python_files(PACKAGE / "runtime", PACKAGE / "viewmodels"), *PACKAGE.glob("app.py")]
    assert found(loose_receivers, files) == []


# Randomness comes from a generator that was handed in


DRAWS = {"rand", "randn", "randint", "randperm", "bernoulli", "multinomial", "normal", "poisson"}
DRAWS |= {"rand_like", "randn_like", "randint_like"}
DRAWS_IN_PLACE = {"normal_", "uniform_", "bernoulli_", "random_", "exponential_", "cauchy_", "log_normal_"}


def draws_from_the_shared_generator(tree: ast.Module) -> Iterator[Finding]:
    """Initialisers draw from it too, but only while a model is built, and that happens under fork_rng."""
    sheltered = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.With) and any("fork_rng" in ast.unparse(item) for item in node.items)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)) or node in sheltered:
            continue
        owner, name = ast.unparse(node.func.value), node.func.attr
        without = not any(keyword.arg == "generator" for keyword in node.keywords)
        drawn = owner == "torch" and name in DRAWS
        drawn_in_place = name in DRAWS_IN_PLACE and owner.split(".")[-1] != "init"
        if without and (drawn or drawn_in_place):
            yield node.lineno, f"{owner}.{name} draws without a generator"
        if name in {"manual_seed", "manual_seed_all"} and owner in {"torch", "torch.random", "torch.cuda"}:
            yield node.lineno, f"{owner}.{name} seeds the generator that all threads share"


@pytest.mark.parametrize(
    "code",
    [
        "torch.randn(3)",
        "torch.randn_like(x)",
        "x.normal_()",
        "torch.empty(3).uniform_(0, 1)",
        "torch.manual_seed(0)",
    ],
)
def test_a_draw_without_a_generator_is_found(code: str) -> None:
    assert len(planted(draws_from_the_shared_generator, code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        "torch.randn(3, generator=rng)",
        "x.normal_(generator=rng)",
        "nn.init.normal_(weight)",
        "torch.Generator().manual_seed(0)",
        "with torch.random.fork_rng(devices=[]):\n    torch.manual_seed(seed)",
    ],
)
def test_a_draw_from_a_generator_is_not_found(code: str) -> None:
    assert planted(draws_from_the_shared_generator, code) == []


def test_nothing_draws_from_the_shared_generator() -> None:
    assert found(draws_from_the_shared_generator, python_files(PACKAGE)) == []


# Nothing from a file is unpickled


def unpicklings(tree: ast.Module) -> Iterator[Finding]:
    wrong = {"allow_pickle": True, "weights_only": False}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        for keyword in node.keywords:
            if keyword.arg in wrong and not (
                isinstance(keyword.value, ast.Constant) and keyword.value.value is not wrong[keyword.arg]
            ):
                yield node.lineno, f"{keyword.arg}={ast.unparse(keyword.value)}"


@pytest.mark.parametrize("argument", ["allow_pickle=True", "weights_only=False", "allow_pickle=trusted"])
def test_unpickling_is_found(argument: str) -> None:
    assert planted(unpicklings, f"load(path, {argument})") == [argument]


def test_nothing_is_unpickled() -> None:
    assert found(unpicklings, python_files(PACKAGE)) == []


# Files one can read in one go


def test_no_file_is_too_long() -> None:
    lengths = {
        file: len(file.read_text(encoding="utf-8").splitlines()) for file in python_files(PACKAGE, ROOT / "tests")
    }
    too_long = [f"{file.relative_to(ROOT)}: {length}" for file, length in lengths.items() if length > LONGEST_FILE]
    assert too_long == []


def test_every_module_says_why_it_exists() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in python_files(PACKAGE)
        if file.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert silent == []
