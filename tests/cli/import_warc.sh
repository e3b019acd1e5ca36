# A crawl kept as WARC files, and those replayed into a new store with the site
# gone: the same store. What is in the files, and what is not.
. "$(dirname "$0")/expect"
. "$(dirname "$0")/website"
. "$(dirname "$0")/contents"

page www/index.html Start 'The runbooks of the night shift.' /a.html b.html \
	/private/x.html http://elsewhere.example/ /old.html
page www/a.html 'Disk full' 'Find what fills the disk before you delete.' /b.html '/a.html#part'
page www/b.html 'Slow queries' 'Look at the plan first.' /c.html
page www/c.html 'Certificates' 'They expire on Sundays.' /gone.html
page www/private/x.html Secret 'Not for crawlers.'
printf 'User-agent: *\nDisallow: /private/\n' >www/robots.txt
website www 'location = /old.html { return 301 /b.html; }' \
	'location = /echo { return 302 /b.html?p=opensesame; }' \
	'gzip on; gzip_types *; gzip_min_length 1;' \
	'add_header Set-Cookie "session=c00kie";'
printf 'opensesame\n' >secret
chmod 600 secret
source_conf user=ops password-file=secret

# Three runs: the first, one with a change, and two in which a page is missed.
run crawl it --warc archive
exits 0
prints '4 read'
page www/b.html 'Slow queries' 'Look at the plan, then at the locks.' /c.html
rm www/a.html
source_conf user=ops password-file=secret apart=0s
run crawl it --warc archive --now
exits 0
run crawl it --warc archive --now
prints '1 vanished'
contents kb.db >live
holds 'select count(*) from Gone' 1
[ "$(find archive -name 'it-*-00001.warc.gz' | wc -l)" = 3 ] || fail 'not one file a run'

# A server that repeats what it was told.
source_conf url="$site/echo" user=ops password-file=secret 'include=/'
sed -i "/^url = .*[0-9]\/\$/d; s/source it/source echo/" opslore.conf
run --db echo.db crawl echo --warc echoed
exits 0
gzip -dc echoed/*.gz | grep -a -q '302 Found' || fail 'the redirect is not in the archive'
gzip -dc echoed/*.gz | grep -a -i opensesame && fail 'a repeated password is in the archive'
source_conf user=ops password-file=secret apart=0s
kill "$(cat nginx.pid)"
trap 'rm -rf "$work"' EXIT
rm kb.db*

# What is in the files.
for file in archive/*.gz; do
	gzip -dc "$file"
done >unpacked
grep -a -q '^opslore-setting: url = ' unpacked || fail 'warcinfo does not tell the settings'
grep -a -q '^Host: ' unpacked || fail 'there are no requests'
grep -a -q 'revisit/server-not-modified' unpacked || fail '304 left no revisit record'
grep -a -q '^X-Archive-Orig-content-encoding: gzip' unpacked || fail 'how it was packed is not told'
grep -a -q '^Not for' unpacked && fail 'a page is there that was never fetched'
grep -a -i -E 'opensesame|c00kie|authorization|b3BzOm9wZW5zZXNhbWU|secret$' unpacked &&
	fail 'a secret is in the archive'

# A new store, with no configuration and no network.
mv opslore.conf old.conf
run import warc archive
exits 0
prints 'warc:it: the run of '
contents kb.db >replayed
cmp live replayed || { diff live replayed | head; fail 'the replay is another store'; }
holds 'select count(*) from CrawlRobots' 0

# Where there is no network at all.
if unshare -rn true 2>/dev/null; then
	unshare -rn "$opslore" --db alone.db import warc archive >out 2>err ||
		fail 'the replay wants a network'
	contents alone.db | cmp live - || fail 'without a network it is another store'
fi

# Again: the same posts. With the configuration, under a label of their own.
run import warc archive
exits 0
prints '0 added, 0 updated, 1 vanished'
contents kb.db | sed '/^Gone/,$d' >again
sed '/^Gone/,$d' live | cmp - again || fail 'the second replay changed the posts'
rm kb.db*
mv old.conf opslore.conf
run import warc archive --source it --space 'ops.example/wiki' --access team
exits 0
holds "select count(*) from Posts where Space = 'ops.example/wiki' and Access = 'team'" 3

# A file that is cut anywhere is read as far as it goes, and said.
rm kb.db*
first=$(find archive -name '*.gz' | sort | head -n 1)
size=$(stat -c %s "$first")
head -c $((size - 100)) "$first" >cut.warc.gz
run import warc cut.warc.gz
exits 0
says 'cut.warc.gz: .*, at byte'
[ "$(asks 'select count(*) from Posts')" -ge 3 ] || fail 'what is whole was not read'

# Those of others: no name of a source, one file, packed as a whole, or plain;
# pages that nothing leads to come as well.
cat "$first" | gzip -dc | sed '/^opslore-/d' >plain
python3 - <<'PY'
import re
data = open('plain', 'rb').read()
out = b''
while data:
    head, rest = data.split(b'\r\n\r\n', 1)
    size = len(rest) - len(rest.lstrip())
    length = int(re.search(rb'Content-Length: (\d+)', head).group(1))
    if b'warcinfo' not in head:
        out += head + b'\r\n\r\n' + rest[:length] + b'\r\n\r\n'
        data = rest[length + 4:]
    else:
        data = rest[rest.index(b'WARC/1.1'):]
open('others.warc', 'wb').write(out)
PY
gzip -c others.warc >whole.warc.gz
for file in others.warc whole.warc.gz; do
	rm -f kb.db*
	run import warc "$file"
	exits 0
	holds 'select count(*) from Posts' 4
	holds "select PostContent like 'Look at the plan first.%' from Posts where Title = 'Slow queries'" 1
done

# What makes no sense.
run import warc nothing.warc
exits 1
run import warc .
exits 0
mkdir empty
run import warc empty
exits 2
says 'there is no .warc'
printf 'no archive\n' >no.warc
run import warc no.warc
exits 1
says 'holds no WARC records'
run import warc archive --source other
exits 2
says "nothing in the archive is of 'other'"
