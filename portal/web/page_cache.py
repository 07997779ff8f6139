"""Pages that are the same for everybody, kept as they were drawn until what they show is another.

The caller names a page by everything it depends on. What differs for each reader, the nonce of the scripts and the
form's secret, is put in anew each time. A process keeps a few hundred of them; nothing is ever out of date.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from flask import session
from flask_wtf.csrf import generate_csrf

from portal.web.headers import csp_nonce

MOST_PAGES = 200
NONCE, SECRET = "\x00nonce\x00", "\x00secret\x00"


class PageCache:
    def __init__(self) -> None:
        self.pages: OrderedDict[Hashable, str] = OrderedDict()
        self.lock = Lock()  # of threads that serve at once

    def page(self, key: Hashable, draw: Callable[[], str]) -> str:
        """Whoever is told something on top of the page gets one of their own."""
        if "_flashes" in session:
            return draw()
        if (kept := self._find(key)) is None:
            self._keep(key, drawn := draw())
            return drawn
        return kept.replace(NONCE, csp_nonce()).replace(SECRET, generate_csrf())

    def _find(self, key: Hashable) -> str | None:
        with self.lock:
            if key in self.pages:
                self.pages.move_to_end(key)
            return self.pages.get(key)

    def _keep(self, key: Hashable, drawn: str) -> None:
        with self.lock:
            self.pages[key] = drawn.replace(csp_nonce(), NONCE).replace(generate_csrf(), SECRET)
            while len(self.pages) > MOST_PAGES:
                self.pages.popitem(last=False)
