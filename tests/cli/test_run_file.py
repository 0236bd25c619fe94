"""The set-up file: what it says where it cannot go on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import run


def test_it_uses_the_standard_library_alone():
    asked = "import sys; sys.path.insert(0, '.'); import run; print(run.main.__name__)"
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", asked],  # -S: no package that was installed
        cwd=Path(run.__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout == "main\n"


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 15, 0)])
def test_it_names_the_pythons_that_do(version, monkeypatch):
    monkeypatch.setattr(run.sys, "version_info", version)
    with pytest.raises(run.SetupError, match=r"3\.11 to 3\.14"):
        run.check_python()


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("error: Failed to fetch: `x`\n  Caused by: dns error: no such host", "cannot be reached"),
        ("ERROR: [Errno 28] No space left on device", "the disk is full"),
        ("Reading...\nE: Unable to locate package libegl1", "E: Unable to locate package libegl1"),
        ("", "no reason given"),
    ],
)
def test_of_many_lines_it_tells_the_one_that_matters(output, said):
    assert said in run.reason_of(output)


def test_who_is_not_root_is_told_the_exact_line(monkeypatch):
    monkeypatch.setattr(run, "missing_libraries", lambda: ["libegl1", "libgl1"])
    monkeypatch.setattr(run, "is_root", lambda: False)
    monkeypatch.setattr(run.shutil, "which", lambda _name: "apt-get")
    with pytest.raises(run.SetupError) as refused:
        run.ensure_system_libraries()
    assert str(refused.value).endswith(
        "run: sudo apt-get install -y --no-install-recommends libegl1 libgl1"
    )


@pytest.fixture
def ran(monkeypatch):
    """The commands that would have been run, with their platform of Qt; each ends well."""
    done = []

    def take(command, cwd, env):
        done.append((env["QT_QPA_PLATFORM"], [str(part) for part in command]))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(run.subprocess, "run", take)
    monkeypatch.setattr(run.sys, "platform", "linux")
    monkeypatch.setattr(run, "loads", lambda _library: True)
    monkeypatch.setattr(run.shutil, "which", lambda name: f"/usr/bin/{name}")
    return done


def test_the_long_tests_end_with_the_window_on_a_screen(ran):
    assert run.run_tests(["--long"]) == 0
    (_, headless), (platform, screen) = ran
    assert headless[-1] == "long"
    assert platform == "xcb"
    assert screen[0] == "xvfb-run"
    assert "tests/gui" in screen
    assert "-n" not in screen  # one keyboard, one window at a time
    ran.clear()
    run.run_tests(["--long", "tests/cli"])
    run.run_tests(["tests/cli"])
    assert [platform for platform, _ in ran] == ["offscreen"] * 2


def test_without_a_screen_to_be_had_the_reason_is_said(ran, monkeypatch, capsys):
    monkeypatch.setattr(run.shutil, "which", lambda _name: None)
    assert run.run_tests(["--long"]) == 0
    assert len(ran) == 1
    assert "not run, xvfb-run is missing" in capsys.readouterr().err


def test_a_set_up_that_stands_is_not_done_again(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "read_stamp", lambda: {"test": run.digest("test")})
    monkeypatch.setattr(run, "ensure_venv", lambda: pytest.fail("it was done again"))
    run.ensure_packages("test")
    run.ensure_packages("run")  # the tests' packages hold those of a run


def test_a_new_lock_is_installed(monkeypatch):
    monkeypatch.setattr(run, "read_stamp", lambda: {"run": "of another lock"})
    monkeypatch.setattr(run, "ensure_venv", lambda: (_ for _ in ()).throw(run.SetupError("anew")))
    with pytest.raises(run.SetupError, match="anew"):
        run.ensure_packages("run")
