/* Catalogue des projets : filtres, plein texte sans accents, état dans l’adresse. Les fiches sont déjà dans la page. */
"use strict";

(() => {
  const catalogue = document.querySelector(".catalogue");
  if (!catalogue) return;
  const PAR_PAGE = 20;
  const FILTRES = ["besoin", "taille", "cout", "maturite", "secteur"];
  const formulaire = catalogue.querySelector(".filtres");
  const liste = catalogue.querySelector(".projets");
  const etat = catalogue.querySelector(".etat");
  const suite = catalogue.querySelector(".suite-projets");
  let limite = PAR_PAGE;
  let trouvees = [];
  let attente = 0;

  /* Des mots en ASCII, séparés par une espace : le moteur cherche bien plus vite dans un tel texte. */
  const replier = (texte) => (texte.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFKD")
    .replace(/\p{M}/gu, "").match(/[a-z0-9]+/g) || []).join(" ");

  const fiches = [...liste.children].map((noeud) => ({
    noeud,
    titre: replier(noeud.firstElementChild.textContent),
    valeurs: FILTRES.map((nom) => noeud.dataset[nom].split(" ")),
    texte: null,
  }));

  function texteDe(fiche) {
    if (fiche.texte === null) {
      const parts = fiche.noeud.querySelectorAll(":scope > p, dd, .projet-sources li");
      fiche.texte = `${fiche.titre} ${replier([...parts].map((part) => part.textContent).join(" "))}`;
    }
    return fiche.texte;
  }

  /* Le repli des textes se fait pendant que le lecteur lit ; la première recherche finit ce qui reste. */
  const auRepos = window.requestIdleCallback || ((suivre) => setTimeout(() => suivre({ timeRemaining: () => 8 }), 1));
  function preparer(depart) {
    auRepos((repos) => {
      let rang = depart;
      while (rang < fiches.length && repos.timeRemaining() > 1) texteDe(fiches[rang++]);
      if (rang < fiches.length) preparer(rang);
      else catalogue.dataset.pret = "oui";
    });
  }

  const selecteurs = FILTRES.map((nom) => formulaire.elements[nom]);
  const options = selecteurs.map((champ) => [...champ.options].map((option) => ({ option, libelle: option.text.replace(/ \(\d+\)$/, "") })));

  /* Une fiche qu’un seul filtre écarte compte encore dans les options de ce filtre. */
  function chercher() {
    const mots = replier(formulaire.elements.mots.value).split(" ").filter(Boolean);
    const voulues = selecteurs.map((champ) => champ.value);
    const comptes = FILTRES.map(() => new Map());
    const totaux = FILTRES.map(() => 0);
    const gardees = [];
    for (const fiche of fiches) {
      let ecarte = -1;
      let ecarts = 0;
      for (let f = 0; f < FILTRES.length && ecarts < 2; f += 1) {
        if (voulues[f] && !fiche.valeurs[f].includes(voulues[f])) { ecarts += 1; ecarte = f; }
      }
      if (ecarts > 1 || !mots.every((mot) => texteDe(fiche).includes(mot))) continue;
      for (let f = 0; f < FILTRES.length; f += 1) {
        if (ecarts && ecarte !== f) continue;
        totaux[f] += 1;
        for (const valeur of fiche.valeurs[f]) comptes[f].set(valeur, (comptes[f].get(valeur) || 0) + 1);
      }
      if (!ecarts) gardees.push(fiche);
    }
    if (mots.length) {
      const note = (fiche) => mots.reduce((total, mot) => total + fiche.titre.includes(mot), 0);
      const notes = new Map(gardees.map((fiche) => [fiche, note(fiche)]));
      gardees.sort((a, b) => notes.get(b) - notes.get(a));
    }
    return { gardees, comptes, totaux };
  }

  const accord = (nombre) => `${nombre.toLocaleString("fr-FR")} projet${nombre > 1 ? "s" : ""}`;

  function montrer() {
    liste.replaceChildren(...trouvees.slice(0, limite).map((fiche) => fiche.noeud));
    const reste = trouvees.length - limite;
    suite.hidden = reste <= 0;
    suite.textContent = `Montrer ${Math.min(reste, PAR_PAGE)} projets de plus`;
  }

  function dire() {
    const montrees = trouvees.length > limite ? `, les ${limite} premiers affichés` : "";
    etat.textContent = trouvees.length ? `${accord(trouvees.length)} sur ${fiches.length.toLocaleString("fr-FR")}${montrees}.`
      : "Aucun projet ne correspond. Retirez un filtre ou un mot, ou n’écrivez que le début d’un mot.";
  }

  function chercherEtMontrer() {
    const debut = performance.now();
    const { gardees, comptes, totaux } = chercher();
    trouvees = gardees;
    limite = PAR_PAGE;
    options.forEach((lot, f) => lot.forEach(({ option, libelle }) => {
      option.text = `${libelle} (${option.value ? comptes[f].get(option.value) || 0 : totaux[f]})`;
    }));
    montrer();
    dire();
    performance.measure("catalogue", { start: debut });
  }

  const CHAMPS = ["mots", ...FILTRES];

  function ecrireAdresse() {
    const choix = new URLSearchParams();
    CHAMPS.forEach((nom) => { const valeur = formulaire.elements[nom].value.trim(); if (valeur) choix.set(nom, valeur); });
    const texte = choix.toString();
    try { history.replaceState(null, "", texte ? `#${texte}` : location.pathname + location.search); } catch { /* adresse gardée */ }
  }

  function lireAdresse() {
    let ancre = "";
    try { ancre = decodeURIComponent(location.hash.slice(1)); } catch { /* adresse abîmée : tout est montré */ }
    if (ancre.includes("=")) {
      const choix = new URLSearchParams(location.hash.slice(1));
      CHAMPS.forEach((nom) => { formulaire.elements[nom].value = choix.get(nom) || ""; });
      selecteurs.forEach((champ) => { if (champ.selectedIndex < 0) champ.value = ""; });
      chercherEtMontrer();
      return;
    }
    const rang = fiches.findIndex(({ noeud }) => noeud.id === ancre);
    if (rang < 0) return;
    /* Pas de reset() : son effet différé refermerait la liste à vingt fiches et effacerait l’adresse. */
    CHAMPS.forEach((nom) => { formulaire.elements[nom].value = ""; });
    chercherEtMontrer();
    limite = Math.max(limite, rang + 1);
    montrer();
    dire();
    const { noeud } = fiches[rang];
    noeud.querySelector("details").open = true;
    noeud.scrollIntoView();
  }

  formulaire.addEventListener("submit", (evenement) => evenement.preventDefault());
  formulaire.addEventListener("input", (evenement) => {
    clearTimeout(attente);
    attente = setTimeout(() => { chercherEtMontrer(); ecrireAdresse(); }, evenement.target.name === "mots" ? 150 : 0);
  });
  formulaire.addEventListener("reset", () => setTimeout(() => { chercherEtMontrer(); ecrireAdresse(); }, 0));
  suite.addEventListener("click", () => {
    const premiere = trouvees[limite].noeud.firstElementChild;
    limite += PAR_PAGE;
    montrer();
    dire();
    premiere.tabIndex = -1;
    premiere.focus();
  });
  /* Un renvoi [S1] ouvre la fiche et mène à la source, sans toucher aux filtres gardés dans l’adresse. */
  liste.addEventListener("click", (evenement) => {
    const lien = evenement.target.closest('a[href^="#p"]');
    const cible = lien && document.getElementById(lien.hash.slice(1));
    if (!cible) return;
    evenement.preventDefault();
    cible.tabIndex = -1;
    cible.focus();
  });
  window.addEventListener("hashchange", lireAdresse);

  trouvees = fiches;
  chercherEtMontrer();
  lireAdresse();
  preparer(0);
})();
