"""What a server can do for a whole host: robots.txt and sitemaps. Each has a
port of its own; / is a page with links, and /page/N are pages."""

import gzip

from page import document, html, links
from redirect import to
from table import behaviour
from wire import OK, bare, whole, zeros

XML = b"<?xml version='1.0' encoding='UTF-8'?>"
SPACE = b" xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"


def plain(line, body, kind=b"text/plain"):
    line.send(OK + b"Content-Type: %s\r\nContent-Length: %d\r\n\r\n" %
              (kind, len(body)) + body)


def pages(line, request):
    if request.path == "/":
        html(line, document("Front", links(*["/page/%d" % i
                                             for i in range(5)])))
    elif request.path.startswith("/page/"):
        html(line, document("Page " + request.path[6:],
                            "<p>text of page %s" % request.path[6:]))
    else:
        bare(line, b"404 Not Found")


def robots(function):
    def answer(line, request):
        if request.path == "/robots.txt":
            function(line, request)
        else:
            pages(line, request)
    answer.__name__ = function.__name__
    answer.__doc__ = function.__doc__
    return behaviour("site")(answer)


def sitemap(function):
    """robots.txt points to /sitemap.xml; the function answers sitemaps."""
    def answer(line, request):
        if request.path == "/robots.txt":
            plain(line, b"User-agent: *\nAllow: /\nSitemap: %s/sitemap.xml\n" %
                  request.origin)
        elif "sitemap" in request.path:
            function(line, request)
        else:
            pages(line, request)
    answer.__name__ = function.__name__
    answer.__doc__ = function.__doc__
    return behaviour("site")(answer)


@robots
def robots_huge(line, request):
    """a robots.txt of 1 GB"""
    line.send(OK + b"Content-Type: text/plain\r\n"
              b"Content-Length: 1073741824\r\n\r\n")
    line.for_ever(b"Disallow: /x\n" * 5000)


@robots
def robots_endless(line, request):
    """a robots.txt without end"""
    line.send(OK + b"Content-Type: text/plain\r\n\r\n")
    line.for_ever(b"Disallow: /x\n" * 5000)


@robots
def robots_slow(line, request):
    """a robots.txt, a byte now and then"""
    line.send(OK + b"Content-Type: text/plain\r\n\r\n")
    line.drip(b"User-agent: *\nDisallow: /x\n" * 1000)


@robots
def robots_500(line, request):
    """500: nothing may be asked"""
    bare(line, b"500 Internal Server Error")


@robots
def robots_429(line, request):
    """429 for robots.txt"""
    bare(line, b"429 Too Many Requests")


@robots
def robots_404(line, request):
    """404: all may be asked"""
    bare(line, b"404 Not Found")


@robots
def robots_html(line, request):
    """a page of HTML for robots.txt"""
    html(line, document("Welcome", "<p>Disallow: nothing"))


@robots
def robots_loop(line, request):
    """a robots.txt that sends to itself"""
    to(line, "/robots.txt")


@robots
def robots_metadata(line, request):
    """a robots.txt that sends to a metadata service"""
    to(line, "http://169.254.169.254/robots.txt")


@robots
def robots_cut(line, request):
    """a robots.txt that ends before it is whole"""
    line.send(OK + b"Content-Length: 1000\r\n\r\nUser-agent: *\n")


@robots
def robots_bomb(line, request):
    """a robots.txt of 512 MiB in 512 kB of gzip"""
    line.send(whole(b"".join(zeros(31)),
                    b"Content-Encoding: gzip\r\n"))


@robots
def robots_noise(line, request):
    """noise for robots.txt"""
    plain(line, line.noise(100000))


@robots
def robots_stars(line, request):
    """patterns made to be slow to match"""
    plain(line, b"User-agent: *\n" +
          (b"Disallow: /" + b"*a" * 1000 + b"$\n") * 100)


@robots
def robots_delay(line, request):
    """a Crawl-delay of years"""
    plain(line, b"User-agent: *\nCrawl-delay: 99999999\n")


@robots
def robots_closed(line, request):
    """nothing may be asked"""
    plain(line, b"User-agent: *\nDisallow: /\n")


def index(*places):
    return XML + b"<sitemapindex%s>" % SPACE + b"".join(
        b"<sitemap><loc>%s</loc></sitemap>" % p for p in places) + \
        b"</sitemapindex>"


def urls(*places):
    return XML + b"<urlset%s>" % SPACE + b"".join(
        b"<url><loc>%s</loc></url>" % p for p in places) + b"</urlset>"


@sitemap
def sitemap_cycle(line, request):
    """two sitemap indexes that name each other"""
    plain(line, index(request.origin + b"/sitemap.xml",
                      request.origin + b"/sitemap-b.xml"), b"text/xml")


@sitemap
def sitemap_deep(line, request):
    """sitemap indexes, each of which names the next one"""
    level = len(request.path)
    plain(line, index(request.origin + b"/sitemap" + b"x" * level + b".xml"),
          b"text/xml")


@sitemap
def sitemap_bomb(line, request):
    """a sitemap of 512 MiB in a gzip file"""
    plain(line, b"".join(zeros(31)), b"application/gzip")


@sitemap
def sitemap_many(line, request):
    """a sitemap with 200,000 addresses"""
    plain(line, gzip.compress(urls(*[request.origin + b"/page/%d" % i
                                     for i in range(200000)]), 1),
          b"application/gzip")


@sitemap
def sitemap_foreign(line, request):
    """a sitemap of other hosts' addresses"""
    plain(line, urls(b"http://169.254.169.254/latest/", b"file:///etc/passwd",
                     b"http://bank.example/", request.origin + b"/page/1"),
          b"text/xml")


@sitemap
def sitemap_entity(line, request):
    """a sitemap that reads files and multiplies by entities"""
    plain(line, XML + b"<!DOCTYPE u [<!ENTITY f SYSTEM 'file:///etc/passwd'>"
          b"<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
          b"<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><urlset%s><url><loc>%s"
          b"/page/&f;&c;</loc></url></urlset>" % (SPACE, request.origin),
          b"text/xml")


@sitemap
def sitemap_html(line, request):
    """a page of HTML for a sitemap"""
    html(line, document("No sitemap", links("/page/1")))


@sitemap
def sitemap_broken(line, request):
    """a sitemap that ends within an address"""
    plain(line, urls(request.origin + b"/page/1")[:-30], b"text/xml")
