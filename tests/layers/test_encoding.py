"""Text is read in the encoding its bytes are in, whatever the file claims."""

import zipfile

import geopandas as gpd
import pytest
from shapely.geometry import Point

from layers.files.encoding import encoding_in, encoding_of, named
from layers.formats.recognising import read_vector

NAMES = ["幸福里社区食堂", "人民路１２号", "第三幼儿园（北园）", "Café 1"]
CHINESE = NAMES[:3]


def shapefile(path, names, encoding, *, cpg=None, language=0x00, column="名称"):
    """Write a shapefile in one encoding whose sidecar and header claim another."""
    frame = gpd.GeoDataFrame({column: names}, geometry=[Point(114, 22)] * len(names), crs=4326)
    frame.to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg:
        path.with_suffix(".cpg").write_text(cpg)
    content = bytearray(path.with_suffix(".dbf").read_bytes())
    content[29] = language
    path.with_suffix(".dbf").write_bytes(content)


@pytest.mark.parametrize("language", [0x00, 0x57, 0x03, 0x4D])
@pytest.mark.parametrize("cpg", [None, "ISO-8859-1", "UTF-8", "nonsense <html>"])
def test_chinese_in_gbk_is_never_garbled(tmp_path, cpg, language):
    shapefile(tmp_path / "a.shp", CHINESE, "GB18030", cpg=cpg, language=language)
    [layer], problems = read_vector(tmp_path / "a.shp")
    assert layer.frame["名称"].tolist() == CHINESE
    claimed = language == 0x4D and cpg in (None, "nonsense <html>")
    assert [p.facts["encoding"] for p in problems] == ([] if claimed else ["GB18030"])


@pytest.mark.parametrize("cpg", [None, "936", "UTF-8"])
def test_chinese_in_utf8_is_never_garbled(tmp_path, cpg):
    shapefile(tmp_path / "a.shp", NAMES, "UTF-8", cpg=cpg)
    [layer], problems = read_vector(tmp_path / "a.shp")
    assert layer.frame["名称"].tolist() == NAMES
    assert [p.key for p in problems] == ([] if cpg == "UTF-8" else ["encoding_found"])


def test_plain_letters_need_no_encoding(tmp_path):
    frame = gpd.GeoDataFrame({"name": ["A1"]}, geometry=[Point(114, 22)], crs=4326)
    frame.to_file(tmp_path / "a.shp")
    (tmp_path / "a.cpg").unlink()
    assert encoding_of(tmp_path / "a.dbf")[1] is False


def test_western_letters_are_not_taken_for_chinese(tmp_path):
    frame = gpd.GeoDataFrame(
        {"name": ["Zürich", "Café Größe", "São João"]}, geometry=[Point(8, 47)] * 3, crs=4326
    )
    frame.to_file(tmp_path / "a.shp", encoding="ISO-8859-1")
    [layer], problems = read_vector(tmp_path / "a.shp")
    assert layer.frame["name"].tolist() == ["Zürich", "Café Größe", "São João"]
    assert problems == []
    (tmp_path / "a.cpg").unlink()
    content = bytearray((tmp_path / "a.dbf").read_bytes())
    content[29] = 0
    (tmp_path / "a.dbf").write_bytes(content)
    _, problems = read_vector(tmp_path / "a.shp")
    assert [p.key for p in problems] == ["encoding_unknown"]


@pytest.mark.parametrize("content", [b"", b"\x03", b"\x03" * 40, b"\x03" + b"\xff" * 200])
def test_a_damaged_table_tells_nothing(tmp_path, content):
    (tmp_path / "a.dbf").write_bytes(content)
    encoding_of(tmp_path / "a.dbf")


TAIWAN = ["臺北市大安區", "國立臺灣大學", "民生社區活動中心", "幼兒園"]
JAPAN = ["横須賀美術館", "さくら保育園", "コンビニ", "東京都新宿区"]
KOREA = ["서울특별시 종로구", "강남구 역삼동", "어린이집", "초등학교"]


@pytest.mark.parametrize("cpg", [None, "ISO-8859-1", "UTF-8", "936"])
@pytest.mark.parametrize(
    ("names", "codec", "name"),
    [(TAIWAN, "cp950", "Big5"), (JAPAN, "cp932", "Shift_JIS"), (KOREA, "cp949", "EUC-KR")],
)
def test_neighbours_of_gbk_are_not_taken_for_it(tmp_path, names, codec, name, cpg, keys):
    shapefile(tmp_path / "a.shp", names, codec, cpg=cpg, language=0x57, column="name")
    [layer], problems = read_vector(tmp_path / "a.shp")
    assert layer.frame["name"].tolist() == names
    assert layer.encoding == name
    assert [(p.key, p.facts["encoding"]) for p in problems] == [("encoding_found", name)]
    keys(problems)


