"""What a hidden cause would have to be to explain the link to leaving away; completes `explain` and `table`."""

from __future__ import annotations

from drivers.analyses.evalues import LeavingSensitivity
from drivers.present.language import Language
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.tables import ENGLISH, table
from drivers.wording import Sentence, sentence


@explain.register
def _(result: LeavingSensitivity) -> tuple[Sentence, ...]:
    row = result.table.iloc[-1]
    if not row["e_value_limit"] > 1:
        return ()
    values = {"value": row["e_value"], "limit": row["e_value_limit"]}
    return (sentence(_E_GROUPS if row["comparison"] == "groups" else _E_POINT, **values),)


_E_GROUPS = (
    "To explain the gap between satisfied and dissatisfied customers away, a hidden cause would have to go with both "
    "satisfaction and leaving by a factor of {value:number1} in risk; {limit:number1} would be enough for it not to be "
    "shown (E-values)."
)
_E_POINT = (
    "To explain this link away, a hidden cause would have to go with both a point of satisfaction and leaving by a "
    "factor of {value:number2} in risk; {limit:number2} would be enough for it not to be shown (E-values)."
)


@table.register
def _(result: LeavingSensitivity, language: Language = ENGLISH) -> Printed:
    names = [language.say(_COMPARISONS[c]) for c in result.table["comparison"]]
    return printed(
        result.table.assign(comparison=names), ["comparison", "risk_ratio", "e_value", "e_value_limit"], language
    )


_COMPARISONS = {
    "one_point": sentence("One point more satisfied"),
    "groups": sentence("Satisfied with dissatisfied customers"),
}
