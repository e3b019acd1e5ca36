#!/usr/bin/env python3
"""Serves bare repositories over git's smart HTTP: git_http.py ROOT LOG.

/open/NAME is for everybody; /closed/NAME for reader with the password "word";
/moved/NAME redirects to /open/NAME; /page/NAME answers with a page. Says its
port on the first line. LOG gets method, target and whether a login came.
"""
import base64
import http.server
import os
import subprocess
import sys

root, log = sys.argv[1], open(sys.argv[2], "w", buffering=1)
login = "Basic " + base64.b64encode(b"reader:word").decode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def plain(self, status, text=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def serve(self):
        given = self.headers.get("Authorization")
        log.write(f"{self.command} {self.path} {'login' if given else '-'}\n")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        place, _, rest = self.path[1:].partition("/")
        path, _, query = rest.partition("?")
        if place == "moved":
            return self.plain(301, Location="/open/" + rest)
        if place == "page":
            return self.plain(200, b"<p>Hello.", Content_Type="text/html")
        if place == "closed" and given != login:
            return self.plain(401, WWW_Authenticate="Basic")
        env = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": root,
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": "/" + path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
        }
        out = subprocess.run(["git", "http-backend"], input=body, env=env,
                             capture_output=True).stdout
        head, _, text = out.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if line)
        status = int(fields.pop("Status", "200").split()[0])
        self.plain(status, text, **{k.replace("-", "_"): v for k, v in fields.items()})

    do_GET = do_POST = serve


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
