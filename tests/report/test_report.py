"""What the report says, and that it is the same each time, whole, private and self-contained."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import shapely

from gui.scene import style
from layers.problems import LayerError, Problem, Severity
from layers.project_file import Source
from tests.grid.grid import Grid
from tests.grid.product import district_of
from tests.report.conftest import STANDARD, place, rows_of, text_characters, words_of
from twin.assessment.assess import Assessment, assess
from twin.language import Language, name_of
from twin.model.edits import PlaceService, apply_edits
from twin.model.horizon import Horizon
from twin.model.hours import When
from twin.model.sources import Source as Cited
from twin.model.sources import standing_words
from twin.report.glyphs import beyond_the_font
from twin.report.maps.keys import HATCH, key_for
from twin.report.maps.plan import plan_svg
from twin.report.picture import plan_png
from twin.report.writing import write_report
from twin.telling.findings import sentence


def row(page: Path, name: str) -> list[str]:
    """Return the row of the coverage table whose requirement is called `name`."""
    return next(cells for cells in rows_of(page) if cells[0].startswith(f"▲ {name}"))


@pytest.mark.parametrize("suffix", ["pdf", "html"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_same_project_gives_the_same_bytes(
    assessment: Assessment, tmp_path: Path, suffix: str, language: Language
) -> None:
    view = plan_png(assessment, pixels_per_inch=20)
    date = datetime(2026, 5, 4, tzinfo=UTC)
    for name in ("one", "two"):
        again = assess(district_of(place()), STANDARD)
        (tmp_path / name).mkdir()
        path = tmp_path / name / f"report.{suffix}"
        write_report(path, again, picture=view, language=language, date=date)
    first, second = (tmp_path / name / f"report.{suffix}" for name in ("one", "two"))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_requirement_stands_with_its_clause_and_limit(
    shipped: Assessment, tmp_path: Path, language: Language
) -> None:
    page = tmp_path / "report.html"
    write_report(page, shipped, language=language)
    table, words = rows_of(page), words_of(page)
    for result in shipped.results:
        wanted = result.requirement
        name = name_of(wanted.name, language)
        if result.status == "not_assessed":  # named once, and a row of the standard's own table
            assert name in words, wanted.id
            own = [cells for cells in table if len(cells) == 6 and name in cells[0]]
            assert any(name_of(wanted.clause, language) in cells[4] for cells in own), wanted.id
            continue
        checked = standing_words(wanted.standing, language)
        limit = f"{wanted.limit:,.0f}\u00a0"
        assert any(
            cells[0][2:].startswith(name)
            and cells[1].startswith(limit)
            and cells[2].startswith(name_of(wanted.clause, language))
            and cells[2].endswith(checked)
            for cells in table
            if len(cells) == 8
        ), wanted.id


def test_figures_are_those_worked_out_by_hand(assessment: Assessment, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    write_report(page, assessment, language="en")
    older, everyone = row(page, "Asked A"), row(page, "Asked B")
    # Left out are those of building 3, less than 200 m from where the streets of the grid end.
    assert older[3:6] == ["≥\u200944.4%", "24 of 54", "30 beyond advisory radius"]
    assert everyone[3:6] == ["≥\u200934.3%", "70 of 204", "134 beyond the limit"]
    assert "34.3% of residents (70 of 204)" in words_of(page)


def test_people_are_counted_by_how_much_of_what_is_required_lies_near_them(
    assessment: Assessment, tmp_path: Path
) -> None:
    """Building 1 has A and B near, 2 has A, 3 neither; C was not surveyed, D has nobody."""
    page = tmp_path / "report.html"
    write_report(page, assessment, language="en")
    shares = {
        cells[0]: cells[1:] for cells in rows_of(page) if re.fullmatch(r"\d+%–\d+%", cells[0])
    }
    assert shares["0%–20%"] == ["80", "39.2%"]
    assert shares["40%–60%"] == ["54", "26.5%"]
    assert shares["80%–100%"] == ["70", "34.3%"]
    assert shares["20%–40%"] == ["0", "0%"]


def test_the_first_page_and_every_other_say_what_hour_is_looked_at(tmp_path: Path) -> None:
    evening = Horizon(frozenset({"open", "planned"}), When(6, 21 * 60))
    late = assess(district_of(place()), STANDARD, horizon=evening)
    for language, words in (("en", "Sunday 21:00 · planned"), ("zh_CN", "周日 21:00 · 规划")):
        page = tmp_path / f"{language}.html"
        write_report(page, late, language=language)  # type: ignore[arg-type]  # of the loop
        assert words in words_of(page)
    now = tmp_path / "now.html"
    write_report(now, assess(district_of(place()), STANDARD), language="en")
    assert "Looked at" not in words_of(now)


def test_what_nobody_surveyed_is_one_row_however_many(shipped: Assessment, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    write_report(page, shipped, language="en")
    rows = [cells for cells in rows_of(page) if cells[0].startswith("Not surveyed:")]
    assert len(rows) == 1
    for id_ in shipped.not_assessed:
        assert name_of(shipped.result(id_).requirement.name, "en") in rows[0][0]


def test_not_assessed_and_no_demand_are_words_and_never_a_share(
    assessment: Assessment, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    write_report(page, assessment, language="en")
    said = "Not assessed, because nobody surveyed these services (1): ▲ Asked C\u00a0*."
    assert said in words_of(page)
    assert row(page, "Asked D")[3].startswith("no demand")
    assert not any("%" in cell for cell in row(page, "Asked D"))
    assert not [cells for cells in rows_of(page) if cells[0].startswith("▲ Asked C")]
    lines = [cells for cells in rows_of(page) if cells[0] == "▲ Asked D\u00a0*"]
    assert len(lines) >= 1
    assert not any("%" in cell for cells in lines for cell in cells)


def test_without_streets_the_report_says_so_and_counts_nobody(tmp_path: Path) -> None:
    """A, B and D were surveyed, so streets are what they lack; C nobody surveyed."""
    grid, page = place(), tmp_path / "report.html"
    grid.rows["streets"].clear()
    write_report(page, assess(district_of(grid), STANDARD), language="en")
    words = words_of(page)
    assert "There are no streets to walk on in the data, so coverage cannot be judged." in words
    assert "because there are no streets to walk on (3): ▲ Asked A" in words
    assert "because nobody surveyed these services (1): ▲ Asked C" in words
    assert "no open way to any service" not in words
    assert "required services that is within" not in words
    assert not [cells for cells in rows_of(page) if cells[0].startswith("▲")]
    assert not any("%" in cell for cells in rows_of(page) for cell in cells if "West" in cells[0])


def test_the_headline_claims_no_more_than_was_surveyed(
    assessment: Assessment, tmp_path: Path
) -> None:
    """Of the four that shall be, C was not surveyed; none of the four limits was checked."""
    page = tmp_path / "report.html"
    write_report(page, assessment, language="en")
    assert "of the 3 (of 4) required services that were surveyed" in words_of(page)
    assert "3 of the 3 limits have not been checked against any source (*)." in words_of(page)


def test_limits_bear_marks_wherever_they_stand(assessment: Assessment, tmp_path: Path) -> None:
    """Of A's limit a secondary source was read; B's was not checked; C's is the issuer's own."""
    sources = (Cited("S", {"en": "A paper", "zh": "论文"}),)
    own = (Cited("T", {"en": "The text", "zh": "原文"}, own_text=True),)
    first, second, third, _ = STANDARD.requirements
    asked = replace(
        STANDARD,
        requirements=(
            replace(first, verified=True, sources=(*sources, *own), read_in=sources),
            second,
            replace(third, verified=True, sources=own, service_types=("canteen",)),
        ),
    )
    page = tmp_path / "report.html"
    before = assess(assessment.district, asked)
    edits = (PlaceService(9, ("canteen",), 360.0, 10.0),)
    after = assess(apply_edits(assessment.district, edits)[0], asked)
    write_report(page, after, scenario="P", base_assessment=before, edits=edits, language="en")
    named = [cells[0] for cells in rows_of(page) if "Asked" in cells[0]]
    assert len(named) > 9
    ends = {"A": "\u00a0**", "B": "\u00a0*", "C": ""}
    for words in named:
        letter = words.split("Asked ")[1][0]
        rest = words.split(f"Asked {letter}")[1]
        assert rest.startswith(ends[letter])
        assert rest.count("*") == ends[letter].count("*")
    assert "* limit not yet checked against any source" in words_of(page)
    assert "** limit read in a secondary source" in words_of(page)


def test_public_edition_leaves_small_counts_out(assessment: Assessment, tmp_path: Path) -> None:
    """In West 24 older people live, all within 200 m; none of East's 30. Of 4 nobody may read."""
    grid = place()
    grid.building(4, (360.0, 10.0), people={"age_60_79": 4.0, "age_18_59": 50.0})
    grid.rows["communities"][1]["geometry"] = shapely.box(200, -50, 355, 450)
    grid.add("communities", shapely.box(355, -50, 450, 450), name="Far")
    few = assess(district_of(grid), STANDARD)
    open_page, public_page = tmp_path / "open.html", tmp_path / "public.html"
    write_report(open_page, few, language="en")
    write_report(public_page, few, language="en", public=True)
    name = "▲ Asked A\u00a0*"
    matrix = {
        page: next(c for c in rows_of(page) if c[0] == name and len(c) == 4)
        for page in (open_page, public_page)
    }
    assert matrix[open_page][1:] == ["100%", "0%", "0%"]
    # Far's 4 people are left out, and West's with them: else the sum would give Far away.
    assert matrix[public_page][1:] == ["·", "0%", "·"]
    assert "Public edition" in words_of(public_page)


