"""The district as a planner would sketch it: named lines, and what stands where.

All coordinates are plan metres from the middle of the district (see :mod:`sample_data.plan.frame`).
"""

from __future__ import annotations

HALF_U, HALF_V = 1250.0, 1000.0
CANAL = "白沙渠"
BRIDGES = {"云栖路": "云栖桥", "青溪路": "永济桥"}
"""The two roads that bridge the canal within the district, and the bridges' names."""
UNDERPASS = ("青溪路", 470.0, 180.0)
"""The road with a pedestrian underpass between two junctions, and about where."""

_P = 14.0
"""Roads are drawn this much past a junction, so that they surely meet; the rest is cut off."""

LINES: tuple[tuple[str, str, tuple[tuple[float, float], ...]], ...] = (
    # the ring at the edge of the map
    ("绕城西路", "collector", ((-2250, -2000), (-2250, 2000))),
    ("绕城东路", "collector", ((2250, -2000), (2250, 2000))),
    ("绕城南路", "collector", ((-2250, -2000), (2250, -2000))),
    ("绕城北路", "collector", ((-2250, 2000), (2250, 2000))),
    # arterials
    ("望江大道", "arterial", ((-1250, -2000 - _P), (-1235, -600), (-1265, 200), (-1250, 2000 + _P))),
    ("云栖路", "arterial", ((-470, -2000 - _P), (-450, -900), (-415, 0), (-430, 900), (-400, 2000 + _P))),
    ("青溪路", "arterial", ((455, -2000 - _P), (480, -1000), (470, 300), (505, 1000), (520, 2000 + _P))),
    ("金桂大道", "arterial", ((1250, -2000 - _P), (1240, 0), (1262, 2000 + _P))),
    ("北苑路", "arterial", ((-2250 - _P, 1015), (-1250, 1000), (-430, 985), (505, 1010), (2250 + _P, 1000))),
    ("梧桐大道", "arterial", ((-2250 - _P, 300), (-1250, 305), (-420, 330), (470, 345), (900, 395), (1250, 400), (2250 + _P, 390))),
    ("南湖路", "arterial", ((-2250 - _P, -1010), (-450, -995), (480, -1010), (2250 + _P, -1000))),
    # the canal
    (CANAL, "canal", ((-2250 - _P, -120), (-1800, -180), (-1250, -262), (-1000, -330), (-700, -345), (-425, -310), (-150, -265), (120, -300), (475, -385), (800, -430), (1243, -410), (1700, -330), (2250 + _P, -300))),
    # collectors of the north band
    ("文昌路", "collector", ((-850, 312), (-862, 700), (-835, 995 + _P))),
    ("桑园街", "collector", ((-1258 - _P, 668), (-1050, 690), (-861, 700))),
    ("柳荫街", "collector", ((-862, 612), (-640, 640), (-424 + _P, 628))),
    ("槐树街", "collector", ((18, 335 - _P), (5, 640), (25, 998 + _P))),
    ("丁香街", "collector", ((-428 - _P, 712), (-200, 700), (8 + _P, 706))),
    ("书院街", "collector", ((6 - _P, 600), (240, 622), (488 + _P, 640))),
    ("翠屏路", "collector", ((812, 382 - _P), (790, 700), (815, 1004 + _P))),
    ("竹溪街", "collector", ((486 - _P, 690), (640, 668), (793 + _P, 672))),
    # collectors of the middle band
    ("青石街", "collector", ((-1258 - _P, 25), (-850, 15), (-416, 2), (-60, 20), (200, 18), (472 + _P, -15))),
    ("荷塘街", "collector", ((472 - _P, -75), (860, -50), (1244 + _P, -20))),
    ("酱园巷", "collector", ((-805, 318 + _P), (-815, 20), (-790, -345 - _P))),
    ("打铜街", "collector", ((-70, 20 - _P), (-62, 340 + _P))),
    ("渡口街", "collector", ((60, 22), (75, -150), (40, -290 - _P))),
    ("石榴路", "collector", ((868, -52 - _P), (875, 150), (855, 392 + _P))),
    ("水杉路", "collector", ((905, -48 + _P), (890, -230), (905, -424 - _P))),
    # collectors of the south band
    ("纱厂街", "collector", ((-1237 - _P, -690), (-900, -702), (-444 + _P, -676))),
    ("仓前街", "collector", ((-441 - _P, -580), (-180, -640), (200, -770), (477 + _P, -800))),
    ("雨花路", "collector", ((476 - _P, -668), (800, -655), (1242 + _P, -690))),
    ("机床路", "collector", ((-880, -1002 - _P), (-900, -700), (-915, -335 + _P))),
    ("会仙街", "collector", ((30, -1008 - _P), (20, -708 + _P))),
    ("米市街", "collector", ((-120, -660 - _P), (-95, -450), (-110, -268 + _P))),
    ("玉兰路", "collector", ((830, -1004 - _P), (822, -655))),
    ("银杏路", "collector", ((765, -657 - _P), (775, -500), (770, -426 + _P))),
    # collectors beyond the boundary
    ("东陵街", "collector", ((1750, -2000 - _P), (1745, 2000 + _P))),
    ("西陵街", "collector", ((-1760, -2000 - _P), (-1740, 2000 + _P))),
    ("新安街", "collector", ((-1765, 650), (-1252 + _P, 640))),
    ("长乐街", "collector", ((1240 - _P, 60), (2250 + _P, 40))),
    ("丰乐街", "collector", ((1740, 690), (2250 + _P, 700))),
    ("永昌街", "collector", ((-2250 - _P, -600), (-1235 + _P, -620))),
    ("南塘街", "collector", ((-2250 - _P, -1500), (-470, -1490), (470, -1520), (2250 + _P, -1500))),
    ("北营街", "collector", ((-2250 - _P, 1490), (-430, 1510), (510, 1500), (2250 + _P, 1520))),
    ("南一路", "collector", ((-880, -2000 - _P), (-885, -1000 + _P))),
    ("南二路", "collector", ((20, -2000 - _P), (15, -1000 + _P))),
    ("南三路", "collector", ((850, -2000 - _P), (860, -1000 + _P))),
    ("北一路", "collector", ((-830, 988 - _P), (-820, 2000 + _P))),
    ("北二路", "collector", ((40, 990 - _P), (50, 2000 + _P))),
    ("北三路", "collector", ((880, 1000 - _P), (900, 2000 + _P))),
)  # fmt: skip

