# A Crawl-delay is kept, also by a run that has robots.txt from the one before.
. "$(dirname "$0")/expect"
. "$(dirname "$0")/website"

page www/index.html Start 'Hello.' /a.html
page www/a.html 'A' 'A page.'
printf 'User-agent: *\nCrawl-delay: 1\n' >www/robots.txt
website www
source_conf

# The least distance between two pages, in milliseconds, as the server saw it.
distance() {
	awk '$3 != "/robots.txt" { if (last && (!least || $5 - last < least)) least = $5 - last; last = $5 }
		END { printf "%d\n", least * 1000 }' hits.log
}

run crawl it
exits 0
[ "$(distance)" -ge 950 ] || fail "the delay was $(distance) ms"
: >hits.log
run crawl it --now
exits 0
! grep -q robots.txt hits.log || fail 'robots.txt was asked for again within a day'
[ "$(distance)" -ge 950 ] || fail "the delay was $(distance) ms in the second run"
