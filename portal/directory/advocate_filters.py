"""What the list of people is filtered by, besides what a workspace makes itself."""

from flask_babel import lazy_gettext as _l

from portal.accounts.labels import RELATIONSHIP_NAMES
from portal.advocates import filters, labels
from portal.advocates.filters import AdvocateView
from portal.advocates.models import AdvocateState
from portal.declarations.lists import ListFilter
from portal.directory.attribute_filters import attribute_filter, chosen_by
from portal.directory.segment_filter import IN_SEGMENT
from portal.web.filters import region

STATES = {
    state.value: labels.STATES[state].word for state in AdvocateState if state is not AdvocateState.ERASED
}
FILTERS = (
    ListFilter(
        name="product", label=_l("Product"), condition=filters.uses, origin=chosen_by("person.products")
    ),
    ListFilter(
        name="agreed",
        label=_l("Agreed to"),
        condition=filters.has_agreed_to,
        words=labels.PURPOSES,
        origin=chosen_by("person.consents"),
    ),
    ListFilter(
        name="region",
        label=_l("Region"),
        condition=filters.is_in_region,
        show=lambda _reader, code: region(code),
        origin=chosen_by("account.region"),
    ),
    ListFilter(
        name="industry",
        label=_l("Industry"),
        condition=filters.is_in_industry,
        origin=chosen_by("account.industry"),
    ),
    ListFilter(
        name="relationship",
        label=_l("Relationship"),
        condition=filters.is_related,
        words=RELATIONSHIP_NAMES,
        origin=chosen_by("account.relationship"),
    ),
    IN_SEGMENT,
    ListFilter(
        name="state",
        label=_l("State"),
        condition=filters.has_state,
        words=STATES,
        origin=chosen_by("person.state"),
        looks_beyond=AdvocateView.EVERYONE.value,
        tabs=frozenset({AdvocateView.EVERYONE.value, AdvocateView.CANDIDATES.value}),
    ),
    attribute_filter("title", "person.title"),
    attribute_filter("asked", "person.last_ask_at"),
    attribute_filter("helped", "person.last_act_at"),
    attribute_filter("joined", "person.enrolled_at"),
    attribute_filter("employees", "account.employees"),
    attribute_filter("arr", "account.arr"),
)
