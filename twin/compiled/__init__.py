"""Compiled searches over plain arrays, and whether they are ready for use."""
