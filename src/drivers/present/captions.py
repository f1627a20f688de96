"""What stands above a table, so that it can be read alone."""

from __future__ import annotations

from dataclasses import replace

from drivers.analyses.agreement import TeamAgreement
from drivers.analyses.budget import BudgetSplit
from drivers.analyses.change import WaveChange
from drivers.analyses.comparison import OutcomeComparison
from drivers.analyses.diagnosis import DriverChecks
from drivers.analyses.halo import RatingHalo
from drivers.analyses.measures import LoyaltyMeasures
from drivers.analyses.missing import MissingSensitivity
from drivers.analyses.paths import PathModel
from drivers.analyses.promoter import NetPromoter
from drivers.analyses.quality import AnswerQuality
from drivers.analyses.reliability import BatteryReliability
from drivers.analyses.screening import AnswerScreening
from drivers.analyses.spending import SpendingLink
from drivers.analyses.stated import StatedImportance
from drivers.analyses.team_link import TeamLink
from drivers.analyses.watchlist import EarlyWarning
from drivers.analyses.weighting import WeightReport
from drivers.present.language import Language
from drivers.present.printing import Printed
from drivers.present.verbs import table
from drivers.wording import Sentence, sentence

_CAPTIONS: dict[type, Sentence] = {
    TeamAgreement: sentence("How far members of a team agree"),
    BudgetSplit: sentence("How the budget is best divided"),
    WaveChange: sentence("What changed since the earlier wave"),
    OutcomeComparison: sentence("The ranking under other views of satisfaction"),
    DriverChecks: sentence("Checks, their outcome and what to do"),
    RatingHalo: sentence("The ranking beyond the general impression"),
    LoyaltyMeasures: sentence("Measures of satisfaction and loyalty"),
    MissingSensitivity: sentence("How much missing answers matter"),
    PathModel: sentence("How blocks of questions act on one another"),
    NetPromoter: sentence("Who would recommend"),
    AnswerQuality: sentence("Answers to each question"),
    BatteryReliability: sentence("How well the items of a battery go together"),
    AnswerScreening: sentence("Questionnaires that stand out"),
    SpendingLink: sentence("What goes with spending"),
    StatedImportance: sentence("What customers call important, and what goes with satisfaction"),
    TeamLink: sentence("Results of teams and the satisfaction of their members"),
    EarlyWarning: sentence("Organisations to call first"),
    WeightReport: sentence("Customers in the survey and in the population"),
}


def titled(result: object, language: Language) -> Printed:
    """The table of a result under its caption."""
    return captioned(table(result, language), _CAPTIONS[type(result)], language)


def captioned(printed: Printed, caption: Sentence, language: Language) -> Printed:
    """The table under this caption."""
    return replace(printed, caption=language.say(caption))
