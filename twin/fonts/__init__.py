"""The type family of every page, picture and window: Noto Sans SC, cut to what is used.

Two weights under the SIL Open Font License (`OFL.txt`), with GB 2312's characters, Latin and the
signs that figures need; `make.py` made them and says how. Digits are tabular in the design itself.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
FAMILY = "Noto Sans SC"
"""Family name of both files, as Qt, Typst and CSS ask for it."""

REGULAR = FOLDER / "NotoSansSC-Regular.ttf"
BOLD = FOLDER / "NotoSansSC-Bold.ttf"
LICENCE = FOLDER / "OFL.txt"
