"""The services and sites of the invented district, as its planners would list them."""

from __future__ import annotations

from dataclasses import dataclass

FLATS = ("residential", "mixed")
FRONT = ("commercial", "mixed")


@dataclass(frozen=True)
class Facility:
    """A facility by name: what it serves, near which plan point, in which kind of building."""

    name: str
    types: str
    u: float
    v: float
    area: float
    capacity: float
    uses: tuple[str, ...] = FRONT
    status: str = "open"
    door: bool = False


KNOWN = (
    # community offices: one each, at the edge of their community where rooms were free
    Facility("梧桐里社区党群服务中心", "community_service_station,culture_station", -640, 60, 780, 300, door=True),
    Facility("文昌社区服务站", "community_service_station", -820, 640, 420, 160),
    Facility("翠屏社区党群服务中心", "community_service_station,culture_station", 270, 640, 860, 320, door=True),
    Facility("渡口社区服务站", "community_service_station", 480, 60, 390, 150),
    Facility("纱厂社区服务站", "community_service_station", -430, -640, 350, 140),
    Facility("玉兰社区党群服务中心", "community_service_station,culture_station", 700, -660, 720, 280, door=True),
    # meals for older people: few
    Facility("梧桐里幸福食堂", "canteen", -760, 10, 260, 120),
    Facility("渡口老年食堂", "canteen,elderly_service_station", 120, 20, 320, 150, door=True),
    Facility("玉兰社区食堂", "canteen", 640, -650, 230, 100),
    Facility("纱厂社区食堂", "canteen", -860, -700, 240, 110, status="planned"),
    # day care: none in the community of Wenchang
    Facility("梧桐里日间照料中心", "elder_day_care,elderly_service_station", -700, 0, 480, 30, FLATS, door=True),
    Facility("翠屏日间照料中心", "elder_day_care", 320, 620, 420, 25, FLATS),
    Facility("仓前街日间照料中心", "elder_day_care,elderly_service_station", 130, -720, 510, 35),
    Facility("荷塘颐养之家", "elder_day_care", 700, -60, 380, 20, FLATS, status="planned"),
    Facility("文昌助老服务站", "elderly_service_station", -500, 640, 160, 60, FLATS),
    # nurseries and care after school
    Facility("小树苗托育园", "nursery", 560, 690, 360, 45),
    Facility("书院托育中心", "nursery", 60, 660, 300, 40),
    Facility("青石托育点", "nursery,after_school_care", -470, 10, 280, 50),
    Facility("荷塘托育园", "nursery", 980, -40, 340, 45, status="planned"),
    Facility("文昌四点半课堂", "after_school_care", -900, 640, 180, 60),
    Facility("书院街课后托管中心", "after_school_care", 180, 620, 210, 80),
    Facility("玉兰课后托管点", "after_school_care", 560, -790, 170, 55),
    Facility("翠屏幼儿园", "kindergarten", 660, 600, 1100, 150, door=True),
    Facility("纱厂子弟幼儿园", "kindergarten", -760, -760, 980, 120, FLATS, door=True),
    Facility("渡口幼儿园", "kindergarten", 720, -160, 1050, 150, FLATS, door=True),
    # health
    Facility("梧桐里社区卫生服务站", "health_station", -900, 20, 180, 80),
    Facility("文昌社区卫生服务站", "health_station", -700, 650, 160, 70),
    Facility("翠屏社区卫生服务站", "health_station", 640, 680, 190, 85),
    Facility("荷塘社区卫生服务站", "health_station", 860, -60, 170, 75),
    Facility("仓前街社区卫生服务站", "health_station", 260, -770, 165, 70),
    Facility("银杏路社区卫生服务站", "health_station", 790, -560, 150, 60, status="planned"),
    # culture, sport
    Facility("打铜街文化站", "culture_station", -70, 180, 340, 120, door=True),
    Facility("工人俱乐部文化站", "culture_station", -940, -680, 520, 200),
    Facility("文昌游园健身点", "fitness", -622, 560, 300, 40, ()),
    Facility("渡口公园健身广场", "fitness,sports_ground", 330, -130, 2600, 200, ()),
    Facility("翠屏山健身点", "fitness", 870, 520, 420, 50, ()),
    Facility("纱厂健身路径", "fitness", -640, -720, 260, 30),
    Facility("玉兰游园健身点", "fitness", 1068, -540, 280, 40, ()),
    Facility("青溪健身中心", "fitness", 520, 380, 1200, 180),
    Facility("三中运动场（课余开放）", "sports_ground", -530, 150, 7800, 400, ()),
    Facility("荷塘中学运动场（课余开放）", "sports_ground", 1130, 150, 6200, 350, ()),
    # parks: an entrance each
    Facility("渡口公园西门", "park", 100, -120, 52000, 2500, ()),
    Facility("渡口公园北门", "park", 260, 2, 52000, 2500, ()),
    Facility("渡口公园东门", "park", 450, -170, 52000, 2500, ()),
    Facility("文昌游园", "park", -640, 455, 12000, 500, ()),
    Facility("翠屏山公园西门", "park", 808, 600, 240000, 6000, ()),
    Facility("翠屏山公园南门", "park", 1020, 418, 240000, 6000, ()),
    Facility("玉兰游园", "park", 1082, -640, 8000, 400, ()),
    Facility("白沙渠滨水绿带", "park", -620, -322, 6000, 300, ()),
    # beyond the boundary
    Facility("新安街幸福食堂", "canteen", -1500, 650, 240, 110),
    Facility("长乐街老年食堂", "canteen", 1500, 50, 260, 120),
    Facility("南塘日间照料中心", "elder_day_care", 30, -1490, 450, 30),
    Facility("丰乐日间照料中心", "elder_day_care", 1720, 690, 430, 28),
    Facility("北营托育园", "nursery", -400, 1500, 330, 40),
    Facility("永昌托育园", "nursery", -1700, -600, 310, 40),
    Facility("北营农贸市场", "food_market", 40, 1480, 2600, 90),
    Facility("长乐农贸市场", "food_market", 1600, 45, 2400, 85),
    Facility("永昌农贸市场", "food_market", -1480, -610, 2200, 80),
    Facility("南塘街道卫生服务中心", "health_centre,health_station", 480, -1500, 3600, 260),
    Facility("新安社区卫生服务中心", "health_centre,health_station", -1720, 650, 3200, 240),
    Facility("丰乐社区卫生服务站", "health_station", 1750, 500, 170, 70),
    Facility("南一路社区卫生服务站", "health_station", -880, -1300, 160, 70),
    Facility("长乐社区服务中心", "community_service_station,culture_station", 1740, 60, 700, 260),
    Facility("北营社区服务中心", "community_service_station,culture_station", -820, 1500, 650, 250),
    Facility("南塘社区服务中心", "community_service_station,culture_station", 860, -1500, 640, 250),
    Facility("新安社区服务站", "community_service_station", -1740, 400, 380, 150),
    Facility("北营课后托管", "after_school_care", 520, 1490, 190, 60),
    Facility("长乐课后托管", "after_school_care", 1260, 60, 200, 70),
    Facility("东陵小学", "primary_school", 1750, 250, 7800, 1080),
    Facility("北营小学", "primary_school", 60, 1500, 8200, 1080),
    Facility("南塘小学", "primary_school", -460, -1490, 7600, 960),
    Facility("新安小学", "primary_school", -1760, 640, 7200, 900),
    Facility("南塘中学", "junior_middle_school", 10, -1500, 14000, 1200),
    Facility("新安中学", "junior_middle_school", -1745, 900, 13000, 1100),
    Facility("北营幼儿园", "kindergarten", 880, 1500, 2600, 270),
    Facility("南塘幼儿园", "kindergarten", -880, -1490, 2400, 240),
    Facility("长乐幼儿园", "kindergarten", 1745, 0, 2500, 270),
    Facility("新安幼儿园", "kindergarten", -1740, 200, 2300, 240),
)  # fmt: skip

