"""Every page that a test opens is good HTML, with a title and no id twice.

The parser takes as long as making the page did, so of the pages of one shape it reads one: words, and values of
attributes, that hold no sign of HTML make no difference to it, nor does a row after one like it.
"""

import re
import warnings

import html5lib
from html5lib.html5parser import ParseError

PLAIN = (
    r"\t\r\n !#-%'-;=?-~\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd"  # neither a sign of HTML nor one it forbids
)
VALUE = re.compile(rf'(?<!type)="[{PLAIN}]*"')  # a hidden input may stand where another may not
WORDS = re.compile(rf'>([{PLAIN}"]+)<')
ENTITY = re.compile(r"&(?:amp|lt|gt|quot|#34|#39);")
ENDS = re.compile(r"(?<=</tr>)|(?<=</li>)|(?<=</option>)")
IDS = re.compile(r'\sid="([^"]+)"')
TITLE = re.compile(r"<title>[^<]*\w[^<]*</title>")
_good: set[tuple[bool, int]] = set()


def read_strictly(page: str, *, whole: bool) -> None:
    if not page.strip() or page.startswith("<!doctype html>\n<title>Redirecting"):
        return
    shape = (whole, hash(shape_of(page)))
    if shape not in _good:
        _parse(page, whole=whole)
        _good.add(shape)
    ids = IDS.findall(page)
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    assert not whole or TITLE.search(page), "the page has no title"


def shape_of(page: str) -> str:
    plain = VALUE.sub('=""', ENTITY.sub("x", page))
    plain = WORDS.sub(lambda words: "> <" if words[1].isspace() else ">x<", plain)
    pieces = ENDS.split(plain)
    return "".join(piece for before, piece in zip(["", *pieces], pieces, strict=False) if piece != before)


def _parse(page: str, *, whole: bool) -> None:
    parser = html5lib.HTMLParser(strict=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            parser.parse(page) if whole else parser.parseFragment(page)
        except ParseError as wrong:
            line = parser.tokenizer.stream.position()[0]
            around = "\n".join(page.splitlines()[max(line - 4, 0) : line + 2])
            raise AssertionError(f"bad HTML in line {line}: {wrong}\n{around}") from wrong
