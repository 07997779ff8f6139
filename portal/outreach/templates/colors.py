"""The workspace's colour in a letter: mail apps know no CSS that could derive it, so it is mixed here, in hex."""

from dataclasses import dataclass
from functools import lru_cache

LIGHT_BACKGROUND, DARK_BACKGROUND, WHITE, BLACK = (255, 255, 255), (18, 19, 23), (255, 255, 255), (0, 0, 0)
Colour = tuple[int, int, int]
STEPS = 40


@dataclass(frozen=True)
class Palette:
    fill: str  # under white words
    link: str  # on white paper
    link_dark: str  # at night


@lru_cache(maxsize=1000)
def palette(accent: str) -> Palette:
    colour = parse(accent)
    return Palette(
        fill=_mix_until_contrast(colour, BLACK, WHITE, 4.5),
        link=_mix_until_contrast(colour, BLACK, LIGHT_BACKGROUND, 7),
        link_dark=_mix_until_contrast(colour, WHITE, DARK_BACKGROUND, 9),
    )


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2.2, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _mix_until_contrast(colour: Colour, towards: Colour, against: Colour, enough: float) -> str:
    """Mix step by step towards black or white until words can be read."""
    steps = (_mix(colour, towards, step / STEPS) for step in range(STEPS + 1))
    return _hex(next((mixed for mixed in steps if contrast(mixed, against) >= enough), towards))


def _mix(colour: Colour, towards: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, towards, strict=True))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def parse(accent: str) -> Colour:
    red, green, blue = bytes.fromhex(accent.removeprefix("#"))
    return red, green, blue


def _hex(colour: Colour) -> str:
    return "#" + bytes(colour).hex()
