"""Surveys with a known truth: sample clients, and what a correct analysis of them must find."""

from drivers.simulate.noordzee import noordzee_population
from drivers.simulate.outsourcing import vecht_population, vecht_survey
from drivers.simulate.outsourcing_sample import VECHT_SEED, write_vecht
from drivers.simulate.outsourcing_truth import OutsourcingTruth, vecht_truth
from drivers.simulate.sample import SEED, write_sample
from drivers.simulate.truth import Truth, noordzee_truth
from drivers.simulate.waves import noordzee_survey

__all__ = [
    "SEED",
    "VECHT_SEED",
    "OutsourcingTruth",
    "Truth",
    "noordzee_population",
    "noordzee_survey",
    "noordzee_truth",
    "vecht_population",
    "vecht_survey",
    "vecht_truth",
    "write_sample",
    "write_vecht",
]
