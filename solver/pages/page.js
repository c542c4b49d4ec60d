// The page of a run in a browser: the time slider, values under the pointer, curves by plotly.js.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const shown = (value) => Number(value.toPrecision(3)).toString().replace("-", "−");

  // --- the curves ---------------------------------------------------------------------------

  const COLOURS = ["#1f5f99", "#c1440e", "#4f8a3d", "#8a5aa8", "#b08900", "#2a8c8c"];
  const DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];
  const GRID = { gridcolor: "#e6eaed", zerolinecolor: "#c4ccd2", linecolor: "#5b6670", ticks: "outside", automargin: true };

  // plotly.js takes some tags in its texts: there are none of ours.
  const plain = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

  async function draw(chart, place) {
    const traces = chart.curves.map((curve, n) => ({
      type: "scatter", mode: curve.mode || "lines", x: curve.x, y: curve.y, name: plain(curve.name), connectgaps: false,
      text: curve.text && curve.text.map(plain), customdata: curve.links,
      line: { color: COLOURS[n % COLOURS.length], dash: DASHES[n % DASHES.length], width: 2 },
      marker: { size: 9, color: curve.failed ? "#9c1f1f" : COLOURS[n % COLOURS.length], symbol: curve.failed ? "x" : n },
      hovertemplate: (curve.text ? "%{text}<br>" : "") + "%{y:.6~g}" + (chart.curves.length > 1 ? "" : "<extra></extra>"),
    }));
    const layout = {
      margin: { l: 62, r: 14, t: chart.curves.length > 1 ? 52 : 28, b: 48 }, font: { size: 12, color: "#1d2329" }, paper_bgcolor: "#fff", plot_bgcolor: "#fff",
      hovermode: chart.points ? "closest" : "x unified", showlegend: chart.curves.length > 1,
      legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
      xaxis: { ...GRID, title: { text: plain(chart.x), font: { size: 13 } }, hoverformat: ".6~g", type: chart.category ? "category" : "linear", categoryorder: chart.order && "array", categoryarray: chart.order },
      yaxis: { ...GRID, title: { text: plain(chart.y), font: { size: 13 } }, type: chart.log ? "log" : "linear", dtick: chart.log ? 1 : undefined, exponentformat: "power" },
    };
    const options = { responsive: true, displaylogo: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"] };
    await window.Plotly.newPlot(place, traces, layout, options);
    if (chart.along && data.pictures) place.on("plotly_click", (event) => nearest(event.points[0].x));
    if (chart.points) place.on("plotly_click", (event) => { const link = event.points[0].customdata; if (link) location.href = link; });
  }

  async function curves() {
    const places = all(".chart .curves");
    if (places.length) try {
      const packed = Uint8Array.from(atob(document.getElementById("library").textContent), (c) => c.charCodeAt(0));
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
      const code = document.createElement("script");
      code.text = await new Response(stream).text();
      document.head.append(code);
      await Promise.all(places.map((place, n) => draw(data.charts[n], place)));
    } catch (error) {
      for (const place of places) place.textContent = "The curves need a browser of 2023 or later (" + error.message + ").";
    }
    document.documentElement.dataset.ready = "yes";
    mark();
  }

  // --- the pictures -------------------------------------------------------------------------

  const slider = document.getElementById("time");
  const figures = all("figure.field");
  let marked = false;

  function show() {
    const n = Number(slider.value), words = data.pictures.words[n];
    document.getElementById("now").textContent = words;
    slider.setAttribute("aria-valuetext", words);
    figures.forEach((figure, f) => {
      figure.querySelector("image").setAttribute("href", "data:image/png;base64," + data.pictures.fields[f].pictures[n]);
      figure.querySelector(".reading").textContent = "\u00a0";
    });
    if (!marked) { marked = true; requestAnimationFrame(mark); }
  }

  function mark() {
    marked = false;
    if (!document.documentElement.dataset.ready || !data.pictures) return;
    const x = data.pictures.times[Number(slider.value)];
    const line = { type: "line", x0: x, x1: x, y0: 0, y1: 1, yref: "paper", line: { color: "#5b6670", width: 1, dash: "dot" } };
    all(".chart .curves").forEach((place, n) => { if (data.charts[n].along && place.data) window.Plotly.relayout(place, { shapes: [line] }); });
  }

  function nearest(t) {
    const times = data.pictures.times;
    slider.value = times.reduce((best, time, n) => (Math.abs(time - t) < Math.abs(times[best] - t) ? n : best), 0);
    show();
  }

  // Every colour of the palette is a value; that of an edge or of the skeleton is none.
  function reader(field) {
    const values = new Map(), step = (field.high - field.low) / (field.colours.length - 1);
    field.colours.forEach(([r, g, b], n) => {
      const colour = (r << 16) | (g << 8) | b;
      values.set(colour, (values.get(colour) || []).concat(field.low + step * n));
    });
    return (colour) => {
      const found = values.get(colour), mean = found && found.reduce((a, b) => a + b) / found.length;
      return found && Math.abs(mean) < 0.1 * step ? 0 : mean; // round-off at the end of the colours
    };
  }

  function reading(figure, field) {
    const image = figure.querySelector("image"), line = figure.querySelector(".reading"), value = reader(field);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = data.pictures.pixels;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    let drawn = "";
    async function read(event) {
      const box = image.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width, y = (event.clientY - box.top) / box.height;
      if (x < 0 || x >= 1 || y < 0 || y >= 1) return;
      const address = image.getAttribute("href");
      if (address !== drawn) {
        const picture = new Image();
        picture.src = address;
        await picture.decode();
        pen.clearRect(0, 0, canvas.width, canvas.height);
        pen.drawImage(picture, 0, 0);
        drawn = address;
      }
      const [r, g, b] = pen.getImageData(Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data;
      const found = value((r << 16) | (g << 8) | b), [width, height] = data.pictures.size;
      const what = found === undefined ? "edge, or no value here" : shown(found) + (field.unit === "1" ? "" : " " + field.unit);
      line.textContent = `x = ${shown(x * width)} µm, y = ${shown((1 - y) * height)} µm: ${what}`;
    }
    image.addEventListener("pointermove", read);
    image.addEventListener("pointerdown", read);
    image.addEventListener("pointerleave", () => { line.textContent = "\u00a0"; });
  }

  function play() {
    const button = document.getElementById("play");
    let clock = null;
    const stop = () => { clearInterval(clock); clock = null; button.textContent = "Play"; };
    button.addEventListener("click", () => {
      if (clock) return stop();
      if (slider.value === slider.max) slider.value = 0;
      button.textContent = "Pause";
      clock = setInterval(() => {
        slider.value = Number(slider.value) + 1;
        show();
        if (slider.value === slider.max) stop();
      }, 150);
    });
  }

  // --- a run that is going on ---------------------------------------------------------------

  async function follow() {
    let answer;
    try {
      answer = await (await fetch("state", { cache: "no-store" })).text();
      document.getElementById("contact").textContent = "";
    } catch (error) {
      document.getElementById("contact").textContent = " No contact with dendrite watch: this is what it showed last.";
      return;
    }
    if (answer === data.live) return;
    if (slider) sessionStorage.setItem("time", slider.value === slider.max ? "last" : slider.value);
    location.reload();
  }

  if (slider) {
    const before = data.live && sessionStorage.getItem("time");
    if (before && before !== "last") slider.value = before;
    slider.addEventListener("input", show);
    figures.forEach((figure, n) => reading(figure, data.pictures.fields[n]));
    play();
    show();
  }
  if (data.live) setInterval(follow, 2000);
  window.addEventListener("beforeprint", () => all("details").forEach((one) => { one.open = true; }));
  curves();
})();
