# A Stack Exchange site by its API, kept as WARC files: whole, then what changed
# and went. Replayed without the API and its key: the same store.
. "$(dirname "$0")/expect"
. "$SOURCE/tests/cli/contents"
export STACK_KEY=k3y-of-ours

python3 "$SOURCE/tests/server/stack_api.py" --questions 200 --page-most 40 \
	--inline 2 --rate 300 --key $STACK_KEY --backoff-every 35 \
	--backoff 0.1 --ready port &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
while [ ! -s port ]; do sleep 0.05; done
api=http://127.0.0.1:$(cat port)
cat >opslore.conf <<END
[source ops]
kind = stackexchange
site = ops.example
api = $api/2.3
allow-private = yes
rate = 250/s
token-env = STACK_KEY
apart = 0s
every = 0s
END

# crawled CHANGE [ARGUMENT...]: a run, after a change of the site.
crawled() {
	[ -z "$1" ] || curl -s "$api/change?$1" >/dev/null
	shift
	run crawl ops --warc archive "$@"
	exits 0
}

crawled ''
holds 'select count(*) from Posts' 200
crawled 'touch=799&touch=1299'
crawled 'delete=899&delete=999' --now
crawled 'touch=1099' --now
holds 'select count(*) from Posts' 198
crawled 'forget=filters&touch=1499'

# The quota is used up in the middle of a run, which goes on a day later.
curl -s "$api/change?quota=4&touch=1599" >/dev/null
run crawl ops --warc archive --now
lists 'quota'
OPSLORE_NOW=$(date -u -d tomorrow +%Y-%m-%dT00:10:00Z)
export OPSLORE_NOW
crawled 'quota=1000'
prints 'went on with a run'
unset OPSLORE_NOW
contents kb.db >live
kill $server
wait $server 2>/dev/null
rm kb.db* opslore.conf
unset STACK_KEY

for file in archive/*.gz; do
	gzip -dc "$file"
done | grep -a -c 'k3y-of-ours' && fail 'the key is in the archive'
run import warc archive
exits 0
contents kb.db >replayed
cmp live replayed || { diff live replayed | head; fail 'the replay is another store'; }
