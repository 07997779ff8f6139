"""A list is the same file, byte by byte, whether it comes at once or a worker makes it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jobs import exports as job
from portal.asks.models import AskKind
from portal.references.models import RequestState
from tenants.clock import utc_now
from tests.exports.conftest import Exporter
from tests.imports.files import Importer, csv_of, people_file, person
from tests.metrics.past_records import act, asked
from tests.present import present
from tests.world import World

EVENING, HERE = ZoneInfo("America/Los_Angeles"), ZoneInfo("Europe/Berlin")


def both(exporter: Exporter, kind: str, path: str, filters: dict[str, str]) -> str:
    export = exporter.request(kind, filters)
    job.work()
    made = exporter.file(export)
    assert made == exporter.download_at_once(path)
    return made.decode()


@pytest.mark.parametrize(
    "filters", [{}, {"view": "everyone", "q": "ada"}, {"state": "enrolled", "product": "Ledger Pro"}]
)
def test_people_come_as_a_file_of_what_the_list_shows(exporter: Exporter, filters: dict[str, str]) -> None:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    assert "'+1" in both(exporter, "list", f"/advocates/export?{query}", {"list": "advocates", **filters})


def test_the_rows_behind_every_metric(exporter: Exporter, acme: World) -> None:
    late = utc_now()
    ada = acme.advocate(first_name="-Ada", account=acme.account("=Rail"))
    act(acme, ada, late, kind=AskKind.SITE_VISIT)
    act(acme, ada, late, off_platform=True, helps_name="@Nordbank")
    asked(acme, late, RequestState.DELIVERED, prospect='"Initech", Berlin', kind=AskKind.RFP)
    asked(acme, late, RequestState.WITHDRAWN, prospect="+Gone")
    files = {
        (name, show): both(
            exporter, "metric_rows", f"/metrics/{name}/rows.csv?show={show}", {"name": name, "show": show}
        )
        for name, show in (
            ("fulfillment", ""), ("fulfillment", "left-out"), ("volume", ""), ("activation", "quiet"), ("advocates", "")
        )
    }  # fmt: skip
    assert '"""Initech"", Berlin",RFP answer,Delivered' in files["fulfillment", ""]
    assert "'+Gone" in files["fulfillment", "left-out"]
    assert "Site visit,'-Ada" in files["volume", ""]
    assert "'@Nordbank,Reference call" in files["volume", ""]
    assert "a rep directly" in files["volume", ""]
    assert "'-Ada" not in files["activation", "quiet"]
    enrolled, helped = (at.astimezone(HERE).date() for at in (present(ada.enrolled_at), late))
    assert f",'=Rail,{enrolled},{helped}" in files["advocates", ""]


def test_days_are_those_of_the_workspace(exporter: Exporter, acme: World) -> None:
    """Late in the evening in Berlin is another day than in UTC, and another one in Los Angeles."""
    midnight = datetime(2026, 6, 1, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    acme.advocate(first_name="Zoe", last_ask_at=midnight, last_act_at=midnight - timedelta(hours=1))
    assert "2026-06-01,2026-05-31," in both(
        exporter, "list", "/advocates/export?q=zoe", {"list": "advocates", "q": "zoe"}
    )


def test_what_became_of_the_lines_of_a_file(exporter: Exporter, acme: World) -> None:
    imports = Importer(acme)
    imports.import_file(people_file(person(), person("grace@wabtec.example", Title="CEO")))
    again = imports.import_file(
        people_file(
            person(Title="-Boss", NPS="9"), person("grace@wabtec.example", Title="CFO", NPS="x"), person("no")
        )
    )
    given = {"import_id": str(again.id)}
    lines = both(exporter, "import_lines", f"/imports/{again.id}/lines.csv", given)
    assert "This isn’t an email address." in lines
    assert "Job title: VP IT → -Boss" in lines
    one = both(
        exporter,
        "import_lines",
        f"/imports/{again.id}/lines.csv?outcome=refused",
        given | {"outcome": "refused"},
    )
    assert len(one.splitlines()) == 1 + int(again.counts["refused"])


def test_money_of_a_file_is_written_as_money(exporter: Exporter, acme: World) -> None:
    done = Importer(acme).import_file(
        csv_of(
            ("Account Name", "ACV"), ("Rail", "-1234567.5"), ("Rail", "999"), ("Bank", "12"), ("Bank", "13")
        )
    )
    lines = both(exporter, "import_lines", f"/imports/{done.id}/lines.csv", {"import_id": str(done.id)})
    assert '999.00,"\'-1,234,567.50"' in lines
    assert "13.00,12.00" in lines
