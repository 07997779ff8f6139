"""The sentences on a request's page: what is asked, who was asked, who sees the name, what an act will do."""

from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import links, regions
from portal.advocates.labels import LANGUAGES, PERSONA, kind_name
from portal.asks.labels import reason_sentence
from portal.asks.models import AskKind, AskState
from portal.badges import StatusBadge
from portal.i18n import mark
from portal.number_words import first_number_word
from portal.references import labels
from portal.references.link_purposes import CallLinkPurpose
from portal.references.matching import advocate_description
from portal.references.matching.candidate_list import CandidateRow
from portal.references.models import Meeting, MeetingAnswer, MeetingState
from portal.references.requests.request_detail import AskDetail, RequestDetail
from portal.settings import Settings
from portal.web.access import can_open
from portal.web.filters import day, moment, money

# to the rep whose request it is, and about that rep
ROLE_ONLY = (
    mark("Even after a yes, you see only the role, industry and company size."),
    mark("Even after a yes, %(rep)s sees only the role, industry and company size."),
)
ROLE_BEFORE_YES = (
    mark("Until a customer says yes, you see only “%(example)s”."),
    mark("Until a customer says yes, %(rep)s sees only “%(example)s”."),
)
NAME_AFTER_YES = (
    mark("%(name)s said yes, so you see the name."),
    mark("%(name)s said yes, so %(rep)s sees the name."),
)


def _rated(answer: MeetingAnswer, *, for_desk: bool) -> str:
    """Prospect: 5 of 5, “Just what we needed.” The line of their own was promised to the desk alone."""
    said = _("%(side)s: %(rating)s of 5", side=labels.SIDE_NAMES[answer.side], rating=answer.rating)
    return f"{said}, “{answer.text}”" if answer.text and for_desk else f"{said}."


