"""What the data are and what is wrong with them: the list of findings and the ledger of sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.dialogs.data_catalogue import CatalogueView
from gui.dialogs.problems import ProblemsPanel, make_panel, show_features

if TYPE_CHECKING:
    from gui.view_state import Feature
    from gui.window import Window
    from layers.problems import Problem
    from layers.project_file import Source


class Ledger(QObject):
    """Shows findings and sources of the document in hand."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each action does."""
        return {"problems": self.show_problems, "catalogue": self.show_catalogue}

    def show_problems(self) -> None:
        """List the findings beside the work."""
        window = self._window
        if window.document is not None:
            panel = make_panel(window, window.settings, self._show_features, window.offers.open)
            panel.show_problems(window.document.problems)
            panel.show()
            panel.raise_()
            panel.activateWindow()

    def tell(self, problems: Sequence[Problem]) -> None:
        """Count the findings at the foot, and list them where the panel is open."""
        self._window.footer.show_problems(problems)
        panel = self._window.findChild(ProblemsPanel)
        if panel is not None:
            panel.show_problems(problems)

    def show_catalogue(self) -> CatalogueView | None:
        """Show the ledger of the data beside the work."""
        window, document = self._window, self._window.document
        if document is None:
            return None

        def named(sources: tuple[Source, ...]) -> None:
            document.note(sources=sources)

        problems = document.project.problems
        view = CatalogueView(
            window, window.jobs, document.district, document.sources, problems, named
        )
        view.show()
        return view

    def _show_features(self, features: Sequence[Feature]) -> None:
        """Select features and fly to where all of them are seen."""
        window = self._window
        if window.document is not None:
            district = window.document.session.district
            show_features(features, district, window.state, window.stage.viewport)
