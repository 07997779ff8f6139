"""Tags and custom fields of one account or person as inputs on its form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.advocates.models import Advocate
from portal.custom_fields import queries as custom_fields
from portal.custom_fields.actions import change_values
from portal.custom_fields.forms import entered_values, input_data, inputs
from portal.custom_fields.models import CustomField
from portal.custom_fields.queries import FilledField
from portal.custom_fields.values import input_name
from portal.tags import queries as tags
from portal.tags.forms import tags_input
from portal.tags.models import Tag
from portal.tags.tagging_actions import change_tags
from portal.web.forms import Form
from tenants.models import MANAGER_ROLES, Membership

AnyForm = TypeVar("AnyForm", bound=Form)


@dataclass(frozen=True)
class ExtraDetails:
    """What a form asks for beside what every workspace has."""

    tags: Sequence[Tag]
    offered_tags: Sequence[Tag]
    values: Sequence[FilledField]
    fields: Sequence[CustomField]

    @classmethod
    def of(cls, session: Session, subject: Account | Advocate) -> "ExtraDetails":
        return cls(
            tags.tags_of(session, subject),
            tags.offered_tags(session),
            custom_fields.values_of(session, subject),
            custom_fields.offered_fields(session, custom_fields.about(subject)),
        )

    @property
    def input_names(self) -> list[str]:
        return [input_name(field.id) for field in self.fields]

    def form_class(self, form: type[AnyForm]) -> type[AnyForm]:
        own = {"tags": tags_input(), **inputs(self.fields, self.values)}
        made: type[AnyForm] = type(form.__name__, (form,), own)
        return made

    def form_data(self) -> dict[str, Any]:
        names = ", ".join(tag.name for tag in self.tags if not tag.is_retired)
        return {"tags": names, **input_data(self.values)}

    def save(self, session: Session, subject: Account | Advocate, form: Any, *, by: Membership) -> bool:
        """Raise InvalidTag for a tag that can't be put there. Tell whether anything changed."""
        may_create = by.has_role(*MANAGER_ROLES)
        is_tagged = change_tags(session, subject, form.tags.names, by=by, may_create=may_create)
        return change_values(session, subject, entered_values(form, self.fields), by=by) or is_tagged
