"""The whole slice, as five people live it: joining, importing, asking, answering, talking, and what came of it."""

from dataclasses import dataclass, field
from datetime import timedelta

from portal.imports.models import ImportKind
from tests.e2e import admin, calls, clock, customer, manager, metrics, prospect, rep
from tests.e2e.day import Day
from tests.e2e.files import Cast, Files
from tests.e2e.people import Crowd, Person

COLLEAGUES = ("Ines Albrecht", "Dana Okafor", "Noor Haddad")


@dataclass
class Story:
    day: Day
    crowd: Crowd
    files: Files
    cast: Cast = field(init=False)

    def __post_init__(self) -> None:
        self.cast = self.files.cast()
        self.joiner, self.busy, self.silent = self.cast.customers
        self.ines, self.dana, self.noor = (
            self._colleague(name) for name in ("Ines Albrecht", "Dana Okafor", "Noor Haddad")
        )
        self.ada = self.crowd.on_a_phone(self.joiner.name, self.joiner.email)
        self.bruno = self.crowd.on_a_phone(self.busy.name, self.busy.email)
        self.kim = self.crowd.at_a_desk("Kim Novak", f"kim@{self.day.slug}-prospect.example")

    def _colleague(self, name: str) -> Person:
        first, _, _ = name.partition(" ")
        return self.crowd.at_a_desk(name, f"{first.lower()}@{self.day.slug}.example")

    def play(self) -> None:
        self.a_workspace_is_made()
        self.colleagues_join()
        self.customers_are_imported()
        self.customers_join()
        self.a_reference_is_asked_for()
        self.one_says_no_another_yes()
        self.they_talk()
        self.it_is_delivered()
        self.it_shows_in_the_figures()

    # 1

    def a_workspace_is_made(self) -> None:
        clock.jumps_to(self.ines, clock.next_tuesday_at_ten(self.day.demo.now))
        given = ("--slug", self.day.slug, "--name", self.day.name, "--admin", self.ines.email)
        for _ in range(2):  # safe to repeat
            self.day.demo.flask("workspace", "create", *given, "--admin-name", self.ines.name)
        admin.joins(self.ines, self.day.name)

    def colleagues_join(self) -> None:
        admin.says_where_we_are(self.ines, self.day.slug)
        for colleague, role in ((self.dana, "manager"), (self.noor, "rep")):
            admin.invites(self.ines, colleague, role)
            admin.joins(colleague, self.day.name)

    # 2

    def customers_are_imported(self) -> None:
        counts = self.files.counts
        manager.imports(self.dana, self.files, ImportKind.ACCOUNTS, f"{counts.companies} companies imported")
        manager.imports_people(self.dana, self.files, self.day)
        manager.reads_what_became_of_people(self.dana, self.files)
        manager.imports(self.dana, self.files, ImportKind.DEALS, f"{counts.deals} deals imported")
        manager.looks_around(self.dana, self.files, self.busy)

    # 3

    def customers_join(self) -> None:
        """Invitations wait for the readers' office hours: at five in Berlin all of the customers are at work."""
        clock.jumps_to(self.ines, clock.same_day_at_five(self.day.demo.now))
        manager.invites(self.dana, self.busy, self.silent)
        customer.asks_to_join(self.ada, self.day.slug, self.joiner)
        manager.sees_nobody_enrolled(self.dana)
        customer.confirms(self.ada, self.day.name)
        customer.accepts_invitation(self.bruno, self.day.name, self.busy)
        manager.sees_enrolled(self.dana, self.joiner, "Reference calls", "My name in writing")
        manager.sees_enrolled(self.dana, self.busy, "Reference calls", "Reviews")

    # 4

    def a_reference_is_asked_for(self) -> None:
        rep.files_request(self.noor, self.cast.deal, self.kim)
        rep.sees_candidates_without_names(self.noor, self.joiner, self.busy)

    def one_says_no_another_yes(self) -> None:
        prospect = self.cast.deal["Prospect"]
        manager.opens_request(self.dana, prospect)
        manager.asks(self.dana, self.busy)
        customer.opens_the_ask(self.bruno, prospect)
        customer.says_not_now(self.bruno)
        with self.day.the_ask_email():
            manager.opens_request(self.dana, prospect)
            manager.asks(self.dana, self.joiner)
            manager.invites_a_page_of_candidates(self.dana)
        customer.opens_the_ask(self.ada, prospect)
        customer.says_yes_with_three_times(self.ada)

    def they_talk(self) -> None:
        page = prospect.picks_the_first_time(self.kim, self.day.name, self.joiner.email)
        theirs = customer.finds_the_call(self.kim, self.ada.name)
        hers = customer.finds_the_call(self.ada, self.kim.name)
        calls.are_the_same(page, theirs, hers)
        calls.name_only(theirs, self.kim.email, never=self.joiner.email)
        calls.name_only(hers, self.joiner.email, never=self.kim.email)
        clock.jumps_to(self.ines, calls.ends_at(hers) + timedelta(hours=2, minutes=5))

    def it_is_delivered(self) -> None:
        prospect = self.cast.deal["Prospect"]
        customer.tells_how_it_was(self.ada, self.kim.name, "Good questions, well prepared.")
        customer.tells_how_it_was(self.kim, self.ada.name, "Just what we needed to hear.")
        rep.reads_email(self.noor, f"Delivered: the reference for {prospect}", "Record the outcome")
        manager.opens_request(self.dana, prospect, among="Ended")
        manager.records_outcome(self.dana)
        rep.sees_how_it_ended(self.noor, prospect, self.joiner)
        self.ada.finds_email(f"You helped: {prospect} chose {self.day.name}")

    # 5

    def it_shows_in_the_figures(self) -> None:
        metrics.opens(self.dana)
        metrics.reads_figures(self.dana)
        metrics.opens_the_rows(self.dana, "Reference fulfillment", self.cast.deal["Prospect"])
