"""Figures of how likely a model finds the test pictures."""

import math

from gen_studio.metrics.likelihood import negative_elbos
from gen_studio.metrics.measure import Cost, Measure, Settings
from gen_studio.metrics.subject import Subject, mean_of
from gen_studio.models.capabilities import HasLikelihood

MOST_WEIGHTS = 5_000
"""Latents for each picture, as in published tables."""
FEWER_WEIGHTS = 100


def _weights(subject: Subject, own: int) -> int:
    return own if subject.weights is None else subject.weights


def _nll(subject: Subject, own: int) -> float:
    return -float(subject.log_likelihoods(_weights(subject, own)).mean())


def _error(subject: Subject, own: int) -> float:
    found = subject.log_likelihoods(_weights(subject, own))
    return float(found.std() / math.sqrt(len(found))) if len(found) > 1 else math.nan


def _settings(subject: Subject, own: int) -> Settings:
    return {"k": _weights(subject, own)}


def _elbo(subject: Subject) -> float:
    assert isinstance(subject.model, HasLikelihood)
    found = negative_elbos(subject.model, lambda: subject.batches(subject.dataset.test), subject.generator())
    return float(found.mean())


def _bits(subject: Subject) -> float:
    """How many bits a nat is, spread over a picture's numbers."""
    return 1 / (math.prod(subject.model.data.shape) * math.log(2))


def _not_discrete(subject: Subject) -> str | None:
    if isinstance(subject.model, HasLikelihood) and subject.model.is_discrete:
        return None
    return (
        f"Bits per dimension are for likelihoods of 8-bit pictures; this {type(subject.model).info.title} was "
        "trained with another. Train one with the discretised logistic, or choose the measure nll."
    )


def _test_score(subject: Subject) -> float:
    score = type(subject.model).score
    assert score is not None
    rng = subject.generator()
    terms = ((subject.model.validate(b, rng)[score.key], len(b)) for b in subject.batches(subject.dataset.test))
    return mean_of(terms)


def _no_score(subject: Subject) -> str | None:
    if type(subject.model).score is not None:
        return None
    return f"{subject.model.info.title} has no score on held-out pictures."


def _what_score(subject: Subject) -> Settings:
    score = type(subject.model).score
    return {} if score is None else {"score": f"{score.title}, {score.unit}" if score.unit else score.title}


TABLE = (
    Measure("test_score", "score on the test pictures", _test_score, objection=_no_score, settings=_what_score),
    Measure(
        "elbo",
        "−ELBO of the test pictures, from one latent each",
        _elbo,
        HasLikelihood,
        unit="nats",
    ),
    Measure(
        "nll",
        f"-log p of the test pictures in nats, from k importance-weighted latents each ({MOST_WEIGHTS:,} unless told)",
        lambda s: _nll(s, MOST_WEIGHTS),
        HasLikelihood,
        unit="nats",
        cost=Cost.HEAVY,
        settings=lambda s: _settings(s, MOST_WEIGHTS),
        error=lambda s: _error(s, MOST_WEIGHTS),
    ),
    Measure(
        "nll_bound",
        f"-log p of the test pictures in nats, at most: from k weighted latents each ({FEWER_WEIGHTS} unless told)",
        lambda s: _nll(s, FEWER_WEIGHTS),
        HasLikelihood,
        unit="nats",
        cost=Cost.HEAVY,
        settings=lambda s: _settings(s, FEWER_WEIGHTS),
        error=lambda s: _error(s, FEWER_WEIGHTS),
    ),
    Measure(
        "bits_per_dimension",
        f"-log2 P of the test pictures by pixel and channel, at most: from k latents ({FEWER_WEIGHTS} unless told)",
        lambda s: _nll(s, FEWER_WEIGHTS) * _bits(s),
        HasLikelihood,
        short="bpd",
        unit="bits",
        cost=Cost.HEAVY,
        objection=_not_discrete,
        settings=lambda s: _settings(s, FEWER_WEIGHTS),
        error=lambda s: _error(s, FEWER_WEIGHTS) * _bits(s),
    ),
)
