"""Which way the arrows point, and what a file may be called and may hold."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parents[2]
HOMELESS = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
TOOLKITS = ("PySide6", "shiboken6", "vtk", "vtkmodules", "pyvista")


def tracked() -> list[Path]:
    """Return the files that git knows, or would if they were added."""
    if shutil.which("git") is None:
        pytest.skip("there is no git to ask which files belong to the project")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this copy is no git checkout")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_imports_point_downward(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(cache_dir=None) == EXIT_STATUS_SUCCESS


def loaded(names: tuple[str, ...], modules: str) -> str:
    """Return which of the packages are there once modules were loaded, as a list in words."""
    asked = f"import sys, {modules}; print([n for n in {names!r} if n in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return answer.stdout.strip()


def test_the_window_is_there_before_anything_heavy_is_loaded():
    heavy = ("geopandas", "numba", "pandas", "pyproj", "rasterio", "scipy", "vtkmodules")
    assert loaded(heavy, "gui.app") == "[]"


def test_the_first_figures_and_the_dashboards_wait_for_no_table_library():
    """Half a second of the processor that belongs to reports, imports and exports."""
    parts = "gui.document, gui.dashboard.lists, gui.fields, twin.accounts.indicator"
    heavy = ("geopandas", "pandas", "pyarrow", "scipy.sparse", "scipy.ndimage")
    assert loaded(heavy, parts) == "[]"


def test_what_sets_type_is_loaded_by_the_process_of_reports_alone():
    parts = "gui.files, gui.handing_over, gui.presentation, twin.report.report_process"
    assert loaded(("jinja2", "typst"), parts) == "[]"


def test_what_lies_below_the_window_loads_neither_qt_nor_vtk():
    modules = (
        "layers.importing.from_files, twin.cli, twin.report.project_report, "
        "twin.telling.access_table, twin.telling.scores"
    )
    assert loaded(TOOLKITS, modules) == "[]"


def test_the_scene_loads_no_qt():
    assert loaded(("PySide6", "shiboken6"), "gui.scene") == "[]"


def test_no_module_is_a_drawer_for_everything():
    named = [path for path in tracked() if path.suffix == ".py" and path.stem in HOMELESS]
    folders = [path for path in tracked() if HOMELESS & set(path.relative_to(ROOT).parts[:-1])]
    assert named + folders == []


# Spelled apart so that this file does not find itself.
MACHINE = re.compile(
    "|".join(
        (
            r"(?<![\w.])/" + r"(?:work|root|home|Users|opt)/[\w.-]+",
            r"[A-Z]:\\" + r"Users\\",
            r"--(?:extra-)?" + r"index-url",
            r"find" + r"-links[ =]",
            r"file://" + r"/",
        )
    )
)
BINARY = {".gpkg", ".tif", ".png", ".otf", ".ttf", ".ico", ".pdf", ".woff2"}


def test_no_file_names_a_place_of_one_machine():
    found = []
    for path in tracked():
        if path.suffix in BINARY or path == Path(__file__).resolve():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if MACHINE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    assert found == []


def test_no_file_is_too_large_to_read_in_a_review():
    too_large = [path.name for path in tracked() if path.stat().st_size > 5_000_000]
    assert too_large == []


def test_the_locks_name_versions_and_hashes_and_no_index():
    for name in ("requirements.lock", "requirements-test.lock"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            assert re.match(
                r"([a-z0-9._-]+==\S+( ; .*)? \\|    --hash=sha256:[0-9a-f]{64}.*)$", line
            ), line