@dataclass(frozen=True)
class RequestPresenter:
    page: RequestDetail

    @property
    def summary(self) -> str:
        request = self.page.request
        blanks = {
            "rep": request.requester.name,
            "minutes": self.page.favor_minutes,
            "day": day(request.needed_by),
        }
        if request.kind is AskKind.CALL:
            return _("A %(minutes)s-minute call, requested by %(rep)s. Needed by %(day)s.", **blanks)
        kind = kind_name(request.kind)
        return _(
            "%(kind)s, requested by %(rep)s. Needed by %(day)s.",
            kind=kind,
            rep=blanks["rep"],
            day=blanks["day"],
        )

    @property
    def waiting_for(self) -> str:
        return labels.waiting_for_text(self.page.request)

    def ask_email_summary(self, one: CandidateRow) -> str:
        request = self.page.request
        return _(
            "%(name)s gets an email: could you help %(prospect)s with a %(kind)s of about %(minutes)s minutes? "
            "It includes their questions and a link to say yes or not now, and is signed with your name.",
            name=one.first or one.name,
            prospect=request.prospect,
            kind=_(request.kind.row.short_name),
            minutes=self.page.favor_minutes,
        )

    @property
    def ending_effect(self) -> str:
        return self._asked_still() or _("No one has been asked yet, so no one else needs to be told.")

    def _asked_still(self) -> str:
        asked = [call for call in self.page.ask_details if not call.is_over]
        if not asked:
            return ""
        return ngettext(
            "We’ll tell the customer we asked that nothing more is needed.",
            "We’ll tell the %(num)d customers we asked that nothing more is needed.",
            len(asked),
        )

    @property
    def outcome_effect(self) -> str:
        heard = _("We’ll tell the customer who helped what it led to.")
        return " ".join(filter(None, (heard, self._asked_still())))

    def candidate_url(self, one: CandidateRow) -> str | None:
        if one.advocate_id is None or not can_open("directory.show"):
            return None
        return url_for("directory.show", advocate_id=one.advocate_id)

    def advocate_url(self, call: AskDetail) -> str | None:
        if not self.page.for_desk or not can_open("directory.show"):
            return None
        return url_for("directory.show", advocate_id=call.ask.advocate_id)

    def ask_badge(self, call: AskDetail) -> StatusBadge:
        return labels.ASK_BADGES[call.ask.state]

    def ask_summary(self, call: AskDetail) -> str:
        ask = call.ask
        if ask.state is AskState.SENT:
            return _("Asked %(when)s, answer due by %(day)s.", when=moment(ask.sent_at), day=day(ask.due_on))
        if ask.state is AskState.DECLINED:
            return reason_sentence(ask) if self.page.for_desk else _("Can’t help this time.")
        if ask.state is AskState.ACCEPTED:
            return self._agreed(call)
        if ask.state is AskState.COMPLETED:
            return self._helped(call)
        return reason_sentence(ask) if self.page.for_desk else ""

    def _agreed(self, call: AskDetail) -> str:
        meeting = call.meeting
        if meeting is None:
            return _("Said yes %(when)s.", when=moment(call.ask.answered_at))
        if meeting.state is MeetingState.SCHEDULED:
            return self._set(meeting)
        if call.slots:
            return ngettext(
                "One time offered.",
                "%(count)s times offered.",
                call.slots,
                count=first_number_word(call.slots),
            )
        return _("Other times requested.")

    def _set(self, meeting: Meeting) -> str:
        who = meeting.prospect_name or self.page.request.prospect
        return _("%(when)s with %(who)s.", when=moment(meeting.starts_at), who=who)

    def _helped(self, call: AskDetail) -> str:
        when = _("Done %(when)s.", when=moment(call.ask.completed_at))
        rated = [answer for answer in call.answers if answer.rating]
        return " ".join([when, *(_rated(answer, for_desk=self.page.for_desk) for answer in rated)])

    @property
    def slot_link(self) -> str:
        offered = self.page.offered
        if offered is None or offered.meeting is None or not self.page.can_share_link:
            return ""
        meeting = offered.meeting
        made = links.token(CallLinkPurpose.SLOT, meeting.tenant_id, meeting.id, meeting.link_version)
        settings: Settings = current_app.config["SETTINGS"]
        return settings.public_url.rstrip("/") + url_for("prospect_call.show", token=made)

    @property
    def facts(self) -> list[tuple[str, str]]:
        request, deal = self.page.request, self.page.request.deal
        return [
            (
                _("Deal"),
                ", ".join(part for part in (deal.name, money(deal.amount_cents, deal.currency)) if part)
                if deal
                else "",
            ),
            (_("Stage"), deal.stage if deal else ""),
            (_("Product"), request.product),
            (_("Competitor"), request.competitor),
            (_("Industry"), request.industry),
            (
                _("Region"),
                _("Any (requested: %(region)s)", region=_(regions.region_name(request.region)))
                if request.region_relaxed
                else _(regions.region_name(request.region) or "-")
                if request.region
                else "",
            ),
            (_("Use case"), request.use_case),
            (_("Wants to hear from"), str(PERSONA.get(request.persona, ""))),
            (_("Size"), request.company_size),
            (_("Language"), str(LANGUAGES.get(request.language, request.language))),
            (_("How many"), str(request.references_needed) if request.references_needed > 1 else ""),
            (_("Will join"), self._who_talks()),
            (_("Outcome"), self._outcome()),
            (_("Notes"), request.notes),
        ]

    def _who_talks(self) -> str:
        """The desk also sees where the times are sent."""
        request = self.page.request
        address = request.contact_email if self.page.for_desk else ""
        return ", ".join(filter(None, (request.contact_name, address)))

    def _outcome(self) -> str:
        request = self.page.request
        if request.outcome is None:
            return ""
        amount = money(request.outcome_cents, request.outcome_currency)
        return ", ".join(part for part in (str(labels.OUTCOMES[request.outcome]), amount) if part)

    @property
    def name_visibility_text(self) -> str:
        request = self.page.request
        if request.off_platform:
            return _(
                "Only program managers can see who helped. %(rep)s already knows.", rep=request.requester.name
            )
        last = _("%(prospect)s never sees an address.", prospect=request.prospect)
        return f"{self._visible_to_rep()} {last}"

    def _visible_to_rep(self) -> str:
        names = [
            call.name
            for call in self.page.ask_details
            if advocate_description.is_name_visible(call.ask, True)
        ]
        if not self.page.service_levels.name_after_yes:
            texts = ROLE_ONLY
        else:
            texts = NAME_AFTER_YES if names else ROLE_BEFORE_YES
        text = texts[0 if self.page.is_mine else 1]
        example = self._example() if texts is ROLE_BEFORE_YES else ""
        return _(text, rep=self.page.request.requester.name, name=names[-1] if names else "", example=example)

    def _example(self) -> str:
        if self.page.asks:
            return advocate_description.anonymous_description(self.page.asks[-1].advocate)
        if self.page.candidate_list and self.page.candidate_list.best:
            return self.page.candidate_list.best[0].anonymous_description
        return _("VP IT, industrials, 20,000+ employees")

    @property
    def has_endings(self) -> bool:
        return self.page.can("WITHDRAW") or (self.page.for_desk and self.page.can("MARK_DUPLICATE"))
