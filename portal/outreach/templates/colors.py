"""The workspace's color in an email: mail apps know no CSS that could derive it, so it is mixed here, in hex."""

from dataclasses import dataclass
from functools import lru_cache

LIGHT_BACKGROUND, DARK_BACKGROUND, WHITE, BLACK = (255, 255, 255), (18, 19, 23), (255, 255, 255), (0, 0, 0)
Color = tuple[int, int, int]
STEPS = 40


@dataclass(frozen=True)
class Palette:
    fill: str  # under white words
    link: str  # on white
    link_dark: str  # at night


@lru_cache(maxsize=1000)
def palette(accent: str) -> Palette:
    color = parse(accent)
    return Palette(
        fill=_mix_until_contrast(color, BLACK, WHITE, 4.5),
        link=_mix_until_contrast(color, BLACK, LIGHT_BACKGROUND, 7),
        link_dark=_mix_until_contrast(color, WHITE, DARK_BACKGROUND, 9),
    )


def contrast(one: Color, other: Color) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _mix_until_contrast(color: Color, towards: Color, against: Color, enough: float) -> str:
    """Mix step by step towards black or white until words can be read."""
    steps = (_mix(color, towards, step / STEPS) for step in range(STEPS + 1))
    return _hex(next((mixed for mixed in steps if contrast(mixed, against) >= enough), towards))


def _mix(color: Color, towards: Color, share: float) -> Color:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(color, towards, strict=True))
    return red, green, blue


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(part / 255) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def parse(accent: str) -> Color:
    red, green, blue = bytes.fromhex(accent.removeprefix("#"))
    return red, green, blue


def _hex(color: Color) -> str:
    return "#" + bytes(color).hex()
