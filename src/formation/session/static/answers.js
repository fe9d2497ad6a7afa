// Enregistre les réponses dans un fichier à remettre au formateur : rien n’est envoyé, rien n’est gardé dans le navigateur.
(function () {
  "use strict";
  var form = document.getElementById("feuille");
  var said = document.getElementById("annonce");
  var copy = document.getElementById("copie");
  var about = JSON.parse(document.getElementById("a-propos").textContent);
  var warned = "";

  function say(text, wrong) {
    said.textContent = text;
    said.className = wrong ? "annonce attention" : "annonce";
  }

  function learner() {
    var field = document.getElementById("identifiant");
    if (!field) { return ""; }
    var value = field.value.trim().toLowerCase();
    var fine = /^[a-z]{3,20}-[0-9]{1,4}$/.test(value);
    field.setAttribute("aria-invalid", fine ? "false" : "true");
    if (fine) { return value; }
    say("Écrivez votre identifiant tel qu’il figure sur votre convocation, par exemple stagiaire-07.", true);
    field.focus();
    return null;
  }

  function answers() {
    var found = {};
    about.questions.forEach(function (name) {
      var text = form.querySelector("textarea[name='" + name + "']");
      if (text) { found[name] = text.value.trim(); return; }
      found[name] = Array.prototype.map.call(
        form.querySelectorAll("input[name='" + name + "']:checked"), function (one) { return one.value; });
    });
    return found;
  }

  function missing(found) {
    var ranks = [];
    about.questions.forEach(function (name, rank) {
      if (Array.isArray(found[name]) && found[name].length === 0) { ranks.push(rank + 1); }
    });
    return ranks;
  }

  function random() {
    var bytes = new Uint8Array(8);
    window.crypto.getRandomValues(bytes);
    return Array.prototype.map.call(bytes, function (b) { return ("0" + b.toString(16)).slice(-2); }).join("");
  }

  function now() {
    var date = new Date();
    return new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
  }

  function handIn(event) {
    event.preventDefault();
    var who = learner();
    if (who === null) { return; }
    var found = answers();
    var empty = missing(found).join(", ");
    if (empty && warned !== empty) {
      warned = empty;
      say("Sans réponse : " + empty + ". Complétez, ou appuyez encore sur le bouton pour enregistrer quand même.", true);
      return;
    }
    warned = "";
    var data = { format: 1, genre: about.genre, session: about.session, quiz: about.quiz, reponses: found };
    var name;
    if (about.quiz === "satisfaction") {
      data.feuille = random();
      name = "satisfaction-" + data.feuille + ".json";
    } else {
      data.stagiaire = who;
      data.enregistre_le = now();
      name = "reponses-" + who + "-" + about.quiz + ".json";
    }
    var text = JSON.stringify(data, null, 1);
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    copy.querySelector("textarea").value = text;
    copy.hidden = false;
    say("Fichier enregistré dans vos téléchargements : " + name + ". Remettez-le au formateur.", false);
  }

  form.addEventListener("submit", handIn);
})();
