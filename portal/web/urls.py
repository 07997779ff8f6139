"""Addresses: the workspace comes off the path and goes back on, so that no view or page names it."""

from typing import Any

from flask import Flask, current_app, g


def init_app(app: Flask) -> None:
    app.url_value_preprocessor(_take_workspace)
    app.url_defaults(_put_workspace)


def _take_workspace(endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None:
        g.slug = values.pop("workspace", None)


def _put_workspace(endpoint: str, values: dict[str, Any]) -> None:
    if "workspace" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "workspace"):
        here = g.get("tenant")
        values["workspace"] = g.get("slug") or (here.slug if here else None)


def reserved_slugs(app: Flask) -> frozenset[str]:
    firsts = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    return frozenset(first for first in firsts if first and "<" not in first) | {
        "static",
        "assets",
        "api",
        "admin",
        "mailbox",
        "demo",
    }
