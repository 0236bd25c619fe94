"""Grids and pictures: heights of the ground, and what lies under the plan."""
