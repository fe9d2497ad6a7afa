/* Marché public : les mêmes calculs que formation.tenders, dans la page ; rien ne sort du navigateur. */
"use strict";

(() => {
  const APPAREILS = ["portables_neufs", "smartphones_neufs", "autres_appareils"];
  const present = (valeur) => valeur !== undefined && valeur !== null && valeur !== "";
  const somme = (liste) => liste.reduce((total, valeur) => total + valeur, 0);
  const fin = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 6 });
  /* halfEven : l’arrondi de Python, pour que la page et la ligne de commande écrivent la même phrase. */
  const chiffres = (valeur, n) => valeur.toLocaleString("fr-FR", { minimumFractionDigits: n, maximumFractionDigits: n, roundingMode: "halfEven" });

  /* Deux ou trois chiffres utiles, comme formation.footprint.short. */
  function court(valeur) {
    if (valeur === 0) return "0";
    const rang = Math.floor(Math.log10(Math.abs(valeur)));
    const gardes = rang >= 2 ? 3 : 2;
    const arrondi = Number(valeur.toPrecision(gardes));
    return chiffres(arrondi, Math.max(0, gardes - 1 - Math.floor(Math.log10(Math.abs(arrondi)))));
  }

  /* Générateur mulberry32 : la même suite qu’en Python pour la même graine. */
  function hasard(graine) {
    let etat = graine >>> 0;
    return () => {
      etat = (etat + 0x6d2b79f5) >>> 0;
      let melange = Math.imul(etat ^ (etat >>> 15), 1 | etat);
      melange = (melange + Math.imul(melange ^ (melange >>> 7), 61 | melange)) ^ melange;
      return ((melange ^ (melange >>> 14)) >>> 0) / 4294967296;
    };
  }

  function calcul(donnees) {
    const { facteurs, constantes: c, regles, pays } = donnees;
    const entre = ([bas, haut], position) => bas + position * (haut - bas);
    const libelle = Object.fromEntries(donnees.champs.map((champ) => [champ.nom, champ.libelle]));

    function cartes(totaux) {
      const nombre = Math.ceil((1.2 * totaux * c.bits) / 8 / c.memoire_gpu_go);
      let puissance = 1;
      while (puissance < nombre) puissance *= 2;
      return puissance;
    }

    function reponseWh([actifs, totaux], jetons, lot) {
      const gpu = cartes(totaux);
      const jeton = c.energie_alpha * Math.exp(c.energie_beta * lot) * actifs + c.energie_gamma;
      const duree = jetons * (c.duree_alpha * actifs + c.duree_beta * lot + c.duree_gamma);
      const serveur = (1000 * (duree / 3600) * c.puissance_serveur_kw * gpu) / c.gpu_par_serveur / lot;
      return serveur + gpu * jetons * jeton;
    }

    const mediane = (liste) => {
      const rangee = [...liste].sort((a, b) => a - b);
      const milieu = rangee.length >> 1;
      return rangee.length % 2 ? rangee[milieu] : (rangee[milieu - 1] + rangee[milieu]) / 2;
    };

    function preparer(offre, marche, offres) {
      const etat = { offre, garde: { ...offre }, remarques: [], manques: [], sansIa: offre.sans_ia === true };
      const justifie = new Set(String(offre.justifie || "").split(/[,;]/).map((nom) => nom.trim()));
      const anomalies = [];
      const energie = offre.energie_wh_haut;
      if (!etat.sansIa && present(energie)) {
        const autres = offres.filter((o) => o !== offre && o.energie_wh_haut).map((o) => o.energie_wh_haut);
        if (energie === 0) anomalies.push(["energie_wh_haut", "0\u00a0Wh par réponse\u00a0: un calcul consomme toujours"]);
        else if (autres.length && energie * regles.suspect < mediane(autres)) {
          anomalies.push(["energie_wh_haut", `plus de ${regles.suspect} fois moins que la médiane des autres offres`]);
        }
      }
      if (present(offre.pue) && offre.pue < regles.pueBas) {
        anomalies.push(["pue", "PUE presque parfait\u00a0: aucun grand fournisseur de la table ne fait mieux que 1,09"]);
      }
      if (!etat.sansIa && !present(offre.parametres_actifs) && !present(offre.parametres_totaux) && offre.entrainement_kwh === 0) {
        anomalies.push(["entrainement_kwh", "0\u00a0kWh d’entraînement, sans dire de quel modèle général il s’agit"]);
      }
      for (const [nom, motif] of anomalies) {
        if (justifie.has(nom)) {
          etat.remarques.push(`${libelle[nom]}\u00a0: ${motif}. Justifié par une pièce de l’offre.`);
          continue;
        }
        const absence = marche.anormal === "comme_silence";
        etat.remarques.push(`${libelle[nom]}\u00a0: ${motif}. À justifier\u00a0; ${absence ? "traité comme une absence." : "pris tel quel."}`);
        if (absence) {
          delete etat.garde[nom];
          if (nom === "energie_wh_haut") delete etat.garde.energie_wh_bas;
        }
      }
      const donne = ["parametres_actifs", "parametres_totaux"].map((nom) => etat.garde[nom]).filter(present);
      etat.general = donne.length > 0;
      etat.taille = donne.length && !present(etat.garde.energie_wh_haut) ? [donne[0], donne[donne.length - 1]] : null;
      etat.haut = etat.taille ? reponseWh(etat.taille, marche.jetons, facteurs.lot[0]) : etat.garde.energie_wh_haut || 0;
      return etat;
    }

    function completer(marche, offres) {
      const etats = offres.map((offre) => preparer(offre, marche, offres));
      return etats.map((etat) => {
        const autres = etats.filter((autre) => autre !== etat);
        const garde = etat.garde;
        const absent = (nom, pire, unite) => {
          etat.manques.push(nom);
          const valeur = marche.silence === "compter_zero" ? 0 : pire;
          etat.remarques.push(`${libelle[nom]}\u00a0: non déclaré. Retenu\u00a0: ${`${court(valeur)} ${unite}`.trim()}.`);
          return valeur;
        };
        const nombre = (nom, defaut, unite) => {
          if (present(garde[nom])) return garde[nom];
          if (etat.sansIa && nom === "entrainement_kwh") return 0;
          return absent(nom, Math.max(defaut, ...autres.map((autre) => autre.garde[nom] || 0)), unite);
        };
        const fabriques = (gardes, nom) => {
          const compte = gardes[nom];
          if (!present(compte)) return null;
          if (nom !== "autres_appareils") return facteurs[nom.replace("s_neufs", "")].map((borne) => borne * compte);
          if (compte && !present(gardes.kgco2e_par_autre)) return null;
          return [compte * (gardes.kgco2e_par_autre || 0), compte * (gardes.kgco2e_par_autre || 0)];
        };
        let reponse;
        if (etat.sansIa) reponse = [0, 0];
        else if (present(garde.energie_wh_haut)) {
          if (!present(garde.energie_wh_bas)) etat.remarques.push("Énergie par réponse\u00a0: une seule borne déclarée, prise pour les deux.");
          reponse = [present(garde.energie_wh_bas) ? garde.energie_wh_bas : garde.energie_wh_haut, garde.energie_wh_haut];
        } else if (etat.taille) {
          reponse = [facteurs.lot[1], facteurs.lot[0]].map((lot) => reponseWh(etat.taille, marche.jetons, lot));
          etat.remarques.push("Énergie par réponse\u00a0: non mesurée, estimée par les formules d’EcoLogits.");
        } else {
          const plafond = reponseWh(regles.plusGros, marche.jetons, facteurs.lot[0]);
          const valeur = absent("energie_wh_haut", Math.max(plafond, ...autres.map((autre) => autre.haut)), "Wh par réponse");
          reponse = [valeur, valeur];
        }
        let mix = facteurs[`electricite-${garde.pays}`];
        if (!present(garde.pays)) {
          const valeur = absent("pays", donnees.mixInconnu, "gCO2e/kWh");
          mix = [valeur, valeur];
        }
        let pue = [garde.pue, garde.pue];
        if (!present(garde.pue)) {
          const pire = Math.max(facteurs.pue[1], ...autres.map((autre) => autre.garde.pue || 0));
          const valeur = Math.max(1, absent("pue", pire, marche.silence === "compter_zero" ? "(donc 1)" : ""));
          pue = [valeur, valeur];
        }
        const entrainement = nombre("entrainement_kwh", 0, "kWh");
        const serveur = nombre("serveur_w", regles.serveur, "W");
        const octets = nombre("donnees_go_an", 0, "Go par an");
        const appareils = [0, 0];
        for (const nom of APPAREILS) {
          let kg = fabriques(garde, nom);
          if (kg === null) {
            const vus = autres.map((autre) => fabriques(autre.garde, nom)).filter((v) => v !== null).map((v) => v[1]);
            const valeur = absent(nom, Math.max(0, ...vus), "kgCO2e");
            kg = [valeur, valeur];
          }
          appareils[0] += kg[0];
          appareils[1] += kg[1];
        }
        return {
          nom: etat.offre.nom, prix: etat.offre.prix_eur, qualite: etat.offre.qualite, mix, pue, reponse,
          taille: etat.sansIa ? null : etat.taille, entrainement, part: etat.general && !etat.sansIa, serveur, octets,
          reseau: facteurs[`reseau-${garde.reseau || "mobile"}`], appareils, manques: etat.manques, remarques: etat.remarques,
        };
      });
    }

    function empreinte(marche, offre, position) {
      const mix = entre(offre.mix, position.mix);
      const pue = entre(offre.pue, position.pue);
      const wh = offre.taille
        ? reponseWh(offre.taille, marche.jetons, entre(facteurs.lot, 1 - position.lot))
        : entre(offre.reponse, position.energie);
      const reponses = (marche.reponses_an * marche.duree_ans * wh) / 1000;
      const part = offre.part ? entre(facteurs["part-entrainement"], position.part) * reponses : 0;
      const parKwh = (pue * mix + entre(facteurs["fabrication-calcul"], position.fabrication)) / 1000;
      return {
        entrainement: (offre.entrainement + part) * parKwh,
        inference: reponses * parKwh,
        hebergement: offre.serveur * 8.76 * marche.duree_ans * parKwh,
        reseau: (offre.octets * marche.duree_ans * entre(offre.reseau, position.reseau)) / 1000,
        appareils: entre(offre.appareils, position.appareils),
      };
    }

    const partout = (valeur) => Object.fromEntries([...regles.communs, ...regles.propres].map((nom) => [nom, valeur]));
    const total = (postes) => somme(Object.values(postes));

    function noter(marche, pretes, totaux) {
      const prix = pretes.map((offre) => offre.prix);
      const bas = Math.min(...prix);
      const haut = Math.max(...prix);
      const releves = totaux.map((kg) => Math.max(kg, marche.plancher_kg));
      const moindre = Math.min(...releves);
      return pretes.map((offre, rang) => {
        const note = { qualite: offre.qualite };
        if (marche.methode_prix === "lineaire") note.prix = haut === bas ? 20 : (20 * (haut - offre.prix)) / (haut - bas);
        else note.prix = (20 * bas) / offre.prix;
        const zero = marche.silence === "note_zero" && offre.manques.length;
        note.environnement = zero ? 0 : (20 * moindre) / releves[rang];
        note.total = somme(Object.keys(donnees.criteres).map((nom) => marche.poids[nom] * note[nom])) / 100;
        return note;
      });
    }

    function rangs(totaux) {
      const ordre = totaux.map((_, rang) => rang).sort((a, b) => totaux[b] - totaux[a]);
      const trouves = new Array(totaux.length);
      let tete = 0;
      ordre.forEach((rang, place) => {
        if (place === 0 || totaux[ordre[tete]] - totaux[rang] >= regles.egalite) tete = place;
        trouves[rang] = tete + 1;
      });
      return trouves;
    }

    const premiers = (notes) => {
      const meilleure = Math.max(...notes);
      return notes.flatMap((note, rang) => (meilleure - note < regles.egalite ? [rang] : []));
    };

    function parts(marche, pretes) {
      const suivant = hasard(marche.graine);
      const gains = pretes.map(() => 0);
      for (let tirage = 0; tirage < marche.tirages; tirage += 1) {
        const communs = {};
        for (const nom of regles.communs) communs[nom] = suivant();
        const totaux = pretes.map((offre) => {
          const position = { ...communs };
          for (const nom of regles.propres) position[nom] = suivant();
          return total(empreinte(marche, offre, position));
        });
        const tete = premiers(noter(marche, pretes, totaux).map((note) => note.total));
        for (const rang of tete) gains[rang] += 1 / tete.length;
      }
      return gains.map((gain) => gain / marche.tirages);
    }

    function balayage(marche, pretes, milieu) {
      const reste = marche.poids.prix + marche.poids.qualite;
      const plages = [];
      if (reste <= 0) return plages;
      for (let points = 0; points <= 100; points += 1) {
        const part = (100 - points) / reste;
        const poids = { prix: marche.poids.prix * part, qualite: marche.poids.qualite * part, environnement: points };
        const tete = premiers(noter({ ...marche, poids }, pretes, milieu).map((note) => note.total));
        const derniere = plages[plages.length - 1];
        if (derniere && String(derniere.tete) === String(tete)) derniere.haut = points;
        else plages.push({ bas: points, haut: points, tete });
      }
      return plages;
    }

    function evaluer(marche, offres) {
      const pretes = completer(marche, offres);
      const milieu = pretes.map((offre) => total(empreinte(marche, offre, partout(0.5))));
      const notes = noter(marche, pretes, milieu);
      const places = rangs(notes.map((note) => note.total));
      const gagnes = parts(marche, pretes);
      const lignes = pretes.map((offre, rang) => {
        const bas = empreinte(marche, offre, partout(0));
        const haut = empreinte(marche, offre, partout(1));
        const postes = Object.fromEntries(Object.keys(bas).map((nom) => [nom, [bas[nom], haut[nom]]]));
        postes.total = [total(bas), total(haut)];
        return { offre, postes, notes: notes[rang], rang: places[rang], part: gagnes[rang] };
      });
      return { marche, lignes, plages: balayage(marche, pretes, milieu) };
    }

    return { evaluer, completer, empreinte, noter, pays };
  }

  /* --- Phrases --------------------------------------------------------------------------------- */

  const guillemets = (nom) => `«\u00a0${nom}\u00a0»`;
  const pourcent = (part) => `${chiffres(100 * part, 0)}\u00a0%`;

  function conclusion({ marche, lignes }) {
    const tete = lignes.filter((ligne) => ligne.rang === 1);
    if (lignes.length === 1) return "Une seule offre\u00a0: il n’y a pas de classement, seulement une empreinte à discuter.";
    if (tete.length > 1) {
      const noms = tete.map((ligne) => guillemets(ligne.offre.nom)).join(" et ");
      return `Le classement ne tient pas\u00a0: ${noms} sont à égalité. La règle qui départage se lit dans les documents de la consultation, jamais après coup.`;
    }
    const [meilleure] = tete;
    const nom = guillemets(meilleure.offre.nom);
    if (meilleure.part >= marche.seuil) {
      return `Le classement tient\u00a0: l’offre ${nom} reste première dans ${pourcent(meilleure.part)} de ${fin.format(marche.tirages)} tirages pris dans les intervalles (seuil\u00a0: ${pourcent(marche.seuil)}).`;
    }
    const rivale = lignes.filter((ligne) => ligne !== meilleure).reduce((a, b) => (b.part > a.part ? b : a));
    return `Le classement ne tient pas\u00a0: l’offre ${nom} n’est première que dans ${pourcent(meilleure.part)} des tirages (seuil\u00a0: ${pourcent(marche.seuil)})\u00a0; l’offre ${guillemets(rivale.offre.nom)} l’est dans ${pourcent(rivale.part)}. Demandez des mesures avant de conclure.`;
  }

  function phrasePoids({ lignes, plages }) {
    if (!plages.length) return "";
    const dire = ({ bas, haut, tete }) => {
      const qui = tete.map((rang) => guillemets(lignes[rang].offre.nom)).join(" et ");
      return bas === haut ? `${qui} à ${bas} point${bas > 1 ? "s" : ""}` : `${qui} de ${bas} à ${haut} points`;
    };
    if (plages.length === 1) return `Quel que soit le poids de l’environnement, première offre\u00a0: ${dire(plages[0])}.`;
    return `Première offre selon le poids de l’environnement\u00a0: ${plages.map(dire).join("\u00a0; ")}.`;
  }

  /* --- Page ------------------------------------------------------------------------------------ */

  const TAILLE_MAX = 2 * 1024 * 1024;

  function element(nom, attributs = {}, ...enfants) {
    const cree = document.createElement(nom);
    for (const [cle, valeur] of Object.entries(attributs)) {
      if (valeur !== false && valeur !== null) cree.setAttribute(cle, valeur === true ? "" : valeur);
    }
    cree.append(...enfants);
    return cree;
  }

  function tableau(legende, entetes, lignes) {
    const tete = element("tr", {}, ...entetes.map((texte) => element("th", { scope: "col" }, texte)));
    const corps = lignes.map(([premiere, ...reste]) => element("tr", {}, element("th", { scope: "row" }, premiere), ...reste.map((texte) => element("td", {}, texte))));
    const table = element("table", {}, element("caption", {}, legende), element("thead", {}, tete), element("tbody", {}, ...corps));
    return element("div", { class: "defile", tabindex: "0", role: "region", "aria-label": legende }, empiler(table));
  }

  /* Sur un écran étroit une offre se lit en liste ; les rôles disent que cela reste un tableau. */
  function empiler(table) {
    const titres = [...table.querySelectorAll("thead th")].map((cellule) => cellule.textContent);
    table.classList.add("empile");
    for (const [choix, role] of [["table", "table"], ["thead,tbody", "rowgroup"], ["tr", "row"], ["thead th", "columnheader"], ["tbody th", "rowheader"], ["td", "cell"]]) {
      for (const noeud of choix === "table" ? [table] : table.querySelectorAll(choix)) noeud.setAttribute("role", role);
    }
    for (const cellule of table.querySelectorAll("td")) cellule.dataset.titre = titres[cellule.cellIndex];
    return table;
  }

  /* Lit une case comme formation.tenders.fields : valeur, puis défaut en français. */
  function lire(champ, brut, donnees) {
    const texte = String(brut ?? "").trim();
    if (brut !== null && typeof brut === "object") return [undefined, "une seule valeur est attendue"];
    if (!texte) return [undefined, champ.requis ? `case vide\u00a0: ${champ.libelle.toLowerCase()}` : ""];
    if (champ.nom === "justifie") {
      const inconnu = texte.split(/[,;]/).map((nom) => nom.trim()).find((nom) => nom && !donnees.champs.some((autre) => autre.nom === nom));
      return [texte, inconnu ? `«\u00a0${inconnu.slice(0, 40)}\u00a0» n’est pas une rubrique. Exemple\u00a0: energie_wh_haut, pue` : ""];
    }
    if (champ.nom === "nom") return [texte.slice(0, 80), texte.length > 80 ? "80 caractères au plus" : ""];
    if (champ.sorte === "texte") return [texte, ""];
    if (champ.sorte === "pays") return donnees.pays[texte] ? [texte, ""] : [undefined, "pays hors de la table"];
    if (champ.sorte === "reseau") return ["fixe", "mobile"].includes(texte) ? [texte, ""] : [undefined, "fixe ou mobile"];
    if (champ.sorte === "oui_non") return [texte === "oui" || texte === "true", ["oui", "non", "true", "false"].includes(texte) ? "" : "oui ou non"];
    const net = texte.replace(/[\s\u00a0\u202f]/g, "").replace(/€$/, "").replace(",", ".");
    if (!/^[+-]?\d{1,15}(\.\d{1,15})?([eE][+-]?\d{1,2})?$/.test(net)) return [undefined, "un nombre est attendu, par exemple 0,35"];
    const valeur = Number(net);
    if (!(valeur >= champ.bas && valeur <= champ.haut)) return [undefined, `de ${fin.format(champ.bas)} à ${fin.format(champ.haut)} ${champ.unite}`.trim()];
    if (champ.sorte === "entier" && !Number.isInteger(valeur)) return [undefined, "un nombre entier est attendu"];
    return [valeur, ""];
  }

  /* Deux cases qui se contredisent : les mêmes refus que formation.tenders.offers. */
  const ORDRES = [
    ["energie_wh_bas", "energie_wh_haut", "la borne basse dépasse la borne haute"],
    ["parametres_actifs", "parametres_totaux", "les paramètres actifs dépassent le total"],
  ];
  const contraires = (offre) => ORDRES.filter(([bas, haut]) => present(offre[bas]) && present(offre[haut]) && offre[bas] > offre[haut]);
  const cleNom = (nom) => String(nom).toLowerCase();

  /* Un fichier d’offres : le marché lu, et tous ses défauts d’un coup. */
  function verifier(contenu, donnees) {
    const problemes = [];
    const offres = Array.isArray(contenu.offres) ? contenu.offres : [];
    const noms = new Set();
    if (!offres.length) problemes.push("aucune offre");
    if (offres.length > donnees.regles.maximum) problemes.push(`${offres.length} offres\u00a0: la page en montre ${donnees.regles.maximum}, la ligne de commande les accepte toutes`);
    offres.forEach((offre, rang) => {
      const dire = (texte) => problemes.push(`offre ${rang + 1}${texte}`);
      if (offre === null || typeof offre !== "object") { dire("\u00a0: des rubriques sont attendues"); return; }
      for (const cle of Object.keys(offre)) if (!donnees.champs.some((champ) => champ.nom === cle)) dire(`\u00a0: rubrique «\u00a0${cle.slice(0, 40)}\u00a0» inconnue`);
      const lue = {};
      for (const champ of donnees.champs) {
        const [valeur, defaut] = lire(champ, offre[champ.nom], donnees);
        if (defaut) dire(`, ${champ.nom}\u00a0: ${defaut}`); else lue[champ.nom] = valeur;
      }
      for (const [bas, , texte] of contraires(lue)) dire(`, ${bas}\u00a0: ${texte}`);
      if (present(lue.nom) && noms.has(cleNom(lue.nom))) dire(", nom\u00a0: déjà le nom d’une autre offre");
      noms.add(cleNom(lue.nom));
    });
    const regle = contenu.marche && typeof contenu.marche === "object" ? contenu.marche : {};
    const marche = { ...donnees.defaut };
    for (const cle of Object.keys(regle)) if (!Object.hasOwn(donnees.defaut, cle)) problemes.push(`marche\u00a0: rubrique «\u00a0${cle.slice(0, 40)}\u00a0» inconnue`);
    for (const [nom, [bas, haut]] of Object.entries(donnees.bornes)) {
      const [valeur, defaut] = lire({ nom, sorte: "nombre", unite: "", bas, haut }, regle[nom], donnees);
      if (defaut) problemes.push(`marche, ${nom}\u00a0: ${defaut}`);
      else if (present(valeur)) marche[nom] = ["tirages", "graine"].includes(nom) ? Math.trunc(valeur) : valeur;
    }
    if (present(regle.objet)) marche.objet = String(regle.objet).trim().split(/\s+/).join(" ").slice(0, 200);
    for (const [nom, choix] of Object.entries(donnees.methodes)) {
      if (!present(regle[nom])) continue;
      if (Object.hasOwn(choix, regle[nom])) marche[nom] = regle[nom]; else problemes.push(`marche, ${nom}\u00a0: valeur inconnue`);
    }
    if (present(regle.poids)) {
      const poids = Object.keys(donnees.criteres).map((nom) => Number(regle.poids[nom] ?? NaN));
      if (poids.every((valeur) => valeur >= 0 && valeur <= 100) && Math.abs(somme(poids) - 100) < 1e-6) {
        marche.poids = Object.fromEntries(Object.keys(donnees.criteres).map((nom, rang) => [nom, poids[rang]]));
      } else problemes.push("marche, poids\u00a0: trois nombres de 0 à 100 sont attendus, dont la somme fait 100");
    }
    return [marche, offres, problemes];
  }

  function brancher(outil) {
    const donnees = JSON.parse(outil.querySelector(".marche-donnees").textContent);
    const moteur = calcul(donnees);
    const place = (nom) => outil.querySelector(`[data-place="${nom}"]`);
    const message = outil.querySelector(".marche-message");
    const etat = outil.querySelector(".marche-etat");
    const ecrire = (valeur) => (typeof valeur === "number" ? String(valeur).replace(".", ",") : String(valeur));
    const champsMarche = [
      { nom: "objet", libelle: "Objet du marché", sorte: "texte", unite: "" },
      { nom: "duree_ans", libelle: "Durée", sorte: "nombre", unite: "années" },
      { nom: "reponses_an", libelle: "Réponses demandées par an", sorte: "nombre", unite: "" },
      { nom: "jetons", libelle: "Jetons générés par réponse (IA générative)", sorte: "nombre", unite: "" },
    ].map((champ) => { const [bas, haut] = donnees.bornes[champ.nom] || []; return { ...champ, bas, haut }; });
    let marche = { ...donnees.defaut };
    let numero = 0;
    let attente = 0;
    let aGarder = false;
    const perdre = (geste) => !aGarder || window.confirm(`${geste}\u00a0? Vos offres ne sont pas enregistrées.`);

    function saisie(champ, ident, valeur, gros) {
      const options = champ.sorte === "pays"
        ? [["", "Non déclaré"], ...Object.entries(donnees.pays)]
        : champ.sorte === "reseau" ? [["", "Non déclaré"], ["fixe", "Fixe"], ["mobile", "Mobile"]]
          : champ.sorte === "oui_non" ? [["non", "Non"], ["oui", "Oui"]] : null;
      const aide = champ.aide ? element("span", { class: "marche-aide", id: `${ident}-aide` }, champ.aide) : null;
      const decrit = [aide && `${ident}-aide`, `${ident}-defaut`].filter(Boolean).join(" ");
      const boite = options
        ? element("select", { id: ident, name: champ.nom, "aria-describedby": decrit }, ...options.map(([cle, texte]) => element("option", { value: cle }, texte)))
        : element("input", { id: ident, name: champ.nom, type: "text", inputmode: champ.sorte === "texte" ? "text" : "decimal", autocomplete: "off", "aria-describedby": decrit, required: Boolean(champ.requis) });
      if (present(valeur)) boite.value = valeur === true ? "oui" : valeur === false ? "non" : ecrire(valeur);
      const unite = champ.unite ? ` (${champ.unite})` : "";
      const titre = element("label", { for: ident }, `${champ.libelle}${unite}`);
      return element("div", { class: gros ? "marche-champ large" : "marche-champ" }, titre, boite, ...(aide ? [aide] : []), element("span", { class: "marche-defaut", id: `${ident}-defaut` }));
    }

    function ajouter(offre = {}, visible = true) {
      const bloc = element("details", { class: "marche-offre" });
      numero += 1;
      const titre = element("span", {}, offre.nom || `Offre ${numero}`);
      const retirer = element("button", { type: "button", class: "bouton secondaire" }, "Retirer cette offre");
      const groupe = element("div", { class: "marche-champs" }, ...donnees.champs.map((champ) => saisie(champ, `marche-o${numero}-${champ.nom}`, offre[champ.nom])));
      bloc.open = visible;
      bloc.append(element("summary", {}, titre), groupe, element("p", {}, retirer));
      retirer.addEventListener("click", () => { bloc.remove(); aGarder = true; place("ajouter").focus(); actualiser(); });
      groupe.querySelector("[name=nom]").addEventListener("input", (evenement) => { titre.textContent = evenement.target.value || "Offre sans nom"; });
      place("offres").append(bloc);
      return bloc;
    }

    function regles() {
      place("marche").replaceChildren(...champsMarche.map((champ) => saisie(champ, `marche-${champ.nom}`, marche[champ.nom], champ.nom === "objet")));
      place("regles").replaceChildren(...Object.entries(donnees.methodes).map(([nom, choix]) => {
        const noms = { methode_prix: "Note de prix", silence: "Ce qui n’est pas déclaré", anormal: "Valeurs anormales" };
        const courts = {
          proportionnelle: "Proportionnelle", lineaire: "Linéaire", borne_haute: "Prend la valeur la plus haute", note_zero: "Vaut zéro au critère",
          compter_zero: "Compte pour rien (pour voir l’effet)", comme_silence: "Traitées comme une absence", acceptees: "Prises telles quelles",
        };
        const liste = element("select", { id: `marche-${nom}`, name: nom, "aria-describedby": `marche-${nom}-aide` }, ...Object.keys(choix).map((cle) => element("option", { value: cle }, courts[cle] || cle)));
        liste.value = marche[nom];
        const aide = element("span", { class: "marche-aide", id: `marche-${nom}-aide` }, choix[liste.value]);
        liste.addEventListener("input", () => { aide.textContent = choix[liste.value]; });
        return element("div", { class: "marche-champ large" }, element("label", { for: `marche-${nom}` }, noms[nom]), liste, aide);
      }));
      place("poids").replaceChildren(...Object.entries(donnees.criteres).map(([nom, texte]) => {
        const curseur = element("input", { type: "range", id: `marche-poids-${nom}`, name: `poids-${nom}`, min: 0, max: 100, step: 1 });
        curseur.value = marche.poids[nom];
        return element("div", { class: "marche-poids" }, element("label", { for: curseur.id }, texte), curseur, element("output", { for: curseur.id }));
      }));
    }

    function lirePage() {
      let defauts = 0;
      const signaler = (racine, nom, defaut) => {
        const boite = racine.querySelector(`[name="${nom}"]`);
        boite.closest(".marche-champ").querySelector(".marche-defaut").textContent = defaut;
        if (defaut) { boite.setAttribute("aria-invalid", "true"); defauts += 1; } else boite.removeAttribute("aria-invalid");
      };
      const relever = (racine, champs) => {
        const lu = {};
        for (const champ of champs) {
          const boite = racine.querySelector(`[name="${champ.nom}"]`);
          const [valeur, defaut] = lire(champ, boite.value, donnees);
          signaler(racine, champ.nom, defaut);
          if (present(valeur) && !(champ.sorte === "oui_non" && valeur === false)) lu[champ.nom] = valeur;
        }
        return lu;
      };
      marche = { ...marche, ...relever(place("marche"), champsMarche) };
      for (const nom of Object.keys(donnees.methodes)) marche[nom] = outil.querySelector(`[name="${nom}"]`).value;
      const brut = Object.fromEntries(Object.keys(donnees.criteres).map((nom) => [nom, Number(outil.querySelector(`[name="poids-${nom}"]`).value)]));
      const total = somme(Object.values(brut));
      marche.poids = total ? Object.fromEntries(Object.entries(brut).map(([nom, valeur]) => [nom, (100 * valeur) / total])) : { prix: 100 / 3, qualite: 100 / 3, environnement: 100 / 3 };
      for (const nom of Object.keys(brut)) {
        const texte = `${chiffres(marche.poids[nom], 0)} points sur 100`;
        const curseur = outil.querySelector(`[name="poids-${nom}"]`);
        curseur.setAttribute("aria-valuetext", texte);
        curseur.nextElementSibling.textContent = texte;
      }
      const noms = new Set();
      const offres = [...place("offres").children].map((bloc) => {
        const offre = relever(bloc, donnees.champs);
        for (const [bas, haut, texte] of contraires(offre)) {
          signaler(bloc, bas, texte);
          delete offre[bas];
          delete offre[haut];
        }
        if (present(offre.nom) && noms.has(cleNom(offre.nom))) {
          signaler(bloc, "nom", "déjà le nom d’une autre offre");
          delete offre.nom;
        }
        noms.add(cleNom(offre.nom));
        return offre;
      });
      return [offres.filter((offre) => donnees.champs.every((champ) => !champ.requis || present(offre[champ.nom]))), offres, defauts];
    }

    function actualiser(dire = true) {
      const [bonnes, toutes, defauts] = lirePage();
      place("ajouter").disabled = toutes.length >= donnees.regles.maximum;
      const resultats = place("resultat");
      if (!bonnes.length) {
        resultats.replaceChildren(element("p", {}, "Entrez au moins une offre\u00a0: un nom, un prix et une note de qualité."));
        annoncer("Aucune offre complète.", dire);
        return;
      }
      const resultat = moteur.evaluer(marche, bonnes);
      const classees = [...resultat.lignes].sort((a, b) => a.rang - b.rang || b.part - a.part);
      const phrase = conclusion(resultat);
      const ecartees = toutes.length - bonnes.length;
      const pluriel = ecartees > 1 ? "s" : "";
      const manquantes = ecartees ? ` ${ecartees} offre${pluriel} incomplète${pluriel}, non notée${pluriel}.` : "";
      const fautes = defauts ? ` ${defauts} case${defauts > 1 ? "s" : ""} à corriger.` : "";
      const deux = ([bas, haut]) => (court(bas) === court(haut) ? court(bas) : `${court(bas)}\u00a0–\u00a0${court(haut)}`);
      const remarques = resultat.lignes.flatMap((ligne) => ligne.offre.remarques.map((texte) => `${ligne.offre.nom}\u00a0: ${texte}`));
      const regime = () => [
        `${marche.objet}\u00a0; ${fin.format(marche.duree_ans)} ans, ${fin.format(marche.reponses_an)} réponses par an, ${fin.format(marche.jetons)} jetons par réponse générée.`,
        `Poids sur 100\u00a0: ${Object.entries(donnees.criteres).map(([nom, texte]) => `${texte.toLowerCase()} ${chiffres(marche.poids[nom], 0)}`).join(", ")}.`,
        ...Object.entries(donnees.methodes).map(([nom, choix]) => `${choix[marche[nom]]}.`.replace(/^./u, (lettre) => lettre.toUpperCase())),
      ];
      resultats.replaceChildren(
        element("p", { class: "marche-conclusion" }, phrase),
        ...(manquantes + fautes ? [element("p", {}, element("strong", {}, (manquantes + fautes).trim()))] : []),
        element("p", {}, phrasePoids(resultat)),
        tableau("Notes sur 20 et solidité du classement", ["Offre", "Rang", ...Object.values(donnees.criteres), "Total", "Première dans"],
          classees.map((ligne) => [ligne.offre.nom, String(ligne.rang), ...Object.keys(donnees.criteres).map((nom) => chiffres(ligne.notes[nom], 1)), chiffres(ligne.notes.total, 2), pourcent(ligne.part)])),
        tableau(`Empreinte sur ${fin.format(marche.duree_ans)} ans, en kgCO2e (borne basse – borne haute)`, ["Offre", ...Object.values(donnees.postes), "Total"],
          classees.map((ligne) => [ligne.offre.nom, ...Object.keys(donnees.postes).map((nom) => deux(ligne.postes[nom])), deux(ligne.postes.total)])),
        element("p", {}, "Règles employées\u00a0:"),
        element("ul", {}, ...regime().map((texte) => element("li", {}, texte))),
        ...(remarques.length ? [element("p", {}, "Ce qui a été supposé ou signalé\u00a0:"), element("ul", {}, ...remarques.map((texte) => element("li", {}, texte)))] : []),
        element("p", {}, donnees.avertissement),
      );
      annoncer(phrase + manquantes + fautes, dire);
    }

    /* Un court délai : un lecteur d’écran n’est pas interrompu à chaque cran de curseur. */
    function annoncer(texte, dire) {
      clearTimeout(attente);
      if (!dire) { etat.textContent = ""; return; }
      attente = setTimeout(() => { if (etat.textContent !== texte) etat.textContent = texte; }, 700);
    }

    function charger(contenu, dit, geste) {
      const [lu, offres, problemes] = verifier(contenu, donnees);
      if (problemes.length) {
        message.replaceChildren("Rien n’a été repris, vos offres n’ont pas changé\u00a0:", element("ul", {}, ...problemes.slice(0, 20).map((texte) => element("li", {}, texte))));
        return;
      }
      if (!perdre(geste)) return;
      aGarder = false;
      marche = lu;
      regles();
      place("offres").replaceChildren();
      numero = 0;
      offres.forEach((offre) => ajouter(offre, false));
      message.textContent = dit;
      actualiser(false);
    }

    function enregistrer() {
      const [, offres] = lirePage();
      const { plancher_kg, tirages, graine, seuil, ...dit } = marche;
      const texte = `${JSON.stringify({ marche: { ...dit, plancher_kg, tirages, graine, seuil }, offres }, null, 2)}\n`;
      const adresse = URL.createObjectURL(new Blob([texte], { type: "application/json" }));
      const lien = element("a", { href: adresse, download: "offres.json" });
      lien.click();
      setTimeout(() => URL.revokeObjectURL(adresse), 1000);
      aGarder = false;
    }

    const actions = {
      exemple: () => charger(donnees.exemple, "L’exemple d’Aubeline est chargé\u00a0: il est inventé.", "Charger l’exemple"),
      ajouter: () => { ajouter().querySelector("input").focus(); actualiser(); },
      enregistrer,
      imprimer: () => window.aubeline.imprimerSeul(place("resultat")),
      vider: () => {
        if (!perdre("Tout effacer")) return;
        aGarder = false;
        marche = { ...donnees.defaut };
        regles();
        place("offres").replaceChildren();
        numero = 0;
        ajouter();
        message.textContent = "Tout est effacé.";
        actualiser(false);
      },
    };
    for (const bouton of outil.querySelectorAll("[data-marche]")) bouton.addEventListener("click", () => actions[bouton.dataset.marche]());
    outil.querySelector(".marche-fichier input").addEventListener("change", async (evenement) => {
      const [fichier] = evenement.target.files;
      evenement.target.value = "";
      if (!fichier) return;
      let contenu = null;
      if (fichier.size <= TAILLE_MAX) { try { contenu = JSON.parse(await fichier.text()); } catch { contenu = null; } }
      if (contenu === null || typeof contenu !== "object") message.textContent = `${fichier.name} n’est pas un fichier d’offres .json de 2 Mo au plus. Un fichier .yml ou un tableau se lit en ligne de commande.`;
      else charger(contenu, `${fichier.name} est repris.`, `Reprendre ${fichier.name}`);
    });
    window.addEventListener("beforeunload", (evenement) => { if (aGarder) evenement.preventDefault(); });
    outil.addEventListener("input", (evenement) => { if (evenement.target.type !== "file") { message.textContent = ""; aGarder = true; actualiser(); } });
    outil.addEventListener("submit", (evenement) => evenement.preventDefault());
    charger(donnees.exemple, "", "");
    outil.querySelectorAll("table").forEach(empiler);
    outil.dataset.vivant = "oui";
  }

  window.marchePublic = { calcul, conclusion, phrasePoids, court, verifier };
  if (typeof document !== "undefined") document.querySelectorAll("section.marche").forEach(brancher);
})();
