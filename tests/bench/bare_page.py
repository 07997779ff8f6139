"""A page without any of us: Flask, one query, one line of HTML. Granian serves it as `tests.bench.bare_page:app`."""

import os

from flask import Flask
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"])


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.get("/<int:number>")
def show(number: int) -> str:
    with engine.connect() as connection:
        title = connection.scalar(text("SELECT 'Event ' || CAST(:number AS text)"), {"number": number})
    return f"<!doctype html><title>{title}</title><h1>{title}</h1>"
