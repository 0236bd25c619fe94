"""A poll while it is held: what is asked, and the hands counted so far."""

from __future__ import annotations

from dataclasses import dataclass, field

ANSWERS = ("yes", "no", "unsure")


@dataclass
class Ballot:
    """What is asked of the room; hands are taken back in the order in which they were counted."""

    question: str = ""
    hands: list[str] = field(default_factory=list)

    @property
    def votes(self) -> dict[str, int]:
        """How many held up a hand for each answer."""
        return {answer: self.hands.count(answer) for answer in ANSWERS}
