# A page that moves for good keeps its row; its old address is another name,
# and when that is gone, the page is not.
. "$(dirname "$0")/expect"
. "$(dirname "$0")/website"

page www/index.html Start 'The runbooks.' /a.html
page www/a.html 'Disk full' 'Find what fills the disk.'
website www 'if (-f $document_root/moved) { rewrite ^/a.html$ /b.html permanent; }' \
	'if (-f $document_root/away) { rewrite ^/b.html$ /c.html redirect; }'
source_conf apart=1h

at() {
	OPSLORE_NOW=$(date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ)
	export OPSLORE_NOW
}

run crawl it
exits 0
post=$(asks "select PostID from Posts where NativeID like '%/a.html'")
[ -n "$post" ] || fail 'the page is not in the store'

mv www/a.html www/b.html
touch www/moved
at '+2 hours'
run crawl it --now
exits 0
[ "$(asks "select PostID from Posts where NativeID like '%/b.html'")" = "$post" ] ||
	fail 'the page lost its row when it moved'
[ "$(asks 'select count(*) from Posts')" = 2 ] || fail 'the page is there twice'

rm www/moved
page www/index.html Start 'The runbooks.' /b.html
for hours in 4 8 12; do
	at "+$hours hours"
	run crawl it --now
	exits 0
done
[ "$(asks "select PostID from Posts where NativeID like '%/b.html'")" = "$post" ] ||
	fail 'a page left with its old address'

# Away for a while: a temporary redirect renames nothing.
page www/c.html 'Elsewhere' 'Come back later.'
touch www/away
at '+20 hours'
run crawl it --now
exits 0
[ "$(asks "select count(*) from Posts where NativeID like '%/b.html'")" = 1 ] ||
	fail 'a temporary redirect took the page away'
rm www/away
at '+30 hours'
run crawl it --now
exits 0
[ "$(asks "select PostID from Posts where NativeID like '%/b.html'")" = "$post" ] ||
	fail 'the page lost its row'
