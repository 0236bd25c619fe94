"""Opening hours: how they are read, and what an hour does to the figures."""

import numpy as np
import pytest

from layers.vocabulary.hours import hours_beside, week
from tests.grid.grid import Grid, along
from tests.twin.districts import district, requirement, standard
from twin.accounts import Subject, account
from twin.assessment.assess import assess
from twin.assessment.remedies import remedies
from twin.model.horizon import Horizon
from twin.model.hours import HoursError, When, at_clock, open_then
from twin.telling.access_table import access_table
from twin.telling.scores import scores

WORKDAYS = {"Mo 10:00": True, "Fr 17:59": True, "Fr 18:00": False, "Sa 10:00": False}


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("06:00-22:00", {"Mo 06:00": True, "Su 21:59": True, "Su 22:00": False, "We 05:59": False}),
        ("24/7", {"Mo 00:00": True, "Su 23:59": True}),
        ("Mo-Fr 08:00-18:00", WORKDAYS),
        ("周一至周五 8:00-18:00", WORKDAYS),
        ("星期一-星期五 08:00～18:00；周六、周日休息", WORKDAYS),
        ("06:00-22:00; closed Sun", {"Sa 12:00": True, "Su 12:00": False}),
        ("06:00-22:00; Su off", {"Sa 12:00": True, "Su 12:00": False}),
        ("Mo,We 09:00-11:30,14:00-17:00", {"We 11:00": True, "We 12:00": False, "Tu 10:00": False}),
        ("Mo-Fr 08:00-18:00; We 08:00-12:00", {"We 13:00": False, "Th 13:00": True}),
        ("22:00-02:00", {"Mo 23:00": True, "Tu 01:59": True, "Tu 02:00": False, "Mo 01:00": True}),
        ("Sa 22:00-02:00", {"Su 01:00": True, "Sa 01:00": False, "Su 23:00": False}),
        ("Sa-Mo 10:00-12:00", {"Su 11:00": True, "Mo 11:00": True, "Tu 11:00": False}),
        ("08:00-18:00; PH off", {"Mo 09:00": True}),
        ("Mo-Su,PH 06:00-22:00", {"Su 12:00": True, "Su 23:00": False}),
        ("Mo-Fr 08:00-18:00; Sa,PH 09:00-12:00", {"Sa 11:00": True, "Sa 13:00": False}),
        ("08:00-18:00; SH Mo-Fr 10:00-12:00", {"Mo 09:00": True}),
        ("08:00-18:00 Mo-Fr", WORKDAYS),
        ("Mo-Fr 08:00-12:00, We 14:00-18:00", {"We 11:00": True, "We 15:00": True}),
        ("每天7:00—21:00", {"Mo 07:00": True, "Su 20:59": True, "Su 21:00": False}),
        ("每日７：００——２１：００", {"Mo 07:00": True, "Su 20:59": True, "Su 21:00": False}),
        ("工作日8:00-18:00", WORKDAYS),
        ("周一至周五 ８：００－１８：００", WORKDAYS),
        ("周末 9:00-12:00", {"Sa 09:00": True, "Su 11:59": True, "Fr 10:00": False}),
        (
            "周一至周五8:00-18:00，周六9:00-12:00",
            {"Fr 17:59": True, "Sa 11:00": True, "Sa 13:00": False},
        ),
        ("全天", {"Mo 00:00": True, "Su 23:59": True}),
        ("每天24小时营业", {"Mo 00:00": True, "Su 23:59": True}),
        ("周末24小时；工作日 8:00-18:00", {"Sa 03:00": True, "Mo 03:00": False, "Mo 09:00": True}),
        ("9:00-17:00（周一闭馆）", {"Mo 10:00": False, "Tu 10:00": True}),
        ("周一闭馆，周二至周日 9:00-17:00", {"Mo 10:00": False, "Su 10:00": True}),
        (
            "工作日上午8点半至11点半，下午2:00-5:00",
            {"Mo 11:29": True, "Mo 12:00": False, "Mo 16:59": True},
        ),
        (
            "工作日8:00-17:00，周末及节假日9:00-16:00",
            {"Mo 08:00": True, "Su 08:00": False, "Su 15:00": True},
        ),
        ("早8点至晚9点", {"Mo 20:59": True, "Mo 21:00": False}),
    ],
)
def test_hours_hold_on_the_days_and_times_they_name(hours, expected):
    grid = Grid()
    grid.service(1, (30, 10), hours=hours)
    town = district(grid)
    for when, holds in expected.items():
        status = at_clock(town, When.parse(when)).services["status"][0]
        assert (status == "open") == holds, when


@pytest.mark.parametrize(
    "hours",
    [
        *("", "sunrise-sunset", "Mo-Xx 08:00-12:00", "08:99-12:00", "Mo-Fr", "by appointment"),
        *("全天 8:00-9:00", "8:00起", "08:00-18:00 Mo-Fr, 09:00-12:00 Sa", "农历初一 8:00-9:00"),
    ],
)
def test_what_cannot_be_read_is_no_week(hours):
    assert week(hours) is None


