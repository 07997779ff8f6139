"""Every blueprint, in one list. A program brings its own."""

from flask import Blueprint

from portal.advocates.join_views import bp as joining
from portal.advocates.nomination_views import bp as nominations
from portal.advocates.views import bp as advocates
from portal.asks.answering.views import bp as answers
from portal.asks.views import bp as asks
from portal.campaigns.views import bp as campaigns
from portal.custom_fields.views import bp as custom_fields
from portal.directory.account_views import bp as accounts
from portal.directory.address_confirmation_views import bp as new_address
from portal.directory.advocate_action_views import bp as person
from portal.directory.attribute_statement_views import bp as attribute_statements
from portal.directory.consent_request_views import bp as consent_requests
from portal.directory.correction_views import bp as correction
from portal.directory.deal_views import bp as deals
from portal.directory.invitation_views import bp as invitations_to_enroll
from portal.directory.leaving_views import bp as leaving
from portal.directory.own_name_views import bp as own_name
from portal.directory.people_list_views import bp as people_lists
from portal.directory.segment_asks_views import bp as segment_asks
from portal.directory.segment_views import bp as segments
from portal.directory.views import bp as people_directory
from portal.exports.views import bp as exports
from portal.home.coming_up_views import bp as coming_up
from portal.home.views import bp as home
from portal.imports.views import bp as imports
from portal.lists.bulk_views import bp as bulk_actions
from portal.lists.views import bp as lists
from portal.metrics.views import bp as metrics
from portal.outreach.consent_requests.views import bp as consent_answers
from portal.outreach.messages.bulk_views import bp as bulk_emails
from portal.outreach.messages.old_address_views import bp as old_email_addresses
from portal.outreach.messages.send_test_email_views import bp as test_emails
from portal.outreach.messages.views import bp as emails
from portal.outreach.preferences.views import bp as preferences
from portal.outreach.senders.views import bp as senders
from portal.outreach.sequences.answer_views import bp as sequence_answers
from portal.outreach.sequences.plan_views import bp as plans
from portal.outreach.sequences.views import bp as sequences
from portal.outreach.suppressions.unsubscribe_views import bp as unsubscribe
from portal.outreach.suppressions.views import bp as suppressions
from portal.outreach.templates.own_template_views import bp as own_emails
from portal.outreach.templates.preview_views import bp as previews
from portal.outreach.templates.version_views import bp as versions
from portal.outreach.templates.views import bp as texts
from portal.programs import PROGRAMS
from portal.signin.resend_views import bp as links
from portal.signin.views import bp as signin
from portal.tags.views import bp as tags
from portal.web import brand_views, health_views
from portal.webhooks.views import bp as webhooks
from portal.workspace.address_collision_views import bp as collisions
from portal.workspace.failed_message_views import bp as failed_messages
from portal.workspace.invitation_views import bp as invitations
from portal.workspace.people_views import bp as people
from portal.workspace.policy_views import bp as policies
from portal.workspace.program_views import bp as programs
from portal.workspace.views import bp as workspace

BLUEPRINTS: list[Blueprint] = [
    brand_views.bp,
    health_views.bp,
    emails,
    bulk_emails,
    lists,
    bulk_actions,
    old_email_addresses,
    texts,
    test_emails,
    previews,
    versions,
    own_emails,
    sequences,
    sequence_answers,
    plans,
    suppressions,
    unsubscribe,
    failed_messages,
    webhooks,
    senders,
    signin,
    links,
    invitations,
    workspace,
    people,
    policies,
    programs,
    tags,
    custom_fields,
    attribute_statements,
    collisions,
    joining,
    advocates,
    preferences,
    consent_answers,
    nominations,
    leaving,
    people_directory,
    segments,
    people_lists,
    segment_asks,
    person,
    consent_requests,
    correction,
    new_address,
    own_name,
    invitations_to_enroll,
    accounts,
    campaigns,
    deals,
    asks,
    answers,
    imports,
    exports,
    metrics,
    home,
    coming_up,
    *(pages for program in PROGRAMS for pages in program.blueprints),
]