COMMUNITIES = ("梧桐里社区", "文昌社区", "翠屏社区", "渡口社区", "纱厂社区", "玉兰社区")


def community_of(u: float, v: float) -> int:
    """Which community a face belongs to, by its middle; borders follow main streets."""
    if v > 320:
        return 1 if u < 0 else 2
    canal = -265 - 0.1 * max(u, 0) - (70 if -1100 < u < -500 else 0)
    if v > canal:
        return 0 if u < -70 else 3
    return 4 if u < 25 else 5


def inside(u: float, v: float) -> bool:
    """Whether a face with its middle at (u, v) belongs to the district."""
    return within(u, v) and not (u > 860 and v < -650) and not (u < -900 and v > 690)


def within(u: float, v: float) -> bool:
    """Whether a plan point lies in the outer rectangle of the district."""
    return abs(u) < HALF_U and abs(v) < HALF_V


WHOLE = (
    # faces that are one thing: kind, a point in the face
    ("hill", 1030.0, 690.0),
    ("factory", -1070.0, -510.0),
)

PLACES = (
    # parcels with a purpose: kind, a point, about how large (hectares), name
    ("park", 265.0, -180.0, 5.5, "渡口公园"),
    ("park", -640.0, 500.0, 1.2, "文昌游园"),
    ("park", 1080.0, -560.0, 1.3, "玉兰游园"),
    ("hospital", 640.0, 160.0, 2.6, "云栖区人民医院"),
    ("health_centre", -560.0, -600.0, 0.8, "纱厂街社区卫生服务中心"),
    ("primary_school", -1000.0, 500.0, 1.9, "文昌小学"),
    ("primary_school", 200.0, 500.0, 1.7, "书院街小学"),
    ("primary_school", 640.0, -840.0, 1.8, "玉兰路小学"),
    ("middle_school", -600.0, 150.0, 3.0, "云栖区第三初级中学"),
    ("middle_school", 1080.0, 150.0, 3.2, "荷塘中学"),
    ("kindergarten", -110.0, 930.0, 0.5, "丁香幼儿园"),
    ("kindergarten", -1100.0, -130.0, 0.5, "梧桐幼儿园"),
    ("kindergarten", 620.0, -520.0, 0.5, "银杏幼儿园"),
    ("market", -560.0, -80.0, 0.7, "青石街农贸市场"),
    ("market", 330.0, -900.0, 0.6, "仓前农贸市场"),
    ("danwei", -240.0, 540.0, 3.6, "江汉机械设计院"),
    ("danwei", -680.0, -870.0, 4.0, "纱厂家属区"),
    ("office", 300.0, 270.0, 1.0, "梧桐大厦"),
    ("office", -330.0, 230.0, 0.9, "云栖区政务服务中心"),
    ("mall", 570.0, 270.0, 1.4, "青溪商场"),
    ("office", -1150.0, 230.0, 1.0, "望江商务楼"),
    ("warehouse", 330.0, -520.0, 1.8, "仓前街老粮库"),
    ("lilong", -250.0, -130.0, 2.0, "同德里"),
    ("lilong", -300.0, -470.0, 2.5, "永安里"),
    ("lilong", -130.0, 130.0, 2.0, "打铜里"),
    ("pingfang", 0.0, -480.0, 3.0, "米市巷"),
    ("pingfang", -690.0, -480.0, 2.5, "纱厂新村平房区"),
    ("tower", 620.0, 850.0, 3.5, "翠屏华庭"),
    ("tower", -600.0, 800.0, 3.5, "柳荫公馆"),
    ("tower", 250.0, 850.0, 3.0, "书香名邸"),
    ("tower", 1050.0, -250.0, 3.5, "荷塘月色"),
    ("tower", -1030.0, 160.0, 3.0, "望江苑"),
    ("tower", 250.0, 130.0, 2.5, "青石家园"),
    ("midrise", -320.0, 800.0, 2.2, "丁香雅居"),
    ("midrise", 660.0, -250.0, 3.0, "荷塘新村"),
)  # fmt: skip
