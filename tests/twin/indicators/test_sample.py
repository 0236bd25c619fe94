"""The sample district: places shared out as network simplex does, catchments as loops do."""

import networkx as nx
import numpy as np
import pytest

import sample_data
from layers.importing.from_files import import_layers
from twin.assessment.assess import assess
from twin.indicators import circle, indicators, settings
from twin.model.edits import RemoveService, apply_edits
from twin.projects.project import Project
from twin.standards import load_standard

PER_PERSON = 100_000
PRIZE = 10**10
"""More than any chain of walks in the sample, in millimetres."""


@pytest.fixture(scope="module")
def assessment():
    imported = import_layers([sample_data.DISTRICT, sample_data.TERRAIN])
    return assess(Project.from_file(imported).district, load_standard("gb50180-2018"))


@pytest.fixture(scope="module", params=["kindergarten", "junior_middle_school"])
def around(request, assessment):
    return circle(assessment, assessment.result(request.param), settings())


def test_the_assignment_is_that_of_network_simplex(around):
    people = np.rint(around.people * PER_PERSON).astype(int).tolist()
    places = np.rint(around.capacity * PER_PERSON).astype(int).tolist()
    millimetres = np.where(around.within, np.rint(around.walk * 1000), 0).astype(int)
    graph = nx.DiGraph()
    graph.add_node("in", demand=-sum(people))
    graph.add_node("out", demand=sum(people))
    graph.add_edge("in", "out", weight=PRIZE)
    for i, count in enumerate(people):
        graph.add_edge("in", ("home", i), capacity=count, weight=0)
    for j, count in enumerate(places):
        graph.add_edge(("service", j), "out", capacity=count, weight=0)
    for j, i in np.argwhere(around.within).tolist():
        graph.add_edge(("home", i), ("service", j), weight=int(millimetres[j, i]))
    best, _ = nx.network_simplex(graph)
    plan = around.plan
    flow = np.rint(plan.people * PER_PERSON).astype(int)
    walked = int((flow * millimetres[plan.service, plan.origin]).sum())
    assert (sum(people) - int(flow.sum())) * PRIZE + walked == best


def test_the_catchments_are_those_of_plain_loops(around):
    limit, people, capacity = around.result.requirement.limit, around.people, around.capacity
    services, homes = around.walk.shape
    weight = [
        [
            (1 if walk <= limit / 3 else 0.68 if walk <= 2 * limit / 3 else 0.22)
            if walk <= limit
            else 0.0
            for walk in row
        ]
        for row in around.walk.tolist()
    ]
    summed = [sum(weight[j][i] for j in range(services)) for i in range(homes)]
    part = [
        [weight[j][i] / summed[i] if summed[i] else 0.0 for i in range(homes)]
        for j in range(services)
    ]
    sharing = [sum(people[i] * part[j][i] for i in range(homes)) for j in range(services)]
    access = [
        sum(capacity[j] / sharing[j] * part[j][i] for j in range(services) if part[j][i] > 0)
        for i in range(homes)
        if people[i] > 0
    ]
    assert around.catchments.access[people > 0] == pytest.approx(access)


def test_the_worst_closing_is_what_scoring_without_it_says(assessment):
    lost = indicators(assessment, ["robustness"])["robustness"].services
    for name in ("canteen", "health_centre", "bus_stop"):
        rows = lost[lost["requirement"] == name]
        worst = rows.loc[rows["uncovered"].idxmax()]
        rest, _ = apply_edits(assessment.district, (RemoveService(int(worst["service_id"])),))
        without = assess(rest, assessment.standard).result(name).covered
        told = assessment.result(name).covered - without
        assert worst["uncovered"] == pytest.approx(told)
