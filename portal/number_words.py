"""Small numbers in words."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

NUMBER_WORDS = (
    lazy_pgettext("number", "no"),
    _l("one"),
    _l("two"),
    _l("three"),
    _l("four"),
    _l("five"),
    _l("six"),
    _l("seven"),
    _l("eight"),
    _l("nine"),
    _l("ten"),
)


def number_word(count: int) -> str:
    """Spell a small number; from eleven on it stays in digits."""
    return str(NUMBER_WORDS[count]) if count < len(NUMBER_WORDS) else str(count)


def first_number_word(count: int) -> str:
    word = number_word(count)
    return word[:1].upper() + word[1:]
