"""What the product and the reference say of one district, door by door."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.oracle.reference import BANDS, Reference, Walker
from twin.assessment.assess import Assessment
from twin.model.catalogues import walkers
from twin.model.district import District
from twin.streets.costs import Measure
from twin.walking.facilities import find_facilities
from twin.walking.origins import Origins, find_origins
from twin.walking.walks import nearest, walks

MM_OR_MS = 1e-3


def reference_walkers() -> dict[str, Walker]:
    """The product's walkers in the reference's terms: both read the same data."""
    return {
        id_: Walker(
            entry.speed_mps,
            entry.slope,
            entry.steps == "ramp",
            entry.kerbs == "lowered",
            entry.rest_s / entry.rest_every_m if entry.rest_every_m else 0.0,
        )
        for id_, entry in walkers().items()
    }


class Comparison:
    """A district in the product and in the reference, and how origins correspond."""

    def __init__(self, district: District, reference: Reference) -> None:
        self.district = district
        self.reference = reference
        self.origins: Origins = find_origins(district)
        self.walkers = reference_walkers()
        place = {(o.building_id, o.entrance_id): i for i, o in enumerate(reference.origins)}
        pairs = zip(self.origins.building_id, self.origins.entrance_id, strict=True)
        self.row = np.array([place[int(b), int(e)] for b, e in pairs], np.int64)
        """The reference's origin of each of the product's."""

    def check_origins(self) -> None:
        """The same people start behind the same doors, unattached for the same reasons."""
        theirs = self.reference.origins
        counted = [i for i, o in enumerate(theirs) if o.inside and o.people.sum() > 0]
        assert set(counted) <= set(self.row.tolist())
        assert len(set(self.row.tolist())) == len(self.row)
        assert all(theirs[i].inside for i in self.row)
        people = np.array([theirs[i].people for i in self.row]).reshape(-1, len(BANDS))
        np.testing.assert_allclose(self.origins.people[:, : len(BANDS)], people, atol=1e-9)
        disabled = np.array([theirs[i].disabled for i in self.row])
        np.testing.assert_allclose(self.origins.people[:, len(BANDS)], disabled, atol=1e-9)
        reasons = [self.reference.reason(theirs[i]) for i in self.row]
        assert [self.origins.reason_key(i) for i in range(len(self.row))] == reasons

    def check_attachments(self) -> None:
        """Every door stands on the same edge, at the same place, marked alike."""
        access = self.origins.access
        doors = [self.reference.origins[i].doors for i in self.row]
        assert np.diff(access.start).tolist() == [len(numbers) for numbers in doors]
        self._check_points(access.points, [n for numbers in doors for n in numbers])
        facilities = find_facilities(self.district)
        for service_id, points in zip(facilities.ids, facilities.access, strict=True):
            self._check_points(points, self.reference.service_doors[int(service_id)])

    def _check_points(self, points: Any, numbers: list[int]) -> None:
        doors = [self.reference.doors[number] for number in numbers]
        attached = np.array([door.edge is not None for door in doors], bool)
        streets = [-1 if d.edge is None else self.reference.edges[d.edge].id for d in doors]
        network = find_facilities(self.district).around.network
        ours = np.where(points.edge >= 0, network.street_id[points.edge], -1)
        assert ours.tolist() == streets
        offset, leg = np.array([d.offset for d in doors]), np.array([d.leg for d in doors])
        np.testing.assert_allclose(points.offset_m[attached], offset[attached], rtol=0, atol=1e-6)
        np.testing.assert_allclose(points.leg_m[attached], leg[attached], rtol=0, atol=MM_OR_MS)
        assert points.through_building.tolist() == [door.through_building for door in doors]

    def check_walks(self, measure: Measure, service_ids: list[int]) -> None:
        """The walk from every origin to each service agrees within 1 mm or 1 ms."""
        graph = self._graph(measure)
        for service_id in service_ids:
            ours = walks(self.district, service_id, measure) * self._per(measure)
            check_equal(ours, self.reference.walks_to(graph, [service_id])[self.row])

    def check_nearest(self, measure: Measure, service_types: list[str]) -> None:
        """The nearest of each type agrees, and its id stands for a service as near as that."""
        graph = self._graph(measure)
        for service_type in service_types:
            found = nearest(self.district, service_type, measure)
            theirs, who = self._nearest(graph, self.reference.serving([service_type]))
            check_equal(found.public * self._per(measure), theirs)
            for service_id in np.unique(found.service_id[found.service_id != who]):
                other = (found.service_id == service_id) & (who != service_id)
                cost = self.reference.walks_to(graph, [int(service_id)])[self.row]
                check_equal(cost[other], theirs[other])

    def _nearest(self, graph: nx.DiGraph, ids: list[int]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Cost and id of one nearest service per origin of the product; inf and -1 unreached."""
        cost, who = self.reference.walks_and_goals(graph, ids)
        return cost[self.row], who[self.row]

    def _graph(self, measure: Measure) -> Any:
        return self.reference.graph(self.walkers[measure[0]], "m" if measure[1] == "m" else "s")

    def _per(self, measure: Measure) -> float:
        return 1.0 if measure[1] == "m" else 60.0

    def check_scores(self, assessment: Assessment) -> None:
        """Coverage, its split by community, and the full circle agree.

        Whoever walks to within 1 mm or 1 ms of a limit may fall on either side.
        """
        named = {r.id: r for r in assessment.standard.requirements}
        scores = self.reference.assess(named, self.district.surveyed, self.walkers)
        community = np.array([self.reference.origins[i].community for i in self.row])
        for result in assessment.results:
            theirs = scores.results[result.requirement.id]
            assert result.status == theirs.status
            people = theirs.people[self.row]
            assert result.total == near(people.sum())
            if result.status == "not_assessed":
                continue
            limit = result.requirement.limit * self._per(result.requirement.measure)
            cost = theirs.cost[self.row]
            on_the_limit = np.abs(cost - limit) <= MM_OR_MS
            assert (result.covered_mask == theirs.met[self.row])[~on_the_limit].all()
            met = np.where(on_the_limit, result.covered_mask, theirs.met[self.row])
            assert result.covered == near((people * met).sum())
            assert result.unreached == near(people[np.isinf(cost)].sum())
            for row, community_id in enumerate((*self.district.communities.ids, -1)):
                here = community == community_id
                assert result.by_community[0][row] == near((people * met)[here].sum())
                assert result.by_community[1][row] == near(people[here].sum())
        self._check_circle(assessment, scores)

    def _check_circle(self, assessment: Assessment, scores: Any) -> None:
        circle = assessment.full_circle
        assert np.isnan(circle.share) == (not scores.has_circle or circle.total == 0)
        if not scores.has_circle:
            return
        np.testing.assert_allclose(
            circle.by_origin, scores.circle_people[self.row].sum(axis=1), atol=1e-9
        )
        assert circle.total == near(scores.people.sum())
        assert circle.covered == near(scores.circle_people.sum())


def near(value: float) -> Any:
    """Equal but for the rounding of sums of people."""
    return pytest.approx(float(value), abs=1e-6)


def check_equal(ours: NDArray[Any], theirs: NDArray[Any]) -> None:
    """Both unreached, or within 1 mm or 1 ms of each other."""
    assert (np.isinf(ours) == np.isinf(theirs)).all()
    reached = np.isfinite(theirs)
    np.testing.assert_allclose(ours[reached], theirs[reached], rtol=0, atol=MM_OR_MS)
