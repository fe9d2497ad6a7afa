"use strict";
(() => {
  const slides = [...document.querySelectorAll(".diapo")];
  const body = document.body;
  const bar = document.getElementById("barre");
  const said = document.getElementById("annonce");
  const help = document.getElementById("aide");
  const speaker = new URLSearchParams(location.search).has("orateur");
  let partner = speaker ? window.opener : null;
  let current = 0;

  const rankOf = () => {
    const named = slides.findIndex((slide) => `#${slide.id}` === location.hash);
    if (named >= 0) return named;
    const inside = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    return inside ? slides.indexOf(inside.closest(".diapo")) : -1;
  };

  function show(rank, { tell = true, focus = true } = {}) {
    current = Math.max(0, Math.min(slides.length - 1, rank));
    slides.forEach((slide, at) => slide.classList.toggle("montree", at === current));
    const slide = slides[current];
    try { history.replaceState(null, "", `${location.search}#${slide.id}`); } catch { /* adresse locale sans historique */ }
    const overview = body.classList.contains("ensemble");
    if (focus) slide.focus({ preventScroll: !overview });
    if (!overview) window.scrollTo(0, 0);
    said.textContent = `Diapositive ${current + 1} sur ${slides.length} : ${slide.dataset.titre}`;
    document.title = `${slide.dataset.titre} · ${current + 1} sur ${slides.length}`;
    if (tell && partner && !partner.closed) partner.postMessage({ diapo: current }, "*");
    if (speaker) mark();
  }

  function toggle(name, action) {
    const on = body.classList.toggle(name);
    bar.querySelector(`[data-action=${action}]`).setAttribute("aria-pressed", String(on));
    return on;
  }

  const actions = {
    suivante: () => show(current + 1),
    precedente: () => show(current - 1),
    premiere: () => show(0),
    derniere: () => show(slides.length - 1),
    notes: () => { said.textContent = toggle("avec-notes", "notes") ? "Notes montrées" : "Notes cachées"; },
    vue() {
      const on = toggle("ensemble", "vue");
      slides.forEach((slide) => slide.setAttribute("tabindex", on ? "0" : "-1"));
      if (on) slides[current].focus(); else show(current);
    },
    orateur() {
      partner = window.open(`${location.pathname}?orateur=1#${slides[current].id}`, "orateur", "width=900,height=700");
      if (!partner) said.textContent = "Le navigateur a bloqué la fenêtre : autorisez-la pour cette page.";
    },
    imprimer: () => window.print(),
    aide: () => (help.open ? help.close() : help.showModal()),
  };
  const keys = {
    ArrowRight: "suivante", ArrowDown: "suivante", PageDown: "suivante", " ": "suivante",
    ArrowLeft: "precedente", ArrowUp: "precedente", PageUp: "precedente", Backspace: "precedente",
    Home: "premiere", End: "derniere", n: "notes", v: "vue", o: "orateur", p: "imprimer", "?": "aide",
  };

  const vertical = { ArrowUp: -1, PageUp: -1, ArrowDown: 1, PageDown: 1, " ": 1 };
  const hidden = (way) => (way < 0
    ? window.scrollY > 4
    : document.documentElement.scrollHeight - window.innerHeight - window.scrollY > 4);

  let reference = 0;
  const started = Date.now();
  const place = document.createElement("p");
  function mark() {
    const next = slides[current + 1];
    const minutes = Math.floor((Date.now() - started) / 60000);
    const now = new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
    const text = `${now} · ${minutes} min depuis l’ouverture · ${current + 1} sur ${slides.length} · ensuite : `
      + (next ? next.dataset.titre : "fin");
    if (place.textContent !== text) place.textContent = text;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (help.open) {
      if (event.key === "?") help.close();
      return;
    }
    const onButton = event.target.closest("button, a, input, summary");
    if (onButton && (event.key === " " || event.key === "Enter")) return;
    if (body.classList.contains("ensemble") && event.key === "Enter") {
      const chosen = slides.indexOf(event.target.closest(".diapo"));
      actions.vue();
      if (chosen >= 0) show(chosen);
      return;
    }
    // ces touches font défiler ce qui dépasse, puis changent de diapositive : une télécommande n’en a pas d’autres
    const back = event.key === " " && event.shiftKey;
    const way = back ? -1 : vertical[event.key];
    if (way && (body.classList.contains("ensemble") || hidden(way))) return;
    if (event.key === "Escape" && body.classList.contains("ensemble")) { actions.vue(); return; }
    const action = back ? "precedente" : keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    actions[action]();
  });
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) actions[button.dataset.action]();
  });
  document.getElementById("diapos").addEventListener("click", (event) => {
    if (!body.classList.contains("ensemble") || event.target.closest("a")) return;
    const chosen = slides.indexOf(event.target.closest(".diapo"));
    if (chosen >= 0) { actions.vue(); show(chosen); }
  });
  let touched = null;
  document.addEventListener("touchstart", (event) => { touched = event.changedTouches[0]; }, { passive: true });
  document.addEventListener("touchend", (event) => {
    const moved = event.changedTouches[0].clientX - (touched ? touched.clientX : 0);
    const lift = Math.abs(event.changedTouches[0].clientY - (touched ? touched.clientY : 0));
    if (touched && Math.abs(moved) > 60 && lift < 40) show(current + (moved < 0 ? 1 : -1));
  }, { passive: true });
  window.addEventListener("hashchange", () => {
    const rank = rankOf();
    if (rank >= 0 && rank !== current) {
      const target = location.hash;
      show(rank);
      const inside = document.querySelector(target);
      if (inside) inside.scrollIntoView({ block: "nearest" });
    }
  });
  window.addEventListener("message", (event) => {
    // la page principale rechargée retrouve l’écran de l’orateur qu’elle avait ouvert
    if (!partner && event.source && event.source.opener === window) partner = event.source;
    if (event.source === partner && event.data && Number.isInteger(event.data.diapo)) {
      show(event.data.diapo, { tell: false, focus: false });
    }
  });

  body.classList.add("projection");
  bar.hidden = false;
  if (speaker) {
    body.classList.add("orateur", "avec-notes");
    place.id = "repere";
    body.prepend(place);
    reference = setInterval(mark, 10000);
    window.addEventListener("pagehide", () => clearInterval(reference));
  }
  show(Math.max(0, rankOf()), { tell: false, focus: false });
})();
