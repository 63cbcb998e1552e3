"""First weights, as papers give them."""

import torch
from torch import nn

CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)
NORMS = (nn.BatchNorm2d, nn.InstanceNorm2d)


def glorot_weights(network: nn.Module) -> None:
    """Uniform weights that keep the variance of activations and gradients, biases 0 (Glorot and Bengio 2010)."""
    for module in network.modules():
        if isinstance(module, CONVOLUTIONS):
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def he_weights(network: nn.Module, output_gain: float = 0.3) -> None:
    """Dense weights from N(0, 2 / inputs), biases 0: what goes in keeps its strength through rectifiers (He 2015).

    The last layer's are `output_gain` times as large, so that a tanh behind it begins where it has a gradient.
    """
    layers = [module for module in network.modules() if isinstance(module, nn.Linear)]
    for layer in layers:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(layer.bias)
    with torch.no_grad():
        layers[-1].weight.mul_(output_gain)


def dcgan_weights(network: nn.Module, deviation: float = 0.02) -> None:
    """Weights from N(0, 0.02), norm scales from N(1, 0.02), biases 0 (Radford 2015; Isola 2017)."""
    for module in network.modules():
        if isinstance(module, CONVOLUTIONS):
            nn.init.normal_(module.weight, 0.0, deviation)
        elif isinstance(module, NORMS) and module.weight is not None:
            nn.init.normal_(module.weight, 1.0, deviation)
        else:
            continue
        if module.bias is not None:
            nn.init.zeros_(module.bias)
