"""The application of the tests, answering on a port of this machine."""

from collections.abc import Iterator
from threading import Thread

import pytest
from werkzeug.serving import make_server

from portal.web.dispatch import Portal


@pytest.fixture(scope="session")
def address(app: Portal) -> Iterator[str]:
    """The application of the tests, answering over HTTP."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
