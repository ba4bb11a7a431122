"use strict";
(() => {
  const filters = document.querySelector(".filters");
  const output = filters.querySelector("output");
  const table = document.querySelector(".sessions");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const none = document.querySelector(".none");
  const headings = [...table.tHead.rows[0].cells];
  const groups = [...document.querySelectorAll(".group")];

  function filter() {
    const wanted = [...filters.querySelectorAll("[name=group]")].map((select) => select.value);
    const search = filters.elements.search.value.trim().toLowerCase();
    const open = Boolean(filters.elements.open?.checked);
    const ofGroup = (element) =>
      JSON.parse(element.dataset.group).every((value, column) => wanted[column] === "*" || wanted[column] === value);
    let count = 0;
    for (const row of rows) {
      row.hidden = !ofGroup(row) || (open && row.dataset.open === "0")
        || !row.textContent.toLowerCase().includes(search);
      count += !row.hidden;
    }
    for (const group of groups) group.hidden = !ofGroup(group);
    none.hidden = count > 0;
    output.textContent = count === rows.length ? `${count} sessions` : `${count} of ${rows.length} sessions`;
  }

  function sort(heading) {
    const column = headings.indexOf(heading);
    const numbers = heading.querySelector("button").dataset.kind === "number";
    // Numbers are asked for from the highest down, names from A to Z.
    const first = numbers ? "descending" : "ascending";
    const other = numbers ? "ascending" : "descending";
    const direction = heading.getAttribute("aria-sort") === first ? other : first;
    for (const cell of headings) cell.setAttribute("aria-sort", cell === heading ? direction : "none");
    const sign = direction === "ascending" ? 1 : -1;
    const valueOf = (row) => row.cells[column].dataset.value;
    const byNumber = numbers || rows.every((row) => /^\d+$/.test(valueOf(row)));
    const compare = (one, two) => {
      const [a, b] = [valueOf(one), valueOf(two)];
      // What is not known stands last, whichever way.
      if (a === "" || b === "") return (a === "") - (b === "");
      return sign * (byNumber ? a - b : a.localeCompare(b, undefined, { numeric: true }));
    };
    body.append(...[...rows].sort(compare));
  }

  filters.addEventListener("input", filter);
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("reset", () => setTimeout(filter));
  for (const heading of headings) heading.querySelector("button").addEventListener("click", () => sort(heading));
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.matches("input, select")) {
      event.preventDefault();
      filters.elements.search.focus();
    }
  });
  filter();
})();
