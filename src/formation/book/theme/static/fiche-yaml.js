/* Fiches de projets en YAML : écrire comme formation.library, relire ce qu’une fiche emploie. Rien d’autre du YAML. */
"use strict";

const FicheYaml = (() => {
  class Illisible extends Error {}

  const illisible = (ligne, detail) => {
    throw new Illisible(`Ligne ${ligne} : ${detail}. La page lit le YAML simple d’une fiche ; pour un autre, utilisez la commande « formation bibliotheque verifier ».`);
  };

  /* --- Écrire --- */

  const scalaire = (valeur) => {
    if (valeur === null || valeur === undefined) return "";
    return typeof valeur === "string" ? JSON.stringify(valeur) : String(valeur);
  };

  function lignes(valeur, retrait) {
    const marge = "  ".repeat(retrait);
    return Object.entries(valeur).flatMap(([cle, dedans]) => {
      if (Array.isArray(dedans) && dedans.length && typeof dedans[0] === "object") {
        return [`${marge}${cle}:`, ...dedans.flatMap((element) => {
          const [premiere, ...reste] = lignes(element, retrait + 2);
          return [`${marge}  - ${premiere.trim()}`, ...reste];
        })];
      }
      if (Array.isArray(dedans)) return [`${marge}${cle}: [${dedans.map(scalaire).join(", ")}]`];
      if (dedans && typeof dedans === "object") return [`${marge}${cle}:`, ...lignes(dedans, retrait + 1)];
      return [`${marge}${cle}: ${scalaire(dedans)}`.trimEnd()];
    });
  }

  const ecrire = (fiche) => "# Fiche de la bibliothèque des projets d’IA, à contrôler par formation bibliotheque verifier\n"
    + lignes(fiche, 0).join("\n") + "\n";

  /* --- Lire --- */

  function sansCommentaire(texte) {
    let guillemet = "";
    for (let i = 0; i < texte.length; i += 1) {
      const signe = texte[i];
      if (guillemet) {
        if (signe === "\\" && guillemet === '"') i += 1;
        else if (signe === guillemet) guillemet = "";
      } else if ((signe === '"' || signe === "'") && (i === 0 || /[\s[{,:]/.test(texte[i - 1]))) guillemet = signe;
      else if (signe === "#" && (i === 0 || /\s/.test(texte[i - 1]))) return texte.slice(0, i).trimEnd();
    }
    return texte.trimEnd();
  }

  function simple(texte, ligne) {
    const mot = texte.trim();
    if (mot.startsWith('"')) {
      try { return JSON.parse(mot); } catch { return illisible(ligne, "un texte entre guillemets n’est pas fermé"); }
    }
    if (mot.startsWith("'")) {
      if (!/^'(?:[^']|'')*'$/.test(mot)) illisible(ligne, "un texte entre apostrophes n’est pas fermé");
      return mot.slice(1, -1).replaceAll("''", "'");
    }
    if (/^[&*!%@`]/.test(mot)) illisible(ligne, `le signe « ${mot[0]} » en début de valeur n’est pas accepté`);
    if (mot === "" || mot === "~" || mot === "null") return null;
    return /^-?\d+(\.\d+)?$/.test(mot) && !/^-?0\d/.test(mot) ? Number(mot) : mot;
  }

  /* Listes et dictionnaires sur une ligne : [a, b], {cle: S1, titre: "…"}. */
  function serre(texte, ligne) {
    let i = 0;
    const blancs = () => { while (/\s/.test(texte[i] || "")) i += 1; };
    function valeur(fins) {
      blancs();
      if (texte[i] === "[") {
        i += 1;
        const liste = [];
        for (blancs(); texte[i] !== "]"; blancs()) {
          liste.push(valeur(",]"));
          blancs();
          if (texte[i] === ",") i += 1;
          else if (texte[i] !== "]") illisible(ligne, "un crochet n’est pas fermé");
        }
        i += 1;
        return liste;
      }
      if (texte[i] === "{") {
        i += 1;
        const objet = {};
        for (blancs(); texte[i] !== "}"; blancs()) {
          const trouve = /^([A-Za-z_]\w*)\s*:/.exec(texte.slice(i));
          if (!trouve) illisible(ligne, "une accolade n’est pas fermée, ou une clé manque");
          i += trouve[0].length;
          objet[trouve[1]] = valeur(",}");
          blancs();
          if (texte[i] === ",") i += 1;
          else if (texte[i] !== "}") illisible(ligne, "une accolade n’est pas fermée");
        }
        i += 1;
        return objet;
      }
      const motif = texte[i] === '"' ? /^"(?:[^"\\]|\\.)*"/ : texte[i] === "'" ? /^'(?:[^']|'')*'/ : new RegExp(`^[^${fins.replace("]", "\\]")}]*`);
      const mot = motif.exec(texte.slice(i));
      if (!mot) illisible(ligne, "un texte entre guillemets n’est pas fermé");
      i += mot[0].length;
      return simple(mot[0], ligne);
    }
    const lue = valeur("");
    blancs();
    if (i < texte.length) illisible(ligne, "du texte suit une liste fermée");
    return lue;
  }

  function lireYaml(texte) {
    const brutes = texte.split(/\r?\n/);
    const rangees = [];
    brutes.forEach((brute, rang) => {
      const utile = sansCommentaire(brute);
      if (utile.trim() && utile !== "---") rangees.push({ retrait: utile.length - utile.trimStart().length, texte: utile.trim(), ligne: rang + 1 });
    });
    let i = 0;

    function suite(retrait) {
      const rangee = rangees[i];
      return rangee && (rangee.retrait > retrait || (rangee.retrait === retrait && rangee.texte.startsWith("- "))) ? bloc(rangee.retrait) : null;
    }

    /* Un texte plié (« > ») ou gardé (« | ») : les lignes brutes plus en retrait. */
    function plie(retrait, marque, ligne) {
      const morceaux = [];
      for (let rang = ligne; rang < brutes.length; rang += 1) {
        const brute = brutes[rang];
        if (brute.trim() && brute.length - brute.trimStart().length <= retrait) break;
        morceaux.push(brute.trim());
      }
      while (i < rangees.length && rangees[i].ligne <= ligne + morceaux.length) i += 1;
      return morceaux.join(marque[0] === "|" ? "\n" : " ").trim();
    }

    function valeur(texteValeur, retrait, ligne) {
      if (texteValeur === undefined || texteValeur === "") return suite(retrait);
      if (/^[|>][+-]?$/.test(texteValeur)) return plie(retrait, texteValeur, ligne);
      if (/^[[{]/.test(texteValeur)) {
        let entier = texteValeur;
        const ouverts = () => (entier.match(/[[{]/g) || []).length - (entier.match(/[\]}]/g) || []).length;
        while (ouverts() > 0 && i < rangees.length && rangees[i].retrait > retrait) entier += ` ${rangees[i++].texte}`;
        return serre(entier, ligne);
      }
      let entier = texteValeur;
      if (!/^["']/.test(entier) || !/["']$/.test(entier) || entier.length === 1) {
        /* Un texte qui continue sur les lignes suivantes, plus en retrait. */
        while (i < rangees.length && rangees[i].retrait > retrait && !/^["'].*["']$/.test(entier)) entier += ` ${rangees[i++].texte}`;
      }
      return simple(entier, ligne);
    }

    function bloc(retrait) {
      return rangees[i].texte.startsWith("- ") || rangees[i].texte === "-" ? liste(retrait) : objet(retrait);
    }

    function liste(retrait) {
      const trouves = [];
      while (i < rangees.length && rangees[i].retrait === retrait && /^-(\s|$)/.test(rangees[i].texte)) {
        const rangee = rangees[i];
        const reste = rangee.texte.slice(1).trimStart();
        if (/^[A-Za-z_]\w*\s*:(\s|$)/.test(reste)) {
          rangees[i] = { retrait: retrait + rangee.texte.length - reste.length, texte: reste, ligne: rangee.ligne };
          trouves.push(objet(rangees[i].retrait));
        } else {
          i += 1;
          trouves.push(valeur(reste, retrait, rangee.ligne));
        }
      }
      return trouves;
    }

    function objet(retrait) {
      const trouve = {};
      while (i < rangees.length && rangees[i].retrait === retrait && !/^-(\s|$)/.test(rangees[i].texte)) {
        const { texte: contenu, ligne } = rangees[i];
        const paire = /^([A-Za-z_]\w*)\s*:(?:\s+(.*))?$/.exec(contenu);
        if (!paire) illisible(ligne, "un champ et sa valeur sont attendus (« champ: valeur »)");
        if (Object.hasOwn(trouve, paire[1])) illisible(ligne, `le champ « ${paire[1]} » est écrit deux fois`);
        i += 1;
        trouve[paire[1]] = valeur(paire[2], retrait, ligne);
      }
      if (i < rangees.length && rangees[i].retrait > retrait) illisible(rangees[i].ligne, "le retrait ne suit pas celui des lignes voisines");
      return trouve;
    }

    if (!rangees.length) illisible(1, "le fichier est vide");
    const tout = bloc(rangees[0].retrait);
    if (i < rangees.length) illisible(rangees[i].ligne, "le retrait ne suit pas celui des lignes voisines");
    return tout;
  }

  function lire(texte) {
    const propre = texte.replace(/^\ufeff/, "");
    let lu;
    if (/^\s*[[{]/.test(propre)) {
      try { lu = JSON.parse(propre); } catch { throw new Illisible("Ce fichier n’est pas du JSON valide."); }
    } else {
      if (propre.includes("\t")) illisible(propre.slice(0, propre.indexOf("\t")).split("\n").length, "une tabulation : mettez des espaces");
      lu = lireYaml(propre);
    }
    const fiches = Array.isArray(lu) ? lu : lu.fiches || [lu];
    if (fiches.length !== 1) throw new Illisible(`Ce fichier contient ${fiches.length} fiches : ouvrez-en un qui n’en contient qu’une.`);
    return fiches[0];
  }

  return { ecrire, lire, Illisible };
})();
