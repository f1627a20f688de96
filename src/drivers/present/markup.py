"""The templates of the suite's own pages: every value that is put into one is escaped."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, Template


def template(name: str) -> Template:
    """The template of this file name under present/templates.

    Raises
    ------
    jinja2.TemplateNotFound
        Where there is none.
    """
    return _environment().get_template(name)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(autoescape=True, loader=PackageLoader("drivers.present"), trim_blocks=True, lstrip_blocks=True)
