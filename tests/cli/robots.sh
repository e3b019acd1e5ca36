# One robots.txt, one crawler, one address: yes or no, and why.
. "$SOURCE/tests/cli/expect"

cat >robots.txt <<'END'
# Of a wiki
User-agent: *
Disallow: /private/
Crawl-delay: 2.5

User-agent: Opslore
Disallow: /w/
Allow: /w/index.php?title=Runbook

Sitemap: https://wiki.example/sitemap.xml
END

# answer AGENT URL WORD WHY
answer() {
	run robots robots.txt "$1" "$2"
	exits 0
	[ "$(head -n 1 out)" = "$3" ] || fail "it does not say $3"
	[ "$(tail -n 1 out)" = "$4" ] || fail "the reason is not '$4'"
}

answer opslore https://wiki.example/w/x disallow \
	"line 7: Disallow: /w/ (of the group of 'opslore')"
answer opslore/1.0 'https://wiki.example/w/index.php?title=Runbook_7#top' \
	allow "line 8: Allow: /w/index.php?title=Runbook (of the group of 'opslore/1.0')"
answer opslore /private/x allow "no rule matches (of the group of 'opslore')"
answer otherbot HTTPS://WIKI.example/a/../private/x disallow \
	"line 3: Disallow: /private/ (of the group of '*')"
answer otherbot https://wiki.example allow "no rule matches (of the group of '*')"
answer opslore /robots.txt allow \
	"everyone may read robots.txt itself (of the group of 'opslore')"

run --json robots robots.txt otherbot /private/caf%c3%a9
exits 0
python3 - out <<'END' || fail "the JSON is not as it should be"
import json, sys
a = json.load(open(sys.argv[1]))
assert a == {"version": 1, "allowed": False, "target": "/private/caf%c3%a9",
    "group": "*", "line": 3, "rule": "Disallow: /private/",
    "crawl_delay_ms": 2500, "sitemaps": ["https://wiki.example/sitemap.xml"],
    "truncated": False}, a
END

# From standard input, and from an empty one.
last="opslore robots - on standard input"
"$opslore" robots - opslore /w/ <robots.txt >out 2>err
got=$?
exits 0
prints '^disallow'
run robots - opslore /w/
exits 0
prints '^allow'
prints 'no rule is for it'

# A file without an end is read up to its bound.
{
	printf 'User-agent: *\nDisallow: /a\n'
	yes '# nothing to see here' | head -c 600000
	printf '\nDisallow: /b\n'
} >long.txt
run robots long.txt opslore /a
exits 0
prints '^disallow'
prints '512 KiB'
run robots long.txt opslore /b
prints '^allow'

run robots missing.txt opslore /
exits 1
says 'missing.txt'
silent
run robots robots.txt opslore
exits 2
run robots robots.txt '' /
exits 2
run robots robots.txt opslore ftp://wiki.example/
exits 2
says 'address of the web'
run robots robots.txt opslore wiki.example/a
exits 2
run robots --frob robots.txt opslore /
exits 2
absent kb.db
