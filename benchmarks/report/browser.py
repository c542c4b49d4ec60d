# SPDX-License-Identifier: MIT
"""Open the page of a run in a headless Chromium: use it as a reader does, or take its picture.

    python3 -m benchmarks.report.browser results/quickstart/report.html
    python3 -m benchmarks.report.browser results/quickstart/report.html --screenshot report.png

The first moves the time slider to the first picture, points at the middle of every field and at the
last point of the first curves, and prints what the page says. Needs Python and Chromium alone.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
SIZE = (1280, 2020)
"""Of a picture of a page [pixels]: its fields and its first histories."""
WATCH = (
    "<script>window.faults = [];"
    "addEventListener('error', (event) => faults.push(event.message));</script>"
)
PROBE = """
<script>
(async () => {
  const pause = (ms = 100) => new Promise((go) => setTimeout(go, ms));
  const found = {faults: window.faults, readings: {}};
  try {
    while (!document.documentElement.dataset.ready) await pause();
    const slider = document.getElementById("time");
    const images = [...document.querySelectorAll(".still")];
    const before = images.map((image) => image.getAttribute("href"));
    slider.value = SLIDER;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    await pause();
    found.time = document.getElementById("now").textContent;
    found.changed = images.filter((image, n) => image.getAttribute("href") !== before[n]).length;
    for (const figure of document.querySelectorAll("figure.field")) {
      const image = figure.querySelector(".still"), box = image.getBoundingClientRect();
      const at = {clientX: box.left + ACROSS * box.width, clientY: box.top + (1 - UP) * box.height};
      const reading = figure.querySelector(".reading");
      // Pictures are decoded in real time, and the browser's clock does not wait for that: many
      // short looks, or on a busy machine all of them are over before.
      const move = {...at, bubbles: true};
      for (let n = 0; n < 600 && !reading.textContent.trim(); n++) {
        if (n % 100 === 0) image.dispatchEvent(new PointerEvent("pointermove", move));
        await pause(5);
      }
      found.readings[figure.dataset.field] = reading.textContent;
    }
    const plot = document.querySelector(".chart .curves");
    plot.scrollIntoView();
    await pause();
    const area = plot.querySelector(".nsewdrag"), box = area.getBoundingClientRect();
    const end = {clientX: box.right - 1, clientY: box.top + 0.5 * box.height, bubbles: true};
    area.dispatchEvent(new MouseEvent("mousemove", end));
    await pause();
    found.hover = [...plot.querySelectorAll(".hoverlayer text")].map((text) => text.textContent);
  } catch (error) { found.faults.push(String(error)); }
  const out = document.createElement("pre");
  out.id = "found";
  out.textContent = JSON.stringify(found);
  document.body.append(out);
})();
</script>
</body>
"""


def browser() -> str | None:
    """Path of a Chromium; None if there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def used(page: Path, slider: int = 0, at: tuple[float, float] = (0.5, 0.5)) -> dict[str, Any]:
    """Use a page, and return what it says.

    Args:
        page: The file.
        slider: Number of the picture to move to.
        at: Where to point at in the fields, as shares of the width and the height from below.

    Returns:
        `time`, of the slider; `changed`, how many fields have another picture than at the end;
        `readings` of the fields; `hover`, texts at the last point of the first chart; `faults`,
        errors of the page's code.

    Raises:
        RuntimeError: The browser gave no page.
    """
    probe = PROBE
    for name, value in {"SLIDER": slider, "ACROSS": at[0], "UP": at[1]}.items():
        probe = probe.replace(name, str(value))
    with tempfile.TemporaryDirectory(prefix="dendrite-") as scratch:
        copy = Path(scratch) / "page.html"
        written = page.read_text(encoding="utf-8")
        top, _, foot = written.rpartition("</body>")
        watched = top.replace("<title>", f"{WATCH}<title>", 1)
        copy.write_text(watched + probe + foot, encoding="utf-8")
        shown = _chromium(scratch, "--dump-dom", copy.as_uri())
    match = re.search(r'<pre id="found">(.*?)</pre>', shown, re.S)
    if not match:
        raise RuntimeError(f"{page}: no answer from the browser")
    return json.loads(html.unescape(match[1]))


def picture(page: Path, path: Path, size: tuple[int, int] = SIZE) -> None:
    """Take a picture of a page.

    Args:
        page: The file.
        path: PNG to write.
        size: Of the window [pixels].
    """
    with tempfile.TemporaryDirectory(prefix="dendrite-") as scratch:
        window = f"--window-size={size[0]},{size[1]}"
        shot = f"--screenshot={path.absolute()}"
        _chromium(scratch, "--hide-scrollbars", window, shot, page.absolute().as_uri())


def _chromium(scratch: str, *words: str) -> str:
    """Run the browser with no network and a profile of its own; return what it prints."""
    command = [browser(), "--headless", "--disable-gpu", "--no-sandbox", "--no-first-run"]
    command += [f"--user-data-dir={scratch}/profile", "--virtual-time-budget=20000"]
    # A name that resolves to nothing: what is loaded from elsewhere would be missing.
    command += ["--host-resolver-rules=MAP * ~NOTFOUND", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: exit code {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("--screenshot", metavar="FILE.png", type=Path)
    parser.add_argument("--width", metavar="PIXELS", type=int, default=SIZE[0])
    parser.add_argument("--height", metavar="PIXELS", type=int, default=SIZE[1])
    args = parser.parse_args()
    if browser() is None:
        print(f"none of {', '.join(NAMES)} is on PATH", file=sys.stderr)
        return 2
    if args.screenshot:
        picture(args.page, args.screenshot, (args.width, args.height))
        return 0
    found = used(args.page)
    print(json.dumps(found, indent=2, ensure_ascii=False))
    sound = found["changed"] and all(map(str.strip, found["readings"].values())) and found["hover"]
    return 0 if sound and not found["faults"] else 1


if __name__ == "__main__":
    sys.exit(main())
