"""Where layers lie: each one's CRS settled, tried on other layers, brought to one place."""
