"""How a model is shown while it trains and in its fastest form: training is as if unseen, answers as plainly."""

import torch

from gen_studio.inference.answering import answered
from gen_studio.inference.prepared import Form, in_form, probes, stays
from gen_studio.models.capabilities import HasLatent
from gen_studio.testing import subjects
from gen_studio.testing.looking import LookingContract, requires
from gen_studio.testing.subjects import Family
from gen_studio.training.shown import renewed


class ShowingContract(LookingContract):
    def test_weights_that_are_shown_while_it_trains_change_no_step_and_are_changed_by_none(
        self, family: Family
    ) -> None:
        unseen, seen = (self.trained(family, {"ema": 0.5}, steps=1) for _ in range(2))
        subjects.train(unseen, 2)
        shown = seen.new_shown_model()
        for _ in range(2):
            weights = seen.snapshot()
            shown = renewed(shown, weights)
            before = {name: tensor.clone() for name, tensor in shown.state_dict().items()}
            light = in_form(shown, Form.LIGHT)
            for question in probes(shown):
                answered(light, question)
            seen.take_step()
            assert subjects.differences(dict(shown.state_dict()), before) == []
        assert subjects.differences(unseen.state(), seen.state()) == []

    def test_newer_weights_make_the_model_that_a_copy_would_be(self, family: Family) -> None:
        learner = self.trained(family, {"ema": 0.5}, steps=1)
        first = learner.new_shown_model()
        before = {name: tensor.clone() for name, tensor in first.state_dict().items()}
        subjects.train(learner, 2)
        newer, copied = renewed(first, learner.snapshot()), learner.new_shown_model()
        assert subjects.differences(dict(first.state_dict()), before) == [], "it was to stay as it is"
        assert subjects.differences(dict(newer.state_dict()), dict(copied.state_dict())) == []
        assert (newer.step, newer.progress) == (copied.step, copied.progress)
        assert not any(module.training for module in newer.modules())
        for question in probes(copied):
            assert stays([answered(copied, question)[0]], [answered(newer, question)[0]])

    @requires(HasLatent)
    def test_in_its_fastest_form_it_answers_as_it_does_plainly(self, family: Family) -> None:
        shown = self.trained(family, {"ema": 0.5}).new_shown_model()
        before = {name: tensor.clone() for name, tensor in shown.state_dict().items()}
        questions = probes(shown)
        plain = [answered(shown, question) for question in questions]
        light = in_form(shown, Form.LIGHT)
        for question, (pictures, latents) in zip(questions, plain, strict=True):
            answer, same_latents = answered(light, question)
            assert stays([pictures], [answer])
            assert latents is not None and same_latents is not None
            assert torch.equal(torch.from_numpy(latents), torch.from_numpy(same_latents))
        assert subjects.differences(dict(shown.state_dict()), before) == [], "making it fast has changed the model"
