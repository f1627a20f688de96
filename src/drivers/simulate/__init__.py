"""Surveys with a known truth: sample clients, and what a correct analysis of them must find."""

from drivers.simulate.noordzee import noordzee_population
from drivers.simulate.sample import SEED, write_sample
from drivers.simulate.truth import Truth, noordzee_truth
from drivers.simulate.waves import noordzee_survey

__all__ = ["SEED", "Truth", "noordzee_population", "noordzee_survey", "noordzee_truth", "write_sample"]
