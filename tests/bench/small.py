"""The rows of the benches, written small. What they insert past the models would break unseen."""

from portal.app import create_app
from portal.bootstrap import log_problems_only
from tests.bench import directory, matching
from tests.bench.directory_workspaces import Size
from tests.bench.mailing import Mailing

PEOPLE = 300


def main() -> None:
    log_problems_only()
    matching.main({"small": PEOPLE})
    directory.main(Size(PEOPLE, 1, PEOPLE))
    superuser, settings = matching._server()
    mailing = Mailing.build(create_app(settings), superuser, PEOPLE)
    mailing.forget_emails()
    mailing.queue("small:", PEOPLE)
    if mailing.states() != {("queued", ""): PEOPLE}:
        raise AssertionError(mailing.states())


if __name__ == "__main__":
    main()