@pytest.mark.parametrize(("names", "claim"), [(TAIWAN, "950"), (JAPAN, "SJIS"), (KOREA, "949")])
def test_a_claim_that_is_true_needs_no_word(tmp_path, names, claim):
    codec = {"950": "cp950", "SJIS": "cp932", "949": "cp949"}[claim]
    shapefile(tmp_path / "a.shp", names, codec, cpg=claim, column="name")
    [layer], problems = read_vector(tmp_path / "a.shp")
    assert layer.frame["name"].tolist() == names
    assert problems == []


@pytest.mark.parametrize(("names", "codec"), [(TAIWAN, "cp950"), (JAPAN, "cp932")])
def test_tables_of_text_and_names_in_archives_are_told_likewise(tmp_path, names, codec):
    text = "name,lon,lat\n" + "".join(f"{name},121.5,25.0\n" for name in names)
    (tmp_path / "a.csv").write_bytes(text.encode(codec))
    [layer], problems = read_vector(tmp_path / "a.csv")
    assert layer.frame["name"].tolist() == names
    assert "encoding_found" in {p.key for p in problems}
    raw = f"{names[0]}{names[1]}.csv".encode(codec).decode("cp437")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("x" * len(raw), text.encode(codec))
    # zipfile marks what it writes as UTF-8; Windows' own packer does not.
    content = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "b.zip").write_bytes(content.replace(b"x" * len(raw), raw.encode("cp437")))
    [layer], _ = read_vector(tmp_path / "b.zip")
    assert layer.name == names[0] + names[1]


def test_a_guess_is_called_one(tmp_path, keys):
    """Two Hangul syllables in their encoding are two common Chinese characters in another."""
    shapefile(tmp_path / "a.shp", ["공원"], "cp949", column="name")
    [layer], problems = read_vector(tmp_path / "a.shp")
    [told] = problems
    assert told.key == "encoding_guessed"
    assert "EUC-KR" in told.facts["others"]
    keys(problems)
    [layer], problems = read_vector(tmp_path / "a.shp", encoding="EUC-KR")
    assert (layer.frame["name"].tolist(), problems) == (["공원"], [])


def test_a_claim_settles_what_the_text_leaves_open(tmp_path):
    shapefile(tmp_path / "a.shp", ["공원"], "cp949", cpg="949", column="name")
    [layer], problems = read_vector(tmp_path / "a.shp")
    assert (layer.frame["name"].tolist(), problems) == (["공원"], [])


@pytest.mark.parametrize(
    ("codec", "text"),
    [("latin-1", "Zürich Größe São"), ("cp1251", "улица Ленина"), ("cp874", "กรุงเทพ ถนน")],
)
def test_other_alphabets_are_not_taken_for_east_asian_ones(codec, text):
    assert encoding_in(text.encode(codec)).name == ""


def test_every_name_of_an_encoding_is_known():
    for words, name in (
        ("936", "GB18030"), ("gbk", "GB18030"), ("big5", "Big5"), ("950", "Big5"),
        ("Shift_JIS", "Shift_JIS"), ("cp932", "Shift_JIS"), ("utf8", "UTF-8"), ("no such", ""),
    ):  # fmt: skip
        assert named(words).name == name


def test_a_word_in_every_row_weighs_once():
    """Six houses in GBK: 号 and 楼 lie in the rows of Hangul too, but once is not twelve times."""
    text = "楼名\n常住人口\n" + "".join(f"{number}号楼\n" for number in range(6))
    assert encoding_in(text.encode("gb18030")).name == "GB18030"


def test_names_and_values_that_a_table_cuts_inside_a_letter_are_read(tmp_path, keys):
    """Ten bytes of 设施名称 in UTF-8 are three letters and a third of the fourth."""
    frame = gpd.GeoDataFrame(
        {"设施名称": NAMES, "设施类型": ["食堂"] * 4, "x": [1, 2, 3, 4]},
        geometry=[Point(114, 22)] * 4,
        crs=4326,
    )
    frame.to_file(tmp_path / "a.shp", encoding="UTF-8")
    [layer], problems = read_vector(tmp_path / "a.shp")
    assert list(layer.frame.columns) == ["设施名", "设施类", "x", "geometry"]
    assert layer.frame["设施名"].tolist() == NAMES
    assert layer.frame["x"].tolist() == [1, 2, 3, 4]
    [told] = [*problems, *layer.problems]
    assert (told.key, told.facts["columns"]) == ("column_names_cut", "设施名, 设施类")
    keys([told])


def test_a_value_cut_inside_a_letter_loses_the_broken_part_and_is_counted(tmp_path, keys):
    shapefile(tmp_path / "a.shp", ["幸福里", "丙"], "UTF-8", cpg="UTF-8", column="name")
    content = (tmp_path / "a.dbf").read_bytes()
    (tmp_path / "a.dbf").write_bytes(content.replace("里".encode(), "里".encode()[:2] + b" "))
    [layer], problems = read_vector(tmp_path / "a.shp")
    assert layer.frame["name"].tolist() == ["幸福", "丙"]
    [told] = [*problems, *layer.problems]
    assert (told.key, told.facts["count"]) == ("values_cut", 1)
    keys([told])
