"""The simulator of the page in a real browser gives the numbers of `simulate_plan`, and takes whatever it is given."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import numpy as np
import pytest

from drivers.analyses.basis import joint_resample
from drivers.analyses.improvement import PlannedImprovement
from drivers.analyses.loyalty import retention_link
from drivers.analyses.terms import ValueTerms
from drivers.analyses.whatif import simulate_plan, what_if
from drivers.errors import EstimationError
from drivers.present.language import Language
from drivers.present.scenario import MEASURES
from drivers.present.script import SIMULATOR
from drivers.present.verbs import explain
from made_surveys import made_survey
from simulated_pages import READ, VISIT, reach, sample_what_if, simulator_page, with_lost_draws

TERMS = ValueTerms("margin", discount_rate=0.1, horizon_years=5, customers=10_000)
EXACT = {"rtol": 1e-6, "atol": 1e-9}  # the page sums in another order than numpy
PHONE = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True}


@pytest.fixture(scope="module")
def made():
    return made_what_if(60)


def made_what_if(draws):
    """A small survey with a plan on its first driver."""
    survey = made_survey(300)
    link = retention_link(survey, joint_resample(survey, draws=draws))
    return what_if(link, TERMS, {"d0": PlannedImprovement(0.5, 1234.0, 100.0)})


@pytest.fixture(scope="module")
def what_ifs(made):
    return {
        "noordzee 2025": sample_what_if("noordzee-telecom", "2025"),
        "noordzee 2026": sample_what_if("noordzee-telecom", "2026"),
        "maasland": sample_what_if("maasland-verzekeringen", None),
        "made": made,
        "a few draws lost": with_lost_draws(made, 3),
        "too many draws lost": with_lost_draws(made, 10),
        "all draws lost": with_lost_draws(made, 60),
        "few draws": made_what_if(12),
        "another level": replace(made, confidence=0.5),
    }


def fragment(changes, costs=None):
    """The address of a scenario; costs are pairs by driver."""
    parts = [
        ":".join(
            [quote(driver, safe=""), repr(float(change)), *(repr(float(c)) for c in (costs or {}).get(driver, ()))]
        )
        for driver, change in changes.items()
    ]
    return f"#scenario={','.join(parts)}"


def scenarios(given, seed=5, size=12):
    """Changes and costs: nothing, each extreme, everything up or down, and random ones."""
    rng, drivers = np.random.default_rng(seed), list(given.table["driver"])
    yield {drivers[0]: 0.0}, {}
    for driver in drivers[:3]:
        for end in reach(given, driver):
            yield {driver: end}, {}
    for scale in (0.02, 0.4, 1.0):
        for end in (0, 1):
            yield {driver: scale * reach(given, driver)[end] for driver in drivers}, {}
    for _ in range(size):
        some = rng.choice(drivers, size=rng.integers(1, len(drivers) + 1), replace=False)
        changes = {str(d): float(rng.uniform(*reach(given, d)) * rng.choice([0.05, 0.3, 1.0])) for d in some}
        paid = [str(d) for d in some if rng.random() < 0.5]
        yield changes, {d: tuple(float(x) for x in rng.uniform(0, 1e6, 2).round(2)) for d in paid}


def expected(given, changes, costs):
    """What `simulate_plan` says; None where it refuses."""
    once, yearly = ({d: pair[k] for d, pair in costs.items()} for k in (0, 1))
    try:
        return simulate_plan(given, changes, costs=once, yearly_costs=yearly)
    except EstimationError as error:
        return error


def measured(result):
    """Value, ends and probability by name, of what goes with the change and of what is left after its cost."""
    found = {
        row["measure"]: [row["value"], row["value_low"], row["value_high"], row["positive_probability"]]
        for _, row in result.table.iterrows()
    }
    row = result.returns.iloc[0]
    for name in ("net_value", "return_on_investment"):
        found[name] = [row[name], row[f"{name}_low"], row[f"{name}_high"], row["pays_probability"]]
    return found


def number(text):
    return float(text) if text not in ("", None, "undefined") else float("nan")


NAMES = (
    "noordzee 2025", "noordzee 2026", "maasland", "made", "a few draws lost", "too many draws lost", "all draws lost",
    "few draws", "another level",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", [Language("nl"), Language("en", "USD")], ids=["nl", "en"])
def test_the_page_says_what_simulate_plan_says(browser_page, tmp_path, what_ifs, name, language):
    given = what_ifs[name]
    shown = browser_page(simulator_page(given, language, tmp_path / "report.html"))
    tried = list(scenarios(given))
    found = shown.page.evaluate(VISIT, [fragment(*one) for one in tried])
    results = [expected(given, *one) for one in tried]
    for one, page, result in zip(tried, found, results, strict=True):
        if isinstance(result, EstimationError):
            assert page["told"] == [language.say(result.reason)], one
            assert {card["text"] for card in page["cards"].values()} == {"–"}
            assert {card["value"] for card in page["cards"].values()} == {""}
        else:
            holds(page, result, language, moved=any(one[0].values()))
    assert any(isinstance(r, EstimationError) for r in results) or name == "maasland"
    assert sum(not isinstance(r, EstimationError) for r in results) > 10
    assert shown.troubles == shown.requests == []


def holds(page, result, language, *, moved):
    """The numbers are those of this result, and printed as the report prints them."""
    assert number(page["cost"]) == pytest.approx(result.returns["total_cost"].iloc[0], rel=1e-9)
    formats = {name: how for name, (_, how) in MEASURES.items()}
    formats |= {"net_value": "money", "return_on_investment": "percent"}
    for name, numbers in measured(result).items():
        card = page["cards"][name]
        ours = [number(card[key]) for key in ("value", "low", "high")]
        np.testing.assert_allclose(ours, numbers[:3], **EXACT)
        if np.isfinite(numbers[0]) and name != "return_on_investment":
            assert number(card["chance"]) == pytest.approx(numbers[3], nan_ok=True)
        priced = result.returns["total_cost"].iloc[0] > 0
        if moved and (name in MEASURES or priced):
            value, low, high = (language.format_field(x, formats[name]) for x in numbers[:3])
            assert card["text"] == value
            assert low == "–" or card["ends"] == language.say("{low} to {high}", low=low, high=high)
    if moved:
        told = [plain(line) for line in page["told"]]
        lines = [language.say(line) for line in explain(result)]
        assert told[0] == lines[0]
        assert lines[1] in told or not result.returns["total_cost"].iloc[0] > 0


def plain(text):
    """Without the marks that keep the direction of a label to itself."""
    return text.replace("\u2068", "").replace("\u2069", "")


@pytest.fixture
def page_of(browser_page, tmp_path, made):
    """Opens the page of the made survey, or of another simulator."""

    def opened(given=made, language=Language("nl"), **settings):  # noqa: B008 - a language holds no state
        return browser_page(simulator_page(given, language, tmp_path / "report.html"), **settings)

    return opened


def test_a_slider_that_is_moved_shows_its_numbers_at_once_and_in_the_link(page_of, made):
    page = page_of().page
    page.locator("#what-if-0").fill("0.5")
    row = simulate_plan(made, {"d0": 0.5}).table.set_index("measure").loc["lifetime_value"]
    assert number(page.evaluate(READ)["lifetime_value"]["value"]) == pytest.approx(row["value"], rel=1e-6)
    assert page.locator(".what-if-tools a").get_attribute("href") == "#scenario=d0:0.5"
    assert "(+0,50)" in page.locator("#what-if-0").get_attribute("aria-valuetext")


def test_keys_move_a_slider_by_one_step_and_back_to_today(page_of):
    page = page_of().page
    page.locator("#what-if-1").focus()
    for key, href in (
        ("ArrowRight", "#scenario=d1:0.05"),
        ("ArrowLeft", "#what-if"),
        ("ArrowLeft", "#scenario=d1:-0.05"),
    ):
        page.keyboard.press(key)
        assert page.locator(".what-if-tools a").get_attribute("href") == href
    assert page.evaluate("document.activeElement.id") == "what-if-1"


def test_a_slider_ends_where_its_answers_and_its_scale_end(page_of, made):
    given = replace(made, table=made.table.assign(lowest_answer=3.0, highest_answer=9.0))
    page = page_of(given).page
    for j, driver in enumerate(given.table["driver"]):
        for key, end in (("Home", 0), ("End", 1)):
            page.locator(f"#what-if-{j}").press(key)
            change = float(page.locator(f"#what-if-{j}").input_value())
            assert 0 <= (reach(given, driver)[end] - change) * (1, -1)[end == 0] < 0.05
    assert page.locator(".what-if-ends").first.inner_text().split() == ["3", "9"]


def test_costs_come_from_the_client_file_and_can_be_changed(page_of, made):
    page = page_of().page
    assert not page.locator(".what-if-costs").first.is_visible()
    page.locator("#what-if-0").fill("0.5")
    once, yearly = page.locator(".what-if-costs").first.locator("input").all()
    assert (once.input_value(), yearly.input_value()) == ("1234", "100")
    once.fill("5000")
    assert page.evaluate("document.activeElement.value") == "5000"
    found = simulate_plan(made, {"d0": 0.5}, costs={"d0": 5000.0}).returns.iloc[0]
    assert number(page.evaluate(READ)["net_value"]["low"]) == pytest.approx(found["net_value_low"], rel=1e-6)
    once.fill("-3")
    assert page.locator(".what-if-plan").is_hidden()  # no amount, so not known


def test_without_the_cost_of_everything_raised_the_page_does_not_say_that_it_pays(page_of):
    page = page_of(language=Language("en")).page
    page.locator("#what-if-0").fill("0.5")
    assert "This change pays" in page.inner_text(".what-if-told")
    page.locator("#what-if-1").fill("0.5")
    assert "cannot be said before the cost of" in page.inner_text(".what-if-told")
    assert page.locator(".what-if-plan").is_hidden()


def test_reset_brings_every_slider_cost_and_number_back(page_of):
    page = page_of().page
    before = page.inner_text("#what-if")
    page.locator("#what-if-0").fill("0.5")
    page.locator("#what-if-2").fill("-0.5")
    page.locator(".what-if-costs input").first.fill("9")
    assert page.inner_text("#what-if") != before
    page.click("[data-act=reset]")
    assert page.inner_text("#what-if") == before
    page.locator("#what-if-0").fill("0.5")
    assert page.locator(".what-if-costs input").first.input_value() == "1234"


def test_the_plan_of_the_client_file_can_be_filled_in(page_of):
    page = page_of().page
    page.click("[data-act=fill]")
    assert page.locator(".what-if-tools a").get_attribute("href") == "#scenario=d0:0.5"


def test_a_link_to_a_scenario_opens_that_scenario(page_of):
    first = page_of().page
    first.locator("#what-if-0").fill("0.35")
    first.locator("#what-if-1").fill("-0.2")
    first.locator(".what-if-costs input").first.fill("777")
    link = first.locator(".what-if-tools a").get_attribute("href")
    assert link == "#scenario=d0:0.35:777:100,d1:-0.2"
    second = page_of(fragment=link)
    assert second.page.evaluate(READ) == first.evaluate(READ)
    assert second.page.locator("#what-if-1").input_value() == "-0.2"
    assert second.page.locator(".what-if-costs input").first.input_value() == "777"
    assert second.page.locator(".what-if-notes p").count() == 0
    first.click(".what-if-tools a")
    assert first.url.endswith(link)
    assert second.troubles == []


HOSTILE = [
    "#scenario=", "#scenario=,,,", "#scenario=d9:1", "#scenario=d0", "#scenario=d0:", "#scenario=d0:NaN",
    "#scenario=d0:Infinity", "#scenario=d0:1e999", "#scenario=d0:0x10", "#scenario=d0:1:2:3:4", "#scenario=d0:0.1:-5",
    "#scenario=__proto__:1", "#scenario=constructor:1", "#scenario=%E0%A4%A:1", "#scenario=%00:1",
    "#scenario=<img src=x onerror=hacked=1>:1", "#scenario=d0:<script>hacked=1</script>",
    "#scenario=d0:0.1:alert(1)", "#scenario=" + "d0:0.1," * 9000 + "x", "#scenario={{7*7}}:${7*7}",
]  # fmt: skip


def test_an_address_that_means_no_scenario_does_nothing_but_say_so(page_of):
    shown = page_of()
    for hostile, found in zip(HOSTILE, shown.page.evaluate(VISIT, HOSTILE), strict=True):
        assert found["told"][0].startswith("Een deel van het scenario in het adres"), hostile[:80]
        assert found["link"] in ("#what-if", "#scenario=d0:0.1"), hostile[:80]
    assert shown.page.evaluate("[window.hacked, document.scripts.length, document.images.length]") == [None, 1, 0]
    assert shown.troubles == shown.requests == []


def test_an_address_that_asks_for_more_than_was_answered_is_brought_back(page_of, made):
    page = page_of(fragment="#scenario=d2:99").page
    assert page.locator(".what-if-notes p").count() == 1
    change = float(page.locator(".what-if-tools a").get_attribute("href").rpartition(":")[2])
    assert change == pytest.approx(reach(made, "d2")[1], rel=1e-12)
    page.locator("#what-if-2").press("ArrowLeft")
    assert page.locator(".what-if-notes p").count() == 0


LABELS = [
    "<script>hacked=1</script>", '"><img src=x onerror=hacked=1>', "{{7*7}} ${7*7} {value:money}",
    '=HYPERLINK("http://x","y")', "\u202egnp.exe", "x" * 300, "😀 \x07 &amp; ' \"",
]  # fmt: skip


def test_labels_and_names_of_clients_are_text(page_of):
    survey = made_survey(400, slopes=(0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1))
    link = retention_link(survey, joint_resample(survey, draws=20))
    given = what_if(link, TERMS, {f"d{j}": PlannedImprovement(0.1, cost=1.0 if j else None) for j in range(7)})
    names = [f"{label}:,%#" for label in LABELS]
    shown = page_of(replace(given, table=given.table.assign(label=LABELS, driver=names)), Language("en"), **PHONE)
    page = shown.page
    seen = [label.replace("\u202e", "") for label in LABELS]
    assert page.locator(".what-if-name").all_text_contents() == seen
    page.click("[data-act=fill]")
    assert f"cost of {seen[0]} is known" in plain(page.inner_text(".what-if-told"))
    link = page.locator(".what-if-tools a").get_attribute("href")
    assert len(page.evaluate(VISIT, [link])[0]["told"]) == 2  # every name came back out of the address
    assert page.evaluate("[window.hacked, document.scripts.length, document.images.length]") == [None, 1, 0]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert shown.troubles == shown.requests == []


def test_without_scripts_the_page_has_a_sentence_and_no_slider(page_of):
    page = page_of(java_script_enabled=False).page
    assert page.locator(".what-if-off").inner_text() == (
        "De regelaars hebben JavaScript nodig: open report.html in een browser die dat toestaat."
    )
    assert not page.locator(".what-if-board").is_visible()


def test_a_screen_reader_hears_the_answer_once_the_hand_rests(page_of):
    page = page_of().page
    for change in ("0.1", "0.2", "0.3"):
        page.locator("#what-if-0").fill(change)
    heard, told = page.locator(".what-if-heard"), page.locator(".what-if-told p")
    assert heard.text_content() in ("", "Er is nog niets veranderd. Verschuif een regelaar om te zien wat erbij hoort.")
    page.wait_for_timeout(900)
    assert heard.text_content() == " ".join(told.all_text_contents())
    assert heard.text_content().startswith("Bij deze verandering")
    assert heard.get_attribute("role") == "status"


def test_printing_a_scenario_prints_it_alone_and_printing_the_page_leaves_an_unmoved_simulator_out(page_of):
    page = page_of().page
    page.evaluate("window.print = () => (window.asked = true)")
    page.emulate_media(media="print")
    assert not page.locator("#what-if").is_visible()
    page.locator("#what-if-0").fill("0.5", force=True)
    assert page.locator("#method").is_visible()
    page.locator("[data-act=print]").dispatch_event("click")
    assert page.evaluate("window.asked")
    assert not page.locator("#method").is_visible()
    assert [row.is_visible() for row in page.locator(".what-if-row").all()] == [True, False, False]
    assert page.locator("h1, h2").all_inner_texts()[0] == "Noordzee"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#method").is_visible()


@pytest.mark.parametrize("settings", [{}, PHONE, {"color_scheme": "dark"}], ids=["desktop", "phone", "dark"])
def test_the_simulator_can_be_used_by_everybody(page_of, settings):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = page_of(fragment="#scenario=d0:0.5:10,d1:0.1", **settings).page
    found = axe.Axe().run(page, context="#what-if").response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def printed_numbers():
    """Values that are rounded half to even, near to it, small, large, and none."""
    rng = np.random.default_rng(2)
    ties = [x / 1000 for x in range(-30, 31, 5)] + [1.005, 1.015, 2.675, 0.125, -0.375, 8.5, 9.5, 99.5, 999.5]
    large = [1705000.0, 1715000.0, -1234567.0, 12345678901.0, 999499.9, 999500.0, 1e15, 2.5e-9, -1e-7, 0.0]
    return [*ties, *large, *(rng.normal(size=60) * 10.0 ** rng.integers(-4, 9, 60)).tolist()]


SPECS = ("money", "percent", "percent1", "pp1", "number0", "number1", "number2", "signed2", "count", "chance")


@pytest.mark.parametrize("code", ["nl", "en"])
@pytest.mark.parametrize("currency", ["EUR", "USD", "CHF"])
def test_the_script_prints_numbers_as_the_report_does(page_of, code, currency):
    language, values = Language(code, currency), printed_numbers()
    page = page_of(language=language).page
    source = SIMULATOR.text.split("// --- numbers as the report prints them ---")[1].split("// --- end of")[0]
    calls = [
        [x, spec.rstrip("0123456789"), int(spec[len(spec.rstrip("0123456789")) :] or 0)]
        for spec in SPECS
        for x in values
    ]
    body = f"{source} return calls.map(([x, kind, places]) => figure(x, kind, places));"
    style = page.evaluate("JSON.parse(document.getElementById('what-if').dataset.model).style")
    page.goto("about:blank")  # whose policy lets a test run a part of the script
    found = page.evaluate(f"([style, calls]) => {{ {body} }}", [style, calls])
    expected_texts = [language.format_field(x, spec) for spec in SPECS for x in values]
    assert [pair for pair in zip(calls, found, expected_texts, strict=True) if pair[1] != pair[2]] == []