HOSTED = (
    # a building's name, the service's name, types, floor area, capacity
    ("文昌小学教学楼", "文昌小学", "primary_school", 6800, 900),
    ("书院街小学教学楼", "书院街小学", "primary_school", 7600, 1080),
    ("玉兰路小学教学楼", "玉兰路小学", "primary_school", 6900, 960),
    ("云栖区第三初级中学教学楼", "云栖区第三初级中学", "junior_middle_school", 12800, 1200),
    ("荷塘中学教学楼", "荷塘中学", "junior_middle_school", 11500, 1050),
    ("丁香幼儿园教学楼", "丁香幼儿园", "kindergarten", 2400, 270),
    ("梧桐幼儿园教学楼", "梧桐幼儿园", "kindergarten", 2300, 240),
    ("银杏幼儿园教学楼", "银杏幼儿园", "kindergarten", 2200, 240),
    ("青石街农贸市场大厅", "青石街农贸市场", "food_market", 1950, 96),
    ("仓前农贸市场大厅", "仓前农贸市场", "food_market", 1300, 64),
    ("纱厂街社区卫生服务中心门诊楼", "纱厂街社区卫生服务中心", "health_centre,health_station", 3400, 260),
    ("云栖区人民医院门诊楼", "云栖区人民医院社区门诊部", "health_centre", 5200, 420),
)  # fmt: skip

SPREAD = (
    # types, names, how many inside, beyond, metres apart, floor area, capacity
    ("convenience_store", ("好邻居便利店", "万家乐超市", "惠民超市", "每日鲜便利店", "友谊副食店"), 44, 60, 110.0, (40, 260), float("nan")),
    ("pharmacy", ("仁济大药房", "康宁药店", "百草堂药房"), 15, 22, 230.0, (60, 180), float("nan")),
    ("parcel_point", ("菜鸟驿站", "邻里驿站", "快递超市"), 18, 22, 190.0, (30, 90), float("nan")),
    ("public_toilet", ("公共厕所",), 8, 10, 380.0, (45, 90), float("nan")),
)  # fmt: skip

