# A Stack Exchange site by its pages ends as it does by its API; and where its
# robots.txt says no, the answer says what to do instead.
. "$(dirname "$0")/expect"

python3 "$SOURCE/tests/server/stack_api.py" --questions 120 --rate 300 \
	--ready port &
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
while [ ! -s port ]; do sleep 0.05; done
site=http://127.0.0.1:$(cat port)
cat >ops.conf <<END
[source api]
kind = stackexchange
site = ops.example
api = $site/2.3
allow-private = yes
rate = 250/s

[source pages]
kind = stackexchange
way = html
site = ops.example
url = $site
allow-private = yes
rate = 250/s
concurrency = 4
apart = 0s
every = 0s
END

# What both ways tell of, as text.
content() {
	sqlite3 -readonly "$1" "SELECT p.NativeID, PostLink, Title, PostContent,
		PostTime, p.ModifyTime, ViewCount, p.VoteCount, Tags,
		AcceptedAnswer, p.Licence, p.Revision, p.AuthorName, w.NativeID
		FROM Posts p LEFT JOIN Authors w USING (AuthorID) ORDER BY 1;
		SELECT a.NativeID, AnswerLink, AnswerContent, AnswerTime,
		a.VoteCount, a.Licence, a.Revision, a.AuthorName, w.NativeID,
		p.NativeID FROM Answers a JOIN Posts p USING (PostID)
		LEFT JOIN Authors w ON w.AuthorID = a.AuthorID ORDER BY 1;
		SELECT NativeID, Content, VoteCount, CommentTime, Licence
		FROM Comments ORDER BY 1;
		SELECT NativeID, Name, Link FROM Authors ORDER BY 1"
}

run --config ops.conf crawl api
exits 0
holds 'SELECT count(*) FROM Posts' 120
mv kb.db api.db
rm -f kb.db-*

run --config ops.conf crawl pages
exits 0
content api.db >api.txt
content kb.db >pages.txt
[ -s api.txt ] || fail 'nothing to compare'
diff api.txt pages.txt >difference ||
	fail "the pages tell another story: $(head -n 6 difference)"

# Two misses of a page, and it is gone.
curl -s "$site/change?delete=899" >/dev/null
run --config ops.conf crawl pages --now
run --config ops.conf crawl pages --now
holds "SELECT count(*) FROM Posts WHERE NativeID = '899'" 0

curl -s "$site/change?robots=closed" >/dev/null
rm -f kb.db kb.db-*
run --config ops.conf crawl pages
lists 'data dump'
holds 'SELECT count(*) FROM Posts' 0
