"""Nested state (dicts, lists, numbers, tensors) as a safetensors and a JSON file: nothing is ever unpickled."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors import torch as safetensors
from torch import Tensor

Tree = Any
"""None, bool, int, float, str, Tensor, or a dict, list or tuple of trees."""


def save(path: Path, tree: Tree) -> None:
    """Writes `path`.safetensors and `path`.json."""
    tensors: dict[str, Tensor] = {}
    skeleton = _pack(tree, tensors, "")
    write_tensors(path.with_suffix(".safetensors"), tensors)
    path.with_suffix(".json").write_text(json.dumps(skeleton, allow_nan=True))


def load(path: Path) -> Tree:
    """Reads what `save` wrote, tensors on the CPU. Raises OSError or ValueError for damaged files."""
    try:
        tensors = read_tensors(path.with_suffix(".safetensors"))
        return _unpack(json.loads(path.with_suffix(".json").read_bytes()), tensors)
    except (SafetensorError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise ValueError(str(error)) from error


def write_tensors(path: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str] | None = None) -> None:
    """Writes a safetensors file. Python writes it, because a full disk is then an OSError as for any other file."""
    path.write_bytes(safetensors.save(dict(tensors), metadata))


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Reads a safetensors file, onto the CPU. Raises OSError or SafetensorError.

    All of it is read at once: a mapped file that another process shortens would kill this one at the next access.
    """
    return safetensors.load(path.read_bytes())


def clone(tree: Tree) -> Tree:
    """A copy that shares no memory with the original, on the same devices."""
    match tree:
        case Tensor():
            return tree.detach().clone(memory_format=torch.preserve_format)
        case dict():
            return {key: clone(value) for key, value in tree.items()}
        case list() | tuple():
            return type(tree)(clone(value) for value in tree)
        case _:
            return tree


def plain(tensor: Tensor) -> Tensor:
    """A copy as safetensors takes it: sharing memory with no other, and contiguous, because the file has no strides."""
    return tensor.detach().cpu().clone(memory_format=torch.contiguous_format)


def _pack(tree: Tree, tensors: dict[str, Tensor], name: str) -> Any:
    match tree:
        case Tensor():
            while name in tensors:  # {"a": {"b": x}, "a.b": y}
                name += "+"
            tensors[name] = plain(tree)
            return {"tensor": name}
        case dict():
            return {"dict": [[key, _pack(value, tensors, f"{name}.{key}")] for key, value in tree.items()]}
        case list():
            return {"list": [_pack(value, tensors, f"{name}.{place}") for place, value in enumerate(tree)]}
        case tuple():
            return {"tuple": [_pack(value, tensors, f"{name}.{place}") for place, value in enumerate(tree)]}
        case None | bool() | int() | float() | str():
            return tree
        case _:
            raise TypeError(f"{name}: a {type(tree).__name__} cannot be part of a saved state")


def _unpack(skeleton: Any, tensors: dict[str, Tensor]) -> Tree:
    if not isinstance(skeleton, dict):
        return skeleton
    ((kind, content),) = skeleton.items()
    match kind:
        case "tensor":
            return tensors[content]
        case "dict":
            return {key: _unpack(value, tensors) for key, value in content}
        case "list":
            return [_unpack(value, tensors) for value in content]
        case "tuple":
            return tuple(_unpack(value, tensors) for value in content)
        case _:
            raise ValueError(f"unknown part {kind!r} in a saved state")
