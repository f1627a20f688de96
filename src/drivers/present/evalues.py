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
    turned = row["risk_ratio"] > 1  # satisfied customers leave more often
    if row["comparison"] == "groups":
        return (sentence(_E_GROUPS_TURNED if turned else _E_GROUPS, **values),)
    return (sentence(_E_POINT_TURNED if turned else _E_POINT, **values),)


_E_GROUPS = (
    "Only a hidden cause that makes both dissatisfaction and leaving {value:number1} times as likely could by itself "
    "explain the gap between satisfied and dissatisfied customers; from {limit:number1} times on the gap would no "
    "longer be shown (E-values)."
)
_E_POINT = (
    "Only a hidden cause that makes both one point less of satisfaction and leaving {value:number2} times as likely "
    "could by itself explain this link; from {limit:number2} times on it would no longer be shown (E-values)."
)
_E_GROUPS_TURNED = (
    "Only a hidden cause that makes both satisfaction and leaving {value:number1} times as likely could by itself "
    "explain the gap between satisfied and dissatisfied customers; from {limit:number1} times on the gap would no "
    "longer be shown (E-values)."
)
_E_POINT_TURNED = (
    "Only a hidden cause that makes both one point more of satisfaction and leaving {value:number2} times as likely "
    "could by itself explain this link; from {limit:number2} times on it would no longer be shown (E-values)."
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
