"""The knobs of the adversarial game. A family is a set of its paper's defaults over these."""

from enum import Enum

from gen_studio.core.config import setting
from gen_studio.models.base import FamilyConfig
from gen_studio.nets.critic import BatchView
from gen_studio.nets.losses import AdversarialLoss


class Regulariser(Enum):
    """What keeps the discriminator's gradient in bounds."""

    NONE = "none"
    CLIPPING = "weight clipping"
    GRADIENT_PENALTY = "gradient penalty"
    R1 = "R1"


class Augment(Enum):
    """What is done to the pictures before the discriminator sees them."""

    NONE = "none"
    FIXED = "fixed strength"
    ADAPTIVE = "adaptive strength"


class Optimiser(Enum):
    ADAM = "Adam"
    RMSPROP = "RMSProp"


class RateDecay(Enum):
    NONE = "none"
    LINEAR = "linear to zero"


class AdversarialConfig(FamilyConfig):
    """Defaults are those of the plain game; families override what their paper does otherwise."""

    loss: AdversarialLoss = setting(
        AdversarialLoss.NON_SATURATING, "Loss", "The game that discriminator and generator play."
    )
    regulariser: Regulariser = setting(
        Regulariser.NONE, "Regulariser", "What keeps the discriminator's gradient in bounds."
    )
    spectral_norm: bool = setting(
        False, "Spectral norm", "Divides every weight of the discriminator by its largest singular value."
    )
    discriminator_rate: float = setting(
        2e-4, "D learning rate", "Step size of the discriminator.", gt=0, le=1, rate_of="discriminator"
    )
    generator_rate: float = setting(
        2e-4, "G learning rate", "Step size of the generator.", gt=0, le=1, rate_of="generator"
    )
    critic_steps: int = setting(
        1,
        "D steps per G step",
        "Discriminator steps, each on new pictures, for one of the generator.",
        ge=1,
        le=100,
        advanced=True,
    )
    latents: int = setting(100, "Latents", "Dimensions of the latent space.", ge=1, le=1024, advanced=True)
    optimiser: Optimiser = setting(Optimiser.ADAM, "Optimiser", "How a gradient becomes a step.", advanced=True)
    beta1: float = setting(0.5, "Adam beta 1", "Decay of the gradient's running mean.", ge=0, lt=1, advanced=True)
    beta2: float = setting(
        0.999, "Adam beta 2", "Decay of the squared gradient's running mean.", ge=0, lt=1, advanced=True
    )
    rate_decay: RateDecay = setting(
        RateDecay.NONE, "Rate decay", "How both learning rates change over the planned steps.", advanced=True
    )
    penalty_weight: float = setting(
        10.0, "Penalty weight", "Lambda of the gradient penalty, gamma of R1.", ge=0, le=10_000, advanced=True
    )
    penalty_interval: int = setting(
        1,
        "Penalty every",
        "Steps between penalties; above 1 it is lazy, and weighed as much more.",
        ge=1,
        le=64,
        advanced=True,
    )
    clip_limit: float = setting(0.01, "Clip limit", "Largest weight of a clipped critic.", gt=0, le=10, advanced=True)
    real_target: float = setting(
        1.0,
        "Target for real",
        "What D aims for on real pictures; 0.9 is one-sided label smoothing.",
        gt=0.5,
        le=1,
        advanced=True,
    )
    instance_noise: float = setting(
        0.0, "Instance noise", "Deviation of noise on all that D sees, at the start.", ge=0, le=2, advanced=True
    )
    noise_steps: int = setting(
        2000, "Noise fades over", "Steps until the instance noise is gone.", ge=1, le=10_000_000, advanced=True
    )
    batch_view: BatchView = setting(
        BatchView.NONE, "Batch view", "Lets D compare the pictures of a batch, against mode collapse.", advanced=True
    )
    feature_matching: float = setting(
        0.0,
        "Feature matching",
        "Weight of the distance between D's mean features on real and fake.",
        ge=0,
        le=1000,
        advanced=True,
    )
    replay: int = setting(
        0,
        "Replay pool",
        "How many past fakes are kept to be shown to D again; 0 for none.",
        ge=0,
        le=100_000,
        advanced=True,
    )
    replay_share: float = setting(
        0.5, "Replayed share", "Part of D's fakes that come from the pool.", ge=0, le=1, advanced=True
    )
    unrolled_steps: int = setting(
        0, "Unrolled steps", "How many answers of D the generator looks ahead.", ge=0, le=20, advanced=True
    )
    augment: Augment = setting(
        Augment.NONE,
        "Augmentation",
        "Colour, shift and cut-out on all that D sees, against overfitting.",
        advanced=True,
    )
    augment_strength: float = setting(
        0.5,
        "Augmentation strength",
        "Chance of each operation where the strength is fixed.",
        ge=0,
        le=1,
        advanced=True,
    )

    @property
    def is_lazy(self) -> bool:
        return self.penalises and self.penalty_interval > 1

    @property
    def penalises(self) -> bool:
        """Whether the gradient at single pictures is penalised."""
        return self.regulariser in (Regulariser.GRADIENT_PENALTY, Regulariser.R1)

    def objection(self) -> str | None:
        if self.regulariser is Regulariser.CLIPPING and self.spectral_norm:
            return (
                "Weight clipping and spectral norm both set the size of D's weights, and undo each other. "
                "Switch one of them off."
            )
        if self.penalises and self.batch_view is BatchView.DISCRIMINATION:
            return (
                "A penalty on the gradient at each picture needs scores that depend on that picture alone; minibatch "
                "discrimination ties them together. Choose another batch view, or no penalty."
            )
        if self.unrolled_steps and self.critic_steps > 1:
            return "Unrolling looks ahead from a single D step. Set D steps per G step to 1, or unroll 0 steps."
        if self.unrolled_steps and self.spectral_norm:
            return "Unrolled steps bypass the power iteration of spectral norm. Switch one of them off."
        if self.optimiser is Optimiser.RMSPROP and self.is_lazy:
            return "Lazy penalties are defined for Adam. Set Penalty every to 1, or choose Adam."
        return super().objection()