def test_chinese_is_text_in_the_pdf(assessment: Assessment, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    write_report(path, assessment, language="zh_CN")
    characters = text_characters(path.read_bytes())
    assert set("社区服务覆盖评估报告测试标准要求") <= characters
    assert b"NotoSansSC" in path.read_bytes()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_web_page_needs_nothing_but_itself(
    assessment: Assessment, tmp_path: Path, language: Language
) -> None:
    page = tmp_path / "report.html"
    write_report(
        page, assessment, picture=plan_png(assessment, pixels_per_inch=20), language=language
    )
    source = page.read_text(encoding="utf-8")
    addresses = re.findall(r"""(?:src|href)\s*=\s*["']([^"']*)|url\(([^)]*)\)""", source)
    assert addresses
    assert all((a or b).startswith(("data:", "#")) for a, b in addresses)
    assert set(re.findall(r"https?://[^\s\"'<]*", source)) == {"http://www.w3.org/2000/svg"}
    assert "<script" not in source


def test_report_speaks_its_own_language_whatever_the_program_speaks(
    assessment: Assessment, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    write_report(page, assessment, language="zh_CN", problems=[
        Problem("no_terrain", Severity.INFO),
    ])  # fmt: skip
    latin = re.findall(r"[A-Za-z]{4,}", words_of(page))
    allowed = {"West", "East", "grid", "Tobler", "Gauss", "Kruger", "CGCS", "degree", "EPSG"}
    walkers = {"chapter", "LaPlante", "Kaeser", "Fitzpatrick", "TCRP", "NCHRP", "percentile"}
    unknown = {word for word in latin if not word.isupper()} - allowed - walkers
    english = {"Covered", "covered", "residents", "walk", "Requirement", "Older", "people"}
    assert not unknown & english


@pytest.mark.parametrize("suffix", ["pdf", "html"])
@pytest.mark.parametrize(
    "lacking", ["communities", "residents", "streets", "services", "buildings", "everything"]
)
def test_a_poor_district_still_reports(tmp_path: Path, lacking: str, suffix: str) -> None:
    grid = place(communities=lacking != "communities", residents=lacking != "residents")
    if lacking == "everything":
        grid = Grid(bare=True)
    if lacking in ("streets", "services", "buildings"):
        grid.rows[lacking].clear()
    if lacking == "buildings":
        grid.rows["entrances"].clear()
    path = tmp_path / f"report.{suffix}"
    write_report(path, assess(district_of(grid), STANDARD), language="en")
    assert path.stat().st_size > 10_000
    if suffix == "html" and lacking == "residents":
        assert "of dwellings (12 of 36)" in words_of(path)
    if suffix == "html" and lacking in ("buildings", "everything"):
        assert "No residents are known" in words_of(path)


def test_scenario_is_compared_with_the_base(assessment: Assessment, tmp_path: Path) -> None:
    """A second canteen at building 3's door brings its 30 older people within 200 m."""
    edits = (PlaceService(9, ("canteen",), 360.0, 10.0),)
    district, _ = apply_edits(assessment.district, edits)
    page = tmp_path / "report.html"
    write_report(
        page, assess(district, STANDARD), scenario="Plan 1", base_assessment=assessment,
        edits=edits, language="en",
    )  # fmt: skip
    changed = next(cells for cells in rows_of(page) if cells[0].startswith("Asked A\u00a0* Older"))
    assert changed[1:4] == ["≥\u200944.4%", "100%", "+55.6"]
    assert changed[5] == "+30"
    circle = next(cells for cells in rows_of(page) if cells[0] == "Full circle")
    assert circle[1].startswith("≥") == assessment.full_circle.at_least()
    assert "≥ a lower bound: some of the types that would do" in words_of(page)
    assert "Place Community canteen (service 9) at 360.0, 10.0" in words_of(page)


def test_ledger_and_findings_are_printed(assessment: Assessment, tmp_path: Path) -> None:
    source = Source(
        "buildings", "houses.gpkg", "b", "EPSG:4547", 12, 11, 10, {}, "2026-03-02T08:30:00+00:00"
    )
    page = tmp_path / "report.html"
    write_report(page, assessment, sources=[source], language="en")
    cells = next(cells for cells in rows_of(page) if len(cells) > 1 and "houses.gpkg" in cells[1])
    assert cells[3] == "12 / 11 / 10"
    assert cells[4].startswith("2026-03-02")
    assert "Data read 2026-03-02" in words_of(page)
    assert assessment.notes
    assert all(sentence(note) in words_of(page) for note in assessment.notes)


def test_stopped_report_leaves_the_old_one(assessment: Assessment, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"old")

    def stop(done: float) -> None:
        if done > 0.4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_report(path, assessment, progress=stop)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.pdf"]


def test_other_formats_are_refused(assessment: Assessment, tmp_path: Path) -> None:
    with pytest.raises(LayerError) as refused:
        write_report(tmp_path / "report.odt", assessment)
    assert refused.value.problem.key == "report_format"
    assert not list(tmp_path.iterdir())


class TestPlan:
    """The plan map."""

    def test_one_path_for_each_class_with_its_buildings(self, assessment: Assessment) -> None:
        """By requirement A (200 m): 50 m is the first class, 170 m the second, 370 m the fourth."""
        drawing = ET.fromstring(plan_svg(assessment, "A", language="en"))
        paths = {
            element.get("class"): element.get("d", "")
            for element in drawing.iter("{http://www.w3.org/2000/svg}path")
            if (element.get("class") or "").startswith("class-")
        }
        assert {name: path.count("M") for name, path in paths.items()} == {
            "class-0": 1,
            "class-1": 1,
            "class-3": 1,
        }

    @pytest.mark.parametrize("colour_by", ["full_circle", "requirements_met", "A", "canteen"])
    @pytest.mark.parametrize("bare", [True, False])
    def test_is_well_formed_and_fits_its_size(
        self, assessment: Assessment, colour_by: str, bare: bool
    ) -> None:
        drawing = ET.fromstring(plan_svg(assessment, colour_by, (120.0, 150.0), bare=bare))
        assert drawing.get("width") == "120mm"
        assert float((drawing.get("height") or "").removesuffix("mm")) <= 150.0

    def test_unknown_colouring_is_refused(self, assessment: Assessment) -> None:
        with pytest.raises(KeyError):
            plan_svg(assessment, "no such thing")

    def test_names_cannot_break_out_of_the_drawing(self) -> None:
        grid = place()
        grid.rows["communities"][0]["name"] = '</text><script>"&'
        drawing = ET.fromstring(plan_svg(assess(district_of(grid), STANDARD)))
        assert any('</text><script>"&' in (element.text or "") for element in drawing.iter())

    def test_public_plan_greys_buildings_with_few_people(self) -> None:
        grid = place()
        grid.building(4, (250.0, 10.0), people={"age_18_59": 3.0})
        assessment = assess(district_of(grid), STANDARD)
        assert "fewer than 10" not in plan_svg(assessment, language="en")
        drawing = ET.fromstring(plan_svg(assessment, language="en", public=True))
        few = [e for e in drawing.iter() if e.get("fill") == "#cfcac0" and e.get("class")]
        assert [e.get("d", "").count("M") for e in few] == [1]

    def test_classes_are_those_of_the_3d_view(self, assessment: Assessment) -> None:
        """A colour on the map means what the same colour means in the picture beside it."""
        for kind, colour_by, maximum in (("minutes", "canteen", 15.0), ("share", "full_circle", 1)):
            key = key_for(assessment, colour_by, "en")
            drawn = [one.colour for one in key.classes if one.colour != HATCH]
            assert drawn == list(style.band_colours(kind))
            assert len(drawn) == len(style.band_edges(kind, maximum)) - 1

    def test_is_a_picture_too(self, assessment: Assessment) -> None:
        assert plan_png(assessment, pixels_per_inch=30).startswith(b"\x89PNG")


def test_rare_characters_are_noticed() -> None:
    assert beyond_the_font("和平里 Coverage 1,250 m² ≥ ▲△✓◇") == ""
    assert beyond_the_font("𰻝面") == "𰻝"
