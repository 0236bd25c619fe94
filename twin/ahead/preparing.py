"""Find in advance what the first edit under the hand would otherwise wait for."""

from __future__ import annotations

from twin.ahead.warming import load
from twin.assessment.assess import Progress
from twin.compiled.ready import compiled
from twin.model.district import District
from twin.standards import Standard
from twin.streets.costs import DirectedCosts
from twin.walking.origins import find_origins
from twin.walking.walks import costs_of
from twin.walking.ways_out import entries_by_node


def prepare(district: District, standard: Standard, progress: Progress | None = None) -> bool:
    """Prepare the network of a district for all that a standard asks of it.

    The first assessment does without: it walks from few places. What follows searches from
    everywhere (gain fields) or again and again (a drag).

    Parameters
    ----------
    progress
        Is told the part done between walkers; may raise to stop the work.

    Returns
    -------
    Whether anything was prepared: False where SciPy searches.
    """
    tell = progress or (lambda _done: None)
    tell(0.0)
    if compiled() is None or not len(district.streets):
        return False
    from twin.walking.hierarchy.hierarchy import hierarchy

    origins = find_origins(district).access
    measures = dict.fromkeys(requirement.measure for requirement in standard.requirements)
    every: dict[int, DirectedCosts] = {}
    for costs in (costs_of(district, measure) for measure in measures):
        every[id(costs)] = costs  # walkers that nothing tells apart share one
    for number, costs in enumerate(every.values(), start=1):
        ready = hierarchy(costs)
        _ = ready.least, costs.arrows.leaving, entries_by_node(costs, origins)
        tell(number / (len(every) + 1))
    load()
    tell(1.0)
    return True
