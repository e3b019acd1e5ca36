"""What can stand in a page."""

from table import behaviour
from wire import MB, OK, whole


def html(line, body, charset=b""):
    line.send(OK + b"Content-Type: text/html%s\r\nContent-Length: %d\r\n\r\n" %
              (charset and b"; charset=" + charset, len(body)) + body)


def document(title, *parts):
    text = "<!DOCTYPE html><title>%s</title><main><h1>%s</h1>%s</main>" % (
        title, title, "".join(parts))
    return text.encode("utf-8")


def links(*places):
    return "".join("<p><a href='%s'>%s</a>" % (p, p[:40]) for p in places)


# ---- traps: pages without end -----------------------------------------------

@behaviour("trap")
def calendar(line, request):
    """a calendar whose next month always exists"""
    year, month = (request.rest.split("/") + ["", ""])[:2]
    year = int(year) if year.isdigit() else 2000
    month = int(month) if month.isdigit() else 1
    after = (year, month + 1) if month < 12 else (year + 1, 1)
    html(line, document("Month %d/%d" % (year, month), "No events. ",
                        links("/calendar/%d/%d" % after)))


@behaviour("trap")
def tarpit(line, request):
    """generated pages of nonsense, each with ten new links"""
    seed = sum(map(ord, request.rest)) or 7
    words = "the node of a cluster began to swap while nobody looked".split()
    text = " ".join(words[(seed * i + i * i) % len(words)] for i in range(200))
    html(line, document("Page %s" % request.rest[-20:], "<p>", text, links(*[
        "/tarpit/%d" % ((seed * 7919 + i * 104729) % 10**9)
        for i in range(10)])))


@behaviour("trap")
def session(line, request):
    """every link carries a new session id"""
    html(line, document("Page", links(*[
        "/session/page%d?PHPSESSID=%032x" %
        (i, line.server.requests * 7919 + i) for i in range(5)])))


@behaviour("trap")
def segments(line, request):
    """relative links that repeat their folder"""
    html(line, document("Folder", links("a/", "a/b/", "b/a/")))


@behaviour("trap")
def queries(line, request):
    """a table to sort and filter in every combination"""
    html(line, document("Table", links(*[
        "/queries/?" + request.query + "&sort=%d" % i for i in range(5)])))


@behaviour("trap")
def deep(line, request):
    """each page links to one level further down"""
    html(line, document("Level", links("/deep/" + request.rest + "x/")))


@behaviour("trap")
def links_100k(line, request):
    """a page with 100,000 links"""
    html(line, document("Links", links(*[
        "/links-100k/%d" % i for i in range(100000)]))
         if not request.rest else document("Leaf " + request.rest, "text"))


@behaviour("trap")
def links_odd(line, request):
    """links that are no addresses, or very long ones"""
    html(line, document("Links", links(
        "http://[", "http://", "https:///", "//", "///x", "http://a b/",
        "javascript:void(0)", "mailto:x@example.com", "data:text/html,x",
        "tel:1", "about:blank", "http://\u0000/", "?" + "a" * 20000,
        "/links-odd/" + "b/" * 5000, "#", "http://999.999.999.999/",
        "http://a:99999999/", "http://169.254.169.254/", "\\\\host\\share",
        "http://user:pass@127.0.0.1/", "/links-odd/%zz%00%ff")))


@behaviour("trap")
def meta_refresh(line, request):
    """sends on by meta refresh, without end"""
    number = int(request.rest) if request.rest.isdigit() else 0
    html(line, b"<meta http-equiv=refresh content='0;url=/meta-refresh/%d'>"
         b"<title>Wait</title><p>You are sent on." % (number + 1))


@behaviour("trap")
def canonical(line, request):
    """names another page, of another host, as itself"""
    html(line, b"<link rel=canonical href='https://bank.example/'>" +
         document("Canonical", "<p>I am somebody else."))


@behaviour("trap")
def base(line, request):
    """a base that makes every link a foreign one"""
    html(line, b"<base href='http://169.254.169.254/'>" +
         document("Base", links("latest/meta-data", "a", "b")))


@behaviour("trap")
def soft_404(line, request):
    """200 for what is not there"""
    html(line, document("Page not found", "<p>404: this page does not exist."))


@behaviour("trap")
def soft_login(line, request):
    """200 and a login form instead of the page"""
    html(line, document("Login required", "<form method=post action=/login>"
                        "<input name=user><input type=password name=pw>"
                        "</form>"))


# ---- markup that is heavy ---------------------------------------------------

@behaviour("page")
def attributes_50k(line, request):
    """one tag with 50,000 attributes"""
    html(line, b"<title>a</title><p " +
         b" ".join(b"a%d=b" % i for i in range(50000)) + b">text")


@behaviour("page")
def nested_100k(line, request):
    """elements nested 100,000 deep"""
    html(line, b"<title>n</title>" + b"<div>" * 100000 + b"text")


@behaviour("page")
def nested_tables(line, request):
    """tables nested 5,000 deep"""
    html(line, b"<title>n</title>" + b"<table><tr><td>" * 5000 + b"text")


