"""Networks in use, relieved of what only training needs: the same answers, up to rounding, in less time."""

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.utils import parametrize
from torch.nn.utils.fusion import fuse_conv_bn_weights, fuse_linear_bn_weights

from gen_studio.nets.settling import Settles, still
from gen_studio.nets.twins import M, twin

FOLDABLE = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


class FromVector(nn.Module):
    """A transposed convolution that stands at the beginning: of a single place it is a matrix product."""

    def __init__(self, layer: nn.ConvTranspose2d) -> None:
        super().__init__()
        self.layer = layer
        self.kernel = layer.kernel_size
        # (inputs, height * width * outputs): what comes out lies channels last.
        self.weight = still(layer.weight.permute(0, 2, 3, 1).flatten(1).contiguous())
        places = self.kernel[0] * self.kernel[1]
        self.bias = None if layer.bias is None else still(layer.bias.repeat(places))

    def forward(self, features: Tensor) -> Tensor:
        if features.shape[2:] != (1, 1):
            answer: Tensor = self.layer(features)
            return answer
        flat = F.linear(features.flatten(1), self.weight.T, self.bias)
        return flat.view(len(features), *self.kernel, -1).permute(0, 3, 1, 2)


@torch.no_grad()
def lightened(model: M) -> M:
    """A twin of a module in evaluation mode, made faster; `model` stays as it is.

    BatchNorm becomes part of the layer before it, wherever the two stand in a row in a Sequential; weights that are
    computed from others (spectral norm, an equalised learning rate, what of a modulated convolution no style changes)
    are computed once; a transposed convolution of a single place is a matrix product; weights of convolutions lie
    channels last.
    """
    light = twin(model)
    _settle_weights(light)
    _settle_layers(light, {})
    shared = _in_several_places(light)
    for module in list(light.modules()):
        if isinstance(module, nn.Sequential):
            _fold_norms(module, shared)
    for module in list(light.modules()):
        for name, child in module.named_children():
            if type(child) is nn.ConvTranspose2d and child not in shared and _makes_a_field(child):
                setattr(module, name, FromVector(child))
    _lay_out(light)
    return light


def in_precision(model: M, dtype: torch.dtype) -> M:
    """A twin whose networks compute in another type, and take and give float32 as before; `model` stays as it is.

    Its networks are its submodules; one that is not called as a whole raises RuntimeError when it is used.
    """
    light = twin(model)
    for child in light.children():
        for module in child.modules():
            for name, weight in module._parameters.items():
                if weight is not None and weight.is_floating_point():
                    module._parameters[name] = still(weight.to(dtype))
            for name, buffer in module._buffers.items():
                if buffer is not None and buffer.is_floating_point():
                    module._buffers[name] = buffer.to(dtype)
        child.register_forward_pre_hook(lambda _, arguments: _as(arguments, dtype))
        child.register_forward_hook(lambda _, arguments, answer: _as(answer, torch.float32))
    return light


def _as(value: object, dtype: torch.dtype) -> object:
    if isinstance(value, Tensor):
        return value.to(dtype) if value.is_floating_point() else value
    if isinstance(value, tuple):
        return tuple(_as(item, dtype) for item in value)
    return value


def _settle_weights(model: nn.Module) -> None:
    for module in list(model.modules()):
        if not parametrize.is_parametrized(module):
            continue
        settled = {name: getattr(module, name).clone() for name in cast(nn.ModuleDict, module.parametrizations)}
        # torch's own way of taking them off would change the class, which is that of the twin's original too.
        module.__class__ = parametrize.type_before_parametrizations(module)
        del module._modules["parametrizations"]
        for name, tensor in settled.items():
            module.register_parameter(name, still(tensor))


def _settle_layers(module: nn.Module, done: dict[nn.Module, nn.Module]) -> None:
    for name, child in module._modules.items():
        if child is None:
            continue
        if not isinstance(child, Settles):
            _settle_layers(child, done)
            continue
        if child not in done:
            done[child] = child.settled()
        module._modules[name] = done[child]


def _in_several_places(model: nn.Module) -> set[nn.Module]:
    seen: set[nn.Module] = set()
    several: set[nn.Module] = set()
    for _, module in model.named_modules(remove_duplicate=False):
        (several if module in seen else seen).add(module)
    return several


def _fold_norms(row: nn.Sequential, shared: set[nn.Module]) -> None:
    for place in range(len(row) - 1):
        layer, norm = row[place], row[place + 1]
        # Subclasses may compute otherwise.
        if type(layer) not in FOLDABLE or type(norm) not in NORMS or {layer, norm} & shared:
            continue
        assert isinstance(norm, _BatchNorm)
        if norm.training or norm.running_mean is None:
            continue
        assert norm.running_var is not None
        statistics = (norm.running_mean, norm.running_var, norm.eps, norm.weight, norm.bias)
        if isinstance(layer, nn.Linear):
            layer.weight, layer.bias = fuse_linear_bn_weights(layer.weight, layer.bias, *statistics)
        elif isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            turned = isinstance(layer, nn.ConvTranspose2d)
            layer.weight, layer.bias = fuse_conv_bn_weights(layer.weight, layer.bias, *statistics, transpose=turned)
        row[place + 1] = nn.Identity()


def _makes_a_field(layer: nn.ConvTranspose2d) -> bool:
    """Whether a single place becomes the whole kernel, and nothing else."""
    plain = layer.padding == (0, 0) and layer.output_padding == (0, 0) and layer.dilation == (1, 1)
    return plain and layer.groups == 1


def _lay_out(model: nn.Module) -> None:
    for module in model.modules():
        for name, tensor in module._parameters.items():
            if tensor is not None and tensor.ndim == 4:
                ordered = tensor.contiguous(memory_format=torch.channels_last)
                module._parameters[name] = still(ordered)
