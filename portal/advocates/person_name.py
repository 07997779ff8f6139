"""How a person's name is kept: typed as one, stored as two, sorted by the last."""


def split_name(name: str) -> tuple[str, str]:
    first, _, last = " ".join(name.split()).partition(" ")
    return first, last


def sort_name(first: str, last: str) -> str:
    return f"{last} {first}".strip().casefold()
