"""Some 370 files of other projects' tests: each opens whole, or is refused with words."""

import csv
from collections import Counter

import pytest

from layers.formats.recognising import format_of, read_vector
from layers.importing.grids import rasters_of
from layers.problems import LayerError
from layers.rasters.raster_roles import role_of_raster

DAMAGE = ("unreadable", "features_cut", "file_truncated", "xml_broken", "json_broken")


@pytest.fixture(scope="module")
def corpus(real_data):
    folder = real_data / "corpus"
    rows = csv.DictReader((folder / "manifest.csv").read_text(encoding="utf-8").splitlines())
    return [(folder / row["file"], row) for row in rows if (folder / row["file"]).exists()]


def outcome(path, keys):
    """Read a file as the import does; return "" where it opens, else the reason."""
    try:
        format_ = format_of(path)
        rasters = rasters_of(path, format_)
        for raster in rasters:
            keys(role_of_raster(raster)[1])
        if format_.read is None:
            return ""
        layers, problems = read_vector(path)
    except LayerError as error:
        keys([error.problem])
        return error.problem.key
    keys(problems)
    for layer in layers:
        keys(layer.problems)
        lost = [p for p in (*problems, *layer.problems) if p.key == "features_lost"]
        assert layer.declared == len(layer.frame) or lost, path
    if layers or rasters:
        return ""
    return problems[0].key if problems else "no_layers"


def test_every_file_opens_or_is_refused_with_words(corpus, keys):
    found = {path: outcome(path, keys) for path, _ in corpus}
    reasons = Counter(found.values())
    assert reasons[""] >= 266, reasons
    # Each refusal has a reason of its own; that nothing came of a file is none.
    assert not reasons["no_layers"] + reasons["osm_end_unproven"], reasons
    # What the manifest's own reader opened is refused as damaged only where it lost something.
    damaged = [
        path.name
        for path, row in corpus
        if found[path] in DAMAGE and row["opens"] == "yes" and row["features"] not in ("0", "")
    ]
    assert len(damaged) <= 8, damaged
    for path, key in found.items():
        if "billionlaugh" in path.name:
            assert key == "xml_entities", path
