"""Two people who give one name at the same moment: the second is told, as if the first had been there before."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.errors import DomainError


@contextmanager
def refuse_taken_name(session: Session, refusal: DomainError) -> Iterator[None]:
    """Write what is changed inside; raise the refusal where a unique index has the name already."""
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError as taken:
        raise refusal from taken
