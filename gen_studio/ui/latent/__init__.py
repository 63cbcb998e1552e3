"""Painted widgets of the Latent panel: the map, the pins, the walk, a number of the latent."""
