"""What the program of events lists of the door."""

from portal.events.door import attendance_views, join_views, link_views, offline_views, views

BLUEPRINTS = (offline_views.bp, views.bp, join_views.bp, link_views.bp, attendance_views.bp)
