"use strict";
// What the page does beside being read: its theme, sorting, the records behind a figure, charts in the theme's colours.
(() => {
  const root = document.documentElement;
  const ROWS_AT_ONCE = 200;
  const SYSTEM_DARK = matchMedia("(prefers-color-scheme: dark)");
  const words = JSON.parse(document.getElementById("words").textContent);

  function make(tag, attributes = {}, text = "") {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  }

  function filled(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  // --- theme: the system's until somebody chooses; the choice is kept where the browser keeps anything for files
  const themeButton = document.getElementById("theme");

  function kept(theme) {
    try {
      if (theme) localStorage.setItem("crmcli-theme", theme);
      return localStorage.getItem("crmcli-theme");
    } catch {
      return null;
    }
  }

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : SYSTEM_DARK.matches;
  }

  function showTheme() {
    themeButton.setAttribute("aria-pressed", String(isDark()));
    drawCharts();
  }

  const before = kept();
  if (before === "dark" || before === "light") root.dataset.theme = before;
  themeButton.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    kept(root.dataset.theme);
    showTheme();
  });
  SYSTEM_DARK.addEventListener("change", showTheme);

  // --- charts: a colour in a figure is the name of one of the style's colours, "@accent"
  function coloured(value, style) {
    if (typeof value === "string") return value[0] === "@" ? style.getPropertyValue(`--${value.slice(1)}`).trim() : value;
    if (Array.isArray(value)) return value.map((item) => coloured(item, style));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coloured(item, style)]));
  }

  function drawCharts() {
    if (!window.Plotly) return;
    const style = getComputedStyle(root);
    for (const box of document.querySelectorAll(".chart")) {
      const written = JSON.parse(document.getElementById(`${box.id}-figure`).textContent);
      const { data, layout } = coloured(written, style);
      layout.font.family = layout.hoverlabel.font.family = getComputedStyle(document.body).fontFamily;
      if (layout.height) box.style.height = `${layout.height}px`;
      [layout.width, layout.height] = [box.clientWidth, box.clientHeight];
      Plotly.react(box, data, layout, { displayModeBar: false });
    }
  }

  function printing(on) {
    root.classList.toggle("printing", on);
    drawCharts();
  }

  let resized = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(resized);
    resized = requestAnimationFrame(drawCharts);
  });
  addEventListener("beforeprint", () => printing(true));
  addEventListener("afterprint", () => printing(false));

  // --- sorting: numbers the largest first, texts and days from the start; what is no value always comes last
  const collator = new Intl.Collator(root.lang, { numeric: true });

  function sortValue(text, type) {
    if (type === "text" || type === "date") return text && text !== "—" ? text : null;
    const number = parseFloat(text.replaceAll(",", ""));
    return Number.isNaN(number) ? null : number;
  }

  function sorted(items, textOf, type, direction) {
    const sign = direction === "ascending" ? 1 : -1;
    return items
      .map((item) => [sortValue(textOf(item), type), item])
      .sort(([a], [b]) => {
        if (a === null || b === null) return (a === null) - (b === null);
        return sign * (typeof a === "number" ? a - b : collator.compare(a, b));
      })
      .map(([, item]) => item);
  }

  function turn(head) {
    const orders = ["text", "date"].includes(head.dataset.type)
      ? ["none", "ascending", "descending"] : ["none", "descending", "ascending"];
    const next = orders[(orders.indexOf(head.getAttribute("aria-sort")) + 1) % orders.length];
    for (const other of head.parentElement.children) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", next);
    return next;
  }

  function makeSortable(table) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    for (const [at, head] of [...table.tHead.rows[0].cells].entries()) {
      head.firstElementChild.addEventListener("click", () => {
        const direction = turn(head);
        const order = direction === "none" ? rows
          : sorted(rows, (row) => row.cells[at].textContent.trim(), head.dataset.type, direction);
        body.append(...order);
      });
    }
  }

  for (const table of document.querySelectorAll("table.figures")) {
    if (table.tBodies[0].rows.length > 1) makeSortable(table);
  }

  for (const button of document.querySelectorAll(".fold")) {
    button.addEventListener("click", () => {
      const folded = document.getElementById(button.getAttribute("aria-controls")).classList.toggle("folded");
      button.setAttribute("aria-expanded", String(!folded));
      button.textContent = folded ? words.more_columns : words.fewer_columns;
    });
  }

  // --- records: drawn when somebody opens them, all of them or those behind one figure
  function listRecords(details, figure = null) {
    const { columns, rows: all, count } = JSON.parse(details.querySelector("script").textContent);
    const chosen = figure ? all.slice(figure.first, figure.first + figure.shown) : all;
    const behind = figure ? figure.count : count;
    let order = chosen;
    let length = ROWS_AT_ONCE;

    const table = make("table");
    const heads = table.createTHead().insertRow();
    const body = table.createTBody();
    const more = make("button", { type: "button", class: "plain" }, words.show_more);
    const said = make("span");

    function show() {
      body.replaceChildren(...order.slice(0, length).map((row) => {
        const line = make("tr");
        line.append(...row.map((text, at) => make("td", { class: columns[at].type, title: text }, text)));
        return line;
      }));
      more.hidden = length >= order.length;
      const shown = Math.min(length, order.length);
      said.textContent = filled(shown === behind ? words.all_records : words.some_records, {
        shown: shown.toLocaleString("en"), n: behind.toLocaleString("en"),
      });
    }

    for (const [at, { label, type }] of columns.entries()) {
      const head = make("th", { scope: "col", class: type, "data-type": type, "aria-sort": "none" });
      head.append(make("button", { type: "button" }, label));
      head.firstElementChild.addEventListener("click", () => {
        const direction = turn(head);
        order = direction === "none" ? chosen : sorted(chosen, (row) => row[at], type, direction);
        show();
      });
      heads.append(head);
    }
    more.addEventListener("click", () => {
      length += ROWS_AT_ONCE;
      show();
    });

    const bar = make("div", { class: "bar", "aria-live": "polite" });
    if (figure) {
      const everything = make("button", { type: "button", class: "plain" }, words.every_record);
      everything.addEventListener("click", () => listRecords(details));
      const back = make("button", { type: "button", class: "plain" }, words.back);
      back.addEventListener("click", () => figure.from.focus());
      bar.append(make("strong", {}, figure.name), said, back, everything);
    } else {
      bar.append(said);
    }
    const scroll = make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": figure?.name ?? "" });
    scroll.append(table);
    details.querySelector(".listed").replaceChildren(bar, scroll, more);
    show();
  }

  for (const details of document.querySelectorAll(".records")) {
    details.addEventListener("toggle", () => {
      if (details.open && !details.querySelector("table")) listRecords(details);
    });
  }

  for (const link of document.querySelectorAll("a[data-first]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const details = document.getElementById(link.hash.slice(1));
      const cell = link.closest("td, th");
      const head = cell.closest("table").tHead.rows[0].cells[cell.cellIndex];
      const row = cell.parentElement.cells[0].firstChild.textContent.trim();
      listRecords(details, {
        first: Number(link.dataset.first), shown: Number(link.dataset.shown), count: Number(link.dataset.count),
        from: link,
        name: `${row} · ${head.textContent.trim()}`,
      });
      details.open = true;
      details.scrollIntoView({ block: "start" });
      details.querySelector("summary").focus({ preventScroll: true });
    });
  }

  showTheme();
  document.addEventListener("DOMContentLoaded", drawCharts);
})();
