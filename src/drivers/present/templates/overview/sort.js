"use strict";
{
  const table = document.querySelector("table");
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells].filter((head) => head.querySelector("button"));
  const keyOf = (row, at) => row.cells[at].dataset.key;
  const compare = (numeric) => (a, b) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    return numeric ? Number(a) - Number(b) : a.localeCompare(b, document.documentElement.lang, { numeric: true });
  };
  const sort = (head) => {
    const at = head.cellIndex;
    const falling = head.getAttribute("aria-sort") === "ascending";
    const order = compare(head.classList.contains("number"));
    const rows = [...body.rows].map((row) => [keyOf(row, at), row]);
    rows.sort(([a], [b]) => (a !== "" && b !== "" && falling ? order(b, a) : order(a, b)));
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    body.append(...rows.map(([, row]) => row));
  };
  for (const head of heads) head.querySelector("button").addEventListener("click", () => sort(head));
}
