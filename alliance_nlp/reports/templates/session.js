"use strict";
(() => {
  const lines = [...document.querySelectorAll(".lines > li")];
  const tools = document.querySelector(".tools");
  const output = tools.querySelector("output");
  const none = document.querySelector(".none");
  const help = document.querySelector("dialog");
  const marks = [...document.querySelectorAll("a.mark")].sort((a, b) => a.dataset.line - b.dataset.line);
  const tagsOf = new Map(lines.map((line) => [
    line,
    (line.dataset.marks || "").split(" ").filter(Boolean).map((tag) => tag.split(":")),
  ]));
  const textOf = new Map(lines.map((line) => [line, line.querySelector("p").textContent.toLowerCase()]));
  const ruptures = lines.filter((line) => tagsOf.get(line).some(([name]) => name === "rupture"));
  const here = document.querySelector(".here");
  let current = -1;

  const shown = (line) => !line.hidden && !line.classList.contains("context");
  const marked = (line) => shown(line) && tagsOf.get(line).length > 0;

  function filter() {
    const wanted = [...tools.querySelectorAll("[name=marker]:checked")].map((box) => box.value);
    const level = Number(tools.elements.level.value);
    const speaker = tools.elements.speaker.value;
    const search = tools.elements.search.value.trim().toLowerCase();
    const byMark = wanted.length > 0 || level > 1;
    const fits = lines.map((line) =>
      (!byMark || tagsOf.get(line).some(([name, at]) => (!wanted.length || wanted.includes(name)) && at >= level))
      && (!speaker || line.classList.contains(speaker))
      && (!search || textOf.get(line).includes(search)));
    const all = fits.every(Boolean);
    let count = 0;
    lines.forEach((line, place) => {
      // The line before a match stays, in grey, so that it can be understood.
      const context = !fits[place] && fits[place + 1] === true;
      line.hidden = !fits[place] && !context;
      line.classList.toggle("context", context);
      count += fits[place];
    });
    none.hidden = count > 0;
    output.textContent = all ? `${lines.length} lines` : `${count} of ${lines.length} lines`;
    highlight(search);
  }

  function highlight(search) {
    if (!window.CSS || !CSS.highlights) return;
    CSS.highlights.clear();
    if (!search) return;
    const ranges = [];
    for (const line of lines.filter(shown)) {
      // A match may run over the pieces that a line is cut into.
      const nodes = [];
      const walker = document.createTreeWalker(line.querySelector("p"), NodeFilter.SHOW_TEXT);
      let text = "";
      while (walker.nextNode()) {
        nodes.push([text.length, walker.currentNode]);
        text += walker.currentNode.data;
      }
      const at = (place) => nodes.findLast(([begin]) => begin <= place);
      const lower = text.toLowerCase();
      if (lower.length !== text.length) continue;
      for (let place = lower.indexOf(search); place >= 0; place = lower.indexOf(search, place + search.length)) {
        const range = new Range();
        const [begin, first] = at(place);
        const [end, last] = at(place + search.length - 1);
        range.setStart(first, place - begin);
        range.setEnd(last, place + search.length - end);
        ranges.push(range);
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  function showAll() {
    tools.reset();
    filter();
  }

  function go(line, focus = true) {
    if (!line) return;
    if (line.hidden) showAll();
    lines[current]?.removeAttribute("aria-current");
    current = lines.indexOf(line);
    line.setAttribute("aria-current", "true");
    here.removeAttribute("hidden");
    for (const end of ["x1", "x2"]) here.setAttribute(end, `${line.dataset.x}%`);
    line.scrollIntoView({ block: "center" });
    if (focus) line.focus({ preventScroll: true });
  }

  const after = (among) => among.find((line) => lines.indexOf(line) > current);
  const before = (among) => among.findLast((line) => lines.indexOf(line) < (current < 0 ? lines.length : current));

  function nextRupture(step) {
    const line = step > 0 ? after(ruptures) || ruptures[0] : before(ruptures) || ruptures.at(-1);
    if (line) go(line);
    else output.textContent = "No rupture was marked.";
  }

  const actions = {
    "next-rupture": () => nextRupture(1),
    "previous-rupture": () => nextRupture(-1),
    "next-mark": () => go(after(lines.filter(marked))),
    "previous-mark": () => go(before(lines.filter(marked))),
    help: () => help.showModal(),
    reset: showAll,
  };
  const keys = {
    j: () => go(after(lines.filter(shown))),
    k: () => go(before(lines.filter(shown))),
    ArrowRight: actions["next-mark"],
    ArrowLeft: actions["previous-mark"],
    t: () => (marks.find((mark) => mark.tabIndex === 0) || marks[0])?.focus(),
    w: () => tools.elements.why?.click(),
    "/": () => tools.elements.search.focus(),
    "?": actions.help,
  };
  // Where no rupture was looked for, there is no button to go to one and no key either.
  if (tools.querySelector("[data-go=next-rupture]")) {
    keys.n = actions["next-rupture"];
    keys.p = actions["previous-rupture"];
  }

  tools.addEventListener("input", filter);
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("reset", () => setTimeout(() => { filter(); why(); }));
  const why = () => document.body.classList.toggle("show-why", Boolean(tools.elements.why?.checked));
  tools.elements.why?.addEventListener("change", why);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-go]");
    if (button) actions[button.dataset.go]();
    const link = event.target.closest("a[href^='#L']");
    const line = link && document.getElementById(link.getAttribute("href").slice(1));
    if (line) {
      event.preventDefault();
      history.replaceState(null, "", `#${line.id}`);
      // A line's own number asks for the lines around it.
      if (link.classList.contains("place")) showAll();
      go(line);
    }
    const lane = !link && event.target.closest(".lane");
    if (lane) {
      const { left, width } = lane.getBoundingClientRect();
      go(lines.findLast((each) => each.dataset.x <= (100 * (event.clientX - left)) / width) || lines[0]);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.key === "Escape") {
      showAll();
      if (event.target.matches("input, select")) event.target.blur();
      return;
    }
    if (event.target.matches("input[type=search], select, textarea")) {
      if (event.key === "Enter" && event.target.name === "search") {
        event.preventDefault();
        current = -1;
        go(lines.find(shown));
      }
      return;
    }
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  // One stop for the Tab key among the marks; arrows lead from mark to mark in the order of the session.
  marks.forEach((mark, place) => {
    mark.tabIndex = place ? -1 : 0;
    mark.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const other = step && marks[place + step];
      if (step) {
        event.preventDefault();
        event.stopPropagation();
      }
      if (other) {
        mark.tabIndex = -1;
        other.tabIndex = 0;
        other.focus();
      }
    });
  });

  // Reached by the keys above, not by Tab.
  for (const line of lines) line.tabIndex = -1;
  filter();
  why();
  if (/^#L\d+$/.test(location.hash)) go(document.getElementById(location.hash.slice(1)));
})();
