/* Lecteur d’un quiz en paquet SCORM 1.2 : corrige sur place, transmet la note à la plateforme qui l’a ouvert.
   Sans plateforme, tout marche et la page le dit. Aucune demande ne sort de la page. */
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const tous = (choix, dans = document) => [...dans.querySelectorAll(choix)];
  const LETTRES = "abcdefghijklmnopqrstuvwxyz";
  const principal = document.querySelector("main");
  const EMPREINTE = principal.dataset.empreinte;
  const SEUIL = principal.dataset.seuil === "" ? null : Number(principal.dataset.seuil);
  const questions = tous("form.question");
  const suivi = document.querySelector(".suivi");
  const total = document.querySelector(".total");
  const resultat = document.querySelector(".resultat");
  const debut = Date.now();
  const reponses = questions.map(() => null);
  const ouvertes = questions.map(() => debut);

  /* La plateforme : une fenêtre au-dessus de celle-ci porte un objet « API ». */
  const chercher = (depart) => {
    let fenetre = depart;
    for (let essai = 0; fenetre && essai < 500; essai += 1) {
      try { if (fenetre.API) return fenetre.API; } catch { return null; }
      if (fenetre.parent === fenetre) return null;
      fenetre = fenetre.parent;
    }
    return null;
  };
  const trouver = () => {
    try { return chercher(window) || (window.opener ? chercher(window.opener) : null); } catch { return null; }
  };

  let api = trouver();
  let ouverte = false;
  let lecture = false;
  let echec = "";
  const oui = (valeur) => String(valeur) === "true";
  const noter = (quoi) => {
    let code = "", phrase = "";
    try { code = String(api.LMSGetLastError()); phrase = String(api.LMSGetErrorString(code)); } catch { /* plateforme incomplète */ }
    echec = echec || `${quoi}${code && code !== "0" ? ` (erreur ${code}${phrase ? `, « ${phrase} »` : ""})` : ""}`;
  };
  const appeler = (fonction, ...valeurs) => {
    try { return api[fonction](...valeurs); } catch { return "false"; }
  };
  const lire = (nom) => {
    const valeur = ouverte ? appeler("LMSGetValue", nom) : "";
    return valeur === null || valeur === undefined || valeur === false ? "" : String(valeur);
  };
  const ecrire = (nom, valeur) => {
    if (!ouverte || lecture) return;
    if (!oui(appeler("LMSSetValue", nom, String(valeur)))) noter(`« ${nom} » a été refusé`);
  };
  const enregistrer = () => {
    if (!ouverte || lecture) return;
    if (!oui(appeler("LMSCommit", ""))) noter("l’enregistrement a été refusé");
    dire();
  };

  const deux = (nombre) => String(nombre).padStart(2, "0");
  const duree = (ms) => {
    const secondes = Math.max(0, Math.floor(ms / 1000));
    return `${String(Math.min(9999, Math.floor(secondes / 3600))).padStart(4, "0")}:${deux(Math.floor(secondes / 60) % 60)}:${deux(secondes % 60)}`;
  };
  const heure = () => { const t = new Date(); return `${deux(t.getHours())}:${deux(t.getMinutes())}:${deux(t.getSeconds())}`; };

  const cle = (question) => tous("template", question).flatMap((modele) => tous("li", modele.content))
    .filter((ligne) => ligne.dataset.juste === "oui").map((ligne) => Number(ligne.dataset.option));
  const justes = () => reponses.filter((choix, rang) => choix && exacte(rang)).length;
  const exacte = (rang) => {
    const attendues = cle(questions[rang]);
    return attendues.length === reponses[rang].length && attendues.every((option) => reponses[rang].includes(option));
  };
  const faites = () => reponses.filter(Boolean).length;
  const note = () => Math.round((10000 * justes()) / questions.length) / 100;
  const pluriel = (nombre, mot) => `${nombre}\u00a0${mot}${nombre > 1 ? "s" : ""}`;

  /* Reprise : un caractère par question, le choix en base 32, un tiret si elle attend sa réponse. */
  const memoire = () => `1:${EMPREINTE}:${reponses.map((choix) => (choix ? choix.reduce((somme, option) => somme + 2 ** (option - 1), 0).toString(32) : "-")).join("")}`;
  const relire = (texte) => {
    const [version, empreinte, suite] = texte.split(":");
    if (version !== "1" || empreinte !== EMPREINTE || !suite || suite.length !== questions.length) return false;
    [...suite].forEach((signe, rang) => {
      const code = signe === "-" ? 0 : parseInt(signe, 32);
      const options = tous("input", questions[rang]).length;
      if (!code || code >= 2 ** options) return;
      reponses[rang] = Array.from({ length: options }, (_, i) => i + 1).filter((option) => code & (2 ** (option - 1)));
    });
    return true;
  };

  const dire = () => {
    suivi.classList.toggle("alerte", !api || !ouverte || Boolean(echec));
    if (!api) suivi.textContent = "Aucune plateforme n’a ouvert cette page\u00a0: vous pouvez répondre, mais votre résultat n’est transmis à personne.";
    else if (!ouverte) suivi.textContent = "La plateforme n’a pas accepté d’ouvrir le suivi\u00a0: vous pouvez répondre, mais votre résultat n’est pas transmis. Fermez puis rouvrez le quiz.";
    else if (lecture) suivi.textContent = "Relecture\u00a0: la plateforme ne demande pas de note, rien n’est transmis.";
    else if (echec) suivi.textContent = `La plateforme n’a pas tout enregistré\u00a0: ${echec}. Signalez-le à la personne qui anime la formation.`;
    else suivi.textContent = "Vos réponses et votre résultat sont transmis à votre plateforme de formation.";
  };

  const compter = () => {
    const restantes = questions.length - faites();
    total.textContent = faites()
      ? `${pluriel(justes(), "réponse")} juste${justes() > 1 ? "s" : ""} pour ${pluriel(faites(), "question")} vérifiée${faites() > 1 ? "s" : ""}, sur ${questions.length}.`
      : `${pluriel(questions.length, "question")}, aucune vérifiée pour l’instant.`;
    if (restantes) { resultat.textContent = `Il reste ${pluriel(restantes, "question")} à vérifier.`; return; }
    const fin = `Quiz terminé\u00a0: ${String(Math.round(note())).replace(".", ",")}\u00a0% de réponses justes.`;
    resultat.textContent = SEUIL === null ? fin : `${fin} ${note() >= SEUIL ? "Seuil atteint" : "Seuil non atteint"} (${SEUIL}\u00a0%).`;
  };

  const montrer = (rang) => {
    const question = questions[rang];
    const choisies = reponses[rang];
    const exact = exacte(rang);
    const attendues = cle(question);
    const enPartie = !exact && choisies.every((option) => attendues.includes(option));
    const verdict = question.querySelector(".verdict");
    const titre = document.createElement("p");
    titre.className = "verdict-titre";
    titre.textContent = exact ? "✓ Bonne réponse." : enPartie ? "✗ Réponse incomplète\u00a0: il manque au moins un choix." : "✗ Ce n’est pas la bonne réponse.";
    const contenu = question.querySelector("template").content.cloneNode(true);
    verdict.className = `verdict ${exact ? "juste" : "faux"}`;
    verdict.replaceChildren(titre, contenu);
    for (const entree of tous("input", question)) entree.checked = choisies.includes(Number(entree.value));
    question.querySelector("fieldset").disabled = true;
    question.querySelector("button").hidden = true;
  };

  const interaction = (rang) => {
    const question = questions[rang];
    const numero = Number(lire("cmi.interactions._count")) || 0;
    const place = `cmi.interactions.${numero}`;
    const lettres = (options) => options.map((option) => LETTRES[option - 1]).join(",");
    const attendues = cle(question);
    ecrire(`${place}.id`, question.id.replace(/[^A-Za-z0-9]/g, "_"));
    ecrire(`${place}.objectives.0.id`, question.dataset.objectif);
    ecrire(`${place}.time`, heure());
    ecrire(`${place}.type`, "choice");
    ecrire(`${place}.correct_responses.0.pattern`, attendues.length > 1 ? `{${lettres(attendues)}}` : lettres(attendues));
    ecrire(`${place}.weighting`, "1");
    ecrire(`${place}.student_response`, lettres(reponses[rang]));
    ecrire(`${place}.result`, exacte(rang) ? "correct" : "wrong");
    ecrire(`${place}.latency`, duree(Date.now() - ouvertes[rang]));
  };

  const etat = () => {
    if (faites() < questions.length) return "incomplete";
    if (SEUIL === null) return "completed";
    return note() >= SEUIL ? "passed" : "failed";
  };
  const transmettre = () => {
    ecrire("cmi.core.score.min", "0");
    ecrire("cmi.core.score.max", "100");
    ecrire("cmi.core.score.raw", String(note()));
    ecrire("cmi.core.lesson_status", etat());
    ecrire("cmi.suspend_data", memoire());
    enregistrer();
  };

  questions.forEach((question, rang) => {
    question.addEventListener("submit", (envoi) => {
      envoi.preventDefault();
      if (reponses[rang]) return;
      const choisies = tous("input:checked", question).map((entree) => Number(entree.value));
      if (!choisies.length) { question.querySelector(".verdict").textContent = "Choisissez d’abord une réponse."; return; }
      reponses[rang] = choisies;
      montrer(rang);
      compter();
      interaction(rang);
      transmettre();
      for (let suite = 0; suite < questions.length; suite += 1) if (!reponses[suite]) ouvertes[suite] = Date.now();
    });
    question.addEventListener("change", () => { if (!reponses[rang]) question.querySelector(".verdict").replaceChildren(); });
  });

  let quittee = false;
  const garder = () => {
    ecrire("cmi.core.session_time", duree(Date.now() - debut));
    ecrire("cmi.core.exit", faites() < questions.length ? "suspend" : "");
    if (ouverte && !lecture) appeler("LMSCommit", "");
  };
  const quitter = () => {
    if (quittee || !ouverte) return;
    quittee = true;
    garder();
    appeler("LMSFinish", "");
    ouverte = false;
  };
  window.addEventListener("pagehide", quitter);
  // la plateforme peut demander « Quitter ? » et la personne rester : on garde tout, on ne ferme rien encore
  window.addEventListener("beforeunload", garder);
  window.addEventListener("pageshow", (retour) => { if (retour.persisted && quittee) window.location.reload(); });

  if (api) {
    ouverte = oui(appeler("LMSInitialize", ""));
    if (ouverte) {
      lecture = ["browse", "review"].includes(lire("cmi.core.lesson_mode"));
      const garde = lire("cmi.suspend_data");
      const repris = garde !== "" && relire(garde);
      if (garde !== "" && !repris) echec = "le quiz a changé depuis votre dernière visite, vos anciennes réponses ne peuvent pas être reprises";
      reponses.forEach((choix, rang) => { if (choix) montrer(rang); });
      const ancien = lire("cmi.core.lesson_status");
      if (!repris && (ancien === "not attempted" || ancien === "")) { ecrire("cmi.core.lesson_status", "incomplete"); enregistrer(); }
    }
  }
  compter();
  dire();
})();
