#!/usr/bin/env python3
"""A site for members, who log in by a form: for tests/cli/crawl_login.sh.

    members.py LOG [PAGES [VIEWS]]    prints its port

PAGES (20) pages link to each other. Who has no session is shown the form, at
any page's own address, with status 200. The form has a token that belongs to
its cookie and is good once; a session is over after VIEWS (1000) pages.
/closed.html is for nobody; /logout ends a session; /elsewhere has a form that
goes to another host, /get one that would put the password into an address.
Each line of LOG is what was done: "form", "in", "refused", "out", "page N".
"""
import http.server
import secrets
import sys
from urllib.parse import parse_qs

LOG = sys.argv[1]
PAGES = int(sys.argv[2]) if len(sys.argv) > 2 else 20
VIEWS = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
sessions, tokens = {}, {}

FORM = """<html><head><title>Members</title></head><body><h1>Log in</h1>
<form action="/search"><input name=q></form>
<form method=post action="{action}"><table>
<input type=hidden name=token value="{token}">
<tr><td><input name=who value=""><td><input type=password name=word>
<tr><td><input type=checkbox name=stay><select name=where>
<option>here<option value="every where" selected>everywhere</select>
<td><button name=go value="1">In</button></table></form></body></html>"""


def log(what):
    with open(LOG, "a", encoding="utf-8") as out:
        out.write(what + "\n")


class Members(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def cookie(self):
        for part in self.headers.get("Cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == "sid":
                return value
        return ""

    def answer(self, status, body, *headers):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def form(self, action="/login?step=2", method="post"):
        sid, token = secrets.token_hex(8), secrets.token_hex(8)
        tokens[sid] = token
        log("form")
        body = FORM.format(action=action, token=token)
        self.answer(200, body.replace("method=post", "method=" + method),
                    ("Set-Cookie", f"sid={sid}; HttpOnly; Path=/"))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said = {k: v[0] for k, v in parse_qs(body, True).items()}
        wanted = {"token": tokens.pop(self.cookie(), None), "who": "ops",
                  "word": "p&ss wörd", "where": "every where", "go": "1"}
        if said != wanted:
            log("refused")
            return self.form()
        sid = secrets.token_hex(8)
        sessions[sid] = VIEWS
        log("in")
        self.answer(302, "", ("Location", "/"),
                    ("Set-Cookie", f"sid={sid}; HttpOnly; Path=/"))

    def do_GET(self):
        path, sid = self.path.partition("?")[0], self.cookie()
        if path == "/robots.txt":
            return self.answer(404, "none")
        if path == "/logout":
            sessions.pop(sid, None)
            log("out")
            return self.answer(200, "<p>Good bye")
        if path == "/elsewhere":
            return self.form("http://localhost:1/login")
        if path == "/get":
            return self.form(method="get")
        if path == "/login" or sessions.get(sid, 0) <= 0:
            return self.form()
        sessions[sid] -= 1
        way_out = '<nav><a href="/logout">Log out</a></nav>'
        if path == "/closed.html":
            return self.answer(200, way_out + "<h1>Log in</h1><form method=post>"
                               "<input type=password name=word></form>")
        number = 0 if path == "/" else int(path.strip("/p.html"))
        log(f"page {number}")
        links = "".join(f'<a href="/p{k}.html">Page {k}</a> '
                        for k in range(1, PAGES))
        self.answer(200, f"""<html><head><title>Page {number}</title></head>
<body>{way_out}<main><h1>Page {number}</h1><p>For members alone: shelf
{number} of the store room holds spare disks and fans for the machines of
row {number}, and the list of who took them.</p></main>
<p>{links}<a href="/closed.html">Closed</a> <a href="/login">Log in</a></p>
</body></html>""")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Members)
print(server.server_port, flush=True)
server.serve_forever()
