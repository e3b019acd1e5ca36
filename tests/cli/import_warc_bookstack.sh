# A BookStack by its API, kept as WARC files, replayed without its token.
. "$(dirname "$0")/expect"
. "$SOURCE/tests/cli/contents"
export BOOKSTACK_TOKEN=tid:s3cret

python3 "$SOURCE/tests/server/bookstack.py" --ready port &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
while [ ! -s port ]; do sleep 0.05; done
cat >opslore.conf <<END
[source books]
kind = bookstack
url = http://127.0.0.1:$(cat port)/books
token-env = BOOKSTACK_TOKEN
allow-private = yes
rate = 1000/s
apart = 0s
every = 0s
END
run crawl books --warc archive
exits 0
holds 'select count(*) > 3 from Posts' 1
run crawl books --warc archive --now
exits 0
contents kb.db >live
kill $server
wait $server 2>/dev/null
rm kb.db* opslore.conf
unset BOOKSTACK_TOKEN

for file in archive/*.gz; do
	gzip -dc "$file"
done | grep -a -i -e s3cret -e '^authorization' && fail 'the token is in the archive'
run import warc archive
exits 0
contents kb.db >replayed
cmp live replayed || { diff live replayed | head; fail 'the replay is another store'; }
