"""The structure of the source: who may import whom, what is documented, and what is kept out."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from dataclasses import fields, replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

import drivers
from contract_surveys import contract_survey
from drivers import glossary
from drivers.analyses.codebook import wave_codebook
from drivers.core.raking import Margin, raked_weights
from drivers.glossary import GLOSSARY
from drivers.simulate import noordzee_survey
from drivers.simulate.providers import ATTRIBUTES, providers_survey
from drivers.survey.change import ChangeTerms
from drivers.survey.interviews import Interviews
from drivers.survey.paths import PathPlan
from drivers.survey.sourcing import SourcingPlan
from drivers.survey.survey import Scale
from organisation_surveys import choice_survey
from purchase_histories import purchase_histories
from source_tree import MODULES, ROOT, imports, parsed, project_texts
from staff_files import simulated_staff

MOST_LINES = 300

NEVER_PRINTED = {  # what these refuse is a mistake of who calls them, or ends the run before any report
    "analyses/exclusion.py", "analyses/necessity.py", "analyses/players.py", "analyses/power.py",
    "analyses/questions.py", "analyses/ranking.py", "analyses/segments.py", "core/lifetime.py", "core/moments.py",
    "core/population.py", "core/raking.py", "core/rubin.py", "core/worth.py",
}  # fmt: skip

FORKS = ("batch/server.py", "batch/warm.py")  # a forked process must not run what its parent left for its own end

# What each part may import of the package, besides itself. `drivers` alone is the root: its version, its folder.
BOTTOM = {"errors", "glossary", "wording"}
MAY_IMPORT = {
    "errors": {"wording"},  # a refusal that a report prints is a sentence
    "glossary": set(),
    "wording": set(),
    "core": {"errors", "wording"},
    "client": {"core", *BOTTOM},
    "survey": {"client", "core", *BOTTOM},
    "analyses": {"survey", "client", "core", *BOTTOM},
    "simulate": {"survey", "core", *BOTTOM},
    "present": {"analyses", "survey", "client", *BOTTOM},  # no core: it computes nothing
    "batch": {"present", "analyses", "survey", "client", "core", *BOTTOM},
    "__main__": {"cli"},
    "cli": {"batch", "present", "analyses", "survey", "client", "core", *BOTTOM},
    "schema": {"present", "analyses", "survey", "client", "core", "simulate", *BOTTOM},
    "document_schema": {"schema", "present", "analyses", "survey", "client", "core", *BOTTOM},
    "reference": {"document_schema", "schema", "present", "analyses", "survey", "client", "core", "simulate", *BOTTOM},
    "__init__": set(),
}


def part(module: str) -> str:
    """The part of the package that a module belongs to: its folder, or its own name at the top."""
    return module.removesuffix(".py").split("/")[0]


def imported_part(name: str) -> str | None:
    """The part of the package that an imported name comes from; a public name counts as its home."""
    package, _, rest = name.partition(".")
    if package != "drivers" or rest in ("", "__version__"):
        return None
    inner = rest.split(".")[0]
    return inner if inner in MAY_IMPORT else drivers._HOME[inner].split(".")[1]


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_downward_only(module):
    allowed = {part(module), *MAY_IMPORT[part(module)]}
    found = {name: imported_part(name) for name in imports(module)}
    assert {name: where for name, where in found.items() if where and where not in allowed} == {}


@pytest.mark.parametrize("module", MODULES)
def test_every_import_of_the_package_is_absolute(module):
    assert [name for name in imports(module) if name.startswith(".")] == []


@pytest.mark.parametrize("module", [module for module in MODULES if part(module) == "core"])
def test_core_knows_numpy_and_scipy_only(module):
    allowed = {"drivers", "numpy", "scipy", *sys.stdlib_module_names}
    assert {name.split(".")[0] for name in imports(module)} <= allowed


@pytest.mark.parametrize("module", [module for module in MODULES if part(module) == "present"])
def test_present_computes_nothing(module):
    assert {name.split(".")[0] for name in imports(module)} & {"statsmodels", "scipy", "pingouin"} == set()
    assert not [node.lineno for node in ast.walk(parsed(module)) if getattr(node, "attr", "") == "linalg"]
    assert not [name for name in imports(module) if name.startswith("numpy.linalg")]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_short_enough_to_read_at_once(module):
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) < MOST_LINES


@pytest.mark.parametrize("module", [m for m in MODULES if part(m) in ("analyses", "core") and m not in NEVER_PRINTED])
def test_why_a_question_has_no_answer_is_a_sentence_that_reports_can_translate(module):
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "EstimationError":
            assert not isinstance(node.args[0], (ast.JoinedStr, ast.Constant)), node.lineno


@pytest.mark.parametrize("module", MODULES)
def test_the_library_neither_asserts_nor_prints_nor_exits(module):
    for node in ast.walk(parsed(module)):
        assert not isinstance(node, ast.Assert), node.lineno
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        assert called not in ("print", "sys.exit", "exit", "quit"), node.lineno
        assert called != "os._exit" or module in FORKS, node.lineno


@pytest.mark.parametrize("module", MODULES)
def test_no_function_is_named_like_its_module(module):
    names = [n.name for n in parsed(module).body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    assert MODULES[module].stem not in names


@pytest.fixture(scope="module")
def results():
    """Every result of a small simulated survey."""
    frame = noordzee_survey(np.random.default_rng(1), 400)
    frame = frame[frame["wave"] == 2025].rename(columns={"left_within_12_months": "left"}).reset_index(drop=True)
    aspects = ("first_time_fix", "empathy", "talk_time")
    survey = drivers.Survey(
        answers=frame[["csat", *aspects, "tenure", "left", "margin"]].replace(99, np.nan).astype(float),
        outcome="csat",
        drivers=aspects,
        controls=("tenure",),
        scales=MappingProxyType(drivers.Survey.from_frame(frame, "csat", aspects, scale=(1, 10)).scales),
        weights=frame["weight"].to_numpy(),
    )
    resample = drivers.joint_resample(survey, draws=100)
    link = drivers.retention_link(survey, resample)
    margin = Margin("tenure", ("long", "short"), (frame["tenure"].to_numpy() < 5).astype(int), np.array([0.6, 0.4]))
    raked = replace(survey, raking=raked_weights(survey.weights, [margin], (0.1, 9.0)))
    recommend = replace(survey, answers=survey.answers.assign(recommend=survey.answers["csat"].round()))
    terms = drivers.ValueTerms("margin", discount_rate=0.1, horizon_years=5, customers=1000)
    stated = replace(survey, stated=MappingProxyType({a: a for a in aspects}))
    blocks = {**{a: (a,) for a in aspects[:2]}, "satisfaction": ("csat",)}
    led = replace(survey, paths=PathPlan(blocks, {aspects[1]: aspects[:1], "satisfaction": aspects[:2]}))
    plan = {"empathy": drivers.PlannedImprovement(0.5, cost=100.0)}
    terms_of_change = ChangeTerms("1", "2", True, reached="reached", rates=("kept",))
    told = survey.answers.assign(reached=np.arange(survey.base) % 2.0, kept=survey.answers["left"])
    later = replace(survey, answers=told, wave="2", change=terms_of_change)
    earlier = (replace(later.rows(np.arange(survey.base) % 3 != k), wave=str(k)) for k in range(2))
    later = replace(later, earlier=tuple(earlier))
    centre = np.arange(survey.base) % 6
    called = survey.answers.assign(solved=centre % 2.0, again=centre % 3.0, talk=200.0 + np.arange(survey.base) % 70)
    sites = SourcingPlan((centre % 2).astype(float), centre, "solved", "again", "talk", ("again",))
    gap = drivers.site_gap(drivers.site_contacts(replace(survey, answers=called, sourcing=sites), draws=100))
    rated = providers_survey(np.random.default_rng(1))
    providers = drivers.Survey.from_frame(rated[["recommend", *ATTRIBUTES]], "recommend", scale=(1, 10))
    providers = drivers.segmented_survey(providers, rated, ["provider"])
    return (
        gap,
        drivers.talk_time(gap.contacts),
        drivers.sourcing_case(gap, terms, drivers.SiteTerms(8.0, 4.0, contacts=100, customers=100)),
        drivers.driver_importance(survey, resample),
        drivers.potential(survey, resample),
        link,
        drivers.satisfaction_value(link, terms),
        drivers.value_chain(link, terms, plan),
        drivers.plan_return(link, terms, plan),
        drivers.budget_split(link, terms, plan, 100.0),
        drivers.what_if(link, terms),
        drivers.simulate_plan(drivers.what_if(link, terms), {"empathy": 0.1}),
        drivers.answer_quality(survey),
        drivers.weight_report(raked),
        drivers.net_promoter(recommend, "recommend"),
        wave_codebook(survey),
        drivers.answer_screening(survey),
        drivers.battery_reliability(replace(survey, batteries={"a": aspects[:1], "b": aspects[1:]})),
        drivers.missing_sensitivity(survey, resample),
        drivers.outcome_importance(survey, resample),
        drivers.outcome_comparison(survey, resample, left_column="left"),
        drivers.driver_dominance(survey, resample),
        drivers.driver_commonality(survey, resample),
        drivers.driver_robustness(survey, resample),
        drivers.rating_halo(survey, resample),
        drivers.leaving_sensitivity(link),
        drivers.driver_mediation(survey, resample),
        drivers.driver_mediation(recommend, resample, intention="recommend"),
        drivers.satisfaction_zones(link),
        drivers.leaving_prediction(link),
        drivers.loyalty_measures(recommend, drivers.LoyaltyQuestions(nps="recommend"), resample),
        drivers.measure_groups(drivers.segmented_survey(survey, frame.assign(high=frame["csat"] > 7), ["high"])),
        drivers.measure_change(survey, survey),
        drivers.penalised_link(
            replace(survey, answers=survey.answers.assign(left=(survey.answers["csat"] < 6.0).astype(float)))
        ),
        drivers.driver_shapes(survey, resample),
        drivers.effect_curves(survey, resample),
        drivers.necessary_conditions(survey, permutations=50),
        drivers.driver_priorities(survey, resample, importance="share"),
        drivers.stated_importance(stated, resample),
        drivers.path_model(led, resample),
        drivers.segment_importance(drivers.segmented_survey(survey, frame, ["contract"]), "contract", resample),
        drivers.driver_checks(survey, resample),
        drivers.fit_contract_lifetime(
            pd.DataFrame({"renewal": range(4), "customers": [100, 70, 55, 47]}),
            drivers.LifetimeTerms(100.0, discount_rate=0.1, horizon_years=5),
            draws=100,
        ),
        drivers.fit_hazard_lifetime(
            pd.DataFrame(
                {"renewals": np.arange(200) % 5 + 1, "left": np.arange(200) % 3 == 0, "old": frame["tenure"][:200]}
            ),
            drivers.LifetimeTerms(100.0, discount_rate=0.1, horizon_years=5),
            ("old",),
            draws=100,
        ),
        drivers.fit_purchase_lifetime(
            purchase_histories(np.random.default_rng(1), 400, (0.8, 6.0, 0.9, 2.5)),
            drivers.LifetimeTerms(0.3, discount_rate=0.1, horizon_years=1, unit="week"),
            draws=100,
        ),
        drivers.provider_profile(providers, drivers.joint_resample(providers, draws=100)),
        *staying(survey, resample),
        drivers.respondents_needed(survey, bases=(200, 400), simulations=100),
        drivers.wave_change(later, resample),
        drivers.change_decomposition(later, resample),
        drivers.plan_effect(later),
        drivers.rate_changes(later),
        drivers.loyalty_change((link, link)),
        drivers.plan_worth(drivers.retention_link(later, resample), terms, drivers.plan_effect(later)),
        *exits(),
        drivers.layer_satisfaction(simulated_staff()),
        drivers.perception_gaps(simulated_staff()),
        drivers.team_agreement(simulated_staff()),
        drivers.team_links(simulated_staff()),
        *contracts(),
    )


def exits():
    """Results on organisations that stay, switch or take the work back."""
    survey = choice_survey(1)
    found = drivers.exit_choice(survey, drivers.joint_resample(survey, draws=50))
    return found, drivers.early_warning(found, survey)


def staying(survey, resample):
    """What customers do beside leaving, on the small survey."""
    answers = survey.answers.assign(
        spent=10 * survey.answers["margin"],
        again=(survey.answers["csat"] + np.arange(survey.base) % 5 - 2).clip(1, 10).round(),
    )
    dated = Interviews(lags=np.where(answers["left"] == 1, 10.0, np.nan))
    scales = MappingProxyType({**survey.scales, "again": Scale(1, 10)})
    full = replace(survey, answers=answers, interviews=dated, scales=scales)
    return (
        drivers.satisfaction_survival(full, drivers.TimeTerms("tenure"), resample),
        drivers.spending_link(full, "spent", resample),
        drivers.top_marks(full, "again"),
        drivers.asked_late(full, resample),
    )


def contracts():
    """A result on kinds of contract."""
    survey = contract_survey(1)
    return (drivers.contract_comparison(survey, drivers.joint_resample(survey, draws=50)),)


def tables(results):
    """Every table of every result by its name."""
    for result in results:
        for field in fields(result):
            if isinstance(frame := getattr(result, field.name), pd.DataFrame):
                yield f"{type(result).__name__}.{field.name}", frame


def test_every_result_holds_a_table_that_is_not_empty(results):
    found = dict(tables(results))
    assert {name.split(".")[0] for name in found} == {type(result).__name__ for result in results}
    assert all(len(frame) for frame in found.values())


def test_every_column_of_every_result_is_in_the_glossary(results):
    unknown = {name: sorted(set(frame.columns) - set(GLOSSARY)) for name, frame in tables(results)}
    assert {name: columns for name, columns in unknown.items() if columns} == {}


def test_the_glossary_explains_nothing_that_no_result_holds(results):
    assert set(GLOSSARY) - {column for _, frame in tables(results) for column in frame.columns} == set()


PUBLIC = sorted(set(drivers.__all__) - {"__version__"})


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_says_in_one_line_what_it_is(name):
    first, *rest = (inspect.getdoc(getattr(drivers, name)) or "").splitlines()
    assert first.strip().endswith((".", "?")), first
    assert not rest or not rest[0].strip(), "the first line of a docstring stands alone"


@pytest.mark.parametrize("name", [name for name in PUBLIC if inspect.isfunction(getattr(drivers, name))])
def test_a_public_function_says_what_it_raises(name):
    assert "\nRaises\n------\n" in inspect.getdoc(getattr(drivers, name))


def test_no_submodule_hides_a_public_name():
    submodules = {module.name for module in pkgutil.iter_modules(drivers.__path__)}
    assert submodules & set(drivers.__all__) == set()


def test_every_public_name_still_means_the_same_when_all_modules_are_loaded():
    names = [module.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for module in MODULES]
    for name in names:
        if not name.endswith("__main__"):
            importlib.import_module(f"drivers.{name}" if name != "__init__" else "drivers")
    assert [name for name in PUBLIC if inspect.ismodule(getattr(drivers, name))] == []


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'importance_of_drivers'"):
        _ = drivers.importance_of_drivers


def test_importing_the_package_loads_nothing_heavy():
    check = "import sys, drivers; print(sorted({'numpy', 'pandas', 'matplotlib', 'pydantic'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_architecture_names_every_module_and_none_that_does_not_exist():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    layout = text.partition("\n## Layout\n")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([\w/]+\.py)`", layout))
    packages = {f"{module.removesuffix('__init__.py')}" for module in MODULES if module.endswith("/__init__.py")}
    assert named == {module for module in MODULES if not module.endswith("/__init__.py")}
    assert {name for name in packages if f"`{name}`" not in layout} == set()


def test_no_file_names_a_path_of_a_machine():
    machine = re.compile("|".join((r"(?<![\w.])/" + r"work/", r"(?<![\w.])/" + r"home/(?!ann\b)\w", "bash" + "_jobs")))
    found = {name: machine.findall(text) for name, text in project_texts()}
    assert {name: paths for name, paths in found.items() if paths} == {}


def test_no_path_of_a_machine_hides_behind_a_relative_one():
    assert [name for name, text in project_texts() if ("../" + "work/") in text] == []


def test_the_lock_holds_no_address():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.findall(r"https?:|index-url|find-links|file:", lock)


def test_no_column_is_defined_by_two_topics_of_the_glossary():
    names = [term.name for topic in glossary._TOPICS for term in topic.TERMS]
    assert sorted(names) == sorted(GLOSSARY)
