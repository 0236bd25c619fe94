"""What the colours of storeys mean while stairs are counted: as much as is drawn, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin.language import text

if TYPE_CHECKING:
    from gui.scene.colours import BuildingColours
    from gui.view_state import ColourBy
    from twin.assessment.assess import Assessment


def stairs_words(assessment: Assessment | None, by: ColourBy, drawn: BuildingColours) -> str:
    """Return what a legend says of storeys that are `drawn`; "" where no stairs are counted."""
    if assessment is None or assessment.homes is None or by.what == "none":
        return ""
    stairs = drawn.stairs
    if stairs is None:
        return text("legend.stairs_in_minutes")
    lived = np.isfinite(stairs.door)
    words = [text("legend.stairs_metres" if by.unit == "m" else "legend.stairs")]
    if drawn.storeys_within is not None and np.isfinite(drawn.storeys_within).any():
        words.append(text("legend.stairs_beyond"))
    if np.isposinf(stairs.step[lived]).any():
        words.append(text("legend.stairs_barred"))
    if stairs.below is not None and stairs.below[lived].any():
        words.append(text("legend.stairs_shops"))
    return text("legend.stairs_joint").join(words)
