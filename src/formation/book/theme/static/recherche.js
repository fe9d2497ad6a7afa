/* Recherche dans l’index de Sphinx, sans accents, avec extraits ; tout est local, même sans serveur. */
"use strict";

const Recherche = {
  index: null,
  textes: null,
  recevoir(index) { this.index = index; this.demarrer(); },
  extraits(textes) { this.textes = textes; this.demarrer(); },

  replier(texte) {
    return texte.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFD").replace(/\p{M}/gu, "");
  },

  racines(question) {
    const racineur = new Stemmer();
    const mots = this.replier(question).match(/[\p{L}\p{N}_]+/gu) || [];
    const utiles = mots.filter((mot) => !stopwords.includes(mot));
    return [...new Set((utiles.length ? utiles : mots).map((mot) => racineur.stemWord(mot)))];
  },

  /* Pages qui contiennent une racine, avec une note : titre, texte, puis début de mot. */
  pagesDe(racine) {
    const notes = new Map();
    const compter = (table, cle, note) => {
      if (!Object.hasOwn(table, cle)) return;
      for (const page of [table[cle]].flat()) notes.set(page, Math.max(notes.get(page) || 0, note));
    };
    const { titleterms, terms } = this.index;
    compter(titleterms, racine, 8);
    compter(terms, racine, 3);
    if (racine.length > 2) {
      for (const [table, note] of [[titleterms, 4], [terms, 1]]) {
        for (const mot of Object.keys(table)) if (mot !== racine && mot.startsWith(racine)) compter(table, mot, note);
      }
    }
    return notes;
  },

  chercher(question) {
    const racines = this.racines(question);
    if (!racines.length) return [];
    let notes = null;
    for (const racine of racines) {
      const trouvees = this.pagesDe(racine);
      if (notes === null) { notes = trouvees; continue; }
      for (const page of [...notes.keys()]) {
        if (trouvees.has(page)) notes.set(page, notes.get(page) + trouvees.get(page));
        else notes.delete(page);
      }
    }
    const { docnames, titles } = this.index;
    return [...notes].map(([page, note]) => ({ nom: docnames[page], titre: titles[page], note, sections: this.sections(docnames[page], racines) }))
      .sort((a, b) => b.note - a.note || a.titre.localeCompare(b.titre, "fr"));
  },

  sections(nom, racines) {
    const motif = new RegExp("(?<![\\p{L}\\p{N}])(?:" + racines.join("|") + ")[\\p{L}\\p{N}]*", "gu");
    const lues = (this.textes[nom] || []).map(([ancre, titre, texte]) => {
      const plie = this.replier(texte.normalize("NFC"));
      const touches = plie.match(motif) || [];
      const enTitre = (this.replier(titre).match(motif) || []).length;
      return { ancre, titre, texte: texte.normalize("NFC"), plie, motif, note: touches.length + 5 * enTitre };
    });
    return lues.filter((section) => section.note).sort((a, b) => b.note - a.note).slice(0, 3);
  },

  /* Extrait autour du premier mot trouvé. Le texte replié a la même longueur que l’original, sauf ligatures. */
  extrait({ texte, plie, motif }) {
    motif.lastIndex = 0;
    const touche = motif.exec(plie);
    const element = document.createElement("p");
    if (!touche || plie.length !== texte.length) { element.textContent = texte.slice(0, 180) + (texte.length > 180 ? "…" : ""); return element; }
    const debut = Math.max(0, texte.lastIndexOf(" ", Math.max(0, touche.index - 80)));
    const fin = Math.min(texte.length, touche.index + 140);
    const marque = document.createElement("mark");
    marque.textContent = texte.slice(touche.index, touche.index + touche[0].length);
    element.append((debut ? "…" : "") + texte.slice(debut, touche.index), marque, texte.slice(touche.index + touche[0].length, fin) + (fin < texte.length ? "…" : ""));
    return element;
  },

  demarrer() {
    if (!this.index || !this.textes) return;
    const question = (new URLSearchParams(location.search).get("q") || "").trim();
    document.querySelectorAll('input[name="q"]').forEach((champ) => { champ.value = question; });
    if (question) this.afficher(question, this.chercher(question));
  },

  afficher(question, resultats) {
    const liste = document.getElementById("resultats");
    liste.replaceChildren(...resultats.map((resultat) => this.ligne(resultat)));
    const nombre = resultats.length;
    const phrase = nombre === 0 ? `Aucune page ne contient « ${question} ». Essayez un autre mot, ou moins de mots.`
      : `${nombre} page${nombre > 1 ? "s" : ""} pour « ${question} ».`;
    document.title = `${question} · Recherche`;
    document.getElementById("recherche-etat").textContent = phrase;
  },

  ligne({ nom, titre, sections }) {
    const racine = document.documentElement.dataset.content_root;
    const lien = (texte, ancre) => {
      const a = document.createElement("a");
      a.href = `${racine}${nom}.html${ancre ? "#" + ancre : ""}`;
      a.textContent = texte;
      return a;
    };
    const ligne = document.createElement("li");
    const haut = document.createElement("p");
    haut.className = "resultat-titre";
    haut.append(lien(new DOMParser().parseFromString(titre, "text/html").body.textContent, ""));
    ligne.append(haut);
    for (const section of sections) {
      if (section.ancre) { const sous = document.createElement("p"); sous.className = "resultat-section"; sous.append(lien(section.titre, section.ancre)); ligne.append(sous); }
      ligne.append(this.extrait(section));
    }
    return ligne;
  },
};
const Search = { setIndex: (index) => Recherche.recevoir(index) };
