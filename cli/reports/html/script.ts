/**
 * The page's script. It computes nothing: every text and every list of what is gone was written by the report. Without it, the tables below the
 * picture tell the same.
 */
export const script = `
"use strict";
(() => {
  const losses = JSON.parse(document.getElementById("losses").textContent);
  const radios = [...document.querySelectorAll("input[name=loss]")];
  const picture = document.getElementById("picture");
  const status = document.getElementById("status");
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const show = (at) => {
    const loss = losses[at];
    const gone = new Set(loss ? loss.gone : []);
    const served = new Set(loss ? loss.served : []);
    each(".outcome", (panel) => { panel.hidden = panel.id !== "o" + at; });
    status.textContent = loss ? loss.status : "Nothing is lost: this is the design as it is.";
    if (!picture) return;
    picture.classList.toggle("serving", served.size > 0);
    each("#picture .thing", (thing) => {
      const place = Number(thing.id.slice(1));
      thing.classList.toggle("gone", gone.has(place));
      const caption = thing.querySelector(".caption");
      const note = loss && loss.notes[place];
      caption.textContent = note || caption.dataset.caption;
      caption.classList.toggle("note", Boolean(note));
    });
    each("#picture .region", (region) => { region.classList.toggle("serves", served.has(Number(region.id.slice(1)))); });
    each("#picture .line", (line) => { line.classList.toggle("gone", line.dataset.ends.split(" ").some((end) => gone.has(Number(end)))); });
  };
  const choose = (at) => {
    const radio = radios.find((one) => one.value === String(at));
    if (!radio) return;
    radio.checked = true;
    const group = radio.closest("details");
    if (group) group.open = true;
    show(at);
  };
  const fromAddress = () => {
    const found = /^#lose=(.*)$/.exec(location.hash);
    if (!found) return false;
    let name = found[1];
    try { name = decodeURIComponent(name); } catch { return false; }
    choose(losses.findIndex(({ id }) => id === name));
    return true;
  };
  radios.forEach((radio) => radio.addEventListener("change", () => {
    const loss = losses[Number(radio.value)];
    history.replaceState(null, "", loss ? "#lose=" + encodeURIComponent(loss.id) : "#what-if");
    show(Number(radio.value));
  }));
  addEventListener("hashchange", () => {
    if (fromAddress()) document.getElementById("what-if").scrollIntoView();
  });
  const chosen = () => Number(radios.find((radio) => radio.checked).value);
  addEventListener("beforeprint", () => { show(-1); });
  addEventListener("afterprint", () => { show(chosen()); });
  const filter = document.getElementById("filter");
  if (filter) filter.addEventListener("change", () => {
    let count = 0;
    each(".finding", (finding) => {
      finding.hidden = filter.value !== "" && finding.dataset.rule !== filter.value;
      if (!finding.hidden) count += 1;
    });
    document.getElementById("shown").textContent = count + " shown";
  });
  document.documentElement.classList.add("scripted");
  if (!fromAddress()) choose(-1);
})();
`;
