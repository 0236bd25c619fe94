"""Every test of the grid asks the plain reference and the product the same question."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.grid.answers import Answers, ReferenceAnswers
from tests.grid.grid import Grid
from tests.grid.product import ProductAnswers

ENGINES: dict[str, Callable[[Grid], Answers]] = {
    "reference": ReferenceAnswers,
    "product": ProductAnswers,
}


@pytest.fixture
def grid() -> Grid:
    return Grid()


@pytest.fixture(params=list(ENGINES))
def ask(request: pytest.FixtureRequest) -> Callable[[Grid], Answers]:
    return ENGINES[request.param]
