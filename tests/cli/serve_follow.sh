# opslore serve while others write: answers go on without a pause and without
# an error, each from one generation, and old generations are let go.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/server"
run import stackexchange "$sample" --site ops.example
run index
exits 0

# Clients that ask until the file `over` is there. Every answer is whole; the
# news it finds are never older than those that were there when it was asked.
cat >ask.py <<'P'
import http.client, json, os, sys

port, number = int(sys.argv[1]), int(sys.argv[2])
asks = ["/v1/search?q=nginx+502", "/v1/search?q=news&k=1",
        "/v1/search?q=disk+full&format=context",
        "/v1/search?q=kubernetes&k=100&passages=yes"]
line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
count = 0
while count < 20 or not os.path.exists("over"):
    path = asks[(count + number) % len(asks)]
    before = int(open("published").read())
    line.request("GET", path)
    reply = line.getresponse()
    body = reply.read()
    assert reply.status == 200, (path, reply.status, body)
    if "context" not in path:
        hits = json.loads(body)["hits"]
        assert all(h["text"] and h["link"] is not None for h in hits)
        assert hits or "news" in path, path
    if "q=news" in path and before:
        seen = int(hits[0]["text"].split()[-1])
        assert seen >= before, (seen, before)
    count += 1
P

serve --workers 4
echo 0 >published
clients=
for n in 1 2 3 4 5 6; do
	python3 ask.py "$port" $n >"out$n" 2>"err$n" &
	clients="$clients $!"
done
for n in 1 2 3 4 5 6 7 8; do
	printf '{"id":"1","title":"news","text":"the news are %d"}\n' $n >news.jsonl
	printf '{"id":"o%d","title":"other","text":"something else"}\n' $n >>news.jsonl
	run import jsonl news.jsonl --space news
	exits 0
	run index
	exits 0
	echo $n >published.new
	mv published.new published
done
: >over
n=0
for client in $clients; do
	n=$((n + 1))
	last="client $n"
	wait "$client"
	got=$?
	cp "err$n" err
	exits 0
done

ask 200 "$base/v1/search?q=news&k=1"
[ "$(jq -r '.hits[0].text' out)" = 'the news are 8' ] || fail 'old news'
ask 200 "$base/metrics"
prints '^opslore_index_behind_changes 0$'
prints '^opslore_index_generation 9$'
grep -q '^opslore_requests_total.*status="[45]' out && fail 'a request failed'

# What is mapped are files that are there: the others were let go.
maps() {
	grep -o "$work/kb.db.index/.*" "/proc/$server/maps" | sort -u
}
[ -n "$(maps)" ] || fail 'no file of the index is mapped'
maps | grep -q deleted && fail "old generations are held: $(maps)"

# A rebuild, an index that is gone for a while, another store.
run index --rebuild
exits 0
ask 200 "$base/v1/search?q=news"
rm -rf kb.db.index
ask 200 "$base/v1/search?q=news"
run index
exits 0
ask 200 "$base/v1/search?q=news"
run backup copy.db
exits 0
rm -rf kb.db*
mv copy.db kb.db
printf '{"id":"2","title":"restored","text":"all is as before"}\n' >news.jsonl
run import jsonl news.jsonl --space news
run index
exits 0
for n in 1 2 3 4 5 6 7 8; do
	ask 200 "$base/v1/search?q=restored&space=news"
	[ "$(jq '.hits | length' out)" = 1 ] || fail 'the restored store is not served'
done
stops
