# opslore serve: every path, what it answers and what it refuses.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/cli/server"

run serve --listen example.org:80
exits 2
says 'numeric address'
run serve --listen 0.0.0.0:0
exits 2
says 'add --expose'
run serve --listen 127.0.0.1:70000
exits 2
run --as somebody serve
exits 2
says "everybody as 'public'"
run serve --workers 0
exits 2
run serve now
exits 2

# Without a store or an index it says so, and picks both up.
serve
grep -q 'there is no store' serve.err || fail 'no word on the missing store'
ask 200 "$base/healthz"
[ "$(cat out)" = '{"version":1,"status":"ok"}' ] || fail 'another health'
ask 503 "$base/readyz"
code store-missing
run import stackexchange "$sample" --site ops.example
exits 0
ask 503 "$base/readyz"
code index-missing
ask 503 "$base/v1/search?q=nginx"
code index-missing
grep -q "run 'opslore index'" out || fail 'no word on what to do'
heads '^Retry-After: 1'
run index
exits 0
for again in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	ready=$(curl -s -o ready -w '%{http_code}' "$base/readyz")
	[ "$ready" = 200 ] && break
	read -r -t 0.1 <> <(:)
done
cp ready out
[ "$ready" = 200 ] || fail 'the index that appeared is not seen'
[ "$(cat ready)" = '{"version":1,"status":"ok","generation":1}' ] ||
	fail 'another readiness'

# The answer is the command's, byte by byte.
same() {
	ask 200 "$@"
	heads '^Content-Type: application/json'
	heads '^Cache-Control: no-store'
	heads '^X-Content-Type-Options: nosniff'
	cmp out expected || fail 'not what the command answers'
}
"$opslore" --db kb.db --json search 'nginx 反向代理 502' >expected
same -G "$base/v1/search" --data-urlencode 'q=nginx 反向代理 502'
same "$base/v1/search" --json '{"q":"nginx 反向代理 502"}'
"$opslore" --db kb.db --json search -k 3 --plain --passages \
	--filter tag=nginx --filter score=1.. --filter date=2001-01-01.. 502 >expected
same "$base/v1/search?q=502&k=3&plain=yes&passages=1&filter=tag%3Dnginx&score=1..&date=2001-01-01.."
same "$base/v1/search" --json '{"q":502,"k":3,"plain":true,"passages":true,
	"filter":{"tag":"nginx","score":["1.."]},"date":"2001-01-01.."}'
same "$base/v1/search" --json '{"q":"502","k":"3","plain":"true","passages":"yes",
	"filter":["tag=nginx","score=1..","date=2001-01-01.."],"lang":null}'
"$opslore" --db kb.db --json search --stage1 disk full >expected
same "$base/v1/search?q=disk+full&stage1=true"

"$opslore" --db kb.db --json search --facets tag,year --top 3 -k 2 nginx >expected
same "$base/v1/search?q=nginx&facets=tag,year&top=3&k=2"
[ "$(jq '.total > 2 and (.facets | length) == 2' out)" = true ] ||
	fail 'nothing is counted'
"$opslore" --db kb.db --json search --total --budget 1500 nginx >expected
same "$base/v1/search?q=nginx&total=yes&budget=1500"

"$opslore" --db kb.db search --format context --budget 500 disk full >expected
ask 200 "$base/v1/search?q=disk%20full&format=context&budget=500"
heads '^Content-Type: text/plain; charset=utf-8'
cmp out expected || fail 'another context'
"$opslore" --db kb.db search disk full >expected
ask 200 "$base/v1/search?q=disk+full&format=text"
cmp out expected || fail 'another text'

# What cannot be understood is said.
refuse() {
	ask "$1" "$base/v1/search$3"
	code "$2"
}
refuse 400 query-missing ''
refuse 400 query-empty '?q='
refuse 400 query-empty '?q=%3F%3F'
refuse 400 parameter-unknown '?q=a&colour=red'
refuse 400 parameter-twice '?q=a&q=b'
refuse 400 parameter-value '?q=a&k=0'
refuse 400 parameter-value '?q=a&k=many'
refuse 400 parameter-value '?q=a&budget=7'
refuse 400 parameter-value '?q=a&plain=perhaps'
refuse 400 parameter-value '?q=a&format=trec'
refuse 400 facet '?q=a&facets=colour'
refuse 400 search-counts '?q=a&top=3'
refuse 400 search-counts '?q=a&total=yes&format=context'
refuse 400 filter '?q=a&filter=nonsense'
refuse 400 filter '?q=a&filter=owner%3Dme'
refuse 400 filter '?q=a&date=yesterday..'
refuse 400 request-target '?q=%zz'
refuse 400 request-target '?q=%00'
refuse 400 request-target '?q=%ff'
refuse 400 request-target '?q=a%4'
refuse 413 limit-parameters "?q=a$(printf '&k=%s' {1..64})"
ask 400 "$base/v1/search" --json '{"q":"a"'
code json
ask 400 "$base/v1/search" --json '["a"]'
code request-json
ask 400 "$base/v1/search" --json '{"q":{"a":"b"}}'
code request-json
ask 400 "$base/v1/search?q=a" --json '{"q":"a"}'
code parameter-place
ask 415 "$base/v1/search" -d 'q=a'
code request-type
ask 415 -X POST "$base/v1/search" -H 'Content-Type:'
code request-type

# Posts and passages by the ids of results.
ask 200 "$base/v1/search?q=nginx+502&k=1"
id=$(jq -r '.hits[0].id' out)
jq -S '.hits[0] | del(.rank, .score, .stage1, .snippet, .highlights, .similar)' \
	out >expected
