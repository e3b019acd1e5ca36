# A robots.txt of any size holds: the first half megabyte of it is obeyed.
. "$(dirname "$0")/expect"
. "$(dirname "$0")/website"

page www/index.html Start 'Hello.' /private/x.html
page www/private/x.html Secret 'Not for crawlers.'
{
	printf 'User-agent: *\nDisallow: /private/\n'
	yes '# a comment as long as it takes' | head -n 40000
} >www/robots.txt
website www
source_conf
run crawl it
exits 0
prints '1 by robots.txt'
! grep -q ' /private/' hits.log || fail 'it went where a long robots.txt forbids'

# Far too long to be read: its beginning is obeyed all the same.
{
	printf 'User-agent: *\nDisallow: /private/\n'
	yes '# more than anybody reads' | head -c 40000000
} >www/robots.txt
rm -f kb.db*
: >hits.log
run crawl it
exits 0
prints '1 by robots.txt'
grep -q 'GET / ' hits.log || fail 'a long robots.txt kept it away'
! grep -q ' /private/' hits.log || fail 'it went where a huge robots.txt forbids'
