from tests.figures.coverage_floor import raised


def test_the_floor_rises_with_what_was_measured_and_never_falls() -> None:
    assert raised("[a]\nfail_under = 80\n", 91.7) == "[a]\nfail_under = 91\n"
    assert raised("[a]\nfail_under = 80\n", 79.9) == "[a]\nfail_under = 80\n"
