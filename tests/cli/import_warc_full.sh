# The disk of the archive is full: the run ends in words, with nothing in the
# store that the archive has not; with more room it goes on, in another file.
. "$(dirname "$0")/expect"
. "$SOURCE/tests/cli/website"
. "$SOURCE/tests/cli/contents"

# A disk of one's own takes a name space that not every machine lends.
if ! unshare -rm true 2>/dev/null; then
	echo 'no name spaces here: not tested'
	exit 0
fi
page www/index.html Start 'The runbooks of the night shift.' /a.html
page www/a.html 'Disk full' "Find $(head -c 30000 /dev/urandom | base64 -w 0)" /b.html
page www/b.html 'Slow queries' 'Look at the plan first.'
website www
source_conf
mkdir disk archive
unshare -rm bash -c 'mount -t tmpfs -o size=16k none disk || exit 99
	"$0" --db kb.db crawl it --warc disk >out 2>err
	echo $? >code
	cp disk/* archive' "$opslore" || fail 'no disk was made'
last='crawl onto a full disk'
[ "$(cat code)" = 1 ] || fail "it ended with $(cat code), not 1"
says 'cannot write .*No space left on device (disk-full)'
holds 'select count(*) from Posts' 1
run crawl it --warc archive
exits 0
prints 'went on with a run'
contents kb.db >live
rm kb.db*
run import warc archive
exits 0
says 'it ends within a gzip member, at byte [0-9]*$'
contents kb.db | cmp live - || fail 'the replay is another store'