@behaviour("page")
def paragraphs_4mb(line, request):
    """4 MB of paragraphs of one letter"""
    html(line, b"<title>p</title>" + b"<p>x" * MB)


@behaviour("page")
def misnested(line, request):
    """links that are closed as something else"""
    html(line, b"<title>m</title>" + b"<a>x</b>" * 100000)


@behaviour("page")
def comment_8mb(line, request):
    """a comment of 8 MB that is not closed"""
    html(line, b"<title>c</title><p>before<!--" + b"a" * (8 * MB))


@behaviour("page")
def script_open(line, request):
    """a script that is not closed"""
    html(line, b"<title>s</title><p>before<script>" + b"a<b>" * 100000)


@behaviour("page")
def text_20mb(line, request):
    """20 MB without a tag"""
    html(line, b"word " * (4 * MB))


@behaviour("page")
def title_1mb(line, request):
    """a title of 1 MB"""
    html(line, b"<title>" + b"long " * (MB // 5) + b"</title><p>text")


@behaviour("page")
def entities(line, request):
    """entities that do not exist, overflow, or are no characters"""
    html(line, b"<title>&#x110000;&#0;&#xD800;</title><p>" +
         b"&nosuch;&#99999999999;&#x80;&lt&amp" * 10000)


@behaviour("page")
def billion_laughs(line, request):
    """an XHTML page whose entities multiply"""
    line.send(OK + b"Content-Type: application/xhtml+xml\r\n"
              b"Connection: close\r\n\r\n<!DOCTYPE x [<!ENTITY a 'ha'>" +
              b"".join(b"<!ENTITY %c '%s'>" % (98 + i, b"&%c;" % (97 + i) * 10)
                       for i in range(12)) + b"]><html><p>&m;</p></html>")


# ---- bytes that are not text ------------------------------------------------

@behaviour("page")
def binary(line, request):
    """noise that says it is HTML"""
    html(line, line.noise(200000))


@behaviour("page")
def picture(line, request):
    """a picture that says it is HTML"""
    html(line, b"\x89PNG\r\n\x1a\n" + line.noise(50000))


@behaviour("page")
def archive(line, request):
    """a zip file without a type"""
    line.send(OK + b"Content-Length: 5000\r\n\r\nPK\3\4" + line.noise(4996))


@behaviour("page")
def nuls(line, request):
    """NULs between the letters"""
    html(line, b"<title>n\0u\0l</title><p>a\0b\0c" * 100)


@behaviour("page")
def overlong(line, request):
    """UTF-8 that is overlong, surrogate, cut, or past the end"""
    html(line, b"<title>o</title><p>\xc0\xaf\xe0\x80\xaf\xed\xa0\x80"
         b"\xf4\x90\x80\x80\xf8\x88\x80\x80\x80\xff\xfe\xc3", b"utf-8")


@behaviour("page")
def charset_wrong(line, request):
    """Windows-1251 that says it is UTF-8"""
    html(line, "<title>x</title><p>\u0441\u0435\u0440\u0432\u0435\u0440".encode(
        "cp1251") * 50, b"utf-8")


@behaviour("page")
def charset_unknown(line, request):
    """a charset that does not exist"""
    html(line, document("Charset", "<p>text"), b"klingon-8")


@behaviour("page")
def charset_quarrel(line, request):
    """BOM, header and meta that contradict each other"""
    html(line, b"\xef\xbb\xbf<meta charset=shift_jis>" +
         document("Quarrel", "<p>caf\u00e9"), b"windows-1251")


@behaviour("page")
def charset_escape(line, request):
    """ISO-2022-KR, a way to hide tags: read as nothing"""
    html(line, b"<title>k</title><p>\x1b$)C\x0e<script>", b"iso-2022-kr")


@behaviour("page")
def utf7(line, request):
    """UTF-7, which nobody reads any more"""
    html(line, b"+ADw-script+AD4-<title>7</title><p>text", b"utf-7")


@behaviour("page")
def utf16_half(line, request):
    """UTF-16 with half a character at its end"""
    html(line, "\ufeff<title>h</title><p>text".encode("utf-16-le") + b"\x3d")


@behaviour("page")
def bidi(line, request):
    """marks that turn and hide text"""
    html(line, document("Turned", "<p>admin\u202e\u2066nimda\u2069 ",
                        "\u200b\u200c\U000e0041\U000e0042 text"))


@behaviour("page")
def escapes(line, request):
    """terminal escapes in title and text"""
    html(line, document("\x1b]0;owned\x07\x1b[2J", "<p>\x1b[31mred"))


@behaviour("page")
def type_none(line, request):
    """no content type"""
    body = document("Untyped", "<p>text")
    line.send(OK + b"Content-Length: %d\r\n\r\n" % len(body) + body)


@behaviour("page")
def type_junk(line, request):
    """a content type that is none"""
    body = document("Type", "<p>text")
    line.send(OK + b"Content-Type: ;;/;charset==\"\r\nContent-Length: %d\r\n"
              b"\r\n" % len(body) + body)
