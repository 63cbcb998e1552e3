"""Live curves. Importing this package imports pyqtgraph, which costs half a second: the window does it late."""

from gen_studio.ui.plots.metric_plot import MetricPlot
from gen_studio.ui.plots.spark import Spark

__all__ = ["MetricPlot", "Spark"]
