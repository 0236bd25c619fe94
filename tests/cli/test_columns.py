"""Tables line up for a reader whose terminal gives two cells to a Chinese character."""

from __future__ import annotations

from twin.cli.columns import Column, set_table, width_of


def test_a_wide_character_takes_two_cells():
    assert width_of("食堂") == 4
    assert width_of("Café") == 4
    assert width_of("Cafe\u0301") == 4  # the accent is a mark of its own and takes none
    assert width_of("社区（A）") == 9


def test_columns_begin_at_the_same_cell_in_every_line():
    lines = set_table(
        [Column("名称"), Column("n", "right")], [["食堂", "5"], ["Canteen", "1,200"], ["", "0"]]
    )
    assert [width_of(line) for line in lines] == [14, 14, 14, 14, 14]
    assert lines[0] == "名称         n"
    assert lines[2] == "食堂         5"
    assert lines[3] == "Canteen  1,200"


def test_an_empty_row_sets_groups_apart():
    assert set_table([Column("a")], [["1"], [], ["2"]]) == ["a", "─", "1", "", "2"]
