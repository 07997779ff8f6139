"""What templates draw with: icons, curves, form problems, addresses, the workspace's brand."""

from flask import Flask

from portal.web import brand
from portal.web.charts import trend_curve
from portal.web.form_errors import aria_attributes, field_problems
from portal.web.icons import icon
from portal.web.page_urls import came_from, same_page


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        icon=icon,
        curve=trend_curve,
        same_page=same_page,
        came_from=came_from,
        problems=field_problems,
        ties=aria_attributes,
        brand_css=brand.stylesheet_address,
        brand_logo=brand.logo_address,
    )
