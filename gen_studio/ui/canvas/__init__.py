"""One widget for three jobs: a mask over a photo, a drawing, a layout of classes. See `canvas.Canvas`."""
