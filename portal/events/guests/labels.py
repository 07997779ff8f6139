"""Words of the guests' pages: answers, food."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Answer(StrEnum):
    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class Food(StrEnum):
    VEGETARIAN = "vegetarian"
    VEGAN = "vegan"
    HALAL = "halal"
    KOSHER = "kosher"
    NO_GLUTEN = "no_gluten"
    NO_DAIRY = "no_dairy"
    NO_NUTS = "no_nuts"


FOODS = {
    Food.VEGETARIAN: _l("Vegetarian"),
    Food.VEGAN: _l("Vegan"),
    Food.HALAL: _l("Halal"),
    Food.KOSHER: _l("Kosher"),
    Food.NO_GLUTEN: _l("No gluten"),
    Food.NO_DAIRY: _l("No dairy"),
    Food.NO_NUTS: _l("No nuts"),
}
