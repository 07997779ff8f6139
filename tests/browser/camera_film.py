"""A film for Chromium's camera: somebody holds a ticket before it."""

from pathlib import Path

import segno

WIDE, HIGH, MODULE = 640, 480, 6
WHITE, BLACK, NO_COLOR = 235, 16, 128


def film_of_code(text: str, path: Path) -> Path:
    """Two frames in Y4M, which Chromium plays again and again."""
    rows = [[bool(module) for module in row] for row in segno.make(text, error="m", micro=False).matrix]
    side = len(rows) * MODULE
    left, top = (WIDE - side) // 2, (HIGH - side) // 2
    light = bytearray([WHITE]) * (WIDE * HIGH)
    for y in range(side):
        for x in range(side):
            if rows[y // MODULE][x // MODULE]:
                light[(top + y) * WIDE + left + x] = BLACK
    frame = b"FRAME\n" + bytes(light) + bytes([NO_COLOR]) * (WIDE * HIGH // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDE} H{HIGH} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 2)
    return path