ask 200 "$base/v1/passages/$(escaped "$id")"
jq -S 'del(.version)' out >passage
cmp passage expected || fail 'not the passage that was found'
ask 200 "$base/v1/posts/$(escaped "$id")"
jq -e --arg id "$id" '.id == $id and .version == 1 and .text and
	(.answers | length) > 0' out >/dev/null || fail 'another post'
for id in $(jq -r '.answers[].id' out); do
	jq -r --arg id "$id" '.answers[] | select(.id == $id) | .text' out >text
	ask 200 "$base/v1/passages/$(escaped "$id")"
	jq -r '.text' out | cmp - text || fail 'another answer'
	ask 200 "$base/v1/posts/$(escaped "$id")"
done
ask 404 "$base/v1/posts/ops.example%2F999999"
code post-gone
ask 404 "$base/v1/passages/ops.example%2F16%23a-999999"
code post-gone
ask 400 "$base/v1/posts/nonsense"
code id-shape
ask 400 "$base/v1/posts/"
code id-shape
ask 400 "$base/v1/passages/a%2Fb%23x"
code id-part
ask 400 "$base/v1/posts/%2"
code request-target

# Sections of a page, whose ids have a part of another kind.
filling=$(printf 'word%s ' {1..800})
printf '{"id":"run/book?","title":"Runbook","text":"# Start\\n\\nPress the quux.\\n\\n%s\\n\\n# Stop\\n\\nPull the quux.\\n\\n%s"}\n' \
	"$filling" "$filling" >page.jsonl
run import jsonl page.jsonl --space 'team/hand'
exits 0
run index
exits 0
ask 200 "$base/v1/search?q=quux&passages=yes&space=team/hand"
[ "$(jq '.hits | length' out)" = 2 ] || fail 'not two sections'
jq -r '.hits[].id' out >ids
while read -r id; do
	ask 200 "$base/v1/passages/$(escaped "$id")"
	[ "$(jq -r .id out)" = "$id" ] || fail "another passage than '$id'"
	ask 200 "$base/v1/posts/$(escaped "$id")"
	[ "$(jq -r .post out)" = 'run/book?' ] || fail 'another post'
done <ids

# The examples are answered.
sh "$SOURCE/examples/serve.sh" "$base" >out || fail 'an example fails'
: >err
[ "$(wc -l <out)" -gt 50 ] || fail 'the examples say little'
grep -q '^{"version":1,"error"' out && fail 'an example is refused'

# Methods.
for path in v1/search v1/posts/a v1/passages/a healthz readyz metrics openapi.json; do
	ask 204 -X OPTIONS "$base/$path"
	heads '^Allow: GET, HEAD'
	ask 405 -X DELETE "$base/$path"
	code method
	heads '^Allow: GET, HEAD'
done
ask 405 "$base/healthz" --json '{}'
code method
ask 200 -I "$base/v1/search?q=disk+full"
heads '^Content-Length: [1-9]'
ask 404 "$base/"
code path-unknown
ask 404 "$base/v1/search/"
code path-unknown
ask 404 -X OPTIONS "$base/v2"
code path-unknown

# Whom it is for.
ask 421 -H 'Host: evil.example' "$base/healthz"
code host-unknown
ask 421 -H "Host: 127.0.0.1.evil.example:$port" "$base/v1/search?q=disk"
code host-unknown
for host in localhost "LOCALHOST:1" '[::1]:9' 127.0.0.2; do
	ask 200 -H "Host: $host" "$base/healthz"
done
grep -qi '^access-control' head && fail 'other sites are let in'

ask 200 "$base/metrics"
for line in 'opslore_requests_total{path="/v1/search",method="GET",status="200"} [1-9][0-9]*' \
	'opslore_requests_total{path="other",method="GET",status="404"} 2' \
	'opslore_requests_total{path="/healthz",method="DELETE",status="405"} 1' \
	'opslore_request_seconds_bucket{path="/v1/search",le="+Inf"} [1-9][0-9]*' \
	'opslore_requests_in_flight 1' 'opslore_connections 1' \
	'opslore_index_generation 2' 'opslore_index_passages 25[0-9]' \
	'opslore_index_segments [12]' 'opslore_index_behind_changes 0' \
	'opslore_index_reopened_total 1' 'opslore_ready 1'; do
	prints "^$line\$"
done
grep '^opslore_index_passages' out >public
stops

# Only what is public; names by --host; the log is silent unless asked.
run import jsonl page.jsonl --space secret --access staff
exits 0
run index
exits 0
"$opslore" --db kb.db --json search --filter space=secret quux >out
[ "$(jq '.hits | length' out)" = 1 ] || fail 'the secret is nowhere'
serve --host kb.example -v
ask 200 -H 'Host: KB.example:80' "$base/v1/search?q=quux&space=secret"
[ "$(jq '.hits | length' out)" = 0 ] || fail 'a secret was found'
ask 404 "$base/v1/posts/secret%2Frun%252Fbook%253F"
code post-gone
ask 200 "$base/metrics"
grep '^opslore_index_passages' out | cmp - public ||
	fail 'the secret is counted'
stops INT
says '^debug: GET /v1/search 200, '
grep -q quux err && fail 'the log has a query'
serve
ask 200 "$base/v1/search?q=quux"
stops
[ "$(wc -l <err)" = 1 ] || fail 'it says more than where it listens'
silent
