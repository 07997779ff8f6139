"""The generated export goes the same way as the real one."""

from datetime import date

from portal.demo import sample, sample_figures
from portal.imports.models import ImportState
from tests.imports.files import Importer


def test_the_sample_comes_in_like_a_real_export_and_twice_the_same(importer: Importer) -> None:
    files = sample.files(date(2026, 11, 24))
    assert files == sample.files(date(2026, 11, 24))

    accounts, people, deals = [importer.import_file(content, name) for name, content in files.values()]
    assert [each.state for each in (accounts, people, deals)] == [ImportState.DONE] * 3, people.failure
    assert [str(each.kind) for each in (accounts, people, deals)] == list(files)
    assert (accounts.counts["created"], deals.counts["created"], deals.counts["skipped"]) == (500, 400, 1)
    assert people.counts["skipped"] == 2
    assert people.counts["created"] + people.counts["refused"] == 2000
    assert min(people.counts[dirt] for dirt in ("refused", "unchanged", "conflicting")) > 15
    assert (people.counts.get("company_created", 0), people.counts["company_updated"]) == (0, 500)

    again = [importer.import_file(content, name) for name, content in files.values()]
    assert not any({"created", "updated", "company_updated"} & set(each.counts) for each in again)


def test_what_the_companies_of_the_sample_use_and_pay_comes_in_whole(importer: Importer) -> None:
    began, today = date(2026, 5, 25), date(2026, 11, 24)
    name, content = sample.files(began)["accounts"]
    importer.import_file(content, name)
    files = sample_figures.files(began, today)
    assert files == sample_figures.files(began, today)
    usage, subscriptions = [importer.import_file(content, name) for name, content in files.values()]
    assert [str(each.kind) for each in (usage, subscriptions)] == list(files)
    assert usage.counts == {"created": 12 * sample_figures.MEASURED}
    assert set(subscriptions.counts) == {"created"}
    assert subscriptions.counts["created"] > sample.ACCOUNTS
