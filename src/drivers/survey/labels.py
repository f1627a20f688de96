"""Labels: the printed name of each column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from drivers.client import Client
from drivers.survey.table import SurveyTable

OUTCOME = "satisfaction"
"""Column of the answers for the mean of several satisfaction columns."""
LEFT = "left"
"""Column of the answers that is 1 for who left and 0 for who stayed."""
EVENT = "event"
"""Column of the answers that is 1 for who left at the end of the time followed and 0 for who was still there."""

_INDEX = {"en": "Satisfaction", "nl": "Tevredenheid"}
_EVENT = {"en": "Left at the end of the time followed", "nl": "Vertrokken aan het eind van de gevolgde tijd"}
_LEFT = {"en": "Left within {months:g} months", "nl": "Vertrokken binnen {months:g} maanden"}


def column_labels(client: Client, table: SurveyTable) -> dict[str, str]:
    """How is each column printed: by the client file's label, else the survey file's, else its own name?

    Only columns with a label are in it.
    """
    labels = {column: _clean(label) for column, label in table.variable_labels.items() if _clean(label)}
    labels |= {column: _clean(label) for column, label in client.survey.segment_labels.items()}
    labels |= {column: _clean(item.label) for column, item in client.drivers.items.items() if item.label}
    labels |= {column: _clean(label) for column, label in _case_labels(client).items()}
    columns = client.satisfaction.columns
    if len(columns) > 1:
        labels[OUTCOME] = _INDEX[client.language]
    if client.satisfaction.label:
        labels[OUTCOME if len(columns) > 1 else columns[0]] = _clean(client.satisfaction.label)
    if client.loyalty and client.loyalty.intention and client.loyalty.intention_label:
        labels[client.loyalty.intention] = _clean(client.loyalty.intention_label)
    if client.loyalty and client.loyalty.nps and client.loyalty.nps_label:
        labels[client.loyalty.nps] = _clean(client.loyalty.nps_label)
    if client.loyalty and client.loyalty.effort and client.loyalty.effort_label:
        labels[client.loyalty.effort] = _clean(client.loyalty.effort_label)
    if client.loyalty and client.loyalty.spending and client.loyalty.spending_label:
        labels[client.loyalty.spending] = _clean(client.loyalty.spending_label)
    if client.loyalty and client.loyalty.event:
        labels[EVENT] = _EVENT[client.language]
    if client.loyalty and client.leaving_column:
        labels[LEFT] = _LEFT[client.language].format(months=client.loyalty.period_months)
    return labels


def _case_labels(client: Client) -> dict[str, str]:
    """What the tables of the cases call their columns."""
    return {
        **(client.change.labels if client.change else {}),
        **(client.choice.control_labels if client.choice else {}),
        **(client.contracts.column_labels if client.contracts else {}),
    }


def distinct_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """The same labels, with the column in brackets where two columns would be printed alike."""
    times = Counter(labels.values())
    return {column: f"{label} ({column})" if times[label] > 1 else label for column, label in labels.items()}


def _clean(label: str) -> str:
    return " ".join(label.split())
