from portal.web.charts import rounded_range, trend_curve


def test_a_trend_stands_over_the_columns_of_its_table() -> None:
    drawn = trend_curve([0, 50, 100, 50], 0, 100)
    assert drawn.line == "M12.5 100.0 L37.5 50.0 L62.5 0.0 L87.5 50.0"
    assert drawn.dots == "M87.5 50.0h.01"


def test_a_small_trend_goes_from_edge_to_edge() -> None:
    assert trend_curve([0, 100], 0, 100, edge=True).line == "M0.0 100.0 L100.0 0.0"


def test_gaps_stay_gaps_and_a_lone_month_is_a_dot() -> None:
    drawn = trend_curve([None, 20, None, 40, 60, None], 0, 100)
    assert drawn.line.count("M") == 1
    assert drawn.dots.split(" M") == ["M25.0 80.0h.01", "75.0 40.0h.01"]


def test_nothing_measured_yet_draws_nothing() -> None:
    assert (trend_curve([None, None], 0, 100).line, trend_curve([], 0, 100).dots) == ("", "")


def test_one_value_all_year_does_not_divide_by_nothing() -> None:
    assert trend_curve([5, 5], 5, 5).line == "M25.0 100.0 L75.0 100.0"


def test_the_target_is_drawn_at_its_height_where_there_is_one() -> None:
    assert trend_curve([1], 0, 10, 8).target == 20.0
    assert trend_curve([1], 0, 10).target is None


def test_a_target_that_changed_is_a_step() -> None:
    drawn = trend_curve([1, 2, 3, 4], 0, 10, [5, 5, None, 8])
    assert (drawn.target_line, drawn.target) == ("M0 50.0H50 M75 20.0H100", 20.0)
    assert trend_curve([1, 2], 0, 10, 5, edge=True).target_line == "M0 50.0H100"
    assert trend_curve([1, 2, 3], 0, 10, [5, 5, 0], edge=True).target_line == "M0 50.0H75 M75 100.0H100"


def test_what_is_not_final_is_drawn_apart() -> None:
    drawn = trend_curve([1, 2, 3, 4], 0, 10, is_running=True)
    assert drawn.line == "M12.5 90.0 L37.5 80.0 L62.5 70.0"
    assert (drawn.dots, drawn.running_line) == ("", "M62.5 70.0 L87.5 60.0")
    assert drawn.running_dot == "M87.5 60.0h.01"


def test_a_first_month_that_is_not_final_is_a_dot_alone() -> None:
    alone = trend_curve([None, 3], 0, 10, is_running=True)
    assert (alone.line, alone.dots, alone.running_line) == ("", "", "")
    assert alone.running_dot == "M75.0 70.0h.01"
    nothing = trend_curve([], 0, 10, is_running=True)
    assert (nothing.running_line, nothing.running_dot) == ("", "")
    assert trend_curve([5, None], 0, 10, is_running=True).running_line == ""


def test_the_picture_ends_at_round_numbers_that_hold_the_target_too() -> None:
    assert rounded_range([68, None, 81], 85) == (60, 90)
    assert rounded_range([80, 80]) == (80, 90)
    assert rounded_range([]) == (0, 10)
