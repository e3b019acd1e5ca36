# A site is crawled, and crawled again: what is new, what is the same, what is
# gone, and what is said on the way.
. "$(dirname "$0")/expect"
. "$(dirname "$0")/website"

page www/index.html Start 'The runbooks of the night shift.' /a.html b.html \
	/private/x.html http://elsewhere.example/ mailto:ops@example.com
page www/a.html 'Disk full' 'Find what fills the disk before you delete.' /b.html '/a.html#part'
page www/b.html 'Slow queries' 'Look at the plan first.' /c.html
page www/c.html 'Certificates' 'They expire on Sundays.' /gone.html
page www/private/x.html Secret 'Not for crawlers.'
printf 'User-agent: *\nDisallow: /private/\n' >www/robots.txt
website www
source_conf

# Before anything: what there is, and why.
run sources
exits 0
prints 'it  (site, 127.0.0.1.*): never ran'
run crawl it --explain "$site/private/x.html"
exits 0
prints 'verdict:  skipped: .*robots.txt line 2 says .Disallow: /private/'
run crawl it --explain "$site/a.html"
prints 'verdict:  fetched'
prints 'known:    no'

run crawl it --events events.jsonl --metrics crawl.prom
exits 0
prints 'it: done'
prints '4 read'
prints '1 by robots.txt'
[ "$(asks 'select count(*) from Posts')" = 4 ] || fail 'four pages make four posts'
[ "$(asks "select Title || '|' || PostContent from Posts where NativeID like '%a.html'")" != '' ] ||
	fail 'a page is not in the store'
asks 'select PostContent from Posts' | grep -q 'before you delete' || fail 'a text is not there'
asks 'select PostContent from Posts' | grep -q 'Home' && fail 'navigation was taken for content'
grep -q ' /private/' hits.log && fail 'it went where robots.txt forbids'
[ "$(grep -c 'GET /robots.txt' hits.log)" = 1 ] || fail 'robots.txt was not asked for once'
[ "$(grep -c 'GET /a.html' hits.log)" = 1 ] || fail 'a page was asked for twice'
jq -es 'map(select(.event == "fetch")) | length == 4' events.jsonl >/dev/null ||
	fail 'the event log does not tell of four pages'
jq -es 'any(.event == "robots" and (.why | contains("line 2")))' events.jsonl >/dev/null ||
	fail 'the event log does not tell why a page was passed over'
grep -q 'opslore_crawl_requests_total{source="it",status="2xx"} 4' crawl.prom ||
	fail 'the metrics do not count the answers'

# Nothing is due; then all is asked for again, and nothing has changed.
run crawl it
exits 0
prints 'nothing is due'
: >hits.log
run crawl it --now
exits 0
prints '0 read, 4 unchanged'
[ "$(awk '$1 == 304' hits.log | wc -l)" = 4 ] || fail 'pages that had not changed were sent again'

# One changes, one goes: the first is seen at once, the second after two misses.
page www/b.html 'Slow queries' 'Look at the plan, then at the locks.' /c.html
rm www/a.html
run crawl it --now
prints '1 updated, 0 vanished'
asks 'select PostContent from Posts' | grep -q 'then at the locks' || fail 'a change was not taken in'
[ "$(asks "select count(*) from Posts where NativeID like '%a.html'")" = 1 ] ||
	fail 'a page left after one miss'
OPSLORE_NOW=$(date -u -d '+3 hours' +%Y-%m-%dT%H:%M:%SZ)
export OPSLORE_NOW
run crawl it --now
prints '1 vanished'
[ "$(asks "select count(*) from Posts where NativeID like '%a.html'")" = 0 ] ||
	fail 'a page that is gone is still there'
unset OPSLORE_NOW

run --json sources
exits 0
jq -e '.sources[0].name == "it" and .sources[0].kind == "site"' out >/dev/null ||
	fail 'the state of the source is not told'
run --json crawl it --now
exits 0
jq -e '.version == 1 and .source == "it" and .ended' out >/dev/null || fail 'no JSON'
