"""A file that cannot be written is refused before anything is computed."""

from __future__ import annotations

import pytest

from layers.files.saving import check_writable
from layers.problems import LayerError
from twin.cli import main


@pytest.mark.parametrize(
    "verb",
    [
        ["assess", "gone.twin.gpkg", "--json", "nowhere/scores.json"],
        ["report", "gone.twin.gpkg", "--out", "nowhere/report.pdf"],
        ["access", "gone.twin.gpkg", "--out", "nowhere/access.csv"],
    ],
)
def test_a_folder_that_is_not_there_is_said_first(tmp_path, monkeypatch, capsys, verb):
    """Even before the project, which would take long to open, is looked for."""
    monkeypatch.chdir(tmp_path)
    assert main(verb) == 2
    told = capsys.readouterr().err
    assert "nowhere" in told
    assert "gone" not in told
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_file_to_write(tmp_path):
    (tmp_path / "report.pdf").mkdir()
    with pytest.raises(LayerError, match="cannot_write"):
        check_writable(tmp_path / "report.pdf")


def test_looking_leaves_nothing(tmp_path):
    check_writable(tmp_path / "new.pdf")
    assert list(tmp_path.iterdir()) == []
