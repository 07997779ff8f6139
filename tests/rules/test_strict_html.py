"""The reader of pages notices a fault in any page, also in one that looks like a good one it has read."""

import pytest

from tests.strict_html import read_strictly, shape_of

PAGE = """<!doctype html><html lang="en"><head><title>Ada &amp; Bo</title></head><body><main>
<table><tbody><tr><td id="one"><a href="/a?b=c">Ada</a></td></tr>
<tr><td id="two"><a href="/b">Bo</a></td></tr></tbody></table>
<form method="post"><input type="text" name="name" value="x"></form></main></body></html>"""
FAULTS = {
    "an end that has no begin": ("<main>", "<main></p>"),
    "a begin that has no end": ("<main>", "<main><b>"),
    "a bare sign in words": (">Bo<", ">Bo &amp Co<"),
    "a bare sign in a value": ('href="/b"', 'href="/b?x&amp=1"'),
    "an attribute twice": ('value="x"', 'value="x" value="y"'),
    "a sign that no page may hold": (">Bo<", ">B\x08o<"),
    "a hidden input between rows": ('<tr><td id="two">', '<input type="hidden"><tr><td id="two">'),
    "an id twice": ('id="two"', 'id="one"'),
    "no title": ("Ada &amp; Bo", " "),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_noticed_after_a_good_page_like_it(fault: str) -> None:
    read_strictly(PAGE, whole=True)
    good, wrong = FAULTS[fault]
    assert good in PAGE
    with pytest.raises(AssertionError):
        read_strictly(PAGE.replace(good, wrong), whole=True)


def test_words_plain_values_and_rows_alike_make_no_other_shape() -> None:
    third = '<tr><td id="three"><a href="/c">Cleo &lt;3</a></td></tr></tbody>'
    other = PAGE.replace("Ada &amp; Bo", "Åse").replace("</tbody>", f"\n{third}")
    assert shape_of(other) == shape_of(PAGE)
    read_strictly(other, whole=True)
