"""What a server can do to a client below the level of pages.

Each behaviour is a function of a line (server.Line) and a request; what it
sends is on the line when it returns, and the connection closes then unless it
says that it is kept.
"""

import gzip
import zlib

from table import behaviour

OK = b"HTTP/1.1 200 OK\r\n"
HTML = OK + b"Content-Type: text/html\r\n"
PAGE = b"<title>t</title><p>" + b"hostile words " * 20
MB = 1 << 20


def whole(body, more=b"", status=b"200 OK"):
    return (b"HTTP/1.1 %s\r\nContent-Type: text/html\r\n%s"
            b"Content-Length: %d\r\n\r\n" % (status, more, len(body))) + body


def zeros(wrap):
    """512 MiB of zeros, deflated at once; 31: gzip, 15: zlib, -15: bare."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MB)) + packer.flush(zlib.Z_FULL_FLUSH)
    size = 512 * MB
    yield {31: b"\x1f\x8b\x08\0\0\0\0\0\0\3", 15: b"\x78\xda"}.get(wrap, b"")
    for _ in range(512):
        yield block
    yield packer.flush()
    if wrap == 31:  # the check sum of so many zeros is known
        yield 0x6db88320.to_bytes(4, "little") + size.to_bytes(4, "little")
    elif wrap == 15:
        yield (size % 65521 << 16 | 1).to_bytes(4, "big")


# ---- slow ones --------------------------------------------------------------

@behaviour("wire")
def silent(line, request):
    """takes the request and says nothing"""
    line.rest()


@behaviour("wire")
def slow_status(line, request):
    """the status line, a byte now and then"""
    line.drip(OK * 1000)


@behaviour("wire")
def slow_head(line, request):
    """slow loris: a header byte now and then"""
    line.send(OK)
    line.drip(b"X-Slow: " + b"a" * 100000)


@behaviour("wire")
def slow_body(line, request):
    """a body of 100 kB, a byte now and then"""
    line.send(HTML + b"Content-Length: 100000\r\n\r\n")
    line.drip(b"a" * 100000)


@behaviour("wire")
def slow_chunks(line, request):
    """a chunk of one byte now and then, for ever"""
    line.send(HTML + b"Transfer-Encoding: chunked\r\n\r\n")
    line.drip(b"1\r\na\r\n" * 100000, 6)


# ---- endless ones -----------------------------------------------------------

@behaviour("wire")
def endless_chunks(line, request):
    """chunks without end"""
    line.send(HTML + b"Transfer-Encoding: chunked\r\n\r\n")
    line.for_ever(b"10000\r\n" + b"a" * 65536 + b"\r\n")


@behaviour("wire")
def endless_body(line, request):
    """no length and no end"""
    line.send(HTML + b"\r\n")
    line.for_ever(b"a" * 65536)


@behaviour("wire")
def endless_headers(line, request):
    """headers without end"""
    line.send(OK)
    line.for_ever(b"X-More: " + b"a" * 1000 + b"\r\n")


@behaviour("wire")
def endless_line(line, request):
    """one header without end"""
    line.send(OK + b"X-More: ")
    line.for_ever(b"a" * 65536)


@behaviour("wire")
def endless_status(line, request):
    """a status line without end"""
    line.send(b"HTTP/1.1 200 ")
    line.for_ever(b"O" * 65536)


@behaviour("wire")
def endless_trailers(line, request):
    """trailers without end behind a body of chunks"""
    line.send(HTML + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n")
    line.for_ever(b"X-More: " + b"a" * 1000 + b"\r\n")


@behaviour("wire")
def endless_extension(line, request):
    """a chunk whose extension does not end"""
    line.send(HTML + b"Transfer-Encoding: chunked\r\n\r\n1;")
    line.for_ever(b"a" * 65536)


@behaviour("wire")
def continue_flood(line, request):
    """100 Continue without end"""
    line.for_ever(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


@behaviour("wire")
def hints_flood(line, request):
    """100,000 times 103 Early Hints, then a page"""
    for _ in range(1000):
        line.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100)
    line.send(whole(PAGE))


@behaviour("wire")
def header_10mb(line, request):
    """one header of 10 MB"""
    line.send(OK + b"X: " + b"y" * 10_000_000 + b"\r\nContent-Length: 0\r\n\r\n")


@behaviour("wire")
def headers_100k(line, request):
    """100,000 headers"""
    line.send(OK + b"".join(b"A%d: b\r\n" % i for i in range(100000)) +
              b"Content-Length: 0\r\n\r\n")


@behaviour("wire")
def length_exabyte(line, request):
    """announces 2^60 bytes"""
    line.send(HTML + b"Content-Length: 1152921504606846976\r\n\r\n")
    line.for_ever(b"a" * 65536)


# ---- bombs ------------------------------------------------------------------

def bomb(line, coding, parts, more=b""):
    body = b"".join(parts)
    line.send(whole(body, b"Content-Encoding: " + coding + b"\r\n" + more))


@behaviour("wire")
def gzip_bomb(line, request):
    """512 MiB of zeros in gzip"""
    bomb(line, b"gzip", zeros(31))


@behaviour("wire")
def deflate_bomb(line, request):
    """512 MiB of zeros in zlib's format"""
    bomb(line, b"deflate", zeros(15))


