"""The command with the verbs that draw."""

from __future__ import annotations

import json
import signal
import struct
import subprocess
import sys

import pytest

from gui.command import VERBS, run
from twin.cli import end


def test_it_offers_every_verb_of_the_product():
    assert [verb.name for verb in VERBS] == [
        "open",
        "import",
        "update",
        "check",
        "catalogue",
        "assess",
        "explain",
        "access",
        "edit",
        "compare",
        "report",
        "export",
        "city",
        "render",
    ]


@pytest.mark.parametrize("look", [[], ["--plan"], ["--service-type", "canteen"]])
def test_render_draws_a_picture_of_the_size_that_was_asked_for(look, project, tmp_path):
    out = tmp_path / "view.png"
    words = ["render", project, "--out", out, "--width", 320, "--height", 200, *look]
    assert run([str(word) for word in words]) == 0
    head = out.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    assert struct.unpack(">II", head[16:24]) == (320, 200)


@pytest.mark.parametrize(
    "words", [["--out", "view.jpg"], ["--out", "view.png", "--width", "0"], []]
)
def test_render_refuses_what_it_cannot_draw(words, project, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    capsys.readouterr()
    assert run(["render", str(project), *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


def test_open_refuses_a_project_that_is_not_there(capsys, tmp_path):
    assert run(["open", str(tmp_path / "none.twin.gpkg")]) == 2
    assert "none.twin.gpkg" in capsys.readouterr().err


def test_without_a_display_the_sample_is_scored_drawn_and_reported(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gui.command.has_display", lambda: False)
    assert run([]) == 0
    said = capsys.readouterr().out
    heads = {
        "district.png": b"\x89PNG",
        "plan.png": b"\x89PNG",
        "report.pdf": b"%PDF-",
        "report.html": b"<!",
        "sample.twin.gpkg": b"SQLite format 3",
    }
    for name, head in heads.items():
        path = tmp_path / "out" / name
        assert path.read_bytes().startswith(head)
        assert str(path) in said
    scores = json.loads((tmp_path / "out" / "scores.json").read_text(encoding="utf-8"))
    assert scores["full_circle"]["total"] > 10_000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_ctrl_c_ends_it_and_leaves_no_file(tmp_path):
    from sample_data import DISTRICT, TERRAIN

    out = tmp_path / "sample.twin.gpkg"
    asked = [sys.executable, "-m", "twin", "--language", "en", "import", out, DISTRICT, TERRAIN]
    process = subprocess.Popen(asked, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.0)  # it reads the sample now, which takes longer
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert said == "Cancelled; nothing was written.\n"
    assert list(tmp_path.iterdir()) == []


def test_the_process_ends_with_the_status():
    with pytest.raises(SystemExit) as ended:
        end(2)
    assert ended.value.code == 2
