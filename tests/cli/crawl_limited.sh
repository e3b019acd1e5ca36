# A server that lets 50 requests a second through is asked at 1000/s: every page
# comes, and hardly a request is refused, however it refuses.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/website"
. "$SOURCE/tests/cli/limited"

python3 "$SOURCE/tests/bench/crawl/pages.py" www 300
for way in second none date zero 503; do
	rm -rf kb.db* hits.log
	limited_site www 50 10 $way
	source_conf concurrency=16
	sed -i '/^concurrency = 8$/d' opslore.conf
	run crawl it
	exits 0
	[ "$(limited_pages)" = 300 ] || fail "$way: $(limited_pages) of 300 pages"
	refusals=$(limited_refusals)
	[ "$refusals" -ge 1 ] || fail "$way: the server refused nothing, so nothing was tried"
	[ "$refusals" -le 10 ] || fail "$way: it was refused $refusals times"
	[ "$(asks 'select count(*) from Posts')" = 300 ] || fail "$way: not every page is in the store"
	[ "$(awk '$1 == 200 { print $3 }' hits.log | grep '^/p/' | sort | uniq -d | wc -l)" = 0 ] ||
		fail "$way: a page was sent twice"
	[ $way = 503 ] || kill "$(cat nginx.pid)"
done

# What the server bears is remembered: the next run is hardly refused at all.
: >hits.log
run crawl it --now
exits 0
[ "$(awk '$1 == 304 && $3 != "/robots.txt" { print $3 }' hits.log | sort -u | wc -l)" = 300 ] ||
	fail 'not every page was asked for again'
refusals=$(limited_refusals)
[ "$refusals" -le 2 ] || fail "the second run was refused $refusals times"
