"""BatchNorm whose scale and shift may depend on the class (Dumoulin 2017, arXiv:1610.07629; Miyato & Koyama 2018)."""

from torch import Tensor, nn

from gen_studio.nets.labels import embedded


class ConditionalNorm(nn.Module):
    """BatchNorm over (N, C, h, w) with a scale and shift for each class; with no classes, ordinary BatchNorm."""

    def __init__(self, channels: int, classes: int = 0) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=not classes)
        self.scale: nn.Embedding | None = None
        self.shift: nn.Embedding | None = None
        if classes:
            self.scale, self.shift = nn.Embedding(classes, channels), nn.Embedding(classes, channels)
            nn.init.ones_(self.scale.weight)
            nn.init.zeros_(self.shift.weight)

    def forward(self, features: Tensor, labels: Tensor | None = None) -> Tensor:
        """labels: (N,) int64, or weights of the classes (N, classes); needed where there are classes."""
        normed: Tensor = self.norm(features)
        if self.scale is None or self.shift is None:
            return normed
        assert labels is not None
        scale: Tensor = embedded(self.scale, labels)[:, :, None, None]
        shift: Tensor = embedded(self.shift, labels)[:, :, None, None]
        return normed * scale + shift
