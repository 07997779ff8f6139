"""The list of surveys."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.declarations.lists import CellKind, DeclaredList, ListColumn, ListTab, Place
from portal.exports import cells
from portal.surveys import labels, queries
from portal.surveys.models import Survey, SurveyState
from tenants.database import tenant
from tenants.models import MANAGER_ROLES

STATES = {state: badge.word for state, badge in labels.STATES.items()}


def _tab(state: SurveyState) -> ListTab:
    return ListTab(
        name=state.value, label=STATES[state], condition=lambda _: Survey.state == state, is_counted=True
    )


def _number(name: str, label: object, from_width: str = "") -> ListColumn:
    return ListColumn(name=name, label=label, is_numeric=True, from_width=from_width)


SURVEYS = DeclaredList(
    name="surveys",
    label=_l("Surveys"),
    order=_l("newest first"),
    endpoint="surveys.index",
    roles=frozenset(MANAGER_ROLES),
    model=Survey,
    rows=lambda _: select(Survey),
    columns=(
        ListColumn(
            name="title",
            label=_l("Survey"),
            place=Place.ALWAYS,
            cell=lambda _: cells.text(Survey.title),
            sort=(Survey.title,),
        ),
        ListColumn(
            name="question",
            label=_l("Question"),
            place=Place.FILE,
            cell=lambda _: cells.text(Survey.question),
        ),
        ListColumn(
            name="state",
            label=_l("State"),
            cell=lambda _: cells.labeled(Survey.state, STATES),
            sort=(Survey.state,),
            from_width="md",
        ),
        _number("asked", _l("Asked"), "md"),
        _number("answers", _l("Answers")),
        _number("response", _l("Response"), "md"),
        _number("nps", _l("NPS")),
        ListColumn(
            name="created",
            label=_l("Created"),
            place=Place.ON_CHOICE,
            cell=lambda reader: cells.day_in(tenant(reader.session).time_zone, Survey.created_at),
            kind=CellKind.DAY,
            sort=(Survey.id,),
            sorts_down_first=True,
        ),
    ),
    sort="-created",
    cells="surveys/list_cells.html",
    tabs=(ListTab(name="all", label=_l("All")), *(_tab(state) for state in SurveyState)),
    facts=lambda reader, rows: queries.newest_rounds(reader.session, rows),
)
LISTS = (SURVEYS,)
