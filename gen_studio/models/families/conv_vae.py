"""The variational autoencoder with convolutional networks."""

from typing import ClassVar

from gen_studio.core.config import setting
from gen_studio.core.description import Group, Info
from gen_studio.models.base import FamilyConfig
from gen_studio.models.convolutional_variational import ConvolutionalVariationalConfig, ConvolutionalVariationalModel
from gen_studio.models.registry import family
from gen_studio.nets.likelihoods import Likelihood


class ConvVAEConfig(ConvolutionalVariationalConfig):
    latents: int = 32
    likelihood: Likelihood = setting(
        Likelihood.GAUSSIAN,
        "Likelihood",
        "How a pixel is judged: Gaussian (with the best variance) or discretised logistic for photographs, "
        "Bernoulli for pictures that are nearly black and white.",
    )
    batch_size: int = 128


@family
class ConvVAE(ConvolutionalVariationalModel[ConvVAEConfig]):
    """Auto-Encoding Variational Bayes, arXiv:1312.6114, with the networks of Burgess et al. 2018, arXiv:1804.03599.

    Minimises -ELBO = E_q(z|x)[-log p(x|z)] + KL(q(z|x) || N(0, I)) in nats per picture, with one sample of z. Departs
    from the papers in a Gaussian likelihood with the best variance as the default (Rybkin 2021), more latents and
    He's first weights.
    """

    info: ClassVar[Info] = Info(
        key="conv_vae",
        title="Convolutional VAE",
        group=Group.VARIATIONAL,
        year=2013,
        paper="Kingma and Welling, Auto-Encoding Variational Bayes, 2013, arXiv:1312.6114; networks of Burgess, "
        "Higgins, Pal, Matthey, Watters, Desjardins and Lerchner, Understanding Disentangling in beta-VAE, 2018, "
        "arXiv:1804.03599",
        summary="The VAE with convolutions: sharper pictures, and sizes that dense layers cannot do.",
    )
    Config: ClassVar[type[FamilyConfig]] = ConvVAEConfig
