#!/usr/bin/env python3
"""Reads lines ID, URL, PATH and writes a JSON line with the text of each page,
by the library that the argument names, with its defaults for the text of a
page."""
import json
import logging
import sys


def trafilatura():
    import trafilatura as library
    logging.disable(logging.CRITICAL)
    return lambda html, url: library.extract(html, url=url or None)


def resiliparse():
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree
    return lambda html, url: extract_plain_text(HTMLTree.parse_from_bytes(
        html, detect_encoding(html)), main_content=True)


def rs_trafilatura():
    import rs_trafilatura as library

    def run(html, url):
        return library.extract_bytes(html, url=url or None).main_content
    return run


def main():
    run = {f.__name__: f for f in (trafilatura, resiliparse,
                                   rs_trafilatura)}[sys.argv[1]]()
    for line in sys.stdin:
        name, url, path = line.rstrip("\n").split("\t")
        with open(path, "rb") as f:
            html = f.read()
        try:
            text = run(html, url) or ""
        except Exception as e:  # a page that it cannot do counts as empty
            print(f"{name}: {e}", file=sys.stderr)
            text = ""
        print(json.dumps({"id": name, "text": text}))


if __name__ == "__main__":
    main()
