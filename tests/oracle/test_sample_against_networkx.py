"""The sample district: every walk and every score against the plain reference."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyogrio
import pytest

import sample_data
from layers.importing.from_files import import_layers
from tests.oracle.comparison import Comparison, check_equal
from tests.oracle.reference import Reference, read_raster
from twin.assessment.assess import assess
from twin.projects.project import Project
from twin.standards import load_standard, standard_ids
from twin.telling.access_table import access_table

Frames = dict[str, gpd.GeoDataFrame]


@pytest.fixture(scope="module")
def frames() -> Frames:
    """The sample's layers, read with nothing of ours in between."""
    layers = [name for name, _ in pyogrio.list_layers(sample_data.DISTRICT)]
    return {name: gpd.read_file(sample_data.DISTRICT, layer=name) for name in layers}


@pytest.fixture(scope="module")
def sample(frames: Frames) -> Comparison:
    """The product's sample beside the reference of the same files."""
    reference = Reference(frames, read_raster(sample_data.TERRAIN))
    imported = import_layers([sample_data.DISTRICT, sample_data.TERRAIN])
    return Comparison(Project.from_file(imported).district, reference)


def service_types(sample: Comparison) -> list[str]:
    types = {t for row in sample.district.services["types"] for t in row.split(",")}
    assert len(types) >= 12
    return sorted(types)


def test_the_same_people_start_at_the_same_doors(sample: Comparison) -> None:
    sample.check_origins()
    sample.check_attachments()


def test_the_nearest_of_every_type_in_metres(sample: Comparison) -> None:
    sample.check_nearest(("adult", "m"), service_types(sample))


@pytest.mark.parametrize("walker", ["older", "wheelchair"])
def test_the_nearest_of_every_type_in_minutes(sample: Comparison, walker: str) -> None:
    sample.check_nearest((walker, "min"), service_types(sample))  # type: ignore[arg-type]


def test_walks_to_single_services(sample: Comparison) -> None:
    some = np.random.default_rng(20).choice(sample.district.services.ids, 8, replace=False)
    sample.check_walks(("stroller", "min"), [int(i) for i in some])


@pytest.mark.parametrize("standard_id", standard_ids())
def test_scores_of_every_standard(sample: Comparison, standard_id: str) -> None:
    assessment = assess(sample.district, load_standard(standard_id))
    assert any(result.status == "assessed" for result in assessment.results)
    sample.check_scores(assessment)


def test_the_literal_reading_is_the_straight_line_from_door_to_service(
    sample: Comparison, frames: Frames
) -> None:
    doors = frames["entrances"].set_index("id").geometry
    services = frames["services"].set_index("id").geometry
    homes = [sample.reference.origins[i] for i in sample.row]
    assert all(home.entrance_id >= 0 for home in homes if home.people.sum() > 0)
    checked = 0
    for result in assess(sample.district, load_standard("gb50180-2018")).results:
        if result.status != "assessed" or result.requirement.unit != "m":
            continue
        goal = services[sample.reference.serving(result.requirement.service_types)].union_all()
        people = sample.reference.group_people(result.requirement.group)[sample.row]
        limit = result.requirement.limit + 1e-6
        near = [h.entrance_id >= 0 and doors[h.entrance_id].distance(goal) <= limit for h in homes]
        assert result.straight_share == pytest.approx(people[near].sum() / people.sum(), abs=1e-9)
        assert result.straight_share >= result.share - 1e-9
        checked += 1
    assert checked >= 5


def test_the_table_of_access_has_the_farthest_door_of_every_building(sample: Comparison) -> None:
    types = ["canteen", "park"]
    table = access_table(sample.district, types, ["adult", "wheelchair"])
    reference = sample.reference
    assert len(set(table["building_id"])) > 500
    for (service_type, walker), rows in table.groupby(["service_type", "walker"]):
        rows = rows.set_index("building_id")
        for column, unit, per in (("metres", "m", 1.0), ("minutes", "s", 60.0)):
            graph = reference.graph(sample.walkers[walker], unit)
            cost = reference.walks_to(graph, reference.serving([service_type]))
            farthest: dict[int, float] = {}
            for origin, value in zip(reference.origins, cost, strict=True):
                farthest[origin.building_id] = max(farthest.get(origin.building_id, 0.0), value)
            ours = rows[column].fillna(np.inf).to_numpy(float) * per
            check_equal(ours, np.array([farthest[i] for i in rows.index]))
