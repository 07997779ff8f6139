"""What templates draw with: icons, curves, the errors of forms, addresses, the workspace's brand."""

from flask import Flask

from portal.web import brand_views
from portal.web.charts import trend_curve
from portal.web.form_errors import aria_attributes, field_errors
from portal.web.icons import icon
from portal.web.menu import advocate_menu, member_menu
from portal.web.page_urls import current_url, previous_url


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        icon=icon,
        trend_curve=trend_curve,
        current_url=current_url,
        previous_url=previous_url,
        field_errors=field_errors,
        aria_attributes=aria_attributes,
        member_menu=member_menu,
        advocate_menu=advocate_menu,
        brand_css=brand_views.stylesheet_address,
        brand_logo=brand_views.logo_address,
    )
