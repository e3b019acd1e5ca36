# What a page holds for people: Markdown, text, JSON; and pages that are none.
. "$SOURCE/tests/cli/expect"

cat >disk.html <<'HTML'
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Disk full - Night desk</title>
<meta property="og:site_name" content="Night desk">
<meta name="author" content="Ada Rivers">
<meta name="description" content="What to do when a disk is full.">
<meta property="article:published_time" content="2024-05-01T10:00:00Z">
<link rel="canonical" href="https://desk.example/disk">
</head><body><nav><a href="/">Home</a> <a href="/all">All pages</a></nav>
<main><h1>Disk full</h1>
<p>Alerts at 90 percent; see the <a href="alerts">alert rules</a> for why.</p>
<h2 id="find">Find what grew</h2>
<pre><code class="language-sh">du -xh / | sort -h | tail</code></pre>
</main><footer>Made by the night desk</footer></body></html>
HTML

run extract --url https://desk.example/disk disk.html
exits 0
cat >want <<'END_WANT'
# Disk full

Alerts at 90 percent; see the [alert rules](https://desk.example/alerts) for why.

## Find what grew

```sh
du -xh / | sort -h | tail
```
END_WANT
cmp -s want out || fail "the Markdown is not as it should be"

# Without --url, links go by what the page calls its own address.
last="opslore extract on standard input"
"$opslore" extract <disk.html >out 2>err
got=$?
exits 0
cmp -s want out || fail "from standard input it is another page"

run extract --format text disk.html
exits 0
prints '^Disk full$'
prints '^du -xh / | sort -h | tail$'
grep -q '[`#]' out && fail "the text has marks"

run extract --format json --url https://desk.example/disk disk.html
exits 0
python3 - out <<'PY' || fail "the JSON is not as it should be"
import json, sys
lines = open(sys.argv[1]).read().splitlines()
assert len(lines) == 1
a = json.loads(lines[0])
want = {"version": 1, "source": "disk.html", "title": "Disk full",
    "url": "https://desk.example/disk", "author": "Ada Rivers",
    "published": "2024-05-01T10:00:00.000Z", "modified": None,
    "language": "en", "canonical": "https://desk.example/disk",
    "site": "Night desk", "description": "What to do when a disk is full.",
    "licence": None, "kind": "page", "verdict": "fine", "posts": [],
    "truncated": False,
    "headings": [{"level": 2, "text": "Find what grew", "anchor": "find"}]}
for key in want:
    assert a[key] == want[key], (key, a[key])
assert a["markdown"].startswith("Alerts at 90 percent")
assert "```" not in a["text"] and "du -xh" in a["text"]
assert 0 <= a["certainty"] <= 1
PY

# The charset comes from the page.
printf '<meta charset=windows-1252><p>caf\351 and more to read' >old.html
run extract old.html
exits 0
prints 'café'

run extract --content '#side' disk.html
exits 0
prints 'Alerts'
printf '<div id=side><p>Only this.</p></div><main>Not that.</main>' >two.html
run extract --content '#side' two.html
exits 0
prints '^Only this\.$'
grep -q 'Not that' out && fail "the container was not obeyed"

# A page that is none: code 3, and why.
printf '<title>Page not found</title><h1>Page not found</h1><p>Sorry.' >none.html
printf '<title>App</title><div id=root></div><noscript>Please enable JavaScript.</noscript><script src=a.js></script>' >app.html
printf '<title>Log in</title><h1>Log in</h1><form><input type=password></form>' >login.html
: >empty.html
reason() {
	run extract "$1"
	exits 3
	silent
	says "$2"
	run extract --format json "$1"
	exits 3
	prints "\"verdict\":\"$3\""
}
reason none.html 'not found' not-found
reason app.html 'without its scripts' needs-javascript
reason login.html 'asks for a password' login
reason empty.html 'nothing to read' empty

# Several: one line each; what fails is a line of its own.
printf 'ELF\001\002\003' >binary
run extract --format json disk.html gone.html binary none.html
exits 3
python3 - out <<'PY' || fail "the lines are not as they should be"
import json, sys
a = [json.loads(line) for line in open(sys.argv[1])]
assert len(a) == 4
assert a[0]["title"] == "Disk full"
assert a[1]["error"]["subject"] == "gone.html", a[1]
assert a[2]["error"]["code"] == "extract-binary", a[2]
assert a[3]["verdict"] == "not-found"
PY
last="opslore extract --list"
printf 'https://desk.example/x\tdisk.html\n\nold.html\n' |
	"$opslore" extract --format json --list >out 2>err
got=$?
exits 0
prints '"url":"https://desk.example/x".*(https://desk.example/alerts)'
[ "$(wc -l <out)" -eq 2 ] || fail "it is not two lines"

run extract gone.html
exits 1
says 'gone.html'
run extract binary
exits 1
says 'not HTML'

# Usage.
for wrong in '--format xml disk.html' 'disk.html old.html' \
	'--list --format json disk.html' '--list' '--content a>b disk.html' \
	'--format json --url https://a.example/ disk.html old.html' \
	'--json --format text disk.html' '--nothing'; do
	# shellcheck disable=SC2086
	run extract $wrong
	exits 2
done
