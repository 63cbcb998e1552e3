"""How much of the class a linear classifier finds in a code: the measure of a representation."""

import torch
import torch.nn.functional as F
from torch import Tensor

from gen_studio.core.errors import WrongUse

STEPS = 100
DECAY = 1e-4
"""Weight of the squared weights beside the cross entropy, so that codes that separate the classes have an optimum."""
FLATTEST = 1e-6
FOLDS = 5


def probe_accuracy(codes: Tensor, labels: Tensor, test_codes: Tensor, test_labels: Tensor, classes: int) -> float:
    """The share of test codes whose class logistic regression names, fitted to the others.

    Codes (N, D) float, labels (N,) int64, all on one device. Every dimension is brought to the same scale first.
    Depends on its arguments alone: the fit starts from zeros and looks at everything in each of its steps.
    """
    mean, scale = codes.mean(0), codes.std(0).clamp_min(FLATTEST)
    # A dimension that never changes says nothing, and dividing by next to nothing would make noise of it.
    changes = (scale > FLATTEST).to(codes.dtype)
    inputs, test_inputs = ((given - mean) / scale * changes for given in (codes, test_codes))
    weights = torch.zeros(classes, codes.shape[1], device=codes.device, requires_grad=True)
    biases = torch.zeros(classes, device=codes.device, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, biases], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        value = F.cross_entropy(inputs @ weights.T + biases, labels) + DECAY * weights.square().sum()
        value.backward()
        return value

    # Whoever judges a model does so without gradients; the probe needs its own all the same.
    with torch.enable_grad():
        optimizer.step(loss)
    named = (test_inputs @ weights.detach().T + biases.detach()).argmax(1)
    return named.eq(test_labels).float().mean().item()


def crossed_accuracy(codes: Tensor, labels: Tensor, classes: int, folds: int = FOLDS) -> float:
    """`probe_accuracy` where there is but one set of codes: each is asked about by a probe fitted to the others' folds.

    Codes belong to folds in turn, so they should come in no order. Raises WrongUse where there are too few.
    """
    if len(codes) < 2 * folds:
        raise WrongUse(f"A probe is fitted to some codes and asked about others, and there are {len(codes)}. Use more.")
    places = torch.arange(len(codes), device=codes.device) % folds
    right = 0.0
    for fold in range(folds):
        asked = places == fold
        accuracy = probe_accuracy(codes[~asked], labels[~asked], codes[asked], labels[asked], classes)
        right += accuracy * int(asked.sum())
    return right / len(codes)
