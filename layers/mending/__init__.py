"""Layers made tidy: geometry and values mended, references settled, lines made a network."""
