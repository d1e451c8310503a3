// Draws the numbers of the reasons report. The table below the chart says the same, so nothing is lost without this.
"use strict";

(() => {
  const canvas = document.getElementById("reasons-chart");
  const source = document.getElementById("reasons-data");
  if (!canvas || !source || typeof Chart === "undefined") {
    return;
  }
  const data = JSON.parse(source.textContent);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  let chart = null;
  if (!data.over_time) {
    canvas.parentElement.style.height = `${64 + data.labels.length * 56}px`;
  }

  // On a narrow screen a long name takes several lines instead of the room of its bar.
  const inLines = (label) => {
    const lines = [""];
    for (const word of label.split(" ")) {
      const last = lines[lines.length - 1];
      if (last && last.length + word.length > 15) {
        lines.push(word);
      } else {
        lines[lines.length - 1] = `${last} ${word}`.trim();
      }
    }
    return lines;
  };

  const paint = () => {
    const narrow = canvas.parentElement.clientWidth < 560;
    const axis = {
      ticks: { color: colour("--quiet"), precision: 0 },
      grid: { color: colour("--line") },
      border: { display: false },
    };
    const names = { ticks: { color: colour("--ink") }, grid: { display: false }, border: { color: colour("--edge") } };
    if (chart) {
      chart.destroy();
    }
    chart = new Chart(canvas, {
      type: "bar",
      data: {
        labels: narrow ? data.labels.map(inLines) : data.labels,
        datasets: [
          { label: data.words.moves, data: data.counts, backgroundColor: colour("--accent"), borderRadius: 3 },
          { label: data.words.placed, data: data.placed, backgroundColor: colour("--good-edge"), borderRadius: 3 },
        ],
      },
      options: {
        indexAxis: data.over_time ? "x" : "y",
        animation: calm ? false : { duration: 300 },
        maintainAspectRatio: false,
        maxBarThickness: 22,
        scales: data.over_time ? { x: names, y: { ...axis, beginAtZero: true } } : { y: names, x: { ...axis, beginAtZero: true } },
        plugins: { legend: { position: "top", align: "start", labels: { color: colour("--ink"), boxWidth: 14 } } },
        onClick: (_event, hit) => {
          if (hit.length) {
            window.location.assign(data.urls[hit[0].index]);
          }
        },
        onHover: (event, hit) => {
          event.native.target.classList.toggle("over-bar", hit.length > 0);
        },
      },
    });
  };

  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  paint();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
})();
