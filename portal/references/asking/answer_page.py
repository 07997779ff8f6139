"""Everything the answer page says, worked out from the ask, its request and the budget."""

from dataclasses import dataclass
from functools import cached_property

from flask import url_for

from portal import links
from portal.asks import budgets
from portal.asks.budgets import BudgetStatus
from portal.asks.models import TALKS
from portal.asks.policies import ask_rules
from portal.references.asking.ask_reason import why_you
from portal.references.link_purposes import CallLinkPurpose
from portal.references.matching.advocate_description import anonymous_description
from portal.references.meetings.offer_page import OfferPage


@dataclass(frozen=True)
class AnswerPage(OfferPage):
    @property
    def asker(self) -> str:
        return self.ask.sent_by.name if self.ask.sent_by else self.request.requester.name

    @cached_property
    def why_you(self) -> str:
        return self.ask.why_you or why_you(self.session, self.request, self.advocate)

    @property
    def questions(self) -> list[str]:
        return [line.strip() for line in self.request.questions.splitlines() if line.strip()]

    @property
    def anonymous_description(self) -> str:
        return anonymous_description(self.advocate)

    @cached_property
    def budget(self) -> BudgetStatus:
        return budgets.budget_status(self.session, [self.advocate], self.ask.kind, self.ask.minutes)[
            self.advocate.id
        ]

    @property
    def is_talk(self) -> bool:
        return self.ask.kind in TALKS

    @cached_property
    def rest_days(self) -> int:
        return ask_rules(self.session).of(self.ask.kind).rest_days

    @property
    def call_page(self) -> str:
        meeting = self.meeting
        version = meeting.link_version if meeting else 1
        made = links.token(
            CallLinkPurpose.CALL, self.ask.tenant_id, meeting.id if meeting else self.ask.id, version
        )
        return url_for("advocate_call.show", token=made)
