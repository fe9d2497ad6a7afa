/* Recherche dans l’index de Sphinx, sans accents, avec extraits ; tout est local, même sans serveur.
   L’index vient par première lettre et les extraits par page : seuls les morceaux utiles sont chargés. */
"use strict";

const PAR_PAGE = 10;
const Recherche = {
  livre: null,
  terms: {},
  titleterms: {},
  textes: {},
  dossier: new URL("./recherche/", document.currentScript.src),
  charges: new Map(),

  pages(livre) { this.livre = livre; this.demarrer(); },
  mots(nom, { terms, titleterms }) { Object.assign(this.terms, terms); Object.assign(this.titleterms, titleterms); },
  extraits(numero, sections) { this.textes[numero] = sections; },

  /* Charge un morceau une fois. Un mot dont la lettre n’a aucun morceau n’est dans aucune page. */
  charger(fichier) {
    if (!this.charges.has(fichier)) {
      this.charges.set(fichier, new Promise((fini) => {
        const script = document.createElement("script");
        script.src = new URL(fichier, this.dossier).href;
        script.onload = script.onerror = () => fini();
        document.head.append(script);
      }));
    }
    return this.charges.get(fichier);
  },

  morceau(racine) { return /^[a-z0-9]/.test(racine) ? racine[0] : "autres"; },

  replier(texte) {
    return texte.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFKD").replace(/\p{M}/gu, "");
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
    const { titleterms, terms } = this;
    compter(titleterms, racine, 8);
    compter(terms, racine, 3);
    if (racine.length > 2) {
      for (const [table, note] of [[titleterms, 4], [terms, 1]]) {
        for (const mot of Object.keys(table)) if (mot !== racine && mot.startsWith(racine)) compter(table, mot, note);
      }
    }
    return notes;
  },

  async chercher(racines) {
    if (!racines.length) return [];
    await Promise.all([...new Set(racines.map((racine) => this.morceau(racine)))].map((nom) => this.charger(`mots-${nom}.js`)));
    let notes = null;
    for (const racine of racines) {
      const trouvees = this.pagesDe(racine);
      if (notes === null) { notes = trouvees; continue; }
      for (const page of [...notes.keys()]) {
        if (trouvees.has(page)) notes.set(page, notes.get(page) + trouvees.get(page));
        else notes.delete(page);
      }
    }
    const { docnames, titles } = this.livre;
    return [...notes].map(([page, note]) => ({ page, nom: docnames[page], titre: titles[page], note }))
      .sort((a, b) => b.note - a.note || a.titre.localeCompare(b.titre, "fr"));
  },

  sections(page, racines) {
    const motif = new RegExp("(?<![\\p{L}\\p{N}])(?:" + racines.join("|") + ")[\\p{L}\\p{N}]*", "gu");
    const lues = (this.textes[page] || []).map(([ancre, titre, texte]) => {
      const plie = this.replier(texte.normalize("NFC"));
      const touches = plie.match(motif) || [];
      const enTitre = (this.replier(titre).match(motif) || []).length;
      return { ancre, titre, texte: texte.normalize("NFC"), plie, motif, note: touches.length + 5 * enTitre };
    });
    return lues.filter((section) => section.note).sort((a, b) => b.note - a.note).slice(0, 3);
  },

  /* Place, dans l’original, d’un caractère du texte replié : « œ » en donne deux, « … » trois. */
  place(texte, but) {
    let lus = 0, ici = 0;
    for (; ici < texte.length && lus < but; ici += 1) lus += this.replier(texte[ici]).length;
    return ici;
  },

  /* Extrait autour du premier mot trouvé. */
  extrait({ texte, plie, motif }) {
    motif.lastIndex = 0;
    const touche = motif.exec(plie);
    const element = document.createElement("p");
    if (!touche) { element.textContent = texte.slice(0, 180) + (texte.length > 180 ? "…" : ""); return element; }
    const place = (but) => (plie.length === texte.length ? but : this.place(texte, but));
    const mot = place(touche.index), apres = place(touche.index + touche[0].length);
    const debut = Math.max(0, texte.lastIndexOf(" ", Math.max(0, mot - 80)));
    const fin = Math.min(texte.length, mot + 140);
    const marque = document.createElement("mark");
    marque.textContent = texte.slice(mot, apres);
    element.append((debut ? "…" : "") + texte.slice(debut, mot), marque, texte.slice(apres, fin) + (fin < texte.length ? "…" : ""));
    return element;
  },

  async demarrer() {
    const question = (new URLSearchParams(location.search).get("q") || "").trim();
    document.querySelectorAll('input[name="q"]').forEach((champ) => { champ.value = question; });
    if (!question) return;
    const racines = this.racines(question);
    await this.afficher(question, racines, await this.chercher(racines));
  },

  async afficher(question, racines, resultats) {
    const liste = document.getElementById("resultats");
    const suite = document.getElementById("resultats-suite");
    liste.replaceChildren();
    const montrer = async () => {
      const debut = liste.children.length;
      const suivants = resultats.slice(debut, debut + PAR_PAGE);
      await Promise.all(suivants.map(({ page }) => this.charger(`page-${page}.js`)));
      liste.append(...suivants.map((resultat) => this.ligne({ ...resultat, sections: this.sections(resultat.page, racines) })));
      suite.hidden = liste.children.length >= resultats.length;
      if (debut) liste.children[debut].querySelector("a").focus();
    };
    suite.onclick = montrer;
    await montrer();
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
