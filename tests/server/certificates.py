"""Servers whose TLS is wrong, and one whose is right.

The openssl program makes the certificates, when the server starts: nothing
here can go out of date.
"""

import os
import socket
import ssl
import struct
import subprocess

NAMES = {
    "good": "a certificate for 127.0.0.1 and localhost by our authority",
    "expired": "ended yesterday",
    "other-host": "for another host",
    "self-signed": "signed by nobody",
    "old": "TLS 1.1 at most",
    "plain": "HTTP without TLS on a port for TLS",
    "silent": "takes the connection and never shakes hands",
    "reset": "resets the connection at the first byte",
}
EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def signed(folder, name, alt, days):
    """DIR/NAME.pem and .key, signed by the authority."""
    at = os.path.join(folder, name)
    ca = os.path.join(folder, "ca")
    with open(at + ".ext", "w") as file:
        file.write("subjectAltName=%s\n" % alt)
    openssl("req", *EC, "-keyout", at + ".key", "-out", at + ".csr",
            "-subj", "/CN=test")
    openssl("x509", "-req", "-in", at + ".csr", "-CA", ca + ".pem", "-CAkey",
            ca + ".key", "-CAcreateserial", "-days", str(days),
            "-extfile", at + ".ext", "-out", at + ".pem")


def make(folder):
    os.makedirs(folder, exist_ok=True)
    here = "IP:127.0.0.1,DNS:localhost"
    for name in ("ca", "self-signed"):
        at = os.path.join(folder, name)
        openssl("req", "-x509", *EC, "-keyout", at + ".key", "-out",
                at + ".pem", "-subj", "/CN=authority", "-days", "2",
                "-addext", "subjectAltName=" + here)
    signed(folder, "good", here, 2)
    signed(folder, "expired", here, -1)
    signed(folder, "other-host", "DNS:other.example", 2)


def shaking(folder, certificate, old, serve):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    at = os.path.join(folder, certificate)
    context.load_cert_chain(at + ".pem", at + ".key")
    if old:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1

    def serve_tls(name, sock):
        with context.wrap_socket(sock, server_side=True) as inner:
            serve(name, inner)
    return serve_tls


def silent(name, sock):
    while sock.recv(4096):
        pass


def reset(name, sock):
    sock.recv(1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))


def servers(folder, serve):
    """(name, what serves a connection) for each of NAMES."""
    make(folder)
    for name in ("good", "expired", "other-host", "self-signed"):
        yield name, shaking(folder, name, False, serve)
    yield "old", shaking(folder, "good", True, serve)
    yield "plain", serve
    yield "silent", silent
    yield "reset", reset
