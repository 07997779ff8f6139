import pytest

from portal.web.icons import NoSuchIcon, icon


def test_an_icon_is_silent_beside_its_word_and_speaks_when_alone() -> None:
    assert 'aria-hidden="true"' in icon("home")
    assert 'role="img" aria-label="Remove"' in icon("x", label="Remove")


def test_an_icon_that_is_not_there_is_named() -> None:
    with pytest.raises(NoSuchIcon, match="'no-such-drawing'"):
        icon("no-such-drawing")


def test_a_label_cannot_leave_its_attribute() -> None:
    assert "<b>" not in icon("x", label='"><b>')
