"""Who may have typed what stands in a merge field."""

from enum import Enum, auto


class Who(Enum):
    PRODUCT = auto()  # nobody typed it: our own sentences, times, numbers, links
    MEMBER = auto()  # a colleague: who works here may write links
    STRANGER = (
        auto()
    )  # a prospect or who joins, maybe beside a colleague's words: made safe when it is filled in
    PUT_TOGETHER = auto()  # names of both, made safe by `introduced` and `other_name` before it is kept
    ADDRESS = auto()  # an email address, and nothing that is none
