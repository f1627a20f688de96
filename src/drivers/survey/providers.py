"""The survey of client organisations on their providers: read like any survey, under the keys of [providers]."""

from __future__ import annotations

import re

from pydantic.fields import FieldInfo

from drivers.client import Client, Problem
from drivers.client.problems import nearest_name
from drivers.client.providers import Providers
from drivers.client.sections import NPS_SCALE, Drivers, Satisfaction, nested_section
from drivers.client.source import SurveyFile
from drivers.errors import SurveyError
from drivers.survey.survey import Survey
from drivers.survey.table import SurveyTable

_OWN_KEYS = {
    r"satisfaction\.(missing|scale|column)": "providers.nps",
    r"drivers\.(items\.\w+\.)?missing|survey\.missing": "providers.missing",
    r"drivers\.(items\.\w+\.)?scale": "providers.scale",
    r"survey\.weight": "providers.weight",
    r"survey\.cluster": "providers.organisation",
    r"survey\.file": "providers.file",
}


def provider_client(client: Client) -> Client | None:
    """A client file that describes the survey of [providers]; None where the client file has no such table.

    Recommending is its outcome, the attributes are its drivers, the organisation its cluster, the provider its segment.

    Raises
    ------
    ConfigError
        When the file does not exist.
    """
    asked = client.providers
    if asked is None:
        return None
    path = client.path.parent / asked.file
    if not path.is_file():
        text = f'"{asked.file}" does not exist; expected a survey on providers. Check the name.'
        raise client.error(Problem(("providers", "file"), text))
    return client.model_copy(update=_tables(asked, str(path.absolute())))


def surveyed_providers(survey: Survey) -> Survey:
    """What do client organisations say of their providers, in the survey beside this one?

    Raises
    ------
    SurveyError
        When the client file has no [providers].
    """
    if survey.providers is None:
        raise SurveyError(
            "No survey on providers belongs to this one. Add a table [providers] to the client file, as in "
            "data/sample/maasland-verzekeringen/client.toml."
        )
    return survey.providers


def _tables(asked: Providers, file: str) -> dict[str, object]:
    items = {column: {"label": label, "force": True} for column, label in asked.attributes.items()}
    survey = {"file": file, "missing": list(asked.missing), "segments": [asked.provider] if asked.provider else []}
    survey |= {"cluster": asked.organisation} if asked.organisation else {}
    survey |= {"weight": asked.weight} if asked.weight else {}
    optional = {name: field for name, field in Client.model_fields.items() if not field.is_required()}
    return {
        **{name: field.get_default(call_default_factory=True) for name, field in optional.items() if _is_table(field)},
        "minimum_base": 1,
        "survey": SurveyFile.model_validate(survey),
        "satisfaction": Satisfaction.model_validate({"column": asked.nps, "scale": NPS_SCALE}),
        "drivers": Drivers.model_validate({"scale": asked.scale, "items": items}),
    }


def _is_table(field: FieldInfo) -> bool:
    return nested_section(field)[0] is not None


def check_provider_columns(client: Client, asked: Providers, table: SurveyTable) -> None:
    """Refuse a table [providers] that names a column which its file has not.

    Raises
    ------
    ConfigError
        With each such column, its key and line.
    """
    there = [str(column) for column in table.frame.columns]
    problems = [
        Problem(("providers", *key.split(".", 1)), f'{table.source} has no column "{c}". {nearest_name(c, there)}')
        for c, key in asked.columns.items()
        if c not in there
    ]
    if problems:
        raise client.error(*problems)


def in_own_keys(text: str) -> str:
    """An error text of this survey with the keys of [providers] in it."""
    for pattern, key in _OWN_KEYS.items():
        text = re.sub(pattern, key, text)
    return f"[providers] {text}"
