"""How a person's name is kept: typed as one, stored as two, sorted by the last."""


def split_name(name: str) -> tuple[str, str]:
    """“Ada van der Berg” is Ada, van der Berg."""
    first, _, last = " ".join(name.split()).partition(" ")
    return first, last


def sort_name(first: str, last: str) -> str:
    return f"{last} {first}".strip().casefold()
