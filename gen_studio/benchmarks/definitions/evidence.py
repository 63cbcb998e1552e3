"""Evidence that the three families of the first day learn: their recipes, judged."""

from typing import ClassVar

from gen_studio.benchmarks.evidence import Evidence, goals_of


class EvidenceVAE(Evidence):
    name = "evidence-vae"
    summary = "Test -ELBO of the VAE after ten epochs of MNIST."
    recipe_name = "vae"
    goals: ClassVar = goals_of("vae")


class EvidenceDCGAN(Evidence):
    name = "evidence-dcgan"
    summary = "Which digits a classifier sees in 1,000 samples of a DCGAN trained on MNIST at 32x32."
    recipe_name = "dcgan"
    goals: ClassVar = goals_of("dcgan")


class EvidencePix2Pix(Evidence):
    name = "evidence-pix2pix"
    summary = "Held-out L1 of pix2pix from edges on photographs of clothes at 64x64."
    recipe_name = "pix2pix"
    goals: ClassVar = goals_of("pix2pix")
