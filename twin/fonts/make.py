"""Cut Noto Sans SC to the two weights and the characters that the product brings along.

    pip install fonttools justmytype-intl-cjk
    python -m twin.fonts.make ".../fonts/ofl/notosanssc/NotoSansSC[wght].ttf"

The variable font comes from the package `justmytype-intl-cjk` (SIL Open Font License 1.1), which
is needed here and not at run time. The same input gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from twin.fonts import BOLD, FAMILY, REGULAR

RANGES = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x017F),  # Latin with accents
    (0x0391, 0x03C9),  # Greek
    (0x2010, 0x205E),  # dashes, quotation marks, bullets, primes
    (0x2070, 0x209C),  # superscripts and subscripts
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x214F),  # letterlike signs
    (0x2150, 0x218F),  # fractions, Roman numerals
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematics
    (0x2460, 0x24FF),  # numbers in circles
    (0x25A0, 0x25FF),  # geometric shapes
    (0x2605, 0x2606),  # stars
    (0x2610, 0x2612),  # ballot boxes
    (0x2713, 0x2717),  # check marks and crosses
    (0x3000, 0x303F),  # Chinese punctuation
    (0x32A3, 0x32A3),
    (0x3380, 0x33DF),  # squared units
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),  # full-width forms
)
NAMES_BEYOND_GB2312 = (
    "堃喆玥珺琰瑄瑀璟璐璇琛琦瑾瑜瑢瑷甯昇昉昕晙晞晔暄暐曌煊燊熠烨炜焜鑫铉锜镕镟鋆淼渼滢漪潆沄沣泓浛浐涢溦滃"
    "塬坨埗垟垚垴塝墈垌圪埇嵊崟岽峄崂嵛嶂岙岵屾峣峇峧巘椑枧栟栱栾桠桤楸榀槚橦欤碶砼硚磜磻礤窊窑竑筼箐篁簕糍"
    "芗荭莙菪葭蓥蔀薐藠蘅虢蚬蛏蠡袆袤谡豨赉跶踅迳逄逖邙邠邨邬邳郚郄郜郢郯郾鄄鄣鄠酂酆鄞钏钒铚阆陉隰雒雩靓韫颋颍颎"
    "飏馀驷骎骉鲌鲲鳜鹮鹂麴麓黉黟鼐龑〇仝伢佺侁俣倓偲僖儁冼凇劢劼勍匏卻厝咀哏啰嗲囍囧奭妘妤姈姞娅娉娴婳媛媞嫄嬅孖孥"
)


def characters() -> set[int]:
    """Return the code points that the cut keeps where the font has them."""
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    gb2312 = "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)
    points = {ord(character) for character in gb2312 + NAMES_BEYOND_GB2312}
    return points.union(*(range(first, last + 1) for first, last in RANGES))


def cut(source: Path, weight: int, style: str, target: Path) -> None:
    """Write one static weight of the variable font `source`, with the kept characters only."""
    font = TTFont(source, recalcTimestamp=False)
    font = instancer.instantiateVariableFont(font, {"wght": weight})
    _name(font, weight, style)
    options = subset.Options()
    options.layout_features = ["ccmp", "kern", "liga", "mark", "locl", "halt", "pwid"]
    options.name_IDs = ["*"]
    options.hinting = False
    options.drop_tables += ["vhea", "vmtx", "VORG"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters())
    cutter.subset(font)
    font.save(target)


def _name(font: TTFont, weight: int, style: str) -> None:
    """Give the static font a family and style that Qt, VTK and Typst all group rightly."""
    names = font["name"]
    compact = FAMILY.replace(" ", "")
    for unused in (16, 17, 21, 22, 25, *range(256, 300)):
        names.removeNames(nameID=unused)
    full = {1: FAMILY, 2: style, 3: f"2.004;{compact}-{style}", 4: f"{FAMILY} {style}"}
    for number, value in {**full, 6: f"{compact}-{style}"}.items():
        names.setName(value, number, 3, 1, 0x409)
    if "STAT" in font:
        del font["STAT"]
    bold = style == "Bold"
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = 0x20 if bold else 0x40
    font["head"].macStyle = 1 if bold else 0


def main() -> None:
    """Cut both weights from the variable font named on the command line."""
    source = Path(sys.argv[1])
    cut(source, 400, "Regular", REGULAR)
    cut(source, 700, "Bold", BOLD)


if __name__ == "__main__":
    main()
