"""Every room of the house, in one list."""

from flask import Blueprint

from portal.advocates.join_views import bp as joining
from portal.advocates.preference_views import bp as preferences
from portal.advocates.views import bp as advocates
from portal.demo.clock_views import bp as clock
from portal.demo.doors import bp as doors
from portal.demo.mailbox import bp as mailbox
from portal.metrics.views import bp as metrics
from portal.signin.views import bp as signin
from portal.web import brand, health
from portal.workspace.invitation_views import bp as invitations
from portal.workspace.people_views import bp as people
from portal.workspace.policy_views import bp as policies
from portal.workspace.views import bp as workspace

BLUEPRINTS: list[Blueprint] = [
    brand.bp,
    health.bp,
    signin,
    invitations,
    workspace,
    people,
    policies,
    joining,
    advocates,
    preferences,
    metrics,
]
MAILBOX: list[Blueprint] = [mailbox, clock]  # demo and development
DEMO_ONLY: list[Blueprint] = [doors]
