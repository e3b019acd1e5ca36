# What wget archived of a site: packed and plain, whole and without what it had
# before; the same pages as a crawl of the site brings.
. "$(dirname "$0")/expect"
. "$SOURCE/tests/cli/website"

page www/index.html Start 'The runbooks of the night shift.' /a.html b.html /missing.html
page www/a.html 'Disk full' 'Find what fills the disk before you delete.' /b.html
page www/b.html 'Slow queries' 'Look at the plan first.' /c.html
page www/c.html 'Certificates' "They expire on Sundays. $(seq 1 2000 | tr '\n' ' ')" /old.html
cp www/c.html www/copy.html
printf 'User-agent: *\nDisallow: /private/\n' >www/robots.txt
website www 'location = /old.html { return 301 /copy.html; }' \
	'gzip on; gzip_types *; gzip_min_length 1;'
source_conf
run crawl it
exits 0
rows='select NativeID, Title, PostContent, ContentHash, Language from Posts order by 1'
sqlite3 kb.db "$rows" >crawled
holds 'select count(*) from Posts' 5

archive() {
	local name=$1
	shift
	wget -q -r -l inf -nd -P fetched-$name --warc-file=$name "$@" "$site/"
	[ $? = 8 ] || fail "wget $name went otherwise than thought"
}

archive packed --compression=gzip --warc-cdx
archive plain --no-warc-compression
archive fewer --warc-dedup=packed.cdx
kill "$(cat nginx.pid)"
trap 'rm -rf "$work"' EXIT
gzip -dc packed.warc.gz | grep -a -i -q '^transfer-encoding: chunked' || fail 'nothing is in chunks'
gzip -dc packed.warc.gz | grep -a -i -q '^content-encoding: gzip' || fail 'nothing is packed'
gzip -dc fewer.warc.gz | grep -a -q '^WARC-Type: revisit' || fail 'nothing was left out'

for name in packed.warc.gz plain.warc 'fewer.warc.gz packed.warc.gz'; do
	rm -f kb.db*
	# Names without blanks.
	# shellcheck disable=SC2086
	run import warc $name
	exits 0
	prints "warc:${site#http://}: the run of"
	sqlite3 kb.db "$rows" | cmp - crawled || fail "'$name' holds other pages"
done
