"""The what-if panel: a slider for each driver in a notebook, and what goes with the change, from `simulate_plan`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets
import pandas as pd
from markupsafe import Markup

from drivers.analyses.findings import Findings
from drivers.analyses.scenario import SimulatedPlan
from drivers.analyses.whatif import simulate_plan
from drivers.errors import EstimationError
from drivers.present.language import Language
from drivers.present.parts import table_html
from drivers.present.verbs import explain, table
from drivers.wording import sentence

_STEP, _DIGITS = 0.05, 2  # scale points of one move of a slider; a browser sends 1e-15 for none
_NAME, _SLIDER, _MEANS = "30%", "34%", "30%"  # widths


class WhatIfPanel(widgets.VBox):  # type: ignore[misc]
    """Sliders for the drivers above the numbers that go with them.

    Attributes
    ----------
    sliders
        One a driver: scale points by which its mean changes, from the lowest to the highest that its scale allows.
    reset
        The button that sets every slider to no change.
    answer
        What goes with the change, as HTML.
    result
        The same as `simulate_plan` gives it; None while the change goes further than the answers allow.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings, self._language = findings, Language(findings.language, findings.currency)
        self.result: SimulatedPlan | None = simulate_plan(findings, {})  # says so where there is nothing to simulate
        given = findings.what_if
        rows = {} if given is None else {str(row["driver"]): row for _, row in given.table.iterrows()}
        self.sliders: Mapping[str, Any] = {driver: _slider(row) for driver, row in rows.items()}
        self.reset = widgets.Button(description=self._language.say("Reset"), icon="undo")
        self.answer = widgets.HTML()
        self._means = {driver: widgets.HTML(layout=widgets.Layout(width=_MEANS)) for driver in rows}
        self._rows = rows
        lines = [
            widgets.HBox([_text(str(row["label"])), self.sliders[driver], self._means[driver]])
            for driver, row in rows.items()
        ]
        super().__init__([*lines, self.reset, self.answer])
        for slider in self.sliders.values():
            slider.observe(self._changed, names="value")
        self.reset.on_click(self._cleared)
        self._show()

    @property
    def changes(self) -> dict[str, float]:
        """Scale points by which each driver is changed; those without a change are left out."""
        moved = {driver: round(slider.value, _DIGITS) for driver, slider in self.sliders.items()}
        return {driver: change for driver, change in moved.items() if change}

    def _changed(self, _: object) -> None:
        self._show()

    def _cleared(self, _: object) -> None:
        for slider in self.sliders.values():
            slider.value = 0.0

    def _show(self) -> None:
        changes = self.changes
        for driver, row in self._rows.items():
            self._means[driver].value = str(Markup("{}").format(self._moved(row, changes.get(driver, 0.0))))
        try:
            self.result = simulate_plan(self._findings, changes)
            self.answer.value = self._answered(self.result)
        except EstimationError as error:
            self.result = None
            self.answer.value = _paragraphs([self._language.say(error.reason)])

    def _moved(self, row: pd.Series, change: float) -> str:
        """Mean of a driver today and with the change."""
        if not change:
            return self._language.format_field(row["mean"], "number2")
        values = {"mean": row["mean"], "after": row["mean"] + change, "change": change}
        return self._language.say("{mean:number2} → {after:number2} ({change:signed2})", **values)

    def _answered(self, result: SimulatedPlan) -> str:
        lines = explain(result) if self.changes else ()
        said = [self._language.say(line) for line in lines]
        body = Markup(_paragraphs([*said, self._today()])) + table_html(table(result, self._language))
        return str(body + Markup("<p><small>{}</small></p>").format(self._language.say(result.method)))

    def _today(self) -> str:
        given = self._findings.what_if
        if given is None:
            return ""
        now = given.now.iloc[0]
        values = {"mean": now["mean_satisfaction"], "kept": now["yearly_retention"]}
        return self._language.say(sentence(_TODAY if self.changes else _START, **values))


_TODAY = "Today: mean satisfaction {mean:number2}; {kept:percent1} of the customers stay a year."
_START = (
    "Today: mean satisfaction {mean:number2}; {kept:percent1} of the customers stay a year. Move a slider: the table "
    "shows what goes with the change."
)


def what_if_panel(findings: Findings) -> WhatIfPanel:
    """What goes with a change of the drivers, slider by slider?

    Every number in the panel is that of ``simulate_plan(findings, changes)`` for the changes on its sliders.

    Raises
    ------
    EstimationError
        When the findings put no amount on drivers.
    """
    return WhatIfPanel(findings)


def _slider(row: pd.Series) -> Any:  # noqa: ANN401 - widgets have no types
    """A slider between the ends of the driver's scale, in whole steps from no change."""
    return widgets.FloatSlider(
        value=0.0,
        min=-_STEP * math.floor((row["mean"] - row["scale_low"]) / _STEP + 1e-9),
        max=_STEP * math.floor((row["scale_high"] - row["mean"]) / _STEP + 1e-9),
        step=_STEP,
        readout=False,
        tooltip=str(row["label"]),
        layout=widgets.Layout(width=_SLIDER),
    )


def _text(label: str) -> Any:  # noqa: ANN401 - widgets have no types
    """A label as plain text: neither HTML nor formulas in it come to life."""
    return widgets.HTML(str(Markup("{}").format(label)), layout=widgets.Layout(width=_NAME))


def _paragraphs(lines: list[str]) -> str:
    return str(Markup("").join(Markup("<p>{}</p>").format(line) for line in lines))
