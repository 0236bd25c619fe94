"""Coordinate systems: which one numbers are in, and the ways from one to another."""
