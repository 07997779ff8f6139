"""What fixtures are that one calls."""

from collections.abc import Callable

Jobs = Callable[[], None]  # run_jobs(): all that waits is done
Travel = Callable[..., None]  # travel(days=3): the clock moves ahead
