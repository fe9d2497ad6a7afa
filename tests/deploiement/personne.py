"""Une personne devant son navigateur : se connecter, ouvrir son espace, presser les boutons, lancer du code."""

import json
import time
import uuid
from urllib.parse import urljoin

import requests
import websocket

WAIT_S = 400


class Personne:
    """Une session HTTP, avec ses témoins et son jeton anti-falsification, comme un navigateur."""

    def __init__(self, site, name):
        self.site, self.name = site, name
        self.http = requests.Session()
        self.base = ""
        self.kernel = ""

    def sign_in(self, password=None):
        """Envoie le formulaire de connexion ; rend la page obtenue."""
        address = urljoin(self.site.url, "/hub/login")
        self.http.get(address, timeout=WAIT_S)
        form = {
            "username": self.name,
            "password": self.site.passwords.get(self.name, "") if password is None else password,
            "_xsrf": self._xsrf("/hub/"),
        }
        return self.http.post(address, data=form, timeout=WAIT_S, allow_redirects=False)

    def _xsrf(self, path):
        found = [cookie for cookie in self.http.cookies if cookie.name == "_xsrf" and path.startswith(cookie.path)]
        return max(found, key=lambda cookie: len(cookie.path)).value

    def open_workspace(self):
        """Lance son espace de travail et y entre."""
        self.base = f"/user/{self.name}/"
        # ce qu’un navigateur envoie quand on suit un lien du site
        same = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        started = self.http.get(urljoin(self.site.url, "/hub/spawn"), headers=same, timeout=WAIT_S)
        assert started.ok, started.text
        self._enter()

    def open_course(self):
        """Entre dans l’espace des formateurs."""
        self.base = "/services/cours/"
        return self._enter()

    def _enter(self):
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            page = self.http.get(urljoin(self.site.url, f"{self.base}lab"), timeout=WAIT_S)
            if page.ok and urljoin(self.site.url, self.base) in page.url:
                return page
            if page.status_code == 403:
                return page
            time.sleep(0.3)
        raise AssertionError(f"{self.name} n’entre pas dans {self.base} : {page.status_code} {page.url}")

    def ask(self, method, path, **options):
        """Requête à son espace, comme le fait un bouton ; rend le JSON."""
        address = urljoin(self.site.url, self.base + path)
        headers = {"X-XSRFToken": self._xsrf(self.base), "Referer": address}
        answer = self.http.request(method, address, headers=headers, timeout=WAIT_S, **options)
        assert answer.ok, f"{method} {path} : {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else None

    def devoirs(self):
        """Liste des devoirs, telle que la lit l’onglet « Devoirs »."""
        return self.ask("GET", "assignments?course_id=atelier")["value"]

    def press(self, action, exercise):
        """Bouton de la liste des devoirs : fetch, submit ou fetch_feedback."""
        answer = self.ask("POST", f"assignments/{action}", json={"course_id": "atelier", "assignment_id": exercise})
        assert answer["success"], answer
        return answer["value"]

    def read(self, path):
        """Fichier de son dossier."""
        return self.ask("GET", f"api/contents/{path}?content=1")

    def save(self, path, notebook):
        """Enregistre un carnet."""
        self.ask("PUT", f"api/contents/{path}", json={"type": "notebook", "format": "json", "content": notebook})

    def run(self, code):
        """Exécute du code Python dans un noyau de son espace ; rend ce qu’il écrit."""
        if not self.kernel:
            self.kernel = self.ask("POST", "api/kernels", json={"name": "python3"})["id"]
        link = self._link(f"api/kernels/{self.kernel}/channels")
        try:
            return _execute(link, code)
        finally:
            link.close()

    def _link(self, path):
        address = urljoin(self.site.url, self.base + path)
        ask = requests.Request("GET", address, cookies=self.http.cookies)
        cookie = self.http.prepare_request(ask).headers["Cookie"]
        return websocket.create_connection(
            address.replace("http", "ws", 1), cookie=cookie, timeout=WAIT_S, origin=self.site.url
        )

    def type_in_terminal(self, line, until):
        """Ligne tapée dans un terminal ; rend ce qui s’affiche, jusqu’au texte attendu."""
        name = self.ask("POST", "api/terminals")["name"]
        link = self._link(f"terminals/websocket/{name}")
        try:
            link.send(json.dumps(["stdin", f"{line}\r"]))
            shown = ""
            while until not in shown:
                kind, *content = json.loads(link.recv())
                shown += content[0] if kind == "stdout" else ""
            return shown
        finally:
            link.close()

    def formation(self, *arguments):
        """Commande `formation` lancée dans son espace."""
        program = f"[sys.executable, '-c', 'from formation.cli import main; main()', *{list(map(str, arguments))!r}]"
        return self.shell(program)

    def shell(self, program):
        """Commande lancée dans son espace : sortie et erreurs, insécables en moins, puis son code."""
        text = self.run(
            "import subprocess, sys\n"
            f"done = subprocess.run({program}, capture_output=True, text=True)\n"
            "print(done.stdout + done.stderr)\nprint('code', done.returncode)"
        )
        return text.replace("\xa0", " ").replace("\u202f", " ")


def _execute(link, code):
    identity = uuid.uuid4().hex
    header = {"msg_id": identity, "msg_type": "execute_request", "username": "", "session": identity, "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False, "stop_on_error": True}
    request = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    link.send(json.dumps(request))
    written = []
    while True:
        message = json.loads(link.recv())
        if message.get("parent_header", {}).get("msg_id") != identity:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            written.append(content["text"])
        elif kind == "error":
            written.append(f"{content['ename']}: {content['evalue']}\n")
        elif kind == "status" and content["execution_state"] == "idle":
            return "".join(written)
