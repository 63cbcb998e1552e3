"""Figures of answers held against targets that the model never saw, beside those of whoever does nothing."""

from collections.abc import Callable
from functools import partial

from torch import Tensor

from gen_studio.data.spec import Batch
from gen_studio.metrics import likeness
from gen_studio.metrics.measure import Measure, Settings
from gen_studio.metrics.subject import Subject, mean_of, mean_picture
from gen_studio.models.capabilities import CanAnswer, CanTranslate

Compare = Callable[[Tensor, Tensor], Tensor]
"""Answers and targets (N, C, H, W) -> one number each, (N,)."""
Answer = Callable[[Batch], Tensor]


def unpaired(subject: Subject) -> str | None:
    """Why there is nothing to hold answers against."""
    if isinstance(subject.model, CanTranslate) and not subject.dataset.spec.has_pairs:
        return (
            f"{subject.model.info.title} learnt without pairs, so there are no targets to hold its answers against. "
            "Judge it on paired pictures."
        )
    return None


def answers_of(subject: Subject) -> Answer:
    model, rng = subject.model, subject.generator()
    assert isinstance(model, CanAnswer)
    return lambda batch: model.answer(batch, rng)


def questions_of(subject: Subject) -> Answer:
    assert isinstance(subject.model, CanAnswer)
    return subject.model.question


def compared(subject: Subject, compare: Compare, answer: Answer) -> float:
    """The mean over the test pictures."""
    batches = subject.batches(subject.dataset.test)
    return mean_of((compare(answer(batch), batch.images).mean(), len(batch)) for batch in batches)


def _l1(answers: Tensor, targets: Tensor) -> Tensor:
    return (answers - targets).abs().flatten(1).mean(1)


def _own(compare: Compare, subject: Subject) -> float:
    return compared(subject, compare, answers_of(subject))


def _baseline(compare: Compare, subject: Subject) -> float:
    return compared(subject, compare, questions_of(subject))


def _gain(compare: Compare, subject: Subject) -> float:
    return _own(compare, subject) - _baseline(compare, subject)


def _share_of_input(subject: Subject) -> float:
    return _own(_l1, subject) / _baseline(_l1, subject)


def _share_of_mean(subject: Subject) -> float:
    """Of what a model that heeds no question could have."""
    mean = mean_picture(subject.dataset.train).to(subject.device)
    return _own(_l1, subject) / compared(subject, _l1, lambda batch: mean.expand_as(batch.images))


def _too_small(subject: Subject) -> str | None:
    spec = subject.dataset.spec
    if min(spec.height, spec.width) < likeness.WINDOW:
        return (
            f"SSIM looks through a window of {likeness.WINDOW} pixels, and these pictures are smaller. "
            "Train on larger ones."
        )
    return unpaired(subject)


def _psnr_settings(subject: Subject) -> Settings:
    return {"peak": 255, "of": "all channels", "at most": round(likeness.MOST_PSNR, 1)}


def _ssim_settings(subject: Subject) -> Settings:
    side = likeness.WINDOW
    return {"window": f"{side} × {side} Gaussian", "of": "luminance"}


def _beside(settings: Callable[[Subject], Settings], subject: Subject) -> Settings:
    assert isinstance(subject.model, CanAnswer)
    return {"baseline": subject.model.baseline, **settings(subject)}


def _family(key: str, name: str, unit: str, compare: Compare, settings: Callable[[Subject], Settings]) -> list[Measure]:
    """A figure, that of the baseline, and by how much it is above."""
    objection = _too_small if compare is likeness.ssim else unpaired
    beside = partial(_beside, settings)
    return [
        Measure(
            key,
            f"{name} of answers, the mean over test pictures",
            partial(_own, compare),
            CanAnswer,
            beside=(f"{key}_baseline",),
            unit=unit,
            objection=objection,
            settings=settings,
        ),
        Measure(
            f"{key}_baseline",
            f"{name} of doing nothing: of the question, enlarged where it is small",
            partial(_baseline, compare),
            CanAnswer,
            unit=unit,
            objection=objection,
            settings=beside,
        ),
        Measure(
            f"{key}_gain",
            f"{name} of answers above that of doing nothing",
            partial(_gain, compare),
            CanAnswer,
            beside=(key, f"{key}_baseline"),
            unit=unit,
            objection=objection,
            settings=beside,
        ),
    ]


TABLE = (
    Measure(
        "l1",
        "L1 between answers and targets, test pictures in [-1, 1]",
        partial(_own, _l1),
        CanAnswer,
        objection=unpaired,
    ),
    Measure(
        "l1_to_input",
        "L1 of the answers as a share of the L1 of the questions themselves",
        _share_of_input,
        CanAnswer,
        beside=("l1",),
        objection=unpaired,
    ),
    Measure(
        "l1_to_mean",
        "L1 of the answers as a share of the mean training picture's",
        _share_of_mean,
        CanAnswer,
        beside=("l1",),
        objection=unpaired,
    ),
    *_family("psnr", "PSNR", "dB", likeness.psnr, _psnr_settings),
    *_family("ssim", "SSIM", "", likeness.ssim, _ssim_settings),
)
