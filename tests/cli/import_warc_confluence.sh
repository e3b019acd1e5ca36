# A Confluence, in the cloud and one's own, kept as WARC files: whole, edited,
# restricted, moved. Replayed without its token: the same store.
. "$(dirname "$0")/expect"
. "$SOURCE/tests/cli/confluence"
. "$SOURCE/tests/cli/contents"

# changed CHANGE: a run, after a change of the wiki.
changed() {
	[ -z "$1" ] || change "$1"
	crawl --warc archive
}

for kind in cloud server; do
	rm -rf archive
	$kind
	changed ''
	changed 'now=60&edit=100012&label=100013:disk'
	changed restrict=100002:sre
	changed free=100002
	changed 'restrict=100003:user:ann&move=100012:100003'
	changed 'trash=100013&archive=100014&space=100015:DEV'
	changed 'now=120'
	holds 'select count(*) > 30 from Posts' 1
	contents kb.db >live
	rm kb.db*
	for file in archive/*.gz; do
		gzip -dc "$file"
	done | grep -a -i -e "$WIKI_SECRET" -e '^authorization' &&
		fail 'the token is in the archive'
	WIKI_SECRET='' run import warc archive
	exits 0
	contents kb.db >replayed
	cmp live replayed || {
		diff live replayed | head
		fail 'the replay is another store'
	}
done
