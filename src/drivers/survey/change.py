"""Change: what a wave knows of the mix of its customers, and of the plan that reached some of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from drivers.client import Client, Problem
from drivers.client.change import Change
from drivers.client.problems import nearest_name
from drivers.survey.codes import CodeReader, code_text
from drivers.survey.segments import Segmentation, read_segments


@dataclass(frozen=True, slots=True, eq=False)
class ChangeTerms:
    """How a wave is to be compared with those before it.

    Attributes
    ----------
    before
        Name of the wave to compare with; None for the first one.
    plan_wave
        Name of the first wave after the plan; None without a plan.
    after_plan
        Whether this wave is that one or a later one.
    mix
        Groups of customers whose shares may differ between waves, by column.
    reached
        Column of the answers that is 1 for customers whom the plan reaches; None without a plan.
    rates
        Columns of the answers, 1 or 0, whose shares are compared.
    rollout
        The units by which the plan was rolled out; None when customer by customer.
    units
        Texts (n,), who answered (or in which cluster), the same in every wave; empty where a row does not say; None
        where the client file names no column for it.
    """

    before: str | None = None
    plan_wave: str | None = None
    after_plan: bool = False
    mix: Mapping[str, Segmentation] = field(default_factory=lambda: MappingProxyType({}))
    reached: str | None = None
    rates: tuple[str, ...] = ()
    rollout: Segmentation | None = None
    units: np.ndarray | None = None

    def rows(self, chosen: np.ndarray) -> ChangeTerms:
        """The same of these respondents only. `chosen` is boolean, (n,)."""
        return replace(
            self,
            mix=MappingProxyType({column: groups.rows(chosen) for column, groups in self.mix.items()}),
            rollout=None if self.rollout is None else self.rollout.rows(chosen),
            units=None if self.units is None else self.units[chosen],
        )


def read_change(
    client: Client, reader: CodeReader, labels: Mapping[str, str], wave: str | None, waves: Sequence[str]
) -> ChangeTerms | None:
    """How is this wave to be compared? None where the client file has no [change].

    Raises
    ------
    ConfigError
        When the survey has no wave of a name in [change].
    """
    stated = client.change
    if stated is None:
        return None
    _check_waves(client, stated, waves)
    plan_wave = (stated.plan_wave or waves[-1]) if stated.reached else None
    place, planned = (waves.index(w) if w in waves else len(waves) for w in (wave or "", plan_wave or ""))
    after_plan = plan_wave is not None and place >= planned
    usual = (planned if after_plan else place) - 1
    before = stated.before or (waves[usual] if usual >= 0 else None)
    rollout = read_segments([stated.rollout], reader, labels)[stated.rollout] if stated.rollout else None
    return ChangeTerms(
        before=before if before in waves[:place] else None,
        plan_wave=plan_wave,
        after_plan=after_plan,
        mix=read_segments(stated.mix, reader, labels),
        reached=stated.reached,
        rates=tuple(stated.rates),
        rollout=rollout,
        units=_units(client, reader),
    )


def _check_waves(client: Client, stated: Change, waves: Sequence[str]) -> None:
    for key in ("before", "plan_wave"):
        name = getattr(stated, key)
        if name is not None and name not in waves:
            text = f'the survey has no wave "{name}"; it has {", ".join(waves)}. {nearest_name(name, waves)}'
            raise client.error(Problem(("change", key), text))
    plan = stated.plan_wave or waves[-1]
    if stated.reached and stated.before in waves and waves.index(stated.before) >= waves.index(plan):
        text = f'is "{stated.before}", when the plan was there ({plan}); expected a wave before it.'
        raise client.error(Problem(("change", "before"), text))


def _units(client: Client, reader: CodeReader) -> np.ndarray | None:
    column = client.survey.cluster or client.survey.respondent
    if column is None:
        return None
    return np.asarray(reader.table.frame[column].map(code_text, na_action="ignore").fillna("").astype(str).to_numpy())
