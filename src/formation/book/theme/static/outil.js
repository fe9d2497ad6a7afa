/* Outils d’atelier : lit une grille comme le fait formation.workshop, compose la même fiche, sans rien envoyer. */
(() => {
  "use strict";

  const INCONNU = "inconnu";
  const GRAVITES = ["bloquant", "attention", "information"];
  const INTERDITS = /[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
  const ADRESSE = /https?:\/\/[^\s<>«»"]*[^\s<>«»".,;:!?)\]]/g;
  const TAILLE_MAX = 256000;
  const TEXTE_MAX = 2000;

  /* --- Lecture de la grille : mêmes règles que conditions.py et evaluation.py --- */

  const questions = (grille) => grille.etapes.flatMap((etape) => etape.questions);
  const connue = (valeur) => valeur !== undefined && valeur !== INCONNU && !(Array.isArray(valeur) && valeur.length === 1 && valeur[0] === INCONNU);
  const exclusives = (question) => new Set((question.options || []).filter((o) => o.exclusif).map((o) => o.id));

  function borne(condition, quantite) {
    if (condition.au_moins !== undefined) return quantite >= condition.au_moins;
    return condition.moins_de !== undefined && quantite < condition.moins_de;
  }

  function vraie(condition, etat) {
    if (!condition) return true;
    if (condition.tous) return condition.tous.every((c) => vraie(c, etat));
    if (condition.un_de) return condition.un_de.some((c) => vraie(c, etat));
    if (condition.aucun_de) return !condition.aucun_de.some((c) => vraie(c, etat));
    if (condition.regle !== undefined) return etat.regles.has(condition.regle);
    if (condition.theme !== undefined) return etat.themes.has(condition.theme);
    if (condition.repondu !== undefined) return connue(etat.reponses[condition.repondu]);
    if (condition.note !== undefined) return etat.notes[condition.note] !== undefined && borne(condition, etat.notes[condition.note]);
    const valeur = etat.reponses[condition.question];
    if (valeur === undefined) return false;
    if (condition.est !== undefined) return valeur === condition.est;
    if (condition.parmi) return condition.parmi.includes(valeur);
    if (condition.contient !== undefined) return Array.isArray(valeur) && valeur.includes(condition.contient);
    if (Array.isArray(valeur)) {
      const seules = etat.exclusives[condition.question];
      return connue(valeur) && borne(condition, valeur.filter((nom) => !seules.has(nom)).length);
    }
    return typeof valeur === "number" && borne(condition, valeur);
  }

  function visibles(grille, reponses) {
    const etat = { reponses: {}, notes: {}, regles: new Set(), themes: new Set(), exclusives: {} };
    const posees = [];
    for (const question of questions(grille)) {
      etat.exclusives[question.id] = exclusives(question);
      if (!vraie(question.si, etat)) continue;
      posees.push(question);
      if (reponses[question.id] !== undefined) etat.reponses[question.id] = reponses[question.id];
    }
    return [posees, etat];
  }

  function noter(note, posees, reponses) {
    let total = 0, connues = 0, nombre = 0;
    for (const question of posees) {
      const points = note.points[question.id];
      if (!points) continue;
      nombre += 1;
      const valeur = reponses[question.id];
      if (connue(valeur)) connues += 1;
      for (const nom of Array.isArray(valeur) ? valeur : [valeur]) total += points[nom] || 0;
    }
    let niveau = note.niveaux[0].texte;
    for (const n of note.niveaux) if (total >= n.a_partir_de) niveau = n.texte;
    return { id: note.id, titre: note.titre, total, sur: note.sur, niveau, connues, posees: nombre };
  }

  function plusTard(jour, mois) {
    const [an, m, j] = jour.split("-").map(Number);
    const rang = m - 1 + mois, annee = an + Math.floor(rang / 12), mm = rang % 12;
    const dernier = new Date(Date.UTC(annee, mm + 1, 0)).getUTCDate();
    return `${annee}-${String(mm + 1).padStart(2, "0")}-${String(Math.min(j, dernier)).padStart(2, "0")}`;
  }

  function etapesAFaire(retenues, jour) {
    const toutes = [];
    for (const regle of retenues) for (const tache of regle.a_faire || []) {
      const echeance = tache.dans_mois ? plusTard(jour, tache.dans_mois) : tache.echeance || regle.echeance;
      toutes.push({ texte: tache.texte, echeance, qui: tache.qui || "", gravite: regle.gravite || "information", rang: toutes.length });
    }
    const cle = (e) => (e.echeance ? [1, e.echeance] : [e.gravite === "bloquant" ? 0 : 2, ""]);
    toutes.sort((a, b) => {
      const [ca, da] = cle(a), [cb, db] = cle(b);
      if (ca !== cb) return ca - cb;
      if (da !== db) return da < db ? -1 : 1;
      return GRAVITES.indexOf(a.gravite) - GRAVITES.indexOf(b.gravite) || a.rang - b.rang;
    });
    const vues = new Set();
    return toutes.filter((e) => !vues.has(e.texte) && vues.add(e.texte));
  }

  function evaluer(grille, donnees, jour) {
    const [posees, etat] = visibles(grille, donnees);
    const notes = (grille.notes || []).map((note) => noter(note, posees, etat.reponses));
    for (const note of notes) if (note.connues) etat.notes[note.id] = note.total;
    const uniques = new Set(grille.themes.filter((t) => t.unique).map((t) => t.id));
    const retenues = [];
    for (const regle of grille.regles) {
      if (uniques.has(regle.theme) && etat.themes.has(regle.theme)) continue;
      if (!vraie(regle.si, etat)) continue;
      retenues.push(regle);
      etat.regles.add(regle.id);
      etat.themes.add(regle.theme);
    }
    const parties = [];
    for (const theme of grille.themes) {
      let dites = retenues.filter((regle) => regle.theme === theme.id);
      if (!dites.length && theme.defaut) dites = [theme.defaut];
      if (dites.length) parties.push({ titre: theme.titre, dites });
    }
    return {
      jour, notes, parties, posees, reponses: etat.reponses,
      regles: retenues.map((regle) => regle.id),
      a_faire: etapesAFaire(retenues, jour),
      inconnues: posees.filter((q) => !q.facultatif && !connue(etat.reponses[q.id])),
    };
  }

  /* --- Composition de la fiche : mêmes blocs que sheet.py --- */

  const dire = (modele, valeurs) => modele.replace(/\{(\w+)\}/g, (_, nom) => valeurs[nom]);
  const enClair = (jour) => jour.split("-").reverse().join("/");
  const paragraphe = (texte, fort = false) => ({ bloc: "paragraphe", texte, fort });
  const liste = (elements) => ({ bloc: "liste", elements, numerotee: false });
  const tableau = (legende, entete, lignes) => ({ bloc: "tableau", legende, entete, lignes });

  function nombre(valeur) {
    const [entier, reste] = String(Number(valeur.toPrecision(10))).split(".");
    return entier.replace(/\B(?=(\d{3})+$)/g, "\u202f") + (reste ? `,${reste}` : "");
  }

  function ecrite(question, valeur) {
    const texte = (nom) => ((question.options || []).find((o) => o.id === nom) || { texte: nom }).texte;
    if (Array.isArray(valeur)) return valeur.map(texte).join("\u00a0; ");
    if (typeof valeur === "string") return question.type === "texte" ? valeur : texte(valeur);
    return nombre(valeur) + (question.unite ? `\u00a0${question.unite}` : "");
  }

  /* Articles à la suite : un texte déjà nommé juste avant n’est pas répété. */
  const ensemble = (articles) => articles.map((nom, rang) => {
    const texte = `${nom.split(", ")[0]}, `;
    return rang && nom.startsWith(texte) && articles[rang - 1].startsWith(texte) ? nom.slice(texte.length) : nom;
  });

  /* Articles rangés par texte ; ce qui ne s’applique qu’a contrario ne fonde pas un visa. */
  function viser(textes, nom) {
    if (nom.includes("a contrario")) return;
    const [texte, ...suite] = nom.split(", ");
    if (!textes.has(texte)) textes.set(texte, new Set());
    if (suite.length) textes.get(texte).add(suite.join(", "));
  }

  function composer(grille, resultat, mots, sources) {
    const quand = (echeance, futur, passe) =>
      echeance ? dire(mots[echeance > resultat.jour ? futur : passe], { jour: enClair(echeance) }) : "";
    const nommee = resultat.posees.find((q) => q.id === "nom" && q.type === "texte");
    const tete = [nommee && resultat.reponses.nom, grille.question].filter(Boolean).map((texte) => paragraphe(texte, true));
    const sections = [{ titre: "", niveau: 2, blocs: [...tete, paragraphe(grille.avertissement)] }];
    const ajouter = (titre, blocs, niveau = 2) => sections.push({ titre, niveau, blocs });
    if (resultat.parties.length) {
      const bref = (dit) => (dit.gravite === "bloquant" ? mots.bloquant : "") + dit.conclusion + quand(dit.echeance, "avant_court", "depuis_court");
      const rang = (dit) => GRAVITES.indexOf(dit.gravite || "information");
      ajouter(mots.essentiel, [tableau(mots.essentiel_legende, [mots.point, mots.dit], resultat.parties.map((partie) =>
        [partie.titre, [...partie.dites].sort((a, b) => rang(a) - rang(b)).map(bref).join(". ")]))]);
    }
    if (resultat.a_faire.length) {
      const suivi = (texte, suite) => texte + (!suite || /[.!?…]$/.test(texte) ? "" : ".") + suite;
      ajouter(mots.a_faire, [...(resultat.a_faire.some((e) => e.qui) ? [paragraphe(mots.a_faire_texte)] : []),
        { bloc: "cases", elements: resultat.a_faire.map((e) => ({
          texte: suivi(e.texte, quand(e.echeance, "avant_le", "depassee") + (e.qui ? dire(mots.qui, { qui: e.qui }) : "")),
          cochee: false,
        })) }]);
    }
    if (resultat.inconnues.length) {
      ajouter(mots.a_eclaircir, [paragraphe(mots.a_eclaircir_texte),
        liste(resultat.inconnues.map((q) => `${q.texte} ${q.si_inconnu || ""}`.trim()))]);
    }
    if (resultat.parties.length) ajouter(mots.detail, [paragraphe(mots.detail_texte)]);
    const citees = [], textes = new Map();
    for (const partie of resultat.parties) {
      const blocs = [];
      for (const dit of partie.dites) {
        blocs.push(paragraphe(mots[dit.gravite || "information"] + dit.conclusion, true));
        const suite = [dit.explication || "", quand(dit.echeance, "echeance", "depuis")].filter(Boolean).join(" ");
        if (suite) blocs.push(paragraphe(suite));
        const references = [...ensemble(dit.articles || []), ...(dit.sources || [])];
        if (references.length) blocs.push(paragraphe(`${mots.references}${references.join("\u00a0; ")}.`));
        for (const cle of dit.sources || []) if (!citees.includes(cle)) citees.push(cle);
        for (const nom of dit.articles || []) viser(textes, nom);
      }
      ajouter(partie.titre, blocs, 3);
    }
    if (resultat.notes.length) {
      ajouter(mots.notes, [tableau(mots.notes_legende, [mots.critere, mots.total, mots.lecture], resultat.notes.map((n) => {
        if (!n.connues) return [n.titre, "—", mots.sans_note];
        const lecture = n.connues < n.posees
          ? dire(mots.partielle, { lecture: n.niveau, reponses: n.connues, questions: n.posees }) : n.niveau;
        return [n.titre, dire(mots.sur, { total: n.total, sur: n.sur }), lecture];
      }))]);
    }
    if (textes.size) {
      ajouter(mots.textes, [paragraphe(mots.textes_texte),
        liste([...textes].map(([texte, suites]) => [texte, [...suites].join("\u00a0; ")].filter(Boolean).join(", ")))]);
    }
    const repondues = resultat.posees.filter((q) => resultat.reponses[q.id] !== undefined);
    if (repondues.length) {
      ajouter(mots.reponses, [tableau(mots.reponses_legende, [mots.question, mots.reponse],
        repondues.map((q) => [q.texte, ecrite(q, resultat.reponses[q.id])]))]);
    }
    if (citees.length) ajouter(mots.sources, [liste(citees.map((cle) => `${cle}\u00a0: ${sources[cle]}`))]);
    const titre = dire(mots.etablie, { jour: enClair(resultat.jour), version: grille.version, faits: enClair(grille.date_des_faits) });
    return { titre: grille.titre, sous_titre: titre, sections, pied: "" };
  }

  const fiche = (donnees, reponses, jour) =>
    composer(donnees.grille, evaluer(donnees.grille, reponses, jour), donnees.mots, donnees.sources);

  /* --- Réponses reprises d’un fichier : tous les défauts d’un coup --- */

  const court = (valeur) => {
    const texte = typeof valeur === "object" ? "une liste" : String(valeur).replace(INTERDITS, "").slice(0, 60);
    return `«\u00a0${texte}\u00a0»`;
  };

  function lireNombre(question, texte) {
    const propre = String(texte).replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
    const valeur = /^[-+]?(\d+\.?\d*|\.\d+)$/.test(propre) ? Number(propre) : NaN;
    const exemple = `Exemple\u00a0: ${nombre(question.minimum || 0)}`;
    if (!Number.isFinite(valeur)) throw new Error(`${court(texte)} n’est pas un nombre. ${exemple}`);
    if (Math.abs(valeur) > 1e10) throw new Error(`${court(texte)} est démesuré. ${exemple}`);
    if (!question.decimales && !Number.isInteger(valeur)) throw new Error(`${court(texte)} n’est pas entier. ${exemple}`);
    if (question.minimum !== undefined && valeur < question.minimum) throw new Error(`${nombre(valeur)}\u00a0: le minimum est ${nombre(question.minimum)}.`);
    if (question.maximum !== undefined && valeur > question.maximum) throw new Error(`${nombre(valeur)}\u00a0: le maximum est ${nombre(question.maximum)}.`);
    return valeur;
  }

  function lireReponse(question, valeur) {
    if (typeof valeur === "object" && !(question.options && Array.isArray(valeur))) throw new Error(`${court(valeur)} a été lu\u00a0; une seule valeur est attendue.`);
    if (question.type === "nombre") return lireNombre(question, valeur);
    if (question.type === "texte") {
      const texte = String(valeur).replace(/\r\n?/g, "\n").replace(INTERDITS, "").trim();
      if (texte.length > TEXTE_MAX) throw new Error(`le texte dépasse ${TEXTE_MAX} caractères. Raccourcissez-le.`);
      return texte;
    }
    const noms = question.options.map((o) => o.id);
    const acceptees = `Réponses acceptées\u00a0: ${noms.join(", ")}.`;
    const donnees = Array.isArray(valeur) ? valeur : [valeur];
    for (const nom of donnees) if (!noms.includes(nom)) throw new Error(`${court(nom)} n’est pas une réponse proposée. ${acceptees}`);
    if (question.type !== "multiple") {
      if (donnees.length !== 1) throw new Error(`une seule réponse est attendue. ${acceptees}`);
      return donnees[0];
    }
    const seules = exclusives(question);
    if (donnees.length > 1 && donnees.some((nom) => seules.has(nom))) throw new Error("une réponse exclusive ne va avec aucune autre.");
    return noms.filter((nom) => donnees.includes(nom));
  }

  function lireFichier(grille, texte) {
    let lu;
    try { lu = JSON.parse(texte); } catch { lu = null; }
    const groupe = (valeur) => valeur && typeof valeur === "object" && !Array.isArray(valeur);
    if (!groupe(lu) || !groupe(lu.reponses)) return [{}, ["ce n’est pas un fichier de réponses enregistré par cette page (.json)."]];
    const problemes = [], reponses = {};
    if (lu.outil !== grille.outil) problemes.push(`il répond à l’outil ${court(lu.outil)}\u00a0; cette page est l’outil «\u00a0${grille.outil}\u00a0».`);
    const connues = new Map(questions(grille).map((q) => [q.id, q]));
    for (const [nom, valeur] of Object.entries(lu.reponses)) {
      const question = connues.get(nom);
      if (!question) { problemes.push(`${court(nom)} n’est pas une question de cet outil.`); continue; }
      if (valeur === null || valeur === "" || (Array.isArray(valeur) && !valeur.length)) continue;
      try { reponses[nom] = lireReponse(question, valeur); } catch (erreur) { problemes.push(`«\u00a0${question.texte}\u00a0»\u00a0: ${erreur.message}`); }
    }
    return [reponses, problemes];
  }

  /* --- Écriture : page et ODT --- */

  const morceaux = (texte) => {
    const trouves = [];
    let debut = 0;
    for (const lien of texte.matchAll(ADRESSE)) {
      if (lien.index > debut) trouves.push([texte.slice(debut, lien.index), ""]);
      trouves.push([lien[0], lien[0]]);
      debut = lien.index + lien[0].length;
    }
    if (debut < texte.length) trouves.push([texte.slice(debut), ""]);
    return trouves;
  };

  function element(nom, attributs = {}, ...enfants) {
    const noeud = document.createElement(nom);
    for (const [cle, valeur] of Object.entries(attributs)) noeud.setAttribute(cle, valeur);
    noeud.append(...enfants);
    return noeud;
  }

  const texteLie = (texte) => morceaux(texte).map(([morceau, url]) => (url ? element("a", { href: url }, morceau) : morceau));

  function blocHtml(bloc) {
    if (bloc.bloc === "paragraphe") return element("p", {}, ...(bloc.fort ? [element("strong", {}, ...texteLie(bloc.texte))] : texteLie(bloc.texte)));
    if (bloc.bloc === "liste") return element("ul", {}, ...bloc.elements.map((texte) => element("li", {}, ...texteLie(texte))));
    if (bloc.bloc === "cases") {
      return element("ul", { class: "outil-cases" }, ...bloc.elements.map((e) =>
        element("li", {}, element("label", {}, element("input", { type: "checkbox" }), element("span", {}, ...texteLie(e.texte))))));
    }
    /* Les rôles disent que c’est un tableau même quand la feuille de style l’empile sur un écran étroit. */
    const [, ...titres] = bloc.entete;
    const entete = element("tr", { role: "row" }, ...bloc.entete.map((t) => element("th", { scope: "col", role: "columnheader" }, t)));
    const lignes = bloc.lignes.map(([titre, ...reste]) => element("tr", { role: "row" }, element("th", { scope: "row", role: "rowheader" }, titre),
      ...reste.map((t, rang) => element("td", { role: "cell", ...(titres.length > 1 ? { "data-titre": titres[rang] } : {}) }, ...texteLie(t)))));
    return element("div", { class: "defile", tabindex: "0", role: "region", "aria-label": bloc.legende },
      element("table", { class: "empile", role: "table" }, element("caption", {}, bloc.legende),
        element("thead", { role: "rowgroup" }, entete), element("tbody", { role: "rowgroup" }, ...lignes)));
  }

  const xml = (texte) => texte.replace(INTERDITS, "").replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  const p = (texte, style = "Standard") => `<text:p text:style-name="${style}">${morceaux(texte).map(([m, url]) =>
    (url ? `<text:a xlink:type="simple" xlink:href="${xml(url)}">${xml(m)}</text:a>` : xml(m))).join("").replace(/\n/g, "<text:line-break/>")}</text:p>`;
  const h = (niveau, texte) => `<text:h text:style-name="Heading_20_${niveau}" text:outline-level="${niveau}">${xml(texte)}</text:h>`;
  const rangee = (cases, style, premier) => `<table:table-row>${cases.map((t, rang) =>
    `<table:table-cell table:style-name="Cellule" office:value-type="string">${p(t, premier && !rang ? premier : style)}</table:table-cell>`).join("")}</table:table-row>`;

  function blocOdt(bloc) {
    if (bloc.bloc === "paragraphe") return p(bloc.texte, bloc.fort ? "Fort" : "Standard");
    if (bloc.bloc === "liste") return `<text:list text:style-name="Puces">${bloc.elements.map((t) => `<text:list-item>${p(t)}</text:list-item>`).join("")}</text:list>`;
    if (bloc.bloc === "cases") return bloc.elements.map((e) => p(`☐ ${e.texte}`)).join("");
    return `${p(bloc.legende, "Legende")}<table:table table:name="${xml(bloc.legende)}"><table:table-column table:number-columns-repeated="${bloc.entete.length}"/>`
      + `<table:table-header-rows>${rangee(bloc.entete, "Fort")}</table:table-header-rows>${bloc.lignes.map((l) => rangee(l, "Standard", "Fort")).join("")}</table:table>`;
  }

  const contenuOdt = (doc, odt) => odt.debut + h(1, doc.titre) + p(doc.sous_titre, "Petit")
    + doc.sections.map((s) => (s.titre ? h(s.niveau, s.titre) : "") + s.blocs.map(blocOdt).join("")).join("") + odt.fin;

  function crc32(octets) {
    let reste = -1;
    for (const octet of octets) {
      reste ^= octet;
      for (let bit = 0; bit < 8; bit += 1) reste = (reste >>> 1) ^ (reste & 1 ? 0xedb88320 : 0);
    }
    return ~reste >>> 0;
  }

  /* Archive sans compression : un ODT est un zip dont le premier fichier dit le type. */
  function archive(fichiers) {
    const corps = [], index = [];
    let position = 0, taille = 0;
    for (const [nom, texte] of fichiers) {
      const chemin = new TextEncoder().encode(nom), contenu = new TextEncoder().encode(texte), somme = crc32(contenu);
      const commun = (vue, base) => {
        vue.setUint16(base, 20, true);
        vue.setUint16(base + 8, 33, true);
        vue.setUint32(base + 10, somme, true);
        vue.setUint32(base + 14, contenu.length, true);
        vue.setUint32(base + 18, contenu.length, true);
        vue.setUint16(base + 22, chemin.length, true);
      };
      const local = new DataView(new ArrayBuffer(30)), central = new DataView(new ArrayBuffer(46));
      local.setUint32(0, 0x04034b50, true);
      commun(local, 4);
      central.setUint32(0, 0x02014b50, true);
      central.setUint16(4, 20, true);
      commun(central, 6);
      central.setUint32(42, position, true);
      corps.push(local.buffer, chemin, contenu);
      index.push(central.buffer, chemin);
      position += 30 + chemin.length + contenu.length;
      taille += 46 + chemin.length;
    }
    const fin = new DataView(new ArrayBuffer(22));
    fin.setUint32(0, 0x06054b50, true);
    fin.setUint16(8, fichiers.length, true);
    fin.setUint16(10, fichiers.length, true);
    fin.setUint32(12, taille, true);
    fin.setUint32(16, position, true);
    return new Blob([...corps, ...index, fin.buffer], { type: "application/vnd.oasis.opendocument.text" });
  }

  const ecrireOdt = (doc, odt) => archive([
    ["mimetype", "application/vnd.oasis.opendocument.text"], ["content.xml", contenuOdt(doc, odt)],
    ["styles.xml", odt.styles], ["meta.xml", odt.meta], ["META-INF/manifest.xml", odt.manifeste],
  ]);

  function telecharger(contenu, nom) {
    const lien = element("a", { href: URL.createObjectURL(contenu), download: nom });
    document.body.append(lien);
    lien.click();
    lien.remove();
    setTimeout(() => URL.revokeObjectURL(lien.href), 10000);
  }

  /* --- La page --- */

  function aujourdhui() {
    const jour = new Date();
    return `${jour.getFullYear()}-${String(jour.getMonth() + 1).padStart(2, "0")}-${String(jour.getDate()).padStart(2, "0")}`;
  }

  function brancher(outil) {
    const donnees = JSON.parse(outil.querySelector("script[type='application/json']").textContent);
    const { grille } = donnees;
    const formulaire = outil.querySelector("form"), vue = outil.querySelector(".outil-document");
    const etat = outil.querySelector(".outil-etat"), message = outil.querySelector(".outil-message");
    const place = new Map(questions(grille).map((q) => [q.id, formulaire.querySelector(`[data-question="${q.id}"]`)]));
    let courante = null, aGarder = false;
    const perdre = (geste) => !aGarder || window.confirm(`${geste}\u00a0? Vos réponses ne sont pas enregistrées.`);

    function signaler(question, texte) {
      const erreur = place.get(question.id).querySelector(".outil-erreur");
      const champ = place.get(question.id).querySelector("input, textarea");
      if (!erreur) return;
      erreur.textContent = texte;
      if (texte) champ.setAttribute("aria-invalid", "true"); else champ.removeAttribute("aria-invalid");
    }

    function recueillir() {
      const reponses = {};
      for (const question of questions(grille)) {
        const bloc = place.get(question.id);
        const coches = [...bloc.querySelectorAll("input:checked")].map((champ) => champ.value);
        const champ = bloc.querySelector("input[type=text], textarea");
        const valeur = champ ? champ.value.trim() : question.type === "multiple" ? coches : coches[0];
        if (champ) signaler(question, "");
        if (valeur === undefined || valeur.length === 0) continue;
        try { reponses[question.id] = lireReponse(question, valeur); } catch (erreur) { signaler(question, erreur.message); }
      }
      return reponses;
    }

    function actualiser(annoncer) {
      const reponses = recueillir();
      const resultat = evaluer(grille, reponses, aujourdhui());
      const posees = new Set(resultat.posees.map((q) => q.id));
      for (const [nom, bloc] of place) bloc.hidden = !posees.has(nom);
      for (const etape of formulaire.querySelectorAll(".outil-etape")) etape.hidden = !etape.querySelector("[data-question]:not([hidden])");
      courante = composer(grille, resultat, donnees.mots, donnees.sources);
      vue.replaceChildren(element("p", { class: "outil-date" }, courante.sous_titre),
        ...courante.sections.flatMap((s) => [...(s.titre ? [element(`h${s.niveau + 1}`, s.titre === donnees.mots.detail ? { class: "outil-detail" } : {}, s.titre)] : []), ...s.blocs.map(blocHtml)]));
      const compte = (n, nom) => `${n}\u00a0${nom}${n > 1 ? "s" : ""}`;
      const dites = resultat.parties.reduce((total, partie) => total + partie.dites.length, 0);
      if (annoncer) {
        etat.textContent = `Fiche à jour\u00a0: ${compte(dites, "conclusion")}, ${compte(resultat.a_faire.length, "étape")} à faire, `
          + `${compte(resultat.inconnues.length, "question")} à éclaircir.`;
      }
      return reponses;
    }

    function remplir(reponses) {
      formulaire.reset();
      for (const [nom, valeur] of Object.entries(reponses)) {
        const bloc = place.get(nom), champ = bloc.querySelector("input[type=text], textarea");
        if (champ) { champ.value = typeof valeur === "number" ? String(valeur).replace(".", ",") : valeur; continue; }
        for (const coche of bloc.querySelectorAll("input")) coche.checked = [].concat(valeur).includes(coche.value);
      }
    }

    const actions = {
      imprimer: () => window.aubeline.imprimerSeul(outil.querySelector(".outil-fiche")),
      odt: () => telecharger(ecrireOdt(courante, donnees.odt), `fiche-${grille.outil}.odt`),
      enregistrer: () => {
        const contenu = { outil: grille.outil, version: grille.version, date: aujourdhui(), reponses: actualiser(false) };
        telecharger(new Blob([`${JSON.stringify(contenu, null, 2)}\n`], { type: "application/json" }), `reponses-${grille.outil}.json`);
        aGarder = false;
      },
      effacer: () => {
        if (!perdre("Tout effacer")) return;
        formulaire.reset();
        aGarder = false;
        message.textContent = "Réponses effacées.";
        actualiser(true);
      },
    };

    formulaire.addEventListener("submit", (evenement) => evenement.preventDefault());
    formulaire.addEventListener("change", (evenement) => {
      const champ = evenement.target;
      if (champ.type === "file") return;
      if (champ.type === "checkbox" && champ.checked) {
        for (const autre of champ.closest("[data-question]").querySelectorAll("input:checked")) {
          if (autre !== champ && (champ.dataset.exclusif || autre.dataset.exclusif)) autre.checked = false;
        }
      }
      message.textContent = "";
      aGarder = true;
      actualiser(true);
    });
    window.addEventListener("beforeunload", (evenement) => { if (aGarder) evenement.preventDefault(); });
    for (const bouton of outil.querySelectorAll("[data-outil]")) bouton.addEventListener("click", () => actions[bouton.dataset.outil]());
    outil.querySelector("input[type=file]").addEventListener("change", async (evenement) => {
      const [fichier] = evenement.target.files;
      evenement.target.value = "";
      if (!fichier) return;
      const [reponses, problemes] = fichier.size > TAILLE_MAX
        ? [{}, ["il dépasse 256\u00a0ko\u00a0: ce n’est pas un fichier de réponses."]] : lireFichier(grille, await fichier.text());
      if (problemes.length) {
        message.replaceChildren(`${fichier.name} n’a pas été repris, vos réponses n’ont pas changé\u00a0:`,
          element("ul", {}, ...problemes.slice(0, 20).map((texte) => element("li", {}, texte))));
        return;
      }
      if (!perdre(`Reprendre ${fichier.name}`)) return;
      remplir(reponses);
      aGarder = false;
      message.textContent = `${fichier.name} est repris.`;
      actualiser(true);
    });
    actualiser(false);
    outil.dataset.vivant = "oui";
  }

  /* Pour les essais : les mêmes réponses y sont données à la bibliothèque. */
  const somme = (texte) => crc32(new TextEncoder().encode(texte));
  window.formationOutil = { fiche, lireFichier, ecrireOdt, somme };
  for (const outil of document.querySelectorAll(".outil")) brancher(outil);
})();
