#!/usr/bin/env python3
"""Where AWS hands out keys: a container's address, an instance's metadata
(IMDSv2) and the token service (STS), each good and bad.

	aws_identity.py [--log FILE] [--certs DIR] [--leash]

prints "main PORT" and "ready". The first part of a path is how it behaves,
the rest is as at AWS:

	/HOW/latest/...   metadata      /HOW/container   a container's keys
	/HOW/sts          the token service, by POST

It is always 12:36 on 30 August 2015 here, but where HOW begins with minutes
("60m-good") so much later. Keys are numbered: ASIA000001EXAMPLE is the first that was given out.
The log has a line for each request, and what the token service made of it.
"""

import argparse
import calendar
import hashlib
import hmac
import http.server
import json
import os
import re
import sys
import threading
import time
import urllib.parse

NOW = 1440938160
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
KEYS = {"AKIDEXAMPLE": SECRET}
TOKEN = "metadata-token=="
LOCK = threading.Lock()
COUNT = [0]


def date(form, seconds):
    return time.strftime(form, time.gmtime(seconds))


def key(how, now):
    """One more key, known from now on."""
    with LOCK:
        COUNT[0] += 1
        number = COUNT[0]
    name = "ASIA%06dEXAMPLE" % number
    KEYS[name] = "secret%d/EXAMPLE" % number
    lasts = {"short": 120, "ended": -60}.get(how, 3600)
    end = now + lasts
    return {
        "id": name, "secret": KEYS[name], "token": "session%d==" % number,
        "end": date("%Y-%m-%dT%H:%M:%SZ", end),
    }


def key_json(how, now):
    k = key(how, now)
    text = {
        "Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": k["id"],
        "SecretAccessKey": k["secret"], "Token": k["token"],
        "Expiration": k["end"], "LastUpdated": "2015-08-30T12:00:00Z",
    }
    if how == "nosecret":
        del text["SecretAccessKey"]
    if how == "nodate":
        text["Expiration"] = "tomorrow"
    if how == "lineend":
        text["Token"] = "a\r\nX-Injected: b"
    if how == "numbers":
        text["AccessKeyId"] = 7
    return json.dumps(text)


BAD = {
    "nojson": '{"AccessKeyId": ',
    "empty": "",
    "list": "[[[[]]]]",
    "deep": "[" * 20000,
    "huge": "x" * 300000,
}

ANSWER = """<%(action)sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <%(action)sResult>
    <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/a/s</Arn>
      <AssumedRoleId>AROAEXAMPLE:s</AssumedRoleId></AssumedRoleUser>
    <Credentials>
      <AccessKeyId>%(id)s</AccessKeyId>
      <SecretAccessKey>%(secret)s</SecretAccessKey>
      <SessionToken>%(token)s</SessionToken>
      <Expiration>%(end)s</Expiration>
    </Credentials>
  </%(action)sResult>
  <ResponseMetadata><RequestId>c6104cbe</RequestId></ResponseMetadata>
</%(action)sResponse>
"""

ERROR = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>
  <RequestId>c6104cbe</RequestId>
