# One page that is always refused holds up no other, and is given up.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/website"

page www/index.html Start 'The runbooks.' /a.html /shut.html /b.html
page www/a.html 'Disk full' 'Find what fills the disk.'
page www/b.html 'Slow queries' 'Look at the plan first.' /c.html
page www/c.html 'Certificates' 'They expire on Sundays.'
website www 'location = /shut.html { return 503; }'
source_conf tries=2
run crawl it
exits 3
lists 'shut.html'
[ "$(asks 'select count(*) from Posts')" = 4 ] || fail 'a page that is not shut is not there'
[ "$(grep -c 'GET /shut.html' hits.log)" -le 3 ] || fail 'it kept asking'
