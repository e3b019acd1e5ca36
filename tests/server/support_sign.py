"""AWS Signature Version 4, as a server checks it.

Written from AWS's description of the signing process alone, in another
language than the signer's, so that one mistake is not made twice.
"""

import calendar
import hashlib
import hmac
import time
import urllib.parse

SCHEME = "AWS4-HMAC-SHA256"
FIVE_MINUTES = 300
SAFE = "-_.~"


class Refused(Exception):
    def __init__(self, kind, message, status=400):
        super().__init__(message)
        self.kind, self.message, self.status = kind, message, status


def keyed(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def canonical_query(query):
    pairs = []
    for part in query.split("&") if query else []:
        name, _, value = part.partition("=")
        pairs.append(tuple(
            urllib.parse.quote(urllib.parse.unquote(x), safe=SAFE)
            for x in (name, value)))
    return "&".join(f"{n}={v}" for n, v in sorted(pairs))


def canonical(method, target, headers, signed, body):
    path, _, query = target.partition("?")
    lines = [method, urllib.parse.quote(path or "/", safe=SAFE + "/"),
             canonical_query(query)]
    for name in signed:
        values = headers.get_all(name)
        if values is None:
            raise Refused("InvalidSignatureException",
                          f"'{name}' is signed and was not sent")
        lines.append(name + ":" +
                     ",".join(" ".join(v.split()) for v in values))
    lines += ["", ";".join(signed), hashlib.sha256(body).hexdigest()]
    return "\n".join(lines)


def fields_of(headers):
    scheme, _, rest = headers.get("Authorization", "").partition(" ")
    if scheme != SCHEME:
        raise Refused("MissingAuthenticationTokenException",
                      "Missing Authentication Token")
    fields = dict(f.strip().split("=", 1) for f in rest.split(","))
    if set(fields) != {"Credential", "SignedHeaders", "Signature"}:
        raise Refused("IncompleteSignatureException", "fields are missing")
    return fields


def check_time(stamp, now):
    try:
        at = calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))
    except ValueError:
        raise Refused("IncompleteSignatureException", "no date") from None
    if abs(at - now) > FIVE_MINUTES:
        there = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        word = "expired" if at < now else "not yet current"
        raise Refused("InvalidSignatureException",
                      f"Signature {word}: {stamp} is now earlier than {there} "
                      "(5 min.)")


def check_signed(headers, signed):
    if signed != sorted(signed) or "host" not in signed:
        raise Refused("InvalidSignatureException", "SignedHeaders are wrong")
    for name in headers.keys():
        # Whatever tells what is asked for has to be signed.
        if name.lower().startswith("x-amz-") and name.lower() not in signed:
            raise Refused("InvalidSignatureException",
                          f"'{name}' must be signed")


def check(method, target, headers, body, service, options, now):
    """Refused, or nothing."""
    fields = fields_of(headers)
    key, date, region, name, end = fields["Credential"].split("/")
    stamp = headers.get("X-Amz-Date", "")
    signed = fields["SignedHeaders"].split(";")
    if key != options.key:
        raise Refused("UnrecognizedClientException",
                      "The security token included in the request is invalid.")
    check_time(stamp, now)
    check_signed(headers, signed)
    if (date, region, name, end) != (stamp[:8], options.region, service,
                                     "aws4_request"):
        raise Refused("InvalidSignatureException",
                      "Credential should be scoped to a valid region, and "
                      f"correct service: '{service}'")
    secret = keyed(keyed(keyed(keyed(
        ("AWS4" + options.secret).encode(), date), region), name), end)
    text = "\n".join([SCHEME, stamp, "/".join([date, region, name, end]),
                      hashlib.sha256(canonical(
                          method, target, headers, signed, body)
                          .encode("utf-8")).hexdigest()])
    if not hmac.compare_digest(keyed(secret, text).hex(), fields["Signature"]):
        raise Refused("InvalidSignatureException",
                      "The request signature we calculated does not match the "
                      "signature you provided.")
    if headers.get("X-Amz-Security-Token", "") != options.session:
        raise Refused("UnrecognizedClientException",
                      "The security token included in the request is invalid.")
    if options.expired:
        raise Refused("ExpiredTokenException",
                      "The security token included in the request is expired")
