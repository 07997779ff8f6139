from portal.web.dispatch import Portal
from portal.web.page_urls import current_url, previous_url


def test_a_filter_keeps_the_others(app: Portal) -> None:
    with app.test_request_context("/acme/advocates?state=enrolled&region=EMEA&region=NA&after=abc"):
        assert current_url(after=None) == "/acme/advocates?state=enrolled&region=EMEA&region=NA"
        assert current_url(region="APAC", after=None) == "/acme/advocates?state=enrolled&region=APAC"
        assert current_url(state=None, region=None, after=None) == "/acme/advocates"


def test_what_stands_in_an_address_stays_an_argument(app: Portal) -> None:
    with app.test_request_context(
        "/acme/advocates?_external=1&_scheme=javascript&endpoint=x&q=%22%3E%3Cb%3E"
    ):
        assert current_url(after="c").startswith("/acme/advocates?_external=1&_scheme=javascript")
        assert "<" not in current_url()


def test_back_leads_into_this_house_only(app: Portal) -> None:
    for referrer, way in (
        ("http://localhost/acme/requests?view=late", "/acme/requests?view=late"),
        ("http://elsewhere.example/acme/requests", ""),
        ("http://localhost//elsewhere.example", ""),
        ("", ""),
    ):
        with app.test_request_context("/acme/requests", headers={"Referer": referrer}):
            assert previous_url() == way
