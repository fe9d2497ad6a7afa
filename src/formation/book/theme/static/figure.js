/* Figure interactive : la phrase suit le curseur tout de suite ; Vega n’est chargé qu’à l’approche de la figure. */
"use strict";

(() => {
  const adresse = document.currentScript.dataset.vega;
  let chargement = null;

  /* Une balise script ordinaire : elle marche aussi depuis une clé USB, sans serveur. */
  const chargerVega = () => (chargement ??= new Promise((reussi, echoue) => {
    const script = document.createElement("script");
    script.src = adresse;
    script.onload = reussi;
    script.onerror = echoue;
    document.head.append(script);
  }));

  const nombre = (valeur) => new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 6 }).format(valeur);
  const format = { decimal: ",", thousands: "\u202f", grouping: [3], currency: ["", "\u00a0€"], percent: "\u00a0%" };

  function preparer(figure) {
    const { curseurs: unites, etapes, spec, tailles } = JSON.parse(figure.querySelector(".donnees").textContent);
    const curseurs = [...figure.querySelectorAll('input[type="range"]')];
    const constat = figure.querySelector(".constat");
    const vue = figure.querySelector(".vue");
    let dessin = null;
    let large = null;
    let attente = 0;

    const rang = (curseur) => Math.round((curseur.value - curseur.min) / curseur.step);
    const positions = (curseur) => Math.round((curseur.max - curseur.min) / curseur.step) + 1;
    /* Les étapes sont rangées comme les chiffres d’un compteur : le dernier curseur tourne le plus vite. */
    const etape = () => etapes[curseurs.reduce((total, curseur) => total * positions(curseur) + rang(curseur), 0)];

    function accorder() {
      const [phrase, ...places] = etape();
      curseurs.forEach((curseur, numero) => {
        const nom = curseur.dataset.parametre;
        /* Une liste : un repère par position. Un texte : l’unité. */
        const unite = unites[nom];
        const texte = Array.isArray(unite) ? unite[rang(curseur)] : nombre(places[numero]) + (unite ? "\u00a0" + unite : "");
        curseur.closest(".reglage").querySelector(".valeur").textContent = texte;
        curseur.setAttribute("aria-valuetext", texte);
        if (dessin) dessin.signal(nom, places[numero]);
      });
      clearTimeout(attente);
      /* Un court délai évite qu’un lecteur d’écran lise une phrase à chaque cran. */
      attente = setTimeout(() => { if (constat.textContent !== phrase) constat.textContent = phrase; }, 120);
      if (dessin) dessin.runAsync();
    }

    async function dessiner() {
      try { await chargerVega(); } catch { return; }
      const veutLarge = vue.clientWidth >= 520;
      if (dessin && veutLarge === large) return;
      large = veutLarge;
      const [largeur, hauteur] = tailles[large ? 0 : 1];
      const cible = document.createElement("div");
      const copie = structuredClone(spec);
      copie.width = largeur;
      copie.height = hauteur;
      curseurs.forEach((curseur, numero) => {
        copie.params.find((p) => p.name === curseur.dataset.parametre).value = etape()[1 + numero];
      });
      const resultat = await vegaEmbed(cible, copie, { mode: "vega-lite", actions: false, renderer: "svg", formatLocale: format });
      const svg = cible.querySelector("svg");
      svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
      svg.setAttribute("aria-hidden", "true");
      cible.className = "vivante";
      vue.replaceChildren(cible);
      dessin = resultat.view;
      figure.dataset.vivante = "oui";
      accorder();
    }

    for (const curseur of curseurs) {
      curseur.addEventListener("input", () => { accorder(); dessiner(); });
      curseur.addEventListener("focus", dessiner, { once: true });
    }
    new IntersectionObserver((entrees, veille) => {
      if (entrees.some((entree) => entree.isIntersecting)) { veille.disconnect(); dessiner(); }
    }, { rootMargin: "150px" }).observe(vue);
    new ResizeObserver(() => { if (dessin) dessiner(); }).observe(vue);
  }

  document.querySelectorAll(".figure-interactive").forEach(preparer);
})();
