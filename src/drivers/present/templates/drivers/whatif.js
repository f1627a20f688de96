"use strict";
// The what-if simulator: the numbers of simulate_plan, computed in the page from the draws that it carries.
(() => {
  const block = document.getElementById("what-if"), board = block?.querySelector(".what-if-board");
  if (!board) return;
  const model = JSON.parse(block.dataset.model), { words, style, drivers, now } = model;

  // --- numbers as the report prints them ---
  // The digits of a number, rounded half to even on its shortest decimal form.
  function rounded(x, places) {
    const [mantissa, exponent] = Math.abs(x).toExponential().split("e");
    const digits = mantissa.replace(".", ""), shift = Number(exponent) - digits.length + 1 + places;
    if (shift >= 0) return BigInt(digits) * 10n ** BigInt(shift);
    const unit = 10n ** BigInt(-shift), whole = BigInt(digits) / unit, rest = 2n * (BigInt(digits) % unit);
    return rest > unit || (rest === unit && whole % 2n === 1n) ? whole + 1n : whole;
  }
  function decimal(x, places, plus = "", scale = 0) {
    const found = rounded(x, places + scale), text = found.toString().padStart(places + 1, "0");
    const end = text.length - places, whole = text.slice(0, end).replace(/\B(?=(\d{3})+$)/g, style.group);
    return (x < 0 && found ? "-" : plus) + whole + (places ? style.decimal + text.slice(end) : "");
  }
  function money(x) {
    const size = Math.abs(x), unit = 10 ** Math.max(size.toFixed(0).length - 3, 0), rest = size % unit;
    let whole = Math.round((size - rest) / unit);
    if (2 * rest > unit || (2 * rest === unit && whole % 2)) whole += 1;
    const minus = x < 0 && whole ? "-" : "", amount = decimal(whole * unit, 0);
    return style.apart ? `${style.symbol}\u00a0${minus}${amount}` : `${minus}${style.symbol}${amount}`;
  }
  function figure(x, kind, places) {
    if (Number.isNaN(x)) return "–";
    if (kind === "money") return money(x);
    if (kind === "chance" && x > 0.99) return ">99%";
    if (kind === "chance" && x < 0.01) return "<1%";
    if (kind === "percent" || kind === "chance") return `${decimal(x, places, "", 2)}%`;
    if (kind === "pp") return decimal(100 * x, places);
    return decimal(x, places, kind === "signed" ? "+" : "");
  }
  // --- end of numbers ---

  function listed(names) {
    const items = names.map((name) => `\u2068${name}\u2069`), last = items.pop();
    const comma = items.length > 1 && names.some((name) => name.includes(",")) ? "; " : ", ";
    return items.length ? items.join(comma) + style.and + last : last;
  }
  function say(template, values) {
    return template.replace(/\{(\w+)(?::([a-z]+)(\d*))?\}/g, (_, name, kind, places) => {
      if (kind === "list") return listed(values[name]);
      return kind ? figure(values[name], kind, Number(places)) : values[name];
    });
  }

  // The model: the sample first, then the draws.
  function unpacked(text) {
    return new Float32Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  }
  const rows = model.draws + 1, slopes = unpacked(model.slopes), responses = unpacked(model.responses);

  // Quantiles of the normal distribution, by Newton's steps on the series of its distribution.
  function normal(p) {
    if (p < 0.5) return -normal(1 - p);
    let z = 0;
    for (let move = 1; move > 1e-14; z += move) {
      const density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
      let sum = z, term = z;
      for (let k = 3; term > sum * 1e-17; k += 2) sum += term *= z * z / k;
      move = (p - 0.5) / density - sum;
    }
    return z;
  }
  const ends = new Map();
  // Which two of so many ordered draws an end lies between, and where: interpolated on the normal scale.
  function end(count, level) {
    const key = count + level;
    if (!ends.has(key)) {
      const at = Math.min(Math.max((count + 1) * level, 1), count), under = Math.floor(at + 1e-9);
      const [from, to, z] = [under, under + 1, at].map((k) => (k > count ? Infinity : normal(k / (count + 1))));
      ends.set(key, [under - 1, Math.min(under, count - 1), Math.min(Math.max((z - from) / (to - from), 0), 1)]);
    }
    return ends.get(key);
  }
  function estimate(values) {
    const drawn = values.subarray(1).filter(Number.isFinite).sort(), count = drawn.length;
    const found = { value: values[0], low: NaN, high: NaN, chance: drawn.filter((x) => x > 0).length / count };
    if (count < Math.max(2, 0.9 * model.draws)) return found;
    const tail = (1 - model.confidence) / 2;
    [found.low, found.high] = [tail, 1 - tail].map((level) => {
      const [under, over, part] = end(count, level);
      return drawn[under] + part * (drawn[over] - drawn[under]);
    });
    return found;
  }
  function gained(moved) {
    const gain = new Float64Array(rows);
    for (let i = 0; i < rows; i += 1) for (const j of moved) gain[i] += slopes[i * drivers.length + j] * changes[j];
    return gain;
  }
  // Retention, margin and lifetime value at these gains: the cubic through the four stored ones of each stretch.
  function followed(gain) {
    const { gains, first, step } = model, found = [0, 1, 2].map(() => new Float64Array(rows));
    for (let i = 0; i < rows; i += 1) {
      const at = Math.min(Math.max((gain[i] - first) / step, 0), gains - 1);
      const start = Math.min(Math.floor(at / 3), Math.floor((gains - 2) / 3)) * 3, t = at - start;
      const a = -(t - 1) * (t - 2) * (t - 3) / 6, b = t * (t - 2) * (t - 3) / 2;
      const c = -t * (t - 1) * (t - 3) / 2, d = t * (t - 1) * (t - 2) / 6;
      for (let m = 0; m < 3; m += 1) {
        const k = (i * 3 + m) * gains + start;
        found[m][i] = a * responses[k] + b * responses[k + 1] + c * responses[k + 2] + d * responses[k + 3];
      }
    }
    return found;
  }
  function totalCost() {
    let total = 0;
    for (const j of raised()) {
      total += costs[j][0] || 0;
      for (let year = 0; year < model.years; year += 1) total += (costs[j][1] || 0) / (1 + model.rate) ** year;
    }
    return total;
  }
  function simulated() {
    const gain = gained(moved()), high = model.first + model.step * (model.gains - 1), cost = totalCost();
    if (gain[0] < model.first || gain[0] > high) return { gain: gain[0], low: model.first, high };
    const [retention, yearly_margin, lifetime_value] = followed(gain), net_value = lifetime_value.map((x) => x - cost);
    const found = { satisfaction: gain, retention, yearly_margin, lifetime_value, net_value };
    if (cost > 0) found.return_on_investment = net_value.map((x) => x / cost);
    for (const name in found) found[name] = estimate(found[name]);
    return { cost, found };
  }

  // The scenario: by how much each driver changes, and what raising it costs, once and a year.
  const planned = drivers.map((d) => [d.cost ?? NaN, d.yearly_cost ?? NaN]);
  const limits = drivers.map((d) => [Math.min(d.low - d.mean, 0), Math.max(d.high - d.mean, 0)]);
  const changes = drivers.map(() => 0), costs = planned.map((pair) => [...pair]);
  let notice = "", heardLater;
  const moved = () => [...drivers.keys()].filter((j) => changes[j]), raised = () => moved().filter((j) => changes[j] > 0);

  const unpriced = () => raised().filter((j) => !(costs[j][0] >= 0)).map((j) => drivers[j].label);

  function change(j, wish) {
    changes[j] = Math.min(Math.max(wish, limits[j][0]), limits[j][1]);
    return changes[j] === wish;
  }
  function clear() {
    drivers.forEach((_, j) => (changes[j] = 0, costs[j] = [...planned[j]]));
    notice = "";
  }
  function fragment() {
    const part = (j) => {
      const paid = costs[j].every((x, k) => Object.is(x, planned[j][k])) ? [] : costs[j].map((x) => (x >= 0 ? x : ""));
      return [encodeURIComponent(drivers[j].name), changes[j], ...paid].join(":");
    };
    return moved().length ? `#scenario=${moved().map(part).join(",")}` : "#what-if";
  }
  function number(text, least = -1e15) {
    const found = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
    return found >= least && found < 1e15 ? found : NaN;
  }
  // Whether this part of an address could be taken over as it stands.
  function read(part) {
    try {
      const [name, wish, ...paid] = part.split(":"), j = drivers.findIndex((d) => d.name === decodeURIComponent(name));
      const found = paid.map((text) => number(text, 0));
      if (j < 0 || !(number(wish) === number(wish)) || paid.length > 2 || found.some((x, k) => paid[k] && !(x >= 0))) return false;
      found.forEach((x, k) => (costs[j][k] = x));
      return change(j, number(wish));
    } catch {
      return false;
    }
  }
  function readAddress() {
    if (!location.hash.startsWith("#scenario=")) return;
    clear();
    const asked = location.hash.slice(10), fine = asked.length < 20000 && asked.split(",").map(read).every(Boolean);
    notice = fine ? "" : words.link_trouble;
    show();
    block.scrollIntoView();
  }

  // What is seen.
  function showCard(card, found, active) {
    const kind = card.dataset.card, parts = card.children;
    const [value, low, high] = [found?.value, found?.low, found?.high].map((x = NaN) => say(`{x:${model.formats[kind]}}`, { x }));
    const open = active && !(found.low > 0 || found.high < 0);
    parts[1].textContent = active ? value : "–";
    parts[1].value = found?.value ?? "";
    Object.assign(card.dataset, { low: found?.low, high: found?.high, chance: found?.chance });
    parts[2].hidden = !active || low === "–";
    parts[2].lastElementChild.textContent = say(words.to, { low, high });
    const [before, least, most] = now[kind] ?? [], after = Math.min(Math.max(before + found?.value, least), most);
    const today = words[kind + (active ? "_after" : "_now")] ?? "", unsure = open && words[`${kind}_open`] || "";
    parts[3].textContent = `${say(today, { before, after })} ${say(unsure, found)}`.trim();
  }
  function sentences({ cost, found, ...far }) {
    if (!found) return [say(words.too_far, far)];
    if (!moved().length) return [words.start];
    const { yearly_margin: margin, net_value: net, satisfaction } = found, [mean, least, most] = now.satisfaction, after = mean + satisfaction.value;
    const said = [say(margin.low > 0 || margin.high < 0 ? words.goes : words.not_shown, margin)];
    if (after > most || after < least) said.push(words.beyond);
    if (raised().length && !cost) said.push(words.fill_cost);
    if (!cost) return said;
    const names = unpriced(), sure = names.length ? words.partly : net.low > 0 ? words.earns : words.unsure;
    const values = { ...net, cost, names, worth: found.lifetime_value.value, years: model.years, net: net.value, pays: net.chance };
    return [...said, say(net.high < 0 ? words.loses : sure, values)];
  }
  function showLever(line, j) {
    const [, after, slider] = line.children, paid = line.querySelector(".what-if-costs"), { mean } = drivers[j];
    after.textContent = say(changes[j] ? words.moved : "{mean:number2}", { mean, after: mean + changes[j], change: changes[j] });
    slider.value = changes[j];
    slider.setAttribute("aria-valuetext", after.textContent);
    line.classList.toggle("what-if-changed", changes[j] !== 0);
    paid.hidden = !(changes[j] > 0);
    paid.querySelectorAll("input").forEach((field, k) => {
      if (field !== document.activeElement) field.value = costs[j][k] >= 0 ? costs[j][k] : "";
    });
  }
  function show() {
    const answer = simulated(), active = Boolean(answer.found && moved().length);
    for (const card of cards) showCard(card, answer.found?.[card.dataset.card], active && (answer.cost > 0 || card.parentElement !== plan));
    plan.hidden = !(active && answer.cost > 0) || unpriced().length > 0;
    block.dataset.cost = answer.cost ?? "";
    block.classList.toggle("what-if-active", moved().length > 0);
    levers.forEach(showLever);
    const said = [notice, ...sentences(answer)].filter(Boolean);
    const warned = said.splice(0, answer.found ? Number(Boolean(notice)) : said.length);
    [[notes, warned], [told, said]].forEach(([place, texts]) => place.replaceChildren(...texts.map((text) => {
      const line = document.createElement("p");
      line.textContent = text;
      return line;
    })));
    link.href = fragment();
    link.hidden = board.querySelector("[data-act=print]").disabled = !moved().length;
    notice = "";
    // A screen reader hears the answer once the hand rests, not at every step of a slider.
    clearTimeout(heardLater);
    heardLater = setTimeout(() => (heard.textContent = [...warned, ...said].join(" ")), 600);
  }
  function setUp(line, j) {
    const d = drivers[j], [name, , slider] = line.children;
    name.textContent = d.label;
    line.querySelector(".what-if-costs").setAttribute("aria-label", d.label);
    const [least, most] = limits[j].map((x) => Number((d.step * Math.trunc(x / d.step + Math.sign(x) * 1e-9)).toFixed(9)));
    Object.assign(slider, { min: least, max: most, step: d.step });
    slider.addEventListener("input", () => (change(j, Number(slider.value)), show()));
    line.querySelectorAll(".what-if-ends span").forEach((end, k) => (end.textContent = decimal(k ? d.high : d.low, 2).replace(/\D00$/, "")));
    line.querySelectorAll("[type=number]").forEach((field, k) => {
      field.addEventListener("input", () => (costs[j][k] = number(field.value, 0), show()));
    });
  }
  // Only the scenario goes to the printer: whatever stands beside the way from it to the page is put away.
  function printScenario() {
    const away = [];
    for (let node = block; node !== document.body; node = node.parentElement) {
      away.push(...[...node.parentElement.children].filter((other) => other !== node && !other.matches("h2, .cover")));
    }
    away.forEach((other) => other.classList.add("what-if-away"));
    addEventListener("afterprint", () => away.forEach((other) => other.classList.remove("what-if-away")), { once: true });
    print();
  }
  const acts = {
    reset: () => (clear(), show()),
    fill: () => (clear(), drivers.forEach((d, j) => change(j, d.improvement ?? 0)), show()),
    print: printScenario,
  };

  const [cards, levers] = [".what-if-card", ".what-if-row"].map((name) => [...board.querySelectorAll(name)]);
  const [plan, notes, told, link, heard] = ["plan", "notes", "told", "tools a", "heard"].map((name) => board.querySelector(`.what-if-${name}`));
  levers.forEach(setUp);
  board.querySelectorAll("button").forEach((button) => button.addEventListener("click", acts[button.dataset.act]));
  addEventListener("hashchange", readAddress);
  block.querySelector(".what-if-off").remove();
  board.hidden = false;
  show();
  readAddress();
})();