_IDLE = "idle_room"
_USED = "under_used_building"
_PARCEL = "parcel"
_OWN = "街道办自有"
_UNIT = "单位自管"
_STATE = "区属国有"
_PRIVATE = "私有（可租）"

SITES: tuple[tuple[str, str, float, float, float, float, str, float], ...] = (
    # name, kind, u, v, floor area, storey, tenure, cost
    ("文昌路闲置底商", _IDLE, -850, 480, 260, 1, _PRIVATE, 620_000),
    ("柳荫新村架空车棚", _IDLE, -560, 570, 180, 1, _OWN, 240_000),
    ("桑园街旧居委会用房", _IDLE, -1050, 650, 210, 1, _OWN, 300_000),
    ("桑园底层闲置用房", _IDLE, -1150, 560, 150, 1, _OWN, 210_000),
    ("丁香街底商", _IDLE, -220, 720, 320, 1, _PRIVATE, 780_000),
    ("槐树街原储蓄所", _IDLE, 10, 520, 280, 1, _STATE, 520_000),
    ("设计院原职工食堂", _USED, -240, 470, 640, 1, _UNIT, 1_250_000),
    ("书院街底商二层", _IDLE, 380, 640, 360, 2, _PRIVATE, 560_000),
    ("竹溪街物业用房", _IDLE, 650, 690, 190, 1, _UNIT, 260_000),
    ("翠屏路闲置售楼处", _IDLE, 780, 860, 540, 1, _PRIVATE, 980_000),
    ("翠屏路底商", _IDLE, 790, 520, 230, 1, _PRIVATE, 540_000),
    ("望江大道旧粮站门市", _IDLE, -1210, 120, 300, 1, _STATE, 450_000),
    ("青石街原百货二层", _IDLE, -620, 20, 420, 2, _STATE, 690_000),
    ("酱园巷酱菜厂门市", _USED, -800, -120, 760, 1, _STATE, 1_500_000),
    ("梧桐里闲置锅炉房", _IDLE, -1000, -60, 240, 1, _OWN, 380_000),
    ("打铜街老邮局", _IDLE, -80, 250, 350, 1, _STATE, 610_000),
    ("同德里公房", _IDLE, -250, -110, 140, 1, _STATE, 260_000),
    ("渡口街供销社", _IDLE, 70, -90, 310, 1, _STATE, 480_000),
    ("青溪路闲置底商", _IDLE, 450, 200, 280, 1, _PRIVATE, 700_000),
    ("医院旧门诊楼", _USED, 640, 240, 1500, 1, _STATE, 2_600_000),
    ("荷塘街物业用房", _IDLE, 760, -80, 170, 1, _UNIT, 230_000),
    ("石榴路底商", _IDLE, 880, 220, 260, 1, _PRIVATE, 600_000),
    ("水杉路底层用房", _IDLE, 880, -260, 200, 1, _OWN, 280_000),
    ("金桂大道闲置底商", _IDLE, 1220, 60, 340, 1, _PRIVATE, 820_000),
    ("纱厂细纱车间", _USED, -1130, -420, 3600, 1, _STATE, 6_800_000),
    ("纱厂工人俱乐部", _USED, -960, -640, 1700, 1, _STATE, 2_900_000),
    ("纱厂街底商", _IDLE, -640, -690, 220, 1, _OWN, 420_000),
    ("机床路家属区车棚", _IDLE, -860, -830, 160, 1, _UNIT, 190_000),
    ("米市街老茶馆", _IDLE, -110, -420, 200, 1, _STATE, 350_000),
    ("永安里公房", _IDLE, -320, -450, 130, 1, _STATE, 240_000),
    ("仓前街老粮库二号仓", _USED, 310, -520, 1450, 1, _STATE, 3_100_000),
    ("仓前街底商", _IDLE, 60, -720, 240, 1, _PRIVATE, 460_000),
    ("会仙街旧幼儿园", _IDLE, 40, -860, 380, 1, _OWN, 520_000),
    ("雨花路底商", _IDLE, 760, -650, 270, 1, _PRIVATE, 560_000),
    ("银杏路空地", _PARCEL, 790, -540, 900, 1, _STATE, 3_400_000),
    ("文昌边角地", _PARCEL, -900, 560, 700, 1, _STATE, 2_700_000),
    ("渡口停车场地块", _PARCEL, 180, 220, 1100, 1, _STATE, 4_200_000),
    ("南湖路拆迁腾空地", _PARCEL, 160, -920, 1000, 1, _STATE, 3_900_000),
)  # fmt: skip
