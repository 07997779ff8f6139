"""What templates draw with: icons, curves, form problems, addresses, the workspace's brand."""

from flask import Flask

from portal.web import brand
from portal.web.addresses import came_from, same_page
from portal.web.charts import curve
from portal.web.fields import problems, ties
from portal.web.icons import icon


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        icon=icon,
        curve=curve,
        same_page=same_page,
        came_from=came_from,
        problems=problems,
        ties=ties,
        brand_css=brand.stylesheet_address,
        brand_logo=brand.logo_address,
    )
