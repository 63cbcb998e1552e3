"""What makes it conditional: both networks heed the class, and a picture of no known class finds its own."""

import torch

from gen_studio.data.spec import Batch
from gen_studio.models.capabilities import CanEncode, HasLikelihood
from gen_studio.models.families.cvae import CVAE
from gen_studio.testing import subjects
from gen_studio.training.learner import Learner


def trained(steps: int) -> Learner:
    changes = {"likelihood": "Gaussian", "learning_rate": 3e-3, "width": 8, "batch_size": 16}
    learner = Learner(subjects.plan_for(CVAE, changes), subjects.pictures(count=64))
    subjects.train(learner, steps)
    return learner


def test_the_posterior_and_the_likelihood_heed_the_class() -> None:
    learner = trained(1)
    model, batch = learner.new_shown_model(), learner.next_batch()
    assert isinstance(model, HasLikelihood)
    assert batch.labels is not None
    wrong = Batch(batch.images, (batch.labels + 1) % 4)
    with torch.no_grad():
        right, other = model.posterior(batch).mean, model.posterior(wrong).mean
        assert not torch.allclose(right, other)
        assert not torch.allclose(model.log_likelihood(right, batch), model.log_likelihood(right, wrong))


def test_a_picture_is_rebuilt_as_the_class_it_is_of() -> None:
    learner = trained(300)
    model = learner.new_shown_model()
    assert isinstance(model, CVAE)
    batch = learner.pictures.batch(torch.arange(32))
    assert batch.labels is not None
    with torch.no_grad():
        rebuilt = model.reconstruct(batch.images, torch.Generator())
        told = model.decode_as(model.posterior(batch).mean, batch.labels)
        wrong = Batch(batch.images, (batch.labels + 1) % 4)
        misled = model.decode_as(model.posterior(wrong).mean, wrong.labels)
    own = (rebuilt - told).abs().flatten(1).amax(1) < 1e-4
    assert own.float().mean() > 0.9
    assert (rebuilt - batch.images).square().mean() < 0.7 * (misled - batch.images).square().mean()


def test_it_does_not_claim_to_encode_without_a_class() -> None:
    assert not issubclass(CVAE, CanEncode)
