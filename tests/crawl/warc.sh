# A real MediaWiki crawled into WARC files, by its API and by its pages, closed
# and open, killed on the way; each archive replayed with the wiki gone gives
# the same store. What wget archived of it gives the same pages.
. "$(dirname "$0")/../cli/expect"
. "$(dirname "$0")/../cli/contents"
. "$SOURCE/tests/server/mediawiki.sh"
. "$SOURCE/tests/server/wiki_texts.sh"
trap 'mediawiki_stop; rm -rf "$work"' EXIT

mediawiki_texts
mediawiki_start "$work/wiki" || fail "MediaWiki does not start: $(tail -n 3 wiki/*.log)"
mediawiki_import texts/Template* texts/[!T]* texts/Tables*

conf() {
	{
		printf '[crawl]\ncontact = https://ops.example/crawler\n'
		printf '[source ops]\nkind = mediawiki\nurl = %s\n' "$mediawiki/$1"
		printf 'allow-private = yes\nrate = 1000/s\nevery = 0s\napart = 0s\n'
		shift
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >opslore.conf
}

crawled() {
	run crawl ops "$@"
	exits 0
}

# keep NAME: the store and the archive of the crawl that was.
keep() {
	contents kb.db >"$1.live"
	rm -f kb.db*
	mv archive "$1"
}

# By the API: whole, then what changed, moved and went.
conf index.php/Main_Page
crawled --warc archive
holds 'select count(*) from Posts' 60
printf 'Look at host-1, then call.\n' | mediawiki_page 'Runbook 1'
printf 'Quite new.\n' | mediawiki_page 'Runbook 51'
mediawiki_move 'Log rotation' 'Rotating logs'
mediawiki_delete 'Old server'
crawled --warc archive
holds 'select count(*) from Posts' 60
keep api

# By its pages.
conf index.php/Main_Page 'way = html' 'robots = ignore'
crawled --warc archive
holds 'select count(*) from Posts' 60
keep html

# As any web site.
conf index.php/Special:AllPages 'robots = ignore' \
	'include = /index.php/(Special:AllPages|[^:?]*)$'
sed -i 's/^kind = .*/kind = site/' opslore.conf
crawled --warc archive
[ "$(sqlite3 kb.db 'select count(*) from Posts')" -gt 50 ] || fail 'the site was not read'
keep site

# Killed again and again, at some request or other.
conf index.php/Main_Page
for most in 7 10 13 16; do
	: >wiki/server.log
	"$opslore" --db kb.db crawl ops --warc archive >/dev/null 2>&1 &
	pid=$!
	while kill -0 $pid && [ "$(grep -c ' \[200\]' wiki/server.log)" -lt $most ]; do
		:
	done
	kill -9 $pid
	wait $pid 2>/dev/null
done
crawled --warc archive
prints 'went on with a run'
holds 'select count(*) from Posts' 60
[ "$(find archive -name '*.gz' | wc -l)" = 5 ] || fail 'a run left no file'
keep killed

# Closed to strangers, open to a bot, whose password stays out.
mediawiki_bot crawler 0123456789abcdef0123456789abcdef
mediawiki_set '$wgGroupPermissions["*"]["read"] = false;'
printf '0123456789abcdef0123456789abcdef\n' >secret
chmod 600 secret
conf index.php/Main_Page 'user = Admin@crawler' 'password-file = secret'
crawled --warc archive
holds 'select count(*) from Posts' 60
keep closed
for file in closed/*.gz; do
	gzip -dc "$file"
done | grep -a -i -e 0123456789abcdef -e lgpassword -e lgtoken -e '^cookie' -e '^set-cookie' &&
	fail 'a secret is in the archive'
mediawiki_set '$wgGroupPermissions["*"]["read"] = true;'

# wget: recursively, within the pages of articles.
wget -q -r -l inf --no-parent -e robots=off --warc-file=wget --no-warc-keep-log \
	--accept-regex "^$mediawiki/index.php/[^:?]*\$" -nd -P fetched \
	"$mediawiki/index.php/Special:AllPages" || [ $? = 8 ] || fail 'wget failed'
mediawiki_stop

# Replayed, with no configuration and nobody who would answer.
rm opslore.conf
for kind in api html site killed closed; do
	run import warc $kind
	exits 0
	contents kb.db >replayed
	cmp $kind.live replayed || {
		diff $kind.live replayed | head
		fail "the replay of '$kind' is another store"
	}
	rm -f kb.db*
done

# A replay that is killed goes on, and ends as if it had not been.
for most in 5 20 40; do
	"$opslore" --db kb.db import warc api >/dev/null 2>&1 &
	pid=$!
	while kill -0 $pid 2>/dev/null &&
		[ "$(sqlite3 -readonly kb.db 'select count(*) from Posts' 2>/dev/null || echo 0)" -lt $most ]; do
		:
	done
	kill -9 $pid
	wait $pid 2>/dev/null
done
run import warc api
exits 0
contents kb.db | sed '/^Gone/,$d' >replayed
sed '/^Gone/,$d' api.live | cmp - replayed || fail 'a killed replay gives another store'
rm -f kb.db*

# The pages that both hold, as the site crawl and as wget's archive have them.
pages="select PostLink, Title, PostContent, ContentHash, Language from Posts order by 1"
run import warc site
sqlite3 kb.db "$pages" >ours
mv kb.db ours.db
run import warc wget.warc.gz --url "$mediawiki/index.php/Main_Page"
exits 0
sqlite3 ours.db "attach 'kb.db' as w; select count(*), sum(a.PostContent = b.PostContent
	and a.Title = b.Title and a.Language = b.Language and a.NativeID = b.NativeID)
	from Posts a join w.Posts b using (PostLink)" >both
IFS='|' read -r both same <both
echo "pages that both archives hold: $both, the same: $same"
[ "$both" -gt 50 ] && [ "$both" = "$same" ] || fail "of $both pages that both hold $same are the same"
