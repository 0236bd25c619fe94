"""What the texts of a drawing say of the outlines around them.

On Chinese base maps (GB/T 20257.1, symbols for houses) the text inside a house is the material of
its walls and its storeys: 砖6 is brick, six storeys; 混 mixed, 砼 concrete, 钢 steel, and so on.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from layers.files.foreign import ForeignLayer

_MATERIAL_AND_STOREYS = r"(?:建|混|砖|砼|钢|木|石|土|简|框|破|棚|特)+\s*(\d{1,3})"
STOREYS = "层数"
"""The column that storeys go to, by the name that such a table would give it."""


def with_storeys(drawing: ForeignLayer) -> tuple[ForeignLayer, int]:
    """Give outlines the storeys that a text in them states.

    Parameters
    ----------
    drawing
        All features of a drawing, texts among them, with the column ``Text``.

    Returns
    -------
    The drawing, and how many outlines now state storeys. A text belongs to the smallest outline
    around it; outlines with texts that differ state nothing.
    """
    frame = drawing.frame
    if "Text" not in frame.columns or STOREYS in frame.columns:
        return drawing, 0
    said = frame["Text"].fillna("").astype(str).str.normalize("NFKC").str.strip()
    number = pd.to_numeric(
        said.str.extract(f"^{_MATERIAL_AND_STOREYS}$", expand=False), errors="coerce"
    ).to_numpy(dtype=np.float64)
    shapes = np.asarray(frame.geometry.array, dtype=object)
    text = np.flatnonzero(np.isfinite(number) & (shapely.get_type_id(shapes) == 0))
    area = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    if not len(text) or not len(area):
        return drawing, 0
    inside, around = shapely.STRtree(shapes[area]).query(shapes[text], predicate="within")
    smallest = np.lexsort((shapely.area(shapes[area])[around], inside))
    inside, around = inside[smallest], around[smallest]
    _, first = np.unique(inside, return_index=True)
    pairs = pd.DataFrame({"row": area[around[first]], "storeys": number[text[inside[first]]]})
    found = pairs.groupby("row")["storeys"].agg(["first", "nunique"])
    agreed = found["first"][found["nunique"] == 1]
    storeys = np.full(len(frame), np.nan)
    storeys[agreed.index.to_numpy(dtype=np.int64)] = agreed.to_numpy()
    return replace(drawing, frame=frame.assign(**{STOREYS: storeys})), len(agreed)
