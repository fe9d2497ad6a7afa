/* Thème, menu, zones qui défilent, copie du code, quiz et impression de la fiche. Sans ce fichier, tout se lit. */
"use strict";

(() => {
  const racine = document.documentElement;
  const tous = (motif, dans = document) => [...dans.querySelectorAll(motif)];
  const creer = (balise, classe, texte) => {
    const element = document.createElement(balise);
    if (classe) element.className = classe;
    if (texte) element.textContent = texte;
    return element;
  };

  /* Thème : auto, clair, sombre. */
  const themes = ["auto", "clair", "sombre"];
  const boutonTheme = document.querySelector('[data-action="theme"]');
  const dire = () => {
    boutonTheme.querySelector(".theme-texte").textContent = `Thème\u00a0: ${racine.dataset.theme || "auto"}`;
  };
  boutonTheme.addEventListener("click", () => {
    const suivant = themes[(themes.indexOf(racine.dataset.theme || "auto") + 1) % themes.length];
    if (suivant === "auto") delete racine.dataset.theme;
    else racine.dataset.theme = suivant;
    try { localStorage.setItem("theme", suivant); } catch { /* navigation privée : le choix vaut pour la page */ }
    dire();
  });
  dire();

  /* Menu sur petit écran. */
  const boutonMenu = document.querySelector(".bouton-menu");
  const menu = document.getElementById("navigation");
  const ouvrir = (ouvert) => {
    boutonMenu.setAttribute("aria-expanded", ouvert);
    menu.classList.toggle("ouvert", ouvert);
  };
  boutonMenu.addEventListener("click", () => ouvrir(boutonMenu.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (touche) => {
    if (touche.key === "Escape" && menu.classList.contains("ouvert")) { ouvrir(false); boutonMenu.focus(); }
  });

  /* Une zone plus large que l’écran reçoit le focus pour défiler au clavier, et un nom unique pour être annoncée. */
  const noms = new Map();
  function accorder(zone) {
    const cible = zone.querySelector(".highlight pre") || zone;
    if (cible.scrollWidth <= cible.clientWidth + 1) { for (const a of ["tabindex", "role", "aria-label"]) cible.removeAttribute(a); return; }
    if (!noms.has(zone)) noms.set(zone, `${zone.dataset.nom || "Zone"} (zone ${noms.size + 1} à faire défiler)`);
    cible.setAttribute("tabindex", "0");
    cible.setAttribute("role", "region");
    cible.setAttribute("aria-label", noms.get(zone));
  }
  const veille = new ResizeObserver((entrees) => entrees.forEach((entree) => accorder(entree.target)));
  tous(".defile").forEach((zone) => veille.observe(zone));

  /* Copier le code. */
  for (const zone of tous(".code.defile")) {
    if (!navigator.clipboard) break;
    const bouton = creer("button", "copier", "Copier");
    bouton.type = "button";
    bouton.append(creer("span", "invisible", " le code"));
    bouton.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(zone.querySelector("pre").innerText.trimEnd());
        bouton.firstChild.data = "Copié";
      } catch { bouton.firstChild.data = "Copie impossible"; }
      bouton.classList.add("fait");
      setTimeout(() => { bouton.firstChild.data = "Copier"; bouton.classList.remove("fait"); }, 2500);
    });
    zone.prepend(bouton);
  }

  /* Quiz. */
  for (const quiz of tous(".quiz")) {
    const questions = tous("form.question", quiz);
    const total = quiz.querySelector(".quiz-total");
    const compter = () => {
      const faites = questions.filter((q) => q.dataset.resultat);
      const justes = faites.filter((q) => q.dataset.resultat === "juste").length;
      const pluriel = (nombre, mot) => `${nombre} ${mot}${nombre > 1 ? "s" : ""}`;
      total.textContent = faites.length
        ? `${pluriel(justes, "réponse")} juste${justes > 1 ? "s" : ""} pour ${pluriel(faites.length, "question")} vérifiée${faites.length > 1 ? "s" : ""}, sur ${questions.length}.`
        : "";
    };
    for (const question of questions) {
      const verdict = question.querySelector(".verdict");
      const reponses = question.querySelector(".reponses");
      question.addEventListener("submit", (envoi) => {
        envoi.preventDefault();
        const choisies = tous("input:checked", question).map((entree) => entree.value);
        if (!choisies.length) { verdict.className = "verdict"; verdict.replaceChildren(creer("p", "", "Choisissez d’abord une réponse.")); return; }
        const lignes = tous(".retours li", question);
        const attendues = lignes.filter((ligne) => ligne.dataset.juste === "oui").map((ligne) => ligne.dataset.option);
        const exact = attendues.length === choisies.length && attendues.every((option) => choisies.includes(option));
        const enPartie = !exact && choisies.every((option) => attendues.includes(option));
        const texte = exact ? "✓ Bonne réponse." : enPartie ? "✗ Réponse incomplète\u00a0: il manque au moins un choix." : "✗ Ce n’est pas la bonne réponse.";
        const liste = creer("ul", "retours");
        lignes.filter((ligne) => choisies.includes(ligne.dataset.option)).forEach((ligne) => liste.append(ligne.cloneNode(true)));
        verdict.className = `verdict ${exact ? "juste" : "faux"}`;
        verdict.replaceChildren(creer("p", "verdict-titre", texte), liste);
        question.dataset.resultat = exact ? "juste" : "faux";
        reponses.classList.add("disponibles");
        compter();
      });
      question.addEventListener("change", () => { if (verdict.className !== "verdict") { verdict.className = "verdict"; verdict.replaceChildren(); } });
    }
    quiz.querySelector('[data-action="quiz-zero"]').addEventListener("click", () => {
      for (const question of questions) {
        question.reset();
        delete question.dataset.resultat;
        const verdict = question.querySelector(".verdict");
        verdict.className = "verdict";
        verdict.replaceChildren();
        const reponses = question.querySelector(".reponses");
        reponses.classList.remove("disponibles");
        reponses.open = false;
      }
      total.textContent = "Le quiz est remis à zéro.";
      const premiere = questions[0].querySelector("input");
      questions[0].closest("details").open = true;
      premiere.focus();
    });
  }

  /* Avant et après : le curseur, ou le doigt sur l’image, déplace la limite. */
  for (const figure of tous(".avant-apres")) {
    const curseur = figure.querySelector("input");
    const paire = figure.querySelector(".paire");
    const placer = () => {
      const part = Number(curseur.value);
      const texte = `${part}\u00a0% ${curseur.dataset.avant}, ${100 - part}\u00a0% ${curseur.dataset.apres}`;
      figure.style.setProperty("--part", `${part}%`);
      curseur.setAttribute("aria-valuetext", texte);
      figure.querySelector(".valeur").textContent = texte;
    };
    const suivre = (geste) => {
      if (!geste.buttons) return;
      const cadre = paire.getBoundingClientRect();
      curseur.value = Math.round((100 * (geste.clientX - cadre.left)) / cadre.width);
      placer();
    };
    curseur.addEventListener("input", placer);
    paire.addEventListener("pointerdown", suivre);
    paire.addEventListener("pointermove", suivre);
    paire.addEventListener("dragstart", (geste) => geste.preventDefault());
    placer();
  }

  /* Imprimer un cadre seul : tout ce qui n’y mène pas est masqué le temps de l’impression. Les pages d’outils s’en servent. */
  const imprimerSeul = (cadre) => {
    const masques = [];
    for (let element = cadre; element !== document.body; element = element.parentElement) {
      for (const frere of element.parentElement.children) if (frere !== element) { frere.classList.add("masque-impression"); masques.push(frere); }
      element.classList.add("porte-fiche");
      masques.push(element);
    }
    window.addEventListener("afterprint", () => {
      racine.classList.remove("fiche-seule");
      masques.forEach((element) => element.classList.remove("masque-impression", "porte-fiche"));
    }, { once: true });
    window.print();
  };
  window.aubeline = { imprimerSeul };
  for (const bouton of tous('[data-action="imprimer-fiche"]')) {
    bouton.addEventListener("click", () => {
      const fiche = bouton.closest(".fiche-decision");
      tous("details", fiche).forEach((pli) => { pli.open = true; });
      racine.classList.add("fiche-seule");
      imprimerSeul(fiche);
    });
  }
})();