@pytest.mark.parametrize(
    ("shut", "rest"),
    [
        ("22:00-06:00", "06:00-22:00"),
        ("08:00-09:30", "00:00-08:00,09:30-24:00"),
        ("24/7", "off"),
        # Saturday's night ends on Sunday, at six in the morning.
        ("Sa 22:00-06:00", "Mo,Tu,We,Th,Fr 00:00-24:00; Sa 00:00-22:00; Su 06:00-24:00"),
        ("Mo-Sa 00:00-24:00", "Mo,Tu,We,Th,Fr,Sa off; Su 00:00-24:00"),
    ],
)
def test_the_hours_beside_some_hours_are_the_rest_of_the_week(shut, rest):
    known = week(shut)
    assert known is not None
    assert hours_beside(known) == rest
    again = week(rest)
    assert again is not None
    minutes = [(day, minute) for day in range(7) for minute in range(0, 24 * 60, 15)]
    for when in (When(*one) for one in minutes):
        assert open_then(np.array([shut]), when) != open_then(np.array([rest]), when)


@pytest.mark.parametrize("given", ["", "10:30", "Tu", "Tu 25:00", "Tu 10:75", "Mo-Fr 10:00"])
def test_what_is_no_day_and_time_is_refused(given):
    with pytest.raises(HoursError):
        When.parse(given)
    assert str(When.parse("周二 10:30")) == str(When.parse("Tuesday 10:30")) == "Tu 10:30"


def test_the_nearest_is_the_nearest_that_is_open_then():
    # Two canteens, 50 m and 150 m away; the near one closes at 13 h.
    grid = Grid()
    grid.building(1, (10, 10))
    grid.service(1, (40, -10), hours="11:00-13:00")
    grid.service(2, (140, -10))
    grid.service(3, (20, -10), hours="whenever")
    grid.rows["services"][2]["types"] = "pharmacy"
    town, asked = district(grid), standard(requirement())
    assert assess(town, asked).results[0].cost.tolist() == [50]
    assert assess(town, asked, horizon=Horizon(when=When.parse("Mo 12:00"))).results[0].cost == 50
    late = assess(town, asked, horizon=Horizon(when=When.parse("Mo 13:00")))
    assert late.results[0].cost.tolist() == [150]
    notes = {note.key: note for note in late.notes}
    assert notes["hours_unreadable"].ids == (3,)
    assert notes["at_an_hour"].facts == {"when": "Mo 13:00"}
    assert scores(late, "base")["when"] == "Mo 13:00"


def test_a_gate_that_is_shut_at_night_lengthens_the_walk():
    # The home joins edge 21 at (0, 10), the canteen edge 2 at (110, 0). Through the gate it is
    # 10 + 10 + 100 + 10 + 10; round the block 10 + 90 + 100 + 100 + 10 + 10.
    grid = Grid()
    grid.change(along(0, 0), kind="gate", hours="06:00-22:00")
    grid.building(1, (-10, 10))
    grid.service(1, (110, 10))
    grid.street(90, (-100, 0), (0, 0))
    town, asked = district(grid), standard(requirement())
    day, night = (
        assess(town, asked, horizon=Horizon(when=When.parse(when))).results[0].cost.tolist()
        for when in ("Mo 12:00", "Mo 23:00")
    )
    assert (day, night) == ([140], [320])


def test_a_service_that_is_shut_is_told_from_none_from_planned_and_from_closed():
    # A canteen 150 m away is open from 8 to 18 h; the others are planned and out of use.
    grid = Grid()
    grid.building(1, (10, 10), people={"age_18_59": 10.0})
    grid.service(1, (140, -10), hours="08:00-18:00", name="Oak canteen")
    grid.service(2, (300, -10), types="park", status="planned", hours="08:00-18:00")
    grid.service(3, (300, -10), types="pharmacy", status="closed")
    town = district(grid)
    asked = standard(*(requirement(kind) for kind in ("canteen", "park", "pharmacy")))
    night = Horizon(when=When.parse("Mo 23:00"))
    late = assess(town, asked, horizon=night)
    assert [dict(result.unreached_by_reason) for result in late.results] == [
        {"all_shut": 10},
        {"all_planned": 10},
        {"all_closed": 10},
    ]
    home = account(late, Subject("home", "canteen", 1))
    assert home.verdict == (
        "Not within the limit of 300\u00a0m (Adult). Every such service is closed at this hour."
        " Oak canteen is open 08:00-18:00; then the walk would be 150\u00a0m."
    )
    words = "\n".join(home.lines)
    assert "Open Oak canteen at this hour, at which it is shut (08:00-18:00): the walk" in words
    assert "1 more is closed at this hour." in words
    whole = account(late, Subject("requirement", "canteen"))
    assert "10 have no way: closed at this hour" in whole.lines
    found = {one.kind: one.ids for one in remedies(late, 0, "canteen")}
    assert found == {"hours": (1,)}
    assert assess(town, asked).results[0].cost.tolist() == [150]
    table = access_table(night.of(town), ["canteen", "park"], ["adult"])
    assert table["reason"].tolist() == ["all_shut", "all_planned"]
