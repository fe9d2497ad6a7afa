/* Formulaire d’une fiche de projet : tiré du schéma publié, contrôlé comme lui, gardé dans ce navigateur seulement. */
"use strict";

(() => {
  const racine = document.querySelector(".formulaire-projet");
  if (!racine) return;
  const schema = JSON.parse(racine.querySelector("script").textContent);
  const BROUILLON = "formation:fiche-projet";
  const TAILLE_MAX = 300000;
  const ORIGINES = { rapport: "champ du rapport", ajout: "ajout de la formation" };
  const UNITES = { RecordFact: "Affirmation", Result: "Résultat", Place: "Collectivité", RecordSource: "Source" };

  /* --- Schéma --- */

  function noeud(brut) {
    let lu = brut;
    if (lu.anyOf) lu = { ...lu.anyOf.find((choix) => choix.type !== "null"), ...lu, vide: true };
    if (lu.$ref) {
      const nom = lu.$ref.split("/").pop();
      const cible = schema.$defs[nom];
      lu = { ...cible, ...lu, modele: nom };
    }
    return lu;
  }

  const defaut = (brut) => {
    const lu = noeud(brut);
    if (lu.const !== undefined) return lu.const;
    if (lu.type === "object") return Object.fromEntries(Object.entries(lu.properties).map(([nom, dedans]) => [nom, defaut(dedans)]));
    if (lu.default !== undefined) return structuredClone(lu.default);
    if (lu.type === "array") return lu.minItems && noeud(lu.items).type === "object" ? [defaut(lu.items)] : [];
    return lu.vide ? null : "";
  };

  /* Une espace insécable reste insécable, et une ligne ne commence pas par « : ». */
  const uneLigne = (texte) => texte.replace(/\s+/g, (suite) => /[\u00a0\u202f]/.exec(suite)?.[0] ?? " ").trim()
    .replace(/(?<=«) | (?=[:;!?»%€](?:[^\p{L}\p{N}_]|$))/gu, "\u00a0");

  /* --- Contrôle : mêmes règles que formation.library --- */

  const FORMES = {
    id: "minuscules, chiffres et tirets, par exemple plaisir-standard-telephonique",
    date_fiche: "AAAA-MM-JJ, par exemple 2026-11-22",
    consulte: "AAAA-MM-JJ, par exemple 2026-11-22",
    debut: "AAAA, AAAA-MM ou AAAA-MM-JJ, par exemple 2022-09",
    fin: "AAAA, AAAA-MM ou AAAA-MM-JJ, par exemple 2025",
    url: "une adresse qui commence par http:// ou https://",
    cle: "une à six lettres puis un nombre, par exemple S1",
    source: "des clés séparées par des virgules, par exemple S1, S2",
  };

  function controler(brut, valeur, chemin, fautes) {
    const lu = noeud(brut);
    const faute = (message) => fautes.push({ chemin, message });
    const nom = [...chemin].reverse().find((part) => typeof part === "string");
    if (valeur === null || valeur === undefined) { if (!lu.vide) faute("ce champ manque"); return; }
    if (lu.type === "object") {
      for (const [cle, dedans] of Object.entries(lu.properties)) controler(dedans, valeur[cle], [...chemin, cle], fautes);
      return;
    }
    if (lu.type === "array") {
      if (lu.minItems && valeur.length < lu.minItems) faute(`choisissez-en au moins ${lu.minItems}`);
      if (lu.maxItems && valeur.length > lu.maxItems) faute(`au plus ${lu.maxItems}, il y en a ${valeur.length}`);
      valeur.forEach((element, rang) => controler(lu.items, element, noeud(lu.items).type === "object" ? [...chemin, rang] : chemin, fautes));
      return;
    }
    if (lu.const !== undefined) { if (valeur !== lu.const) faute(`la seule valeur acceptée est ${lu.const}`); return; }
    if (lu.enum) { if (!lu.enum.includes(valeur)) faute(valeur === "" ? "choisissez une valeur" : `valeurs acceptées : ${lu.enum.join(", ")}`); return; }
    if (lu.type === "integer" || lu.type === "number") {
      if (typeof valeur !== "number" || !Number.isFinite(valeur)) return void faute("un nombre est attendu, sans unité");
      if (lu.type === "integer" && !Number.isInteger(valeur)) faute("un nombre entier est attendu");
      if (lu.minimum !== undefined && valeur < lu.minimum) faute(`le nombre doit être au moins ${lu.minimum}`);
      if (lu.maximum !== undefined && valeur > lu.maximum) faute(`le nombre doit être au plus ${lu.maximum}`);
      return;
    }
    const longueur = [...valeur].length;
    if (lu.minLength && !longueur) return void faute("ce champ est vide");
    if (lu.minLength && longueur < lu.minLength) faute(`${lu.minLength} caractères au moins`);
    if (lu.maxLength && longueur > lu.maxLength) faute(`${lu.maxLength} caractères au plus, il y en a ${longueur}`);
    if (lu.pattern && !new RegExp(lu.pattern, "u").test(valeur)) faute(`forme attendue : ${FORMES[nom] || lu.pattern}`);
  }

  const PERSONNEL = /[\p{L}\p{N}_.+-]{1,64}@[\p{L}\p{N}_-]+\.[\p{L}\p{N}_]+|(?<!\d)(?:\+33\s?|0)[1-9](?:[\s.\-]?\d{2}){4}(?!\d)/u;
  const FORMULE = /^(?:[=@]|[+\-](?!\s?\d[\d\s.,]*[%€]?(?:\s+\p{L}|$)))/u;
  const impossible = (jour) => {
    const [an, mois, numero] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(jour)?.slice(1).map(Number) ?? [];
    return an !== undefined && new Date(Date.UTC(an, mois - 1, numero)).getUTCDate() !== numero;
  };
  const classe = (champ, quantite) => champ.enum[champ["x-seuils"].filter((seuil) => quantite >= seuil).length];

  function accords(fiche, fautes) {
    const faute = (chemin, message) => fautes.push({ chemin, message });
    const cles = new Set();
    fiche.sources.forEach(({ cle }, rang) => {
      if (cles.has(cle)) faute(["sources", rang, "cle"], `la clé « ${cle} » sert déjà : donnez-en une autre`);
      cles.add(cle);
    });
    (function citer(valeur, chemin) {
      if (typeof valeur === "string" && chemin.at(-1) !== "url") {
        const trouve = PERSONNEL.exec(valeur);
        if (["date_fiche", "consulte", "debut", "fin"].includes(chemin.at(-1)) && impossible(valeur)) faute(chemin, "cette date n’existe pas dans le calendrier");
        if (FORMULE.test(valeur)) faute(chemin, "ce texte commence comme une formule de tableur : mettez un mot devant, ou des guillemets français");
        if (trouve) faute(chemin, `« ${trouve[0]} » ressemble à une adresse électronique ou à un numéro de téléphone : donnez plutôt l’adresse d’une page de contact`);
        return;
      }
      if (!valeur || typeof valeur !== "object") return;
      if (Array.isArray(valeur.source)) {
        const inconnues = valeur.source.filter((cle) => !cles.has(cle));
        if (inconnues.length) faute([...chemin, "source"], `source absente de la liste « Sources » : ${inconnues.join(", ")}`);
        if ("confiance" in valeur && !valeur.source.length && valeur.confiance !== "inconnu" && valeur.confiance !== "") {
          faute([...chemin, "source"], "sans source, la confiance est « inconnu » : citez une source ou changez la confiance");
        }
      }
      for (const [cle, dedans] of Object.entries(valeur)) citer(dedans, [...chemin, Array.isArray(valeur) ? Number(cle) : cle]);
    })(fiche, []);
    const lieux = fiche.situation.collectivites;
    lieux.forEach((lieu, rang) => {
      if (Number.isInteger(lieu.population) && !lieu.source.length) faute(["situation", "collectivites", rang, "source"], "une population sans source : citez la source, ou laissez la population vide");
    });
    const taille = noeud(noeud(schema.properties.situation).properties.taille);
    if (lieux.length === 1 && lieux[0].population > 0 && !["inconnu", "sans-objet"].includes(fiche.situation.taille)) {
      const juste = classe(taille, lieux[0].population);
      if (juste !== fiche.situation.taille) faute(["situation", "taille"], `cette tranche ne contient pas la population indiquée : choisissez « ${taille["x-libelles"][juste]} »`);
    }
    const tranche = noeud(noeud(schema.properties.cout).properties.tranche);
    if (typeof fiche.cout.montant_euros === "number" && fiche.cout.montant_euros >= 0) {
      const juste = classe(tranche, fiche.cout.montant_euros);
      if (juste !== fiche.cout.tranche) faute(["cout", "tranche"], `cette tranche ne contient pas le montant indiqué : choisissez « ${tranche["x-libelles"][juste]} », ou retirez le montant`);
    }
    const { debut, fin } = fiche.complements.calendrier;
    if (debut && fin && fin < debut.slice(0, fin.length)) faute(["complements", "calendrier", "fin"], "la fin précède le début");
  }

  function verifier(fiche) {
    const fautes = [];
    controler(schema, fiche, [], fautes);
    accords(fiche, fautes);
    const vues = new Set();
    return fautes.filter(({ chemin }) => !vues.has(chemin.join("-")) && vues.add(chemin.join("-")));
  }

  /* --- Éléments de la page --- */

  function creer(balise, attributs = {}, ...contenu) {
    const element = document.createElement(balise);
    for (const [nom, valeur] of Object.entries(attributs)) if (valeur !== null && valeur !== false) element.setAttribute(nom, valeur === true ? "" : valeur);
    element.append(...contenu);
    return element;
  }

  const ident = (chemin) => `fiche-${chemin.join("-")}`;
  const badge = (origine) => (ORIGINES[origine] ? [" ", creer("span", { class: "badge-origine" }, ORIGINES[origine])] : []);

  /* Chaque champ rend son élément et une fonction qui lit sa valeur. */
  function champ(brut, chemin, valeur, obligatoire) {
    const lu = noeud(brut);
    if (lu.const !== undefined) return { element: null, valeur: () => lu.const };
    if (lu.type === "object") return groupe(lu, chemin, valeur);
    if (lu.type === "array" && noeud(lu.items).type === "object") return repetition(lu, chemin, valeur);
    if (lu.type === "array" && noeud(lu.items).enum) return cases(lu, chemin, valeur);
    return saisie(lu, chemin, valeur, obligatoire);
  }

  function groupe(lu, chemin, valeur, legende) {
    const element = creer("fieldset", { class: chemin.length === 1 ? "partie" : null });
    if (chemin.length) element.append(creer("legend", {}, legende || lu.title, ...(chemin.length === 1 ? badge(lu["x-origine"]) : [])));
    const parts = Object.entries(lu.properties).map(([nom, dedans]) => {
      const part = champ(dedans, [...chemin, nom], valeur?.[nom] ?? defaut(dedans), (lu.required || []).includes(nom));
      if (part.element) element.append(part.element);
      return [nom, part];
    });
    return { element, valeur: () => Object.fromEntries(parts.map(([nom, part]) => [nom, part.valeur()])) };
  }

  function repetition(lu, chemin, valeur) {
    const modele = noeud(lu.items);
    const unite = UNITES[modele.modele] || "Élément";
    const ajout = `Ajouter ${unite === "Résultat" || unite === "Élément" ? "un" : "une"} ${unite.toLowerCase()}`;
    const listeElements = creer("div", {});
    const ajouter = creer("button", { type: "button", class: "bouton secondaire", id: ident(chemin) }, ajout);
    ajouter.setAttribute("aria-label", `${ajout} (${lu.title})`);
    let lots = [];
    /* Les rangs changent quand on retire un élément : tout est redessiné avec les valeurs lues. */
    function dessiner(valeurs) {
      lots = valeurs.map((une, rang) => {
        const lot = groupe(modele, [...chemin, rang], une, `${unite} ${rang + 1}${/^(Affirmation|Résultat)$/.test(unite) ? ` : ${lu.title.toLowerCase()}` : ""}`);
        const retirer = creer("button", { type: "button", class: "bouton secondaire retirer" }, `Retirer : ${unite.toLowerCase()} ${rang + 1}`);
        retirer.addEventListener("click", () => {
          const gardees = lots.map((autre) => autre.valeur());
          gardees.splice(rang, 1);
          dessiner(gardees);
          ajouter.focus();
          garderBientot();
        });
        lot.element.append(retirer);
        return lot;
      });
      listeElements.replaceChildren(...lots.map((lot) => lot.element));
    }
    dessiner(Array.isArray(valeur) ? valeur : []);
    ajouter.addEventListener("click", () => {
      dessiner([...lots.map((lot) => lot.valeur()), defaut(modele)]);
      lots.at(-1).element.querySelector("input,select,textarea").focus();
      garderBientot();
    });
    const element = creer("div", { class: "repetition" }, creer("p", { class: "champ-titre" }, lu.title), aide(lu, chemin), listeElements, ajouter);
    return { element, valeur: () => lots.map((lot) => lot.valeur()) };
  }

  const aide = (lu, chemin) => creer("p", { class: "aide", id: `${ident(chemin)}-aide` }, lu.description || "");

  function cases(lu, chemin, valeur) {
    const choix = noeud(lu.items);
    const boites = choix.enum.map((cle, rang) => {
      const boite = creer("input", { type: "checkbox", value: cle, id: rang ? `${ident(chemin)}-${cle}` : ident(chemin), "aria-describedby": `${ident(chemin)}-aide` });
      boite.checked = [valeur].flat().includes(cle);
      return boite;
    });
    /* « Inconnu » exclut les autres valeurs, et réciproquement. */
    boites.forEach((boite) => boite.addEventListener("change", () => {
      if (boite.checked) boites.forEach((autre) => { if (autre !== boite && (boite.value === "inconnu" || autre.value === "inconnu")) autre.checked = false; });
    }));
    const element = creer("fieldset", { class: "cases" }, creer("legend", {}, lu.title), aide(lu, chemin),
      ...boites.map((boite) => creer("div", { class: "option" }, boite, creer("label", { for: boite.id }, choix["x-libelles"][boite.value]))));
    /* L’ordre d’une fiche ouverte est gardé : la première valeur est souvent la principale. */
    const rang = (cle) => { const place = [valeur].flat().indexOf(cle); return place < 0 ? choix.enum.length : place; };
    return { element, valeur: () => boites.filter((boite) => boite.checked).map((boite) => boite.value).sort((a, b) => rang(a) - rang(b)) };
  }

  function saisie(lu, chemin, valeur, obligatoire) {
    const attributs = { id: ident(chemin), "aria-describedby": `${ident(chemin)}-aide`, "aria-required": obligatoire ? "true" : null, autocomplete: "off" };
    let boite;
    if (lu.enum) {
      const libelles = lu["x-libelles"] || {};
      const choix = obligatoire && lu.default === undefined ? ["", ...lu.enum] : lu.enum;
      boite = creer("select", attributs, ...choix.map((cle) => creer("option", { value: cle }, libelles[cle] || cle || (obligatoire ? "Choisir…" : "Aucun"))));
    } else if (lu.maxLength > 1000 && chemin.at(-1) === "texte") boite = creer("textarea", { ...attributs, rows: 3 });
    else boite = creer("input", { ...attributs, type: "text", inputmode: lu.type === "integer" || lu.type === "number" ? "decimal" : null });
    boite.value = Array.isArray(valeur) ? valeur.join(", ") : valeur ?? "";
    const titre = creer("label", { for: boite.id }, lu.title, ...(obligatoire ? [" ", creer("span", { class: "obligatoire" }, "(obligatoire)")] : []));
    const lire = () => {
      const texte = uneLigne(boite.value);
      if (lu.type === "array") return texte.split(/[,;\s]+/).filter(Boolean);
      if (lu.type !== "integer" && lu.type !== "number") return lu.pattern ? texte : texte.replaceAll("|", "–");
      if (!texte) return null;
      const nombre = Number(texte.replace(/[\s\u202f\u00a0]/g, "").replace(",", "."));
      return Number.isNaN(nombre) ? texte : nombre;
    };
    return { element: creer("div", { class: "champ" }, titre, aide(lu, chemin), boite), valeur: lire };
  }

  /* --- Vie du formulaire --- */

  const formulaire = creer("form", { novalidate: true, "aria-label": "Fiche d’un projet" });
  const etat = creer("p", { role: "status", class: "etat" });
  const erreurs = creer("div", { class: "erreurs", role: "alert", tabindex: "-1" });
  const ouvrir = creer("input", { type: "file", id: "fiche-ouvrir", accept: ".yml,.yaml,.json" });
  const effacer = creer("button", { type: "button", class: "bouton secondaire" }, "Effacer et recommencer");
  let corps = null;
  let attente = 0;
  let garde = ""; /* la fiche telle qu’ouverte, enregistrée ou vide : le reste est à ne pas perdre */
  const retenir = () => { garde = JSON.stringify(corps.valeur()); };

  function garder() {
    try { localStorage.setItem(BROUILLON, JSON.stringify(corps.valeur())); } catch { /* navigateur sans mémoire : le fichier reste le seul double */ }
  }
  function garderBientot() {
    clearTimeout(attente);
    attente = setTimeout(garder, 400);
  }

  function neuve() {
    const fiche = defaut(schema);
    fiche.date_fiche = new Date().toLocaleDateString("sv-SE");
    return fiche;
  }

  function remplir(fiche) {
    corps = groupe(noeud(schema), [], fiche);
    const boutons = creer("p", { class: "boutons" }, creer("button", { type: "submit", class: "bouton" }, "Vérifier et enregistrer la fiche"), " ", effacer);
    formulaire.replaceChildren(corps.element, erreurs, boutons, etat);
    erreurs.replaceChildren();
    erreurs.hidden = true;
  }

  function refuser(fautes) {
    formulaire.querySelectorAll(".erreur").forEach((texte) => texte.remove());
    formulaire.querySelectorAll("[aria-invalid]").forEach((boite) => boite.removeAttribute("aria-invalid"));
    erreurs.replaceChildren();
    erreurs.hidden = !fautes.length;
    if (!fautes.length) return;
    const entrees = fautes.map(({ chemin, message }) => {
      const boite = formulaire.querySelector(`#${CSS.escape(ident(chemin))}`) || formulaire.querySelector("input");
      const nomme = boite.closest("fieldset")?.classList.contains("cases") ? boite.closest("fieldset").querySelector("legend") : formulaire.querySelector(`label[for="${boite.id}"]`);
      const nom = (nomme?.firstChild.textContent || boite.getAttribute("aria-label") || "").trim();
      const place = boite.closest("fieldset:not(.cases)")?.querySelector(":scope > legend")?.firstChild.textContent || "";
      boite.setAttribute("aria-invalid", "true");
      const note = creer("p", { class: "erreur", id: `${boite.id}-erreur` }, `${message[0].toUpperCase()}${message.slice(1)}.`);
      boite.setAttribute("aria-describedby", `${boite.id}-erreur ${boite.id}-aide`);
      const contenant = boite.closest(".cases") || boite.closest(".champ") || boite.parentElement;
      contenant.append(note);
      const lien = creer("a", { href: `#${boite.id}` }, `${place ? `${place} › ` : ""}${nom}`);
      lien.addEventListener("click", (evenement) => { evenement.preventDefault(); boite.focus(); });
      return { boite, ligne: creer("li", {}, lien, ` : ${message}.`) };
    });
    const titre = `${fautes.length} erreur${fautes.length > 1 ? "s" : ""} à corriger. Rien n’a été enregistré.`;
    erreurs.append(creer("p", {}, creer("strong", {}, titre)), creer("ul", {}, ...entrees.map(({ ligne }) => ligne)));
    etat.textContent = "";
    entrees[0].boite.focus();
  }

  formulaire.addEventListener("submit", (evenement) => {
    evenement.preventDefault();
    const fiche = corps.valeur();
    const fautes = verifier(fiche);
    refuser(fautes);
    if (fautes.length) return;
    const nom = `${fiche.id}.yml`;
    const adresse = URL.createObjectURL(new Blob([FicheYaml.ecrire(fiche)], { type: "application/yaml" }));
    const lien = creer("a", { href: adresse, download: nom });
    document.body.append(lien);
    lien.click();
    lien.remove();
    setTimeout(() => URL.revokeObjectURL(adresse), 10000);
    garder();
    retenir();
    etat.textContent = `Fiche conforme, enregistrée sous le nom ${nom}. Rangez-la : formation bibliotheque ajouter ${nom} --dossier VOTRE-DOSSIER`;
  });
  formulaire.addEventListener("input", garderBientot);
  formulaire.addEventListener("change", garderBientot);

  effacer.addEventListener("click", () => {
    if (!window.confirm("Effacer tout ce qui est saisi, et le brouillon gardé dans ce navigateur ?")) return;
    clearTimeout(attente);
    try { localStorage.removeItem(BROUILLON); } catch { /* rien à effacer */ }
    remplir(neuve());
    retenir();
    etat.textContent = "Formulaire vide.";
    formulaire.querySelector("input").focus();
  });

  /* Champs d’un fichier que le schéma n’a pas : ils ne peuvent pas être repris, on le dit. */
  function etrangers(brut, valeur, chemin) {
    const lu = noeud(brut);
    if (Array.isArray(valeur)) return lu.type === "array" ? valeur.flatMap((une) => etrangers(lu.items, une, chemin)) : [];
    if (!valeur || typeof valeur !== "object" || lu.type !== "object") return [];
    return Object.keys(valeur).flatMap((cle) => (lu.properties[cle] ? etrangers(lu.properties[cle], valeur[cle], [...chemin, cle]) : [[...chemin, cle].join(" › ")]));
  }

  ouvrir.addEventListener("change", async () => {
    const fichier = ouvrir.files[0];
    if (!fichier) return;
    try {
      if (fichier.size > TAILLE_MAX) throw new FicheYaml.Illisible("Ce fichier est trop gros pour une fiche (300 ko au plus).");
      const fiche = FicheYaml.lire(await fichier.text());
      if (!fiche || typeof fiche !== "object") throw new FicheYaml.Illisible("Ce fichier ne contient pas une fiche.");
      if (JSON.stringify(corps.valeur()) !== garde && !window.confirm(`Remplacer ce qui est saisi, et pas encore enregistré, par ${fichier.name} ?`)) return;
      const perdus = [...new Set(etrangers(schema, fiche, []))];
      remplir(fiche);
      refuser(verifier(corps.valeur()));
      garder();
      retenir();
      etat.textContent = `Fiche ouverte : ${fichier.name}.${perdus.length ? ` Champs inconnus, laissés de côté : ${perdus.join(", ")}.` : ""}`;
    } catch (erreur) {
      if (!(erreur instanceof FicheYaml.Illisible)) throw erreur;
      etat.textContent = `${fichier.name} n’a pas été ouvert. ${erreur.message}`;
    } finally {
      ouvrir.value = "";
    }
  });

  let brouillon = null;
  try { brouillon = JSON.parse(localStorage.getItem(BROUILLON)); } catch { brouillon = null; }
  remplir(neuve());
  retenir();
  if (brouillon && typeof brouillon === "object") remplir(brouillon);
  if (brouillon) etat.textContent = "Brouillon repris : il était gardé dans ce navigateur.";
  racine.querySelector(".sans-js")?.remove();
  racine.append(creer("p", { class: "champ" }, creer("label", { for: "fiche-ouvrir" }, "Ouvrir une fiche existante (.yml ou .json)"), " ", ouvrir), formulaire);
})();
