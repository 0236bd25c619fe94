"""What is said of an edit: that it was done, the way back, and who gains by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gui.gain import gained, most_changed
from twin.language import text
from twin.model.catalogues import service_types

if TYPE_CHECKING:
    from gui.panels.messages import Message
    from gui.window import Window
    from twin.assessment.assess import Assessment
    from twin.projects.session import Step


class ToldOfEdits:
    """The message of the last edit of one window."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._said: Message | None = None
        self._known: Assessment | None = None
        self._before: Assessment | None = None
        self._done: Step | None = None

    def say_of_type(self, key: str, service_type: str) -> None:
        """Say that something was done to a service of a type; `key` is the text's."""
        self.say(text(key, name=service_types()[service_type].name))

    def say_of_step(self, done: Literal["undone", "redone"], step: Step) -> None:
        """Say that a step was taken back or done again, with the way to turn that round."""
        from gui.panels.history import step_name

        if self._window.document is not None:
            session = self._window.document.session
            name = step_name(step, session.district, session.base)
            self._done = step if done == "redone" else None
            self._show(text(f"done.{done}", step=name), "redo" if done == "undone" else "undo")

    def say(self, words: str) -> None:
        """Say what was done, with the way to undo it."""
        document = self._window.document
        history = document.session.history if document is not None else ()
        self._done = history[-1] if history else None
        if document is not None and document.begun:
            words = text("done.begun", done=words, scenario=document.begun)
        self._show(words, "undo")

    def _show(self, words: str, back: Literal["undo", "redo"]) -> None:
        way = self._window.actions_.by_name[back].trigger
        messages = self._window.stage.messages
        self._said = messages.say(words, "done", [(f"action.{back}", way)])
        self._say_gain()

    def take_figures(self) -> None:
        """Take note of figures that are those of the district in hand."""
        document = self._window.document
        if document is None or document.preview is not None or not document.current:
            return
        self._known = document.standing
        self._say_gain()

    def on_edit(self) -> None:
        """Offer no undo of what was said last: the history has gone on."""
        self._before = self._known
        if self._said is not None:
            self._window.stage.messages.drop(self._said)
            self._said = None

    def forget(self) -> None:
        """Know no figures any more, for the document goes."""
        self._known = self._before = None

    def _say_gain(self) -> None:
        """Add to what was said of an edit who gains by it, as soon as that is known."""
        said, before, now = self._said, self._before, self._known
        if said is None or before is None or now is None or now is before:
            return
        self._before = None
        if now.standard is before.standard and any(r.status == "assessed" for r in now.results):
            words = text("done.gained", done=said.words, gain=gained(before, now))
            why = why_less(self._done, before, now)
            self._window.stage.messages.change(said, f"{words}\n{why}" if why else words)


def why_less(step: Step | None, before: Assessment, now: Assessment) -> str:
    """Return why fewer are covered after a step that was meant to help; "" where it is no riddle.

    More streets and doors never make a way longer, but everybody starts from the street that is
    nearest to their door: a new path that is nearer takes the place of one that led on sooner.
    """
    if step is None or most_changed(before, now)[0] >= 0:
        return ""
    kinds = {type(edit).__name__ for edit in step.edits}
    if kinds == {"AddPath"}:
        return text("done.less_by_path")
    return text("done.less_by_door") if kinds == {"AddEntrance"} else ""
