"""Where a server can send a client."""

import os

from table import behaviour
from wire import bare, whole

# Addresses that nobody may be sent to.
with open(os.path.join(os.path.dirname(__file__), "forbidden"),
          encoding="utf-8") as file:
    FORBIDDEN = [one[:-1] for one in file if not one.startswith("#")]


def to(line, place, status=b"302 Found"):
    bare(line, status, b"Location: " + place.encode("utf-8") + b"\r\n")


@behaviour("redirect")
def redirect_loop(line, request):
    """to itself"""
    to(line, request.target)


@behaviour("redirect")
def redirect_pair(line, request):
    """two pages that send to each other"""
    to(line, "/redirect-pair/" + ("b" if request.rest != "b" else "a"))


@behaviour("redirect")
def redirect_chain(line, request):
    """to the next one, without end"""
    number = int(request.rest) if request.rest.isdigit() else 0
    to(line, "/redirect-chain/%d" % (number + 1))


@behaviour("redirect")
def redirect_long(line, request):
    """to addresses that grow"""
    to(line, "/redirect-long/" + request.rest + "a" * 1000)


@behaviour("redirect")
def redirect_file(line, request):
    """to a file of the client's machine"""
    to(line, "file:///etc/passwd")


@behaviour("redirect")
def redirect_ftp(line, request):
    """to another protocol"""
    to(line, "ftp://127.0.0.1/x")


@behaviour("redirect")
def redirect_script(line, request):
    """to javascript:"""
    to(line, "javascript:alert(1)")


@behaviour("redirect")
def redirect_nowhere(line, request):
    """302 without a Location"""
    bare(line, b"302 Found")


@behaviour("redirect")
def redirect_empty(line, request):
    """an empty Location"""
    to(line, "")


@behaviour("redirect")
def redirect_junk(line, request):
    """a Location that is no address"""
    line.send(b"HTTP/1.1 302 Found\r\nLocation: http://[::1/\xff\xfe%zz\r\n"
              b"Content-Length: 0\r\n\r\n")


@behaviour("redirect")
def redirect_relative(line, request):
    """a Location of dots"""
    to(line, "../../../../..//./" + "../" * 50 + "redirect-relative/x")


@behaviour("redirect")
def redirect_100kb(line, request):
    """a Location of 100 kB"""
    to(line, "/" + "a" * 100000)


@behaviour("redirect")
def redirect_two(line, request):
    """two Locations"""
    bare(line, b"302 Found", b"Location: /good/1\r\nLocation: file:///x\r\n")


@behaviour("redirect")
def redirect_fragment(line, request):
    """to itself, with a fragment"""
    to(line, "#top")


@behaviour("redirect")
def redirect_metadata(line, request):
    """to a metadata service"""
    to(line, "http://169.254.169.254/latest/meta-data/")


@behaviour("redirect")
def redirect_login(line, request):
    """to an address that carries a login"""
    to(line, "http://user:secret@127.0.0.1/")


@behaviour("redirect")
def redirect_ssrf(line, request):
    """by number, to each of the forbidden spellings"""
    number = int(request.rest) if request.rest.isdigit() else 0
    text = FORBIDDEN[number % len(FORBIDDEN)].replace("\\n", "")
    to(line, text.replace("{port}", str(line.server.trap)))


@behaviour("redirect")
def redirect_body(line, request):
    """302 with a body of links"""
    line.send(whole(b"<a href='/good/1'>moved</a>",
                    b"Location: /good/2\r\n", b"302 Found"))