@behaviour("wire")
def raw_deflate_bomb(line, request):
    """512 MiB of zeros deflated without a header"""
    bomb(line, b"deflate", zeros(-15))


@behaviour("wire")
def brotli_bomb(line, request):
    """64 MiB of zeros in 106 bytes of brotli"""
    bomb(line, b"br", [bytes.fromhex(
        "cbffff3ff82700e2b14020f7fe8fffff7ff04f00c4611180eefd1fffffffe09f00"
        "88c30200ddfb3ffeffffc13f0110870500baf77ffcffff837f02200e0b0074efff"
        "f8ffff07ff04401c1600e8defff1ffff0ffe0980382c00d0bdffcbffff3ffc1300"
        "715800a07bff07")])


@behaviour("wire")
def zstd_bomb(line, request):
    """512 MiB of zeros in zstd, as blocks of one repeated byte"""
    # RFC 8878: magic, a frame header with a window of 1 MiB, then blocks of
    # type 1 (one byte, repeated), the last one marked.
    run = 128 << 10
    block = (run << 3 | 1 << 1).to_bytes(3, "little") + b"\0"
    last = (run << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"\0"
    bomb(line, b"zstd", [b"\x28\xb5\x2f\xfd\x00\x50",
                         block * (512 * MB // run - 1), last])


@behaviour("wire")
def nested_bomb(line, request):
    """a gzip bomb packed with gzip once more"""
    inner = b"".join(zeros(31))
    bomb(line, b"gzip, gzip", [gzip.compress(inner)])


@behaviour("wire")
def chunked_bomb(line, request):
    """a gzip bomb in chunks, without a length"""
    line.send(HTML + b"Content-Encoding: gzip\r\n"
              b"Transfer-Encoding: chunked\r\n\r\n")
    for part in zeros(31):
        if part:
            line.send(b"%x\r\n%s\r\n" % (len(part), part))
    line.send(b"0\r\n\r\n")


@behaviour("wire")
def patient_bomb(line, request):
    """gzip that unpacks to 99 times its size, for ever: within the ratio"""
    line.send(HTML + b"Content-Encoding: gzip\r\n\r\n")
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    noise = line.noise(10 << 10)
    while True:
        line.send(packer.compress(bytes(MB) + noise))


@behaviour("wire")
def hollow_gzip(line, request):
    """gzip blocks without end that unpack to nothing"""
    line.send(HTML + b"Content-Encoding: gzip\r\n\r\n")
    line.send(b"\x1f\x8b\x08\0\0\0\0\0\0\x03")
    line.for_ever(b"\0\0\0\xff\xff" * 10000)


@behaviour("wire")
def encodings_30(line, request):
    """thirty encodings one upon the other"""
    line.send(whole(b"abc", b"Content-Encoding: " +
                    b", ".join([b"gzip"] * 30) + b"\r\n"))


@behaviour("wire")
def gzip_cut(line, request):
    """gzip that ends in the middle"""
    body = gzip.compress(line.noise(20000))
    bomb(line, b"gzip", [body[:len(body) // 2]])


@behaviour("wire")
def gzip_junk(line, request):
    """says gzip and sends a page"""
    bomb(line, b"gzip", [PAGE])


@behaviour("wire")
def gzip_damaged(line, request):
    """gzip with a wrong check sum"""
    body = bytearray(gzip.compress(PAGE))
    body[-8] ^= 1
    bomb(line, b"gzip", [bytes(body)])


@behaviour("wire")
def unknown_encoding(line, request):
    """an encoding that does not exist"""
    bomb(line, b"zap", [PAGE])


@behaviour("wire")
def gzip_empty(line, request):
    """says gzip and sends nothing, which is an empty page"""
    bomb(line, b"gzip", [])


@behaviour("wire")
def gzip_members(line, request):
    """a page as two gzip members"""
    bomb(line, b"x-gzip", [gzip.compress(PAGE), gzip.compress(PAGE)])


@behaviour("wire")
def transfer_gzip(line, request):
    """packs by Transfer-Encoding, unasked"""
    body = gzip.compress(PAGE)
    line.send(HTML + b"Transfer-Encoding: gzip, chunked\r\n\r\n%x\r\n" %
              len(body) + body + b"\r\n0\r\n\r\n")


# ---- ends that are none -----------------------------------------------------

@behaviour("wire")
def close_at_once(line, request):
    """closes without a byte"""


@behaviour("wire")
def close_in_head(line, request):
    """closes within the headers"""
    line.send(OK + b"X-Cut: ab")


@behaviour("wire")
def close_in_body(line, request):
    """promises 1,000 bytes and sends three"""
    line.send(HTML + b"Content-Length: 1000\r\n\r\nabc")


@behaviour("wire")
def close_in_chunk(line, request):
    """closes within a chunk"""
    line.send(HTML + b"Transfer-Encoding: chunked\r\n\r\n100\r\nabc")


@behaviour("wire")
def no_last_chunk(line, request):
    """whole chunks, and never the one that ends them"""
    line.send(HTML + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")


@behaviour("wire")
def reset_in_head(line, request):
    """resets the connection within the headers"""
    line.send(OK + b"X-Cut: ab")
    line.reset()


@behaviour("wire")
def reset_in_body(line, request):
    """resets the connection within the body"""
    line.send(HTML + b"Content-Length: 100000\r\n\r\nabc")
    line.reset()


@behaviour("wire")
def keep_and_close(line, request):
    """says keep-alive, answers, and closes"""
    line.send(whole(PAGE, b"Connection: keep-alive\r\n"))


@behaviour("wire")
def two_answers(line, request):
    """a second answer that nobody asked for, on a kept connection"""
    line.send(whole(PAGE) + whole(b"<p>smuggled"))
    line.keep = True


# ---- what is not HTTP -------------------------------------------------------

@behaviour("wire")
def http09(line, request):
    """a page without a status line"""
    line.send(b"<html>hello</html>")


@behaviour("wire")
def garbage(line, request):
    """64 kB of noise"""
    line.send(line.noise(65536))


@behaviour("wire")
def banner(line, request):
    """the greeting of a mail server"""
    line.send(b"220 mail.example ESMTP\r\n")


@behaviour("wire")
def http99(line, request):
    """HTTP/9.9"""
    line.send(b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n")


def status(line, text):
    line.send(whole(PAGE, status=text))


@behaviour("wire")
def status_000(line, request):
    """the status 000"""
    status(line, b"000 Nothing")


@behaviour("wire")
def status_999(line, request):
    """the status 999"""
    status(line, b"999 Denied")


@behaviour("wire")
def status_20(line, request):
    """a status of two digits"""
    status(line, b"20 OK")


@behaviour("wire")
def status_minus(line, request):
    """a negative status"""
    status(line, b"-200 OK")


@behaviour("wire")
def status_bare(line, request):
    """no words behind the status"""
    status(line, b"200")


@behaviour("wire")
def chunk_junk(line, request):
    """a chunk size that is no number"""
    line.send(HTML + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n")


@behaviour("wire")
def chunk_overflow(line, request):
    """a chunk size of 2^72"""
    line.send(HTML + b"Transfer-Encoding: chunked\r\n\r\n"
              b"1000000000000000000\r\nabc")


@behaviour("wire")
def chunk_minus(line, request):
    """a negative chunk size"""
    line.send(HTML + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n0\r\n\r\n")


@behaviour("wire")
def length_minus(line, request):
    """a negative length"""
    line.send(HTML + b"Content-Length: -5\r\n\r\nabcde")


@behaviour("wire")
def length_junk(line, request):
    """a length that is no number"""
    line.send(HTML + b"Content-Length: many\r\n\r\nabcde")


@behaviour("wire")
def length_short(line, request):
    """a body longer than its length"""
    line.send(HTML + b"Content-Length: 5\r\n\r\nabcdefghij")


@behaviour("wire")
def two_lengths(line, request):
    """two lengths that differ"""
    line.send(HTML + b"Content-Length: 5\r\nContent-Length: 10\r\n\r\nabcdefghij")


@behaviour("wire")
def length_and_chunks(line, request):
    """a length beside chunks: the chunks count"""
    line.send(HTML + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
              b"5\r\nabcde\r\n0\r\n\r\n")


@behaviour("wire")
def nul_header(line, request):
    """a NUL in a header"""
    line.send(OK + b"X-Nul: a\0b\r\nContent-Length: 0\r\n\r\n")


@behaviour("wire")
def cr_only(line, request):
    """lines that end with CR alone"""
    line.send((whole(b"").replace(b"\r\n", b"\r")) + PAGE)


@behaviour("wire")
def lf_only(line, request):
    """lines that end with LF alone, which is tolerated"""
    head, body = whole(PAGE).split(b"\r\n\r\n", 1)
    line.send(head.replace(b"\r\n", b"\n") + b"\n\n" + body)


@behaviour("wire")
def no_colon(line, request):
    """a header without a colon, which is passed over"""
    line.send(whole(PAGE, b"nonsense\r\n"))


@behaviour("wire")
def folded(line, request):
    """a header that goes on in the next line"""
    line.send(whole(PAGE, b"X-Long: one\r\n  two\r\n"))


@behaviour("wire")
def terminal(line, request):
    """terminal escapes in headers and behind the status"""
    status(line, b"200 \x1b]0;owned\x07\r\nX-Escape: \x1b[31mred")


@behaviour("wire")
def upgrade(line, request):
    """101 Switching Protocols, unasked"""
    line.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: zap\r\n\r\n")
    line.rest()


@behaviour("wire")
def cookie_bomb(line, request):
    """1,000 cookies of 4 kB"""
    line.send(whole(PAGE, b"".join(
        b"Set-Cookie: c%d=%s\r\n" % (i, b"x" * 200) for i in range(1000))))


@behaviour("wire")
def cookie_drizzle(line, request):
    """fifty new cookies with every page"""
    line.send(whole(PAGE, b"".join(
        b"Set-Cookie: c%d-%d=x; Path=/cookie-drizzle/\r\n" %
        (line.server.requests, i) for i in range(50))))


@behaviour("wire")
def cookie_foreign(line, request):
    """cookies for other hosts and whole domains"""
    line.send(whole(PAGE, b"Set-Cookie: a=1; Domain=example.com\r\n"
                    b"Set-Cookie: b=2; Domain=com\r\nSet-Cookie: c=3\r\n"))


@behaviour("wire")
def cookie_echo(line, request):
    """shows the Cookie header that it got"""
    line.send(whole(b"<p>" + request.header("cookie").encode("latin-1")))


@behaviour("wire")
def echo(line, request):
    """shows what it was sent, and is otherwise a good one"""
    body = request.raw
    line.send(whole(body))
    line.keep = True


# ---- statuses ---------------------------------------------------------------

def bare(line, text, more=b"", body=b""):
    line.send(b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" %
              (text, more, len(body), body))


@behaviour("status")
def empty(line, request):
    """200 without a byte"""
    bare(line, b"200 OK")


@behaviour("status")
def no_content(line, request):
    """204 with a body behind it"""
    line.send(b"HTTP/1.1 204 No Content\r\n\r\n" + PAGE)


@behaviour("status")
def reset_content(line, request):
    """205"""
    bare(line, b"205 Reset Content")


@behaviour("status")
def partial(line, request):
    """206, although no range was asked for"""
    bare(line, b"206 Partial Content",
         b"Content-Type: text/html\r\nContent-Range: bytes 0-9/1000000\r\n",
         PAGE[:10])


@behaviour("status")
def not_modified(line, request):
    """304, although nothing was asked"""
    line.send(b"HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n")


@behaviour("status")
def login_401(line, request):
    """401"""
    bare(line, b"401 Unauthorized", b"WWW-Authenticate: Basic realm=x\r\n", PAGE)


@behaviour("status")
def forbidden_403(line, request):
    """403"""
    bare(line, b"403 Forbidden", body=PAGE)


@behaviour("status")
def proxy_407(line, request):
    """407 from a server that is no proxy"""
    bare(line, b"407 Proxy Authentication Required",
         b"Proxy-Authenticate: Basic realm=x\r\n", PAGE)


@behaviour("status")
def range_416(line, request):
    """416, although no range was asked for"""
    bare(line, b"416 Range Not Satisfiable")


@behaviour("status")
def storm_429(line, request):
    """429 to every request"""
    bare(line, b"429 Too Many Requests")


@behaviour("status")
def storm_503(line, request):
    """503 to every request"""
    bare(line, b"503 Service Unavailable")


def retry(line, value):
    bare(line, b"429 Too Many Requests", b"Retry-After: " + value + b"\r\n")


@behaviour("status")
def retry_huge(line, request):
    """Retry-After: 10^30"""
    retry(line, b"1" + b"0" * 30)


@behaviour("status")
def retry_minus(line, request):
    """a negative Retry-After"""
    retry(line, b"-100")


@behaviour("status")
def retry_far(line, request):
    """Retry-After: the year 9999"""
    retry(line, b"Fri, 31 Dec 9999 23:59:59 GMT")


@behaviour("status")
def retry_past(line, request):
    """Retry-After: the year 1970"""
    retry(line, b"Thu, 01 Jan 1970 00:00:00 GMT")


@behaviour("status")
def retry_junk(line, request):
    """Retry-After: soon"""
    retry(line, b"soon")
