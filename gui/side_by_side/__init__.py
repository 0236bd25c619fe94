"""Scenarios side by side: two to four views of one camera, each with its figures."""