</ErrorResponse>
"""

BAD_XML = {
    "cutxml": ANSWER[:300] % {"action": "AssumeRole", "id": "A",
                              "secret": "b", "token": "c", "end": "d"},
    "bomb": '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>'
            "<a>&c;</a>",
    "crossed": "<a><b></a></b>",
    "deepxml": "<a>" * 1000,
    "html": "<html><body>proxy<br></body></html>",
    "emptyxml": "",
}


def hmacs(secret, *parts):
    k = ("AWS4" + secret).encode()
    for part in parts:
        k = hmac.new(k, part.encode(), hashlib.sha256).digest()
    return k


def signature(request, secret, scope, names, body):
    """As AWS computes it, for a path that is plain and has no query."""
    lines = ["%s:%s\n" % (n, " ".join(request.headers[n].split()))
             for n in names]
    form = "\n".join([request.command, request.path, "", "".join(lines),
                      ";".join(names), hashlib.sha256(body).hexdigest()])
    text = "\n".join(["AWS4-HMAC-SHA256", request.headers["x-amz-date"],
                      "/".join(scope),
                      hashlib.sha256(form.encode()).hexdigest()])
    return hmac.new(hmacs(secret, *scope), text.encode(),
                    hashlib.sha256).hexdigest()


def who_signed(request, body):
    """The key's id, or None and an error."""
    found = re.match(r"AWS4-HMAC-SHA256 Credential=([^/]*)/([^,]*), "
                     r"SignedHeaders=([^,]*), Signature=(\w*)$",
                     request.headers.get("Authorization", ""))
    if not found:
        return None, "MissingAuthenticationToken"
    name, scope, names = found[1], found[2].split("/"), found[3].split(";")
    if name not in KEYS:
        return None, "InvalidClientTokenId"
    then = time.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ")
    if abs(calendar.timegm(then) - request.now) > 300:
        return None, "RequestExpired"
    if signature(request, KEYS[name], scope, names, body) != found[4]:
        return None, "SignatureDoesNotMatch"
    return name, None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def note(self, text):
        if self.server.log:
            with LOCK:
                self.server.log.write(text + "\n")
                self.server.log.flush()

    def date_time_string(self, timestamp=None):
        return date("%a, %d %b %Y %H:%M:%S GMT", self.now)

    def answer(self, status, body, **headers):
        body = body.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def begin(self):
        self.note("%s %s" % (self.command, self.path))
        _, self.how, self.what = (self.path.split("/", 2) + ["", ""])[:3]
        minutes, _, how = self.how.rpartition("m-")
        self.now = NOW + 60 * int(minutes or 0)
        self.how = how
        if self.how == "silent":
            self.server.over.wait()
        if self.how == "redirect":
            self.answer(302, "", Location="/good/" + self.what)
            return False
        if self.how in ("403", "404", "500"):
            self.answer(int(self.how), "no")
            return False
        return True

    def do_PUT(self):
        if not self.begin():
            return
        if self.how == "first":  # knows the first version alone
            self.answer(405, "")
        elif (self.what != "latest/api/token" or
              self.headers["X-aws-ec2-metadata-token-ttl-seconds"] != "21600"):
            self.answer(400, "")
        elif self.how == "oddtoken":
            self.answer(200, "a\r\nX-Injected: b")
        else:
            self.answer(200, TOKEN)

    def do_GET(self):
        if not self.begin():
            return
        if self.what == "container":
            self.container()
        elif self.headers["X-aws-ec2-metadata-token"] != TOKEN:
            self.answer(401, "")
        else:
            self.metadata()

    def container(self):
        wanted = "Bearer-like t0ken" if self.how == "token" else None
        if self.headers["Authorization"] != wanted:
            self.answer(403, "")
        else:
            self.answer(200, BAD.get(self.how) if self.how in BAD
                        else key_json(self.how, self.now))

    def metadata(self):
        roles = "latest/meta-data/iam/security-credentials/"
        if self.what == roles:
            if self.how == "norole":
                self.answer(404, "")
            else:
                self.answer(200, {"oddrole": "../../user-data",
                                  "norolename": "\n"}.get(
                                      self.how, "ops-role\nother\n"))
        elif self.what == roles + "ops-role":
            self.answer(200, BAD.get(self.how) if self.how in BAD
                        else key_json(self.how, self.now))
        else:
            self.answer(404, "")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.begin():
            return
        form = dict(urllib.parse.parse_qsl(body.decode()))
        action = form.get("Action", "")
        if action == "AssumeRoleWithWebIdentity":
            name, error = "web identity", None
            if form.get("WebIdentityToken") != "eyJ0b2tlbg.EXAMPLE":
                error = "InvalidIdentityToken"
            if self.headers["Authorization"]:
                error = "MustNotBeSigned"
        else:
            name, error = who_signed(self, body)
        self.note("%s by %s: %s" % (action, name, error or form["RoleArn"]))
        if self.how == "denied":
            error = "AccessDenied"
        if error:
            self.answer(403, ERROR % (error, "not &lt;you&gt;&#33;"))
        elif self.how in BAD_XML:
            self.answer(200, BAD_XML[self.how])
        elif self.how == "huge":
            self.answer(200, BAD["huge"])
        else:
            self.answer(200, ANSWER % dict(key(self.how, self.now), action=action))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--log")
    parser.add_argument("--certs", help="not used")
    parser.add_argument("--leash", action="store_true")
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # clients that give up
    server.over = threading.Event()
    server.log = open(options.log, "a") if options.log else None
    print("main %d\nready" % server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if options.leash:
        while sys.stdin.buffer.read(4096):
            pass
        os._exit(0)
    threading.Event().wait()


if __name__ == "__main__":
    main()
