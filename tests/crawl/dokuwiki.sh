# A real DokuWiki: read whole, then only what changed; by its remote API and by
# its pages with one result; namespaces that not everybody may read.
. "$(dirname "$0")/../cli/expect"
. "$SOURCE/tests/server/dokuwiki.sh"
. "$SOURCE/tests/server/wiki_texts.sh"
trap 'dokuwiki_stop; rm -rf "$work"' EXIT

dokuwiki_texts
dokuwiki_start "$work/wiki" || fail "DokuWiki does not start: $(tail -n 3 wiki/*.log)"
dokuwiki_import texts/*
dokuwiki_access 'secret:* @ALL 0'
dokuwiki_access 'secret:* @user 1'

conf() {
	{
		printf '[crawl]\ncontact = https://ops.example/crawler\n'
		printf '[source ops]\nkind = dokuwiki\nurl = %s\n' "$dokuwiki/$1"
		printf 'allow-private = yes\nrate = 1000/s\nevery = 0s\napart = 0s\n'
		shift
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >opslore.conf
}

# crawled [ARGUMENT...]: a run that must go well; `hits` counts what it asked.
crawled() {
	: >wiki/server.log
	run crawl ops "$@"
	exits 0
}

# hits TEXT NUMBER: so many requests of the last run have it in their line.
hits() {
	local have
	have=$(grep -a -c -F -e "$1" wiki/server.log)
	[ "$have" = "$2" ] || fail "$have requests with '$1', not $2"
}

# of ID COLUMN: what the store holds.
of() {
	sqlite3 kb.db "select $2 from Posts where NativeID = '$1'"
}

# JSON-RPC is not there, XML-RPC is. 59 pages of 60: one is for few eyes.
conf 'doku.php?id=start'
crawled
holds 'select count(*) from Posts' 59
hits jsonrpc.php 1
hits xmlrpc.php 61
holds "select count(*) from Posts where Space = '${dokuwiki#http://}' and Kind = 'page'" 59
[ "$(of ops:disk_full Title)" = 'Disk is full' ] || fail 'a title is wrong'
[ "$(of ops:disk_full PostLink)" = "$dokuwiki/doku.php?id=ops:disk_full" ] || fail 'a link is wrong'
[ "$(of ops:logs Title)" = 'logs' ] || fail 'a page without a heading has no title'
of ops:disk_full PostContent >text
grep -q '^```bash$' text || fail 'code lost its language'
grep -q '^| `/var` | 80 % |$' text || fail 'a table did not come whole'
grep -q '^    - three$' text || fail 'a list did not come whole'
of 'zh:日志' PostContent | grep -q '^1. 运行' || fail 'Chinese did not come whole'
of 'ko:로그' PostContent | grep -q '^| 월 | 압축 |$' || fail 'Korean did not come whole'

# Nothing changed: one call for the time, one for changes.
crawled
hits xmlrpc.php 2
prints '0 added, 0 updated, 0 vanished'

# The same by its pages: the store of another run, row for row. A page that
# was edited in these five days asks robots not to keep it, so it is our own
# wiki for that.
mv kb.db api.db
conf doku.php 'way = html'
crawled
holds 'select count(*) from Posts' 0
rm kb.db*
conf doku.php 'way = html' 'robots = ignore'
crawled
hits rpc.php 0
columns='NativeID, Title, PostLink, PostContent, ContentHash, Tags'
sqlite3 api.db "select $columns from Posts order by NativeID" >api
sqlite3 kb.db "select $columns from Posts order by NativeID" >html
cmp api html || { diff api html | head; fail 'the API and the pages say different things'; }

# A page that is gone, and one that is closed, come with status 200: the first
# is missed twice, the second is kept.
printf '' | dokuwiki_page ops:old_server
dokuwiki_access 'ko:* @ALL 0'
run crawl ops --now
run crawl ops --now
holds "select count(*) from Posts where NativeID = 'ops:old_server'" 0
holds "select count(*) from Posts where NativeID = 'ko:로그'" 1
dokuwiki_access 'ko:* @ALL 1'
printf '====== Old server ======\nThis one will go.\n' | dokuwiki_page ops:old_server

# An edit, a new page, a rename, a delete, one that came back.
rm kb.db*
mv api.db kb.db
conf doku.php
printf '====== The logs ======\nRotate them nightly.\n' | dokuwiki_page ops:logs
printf '====== New ======\nFresh.\n' | dokuwiki_page ops:new
printf '' | dokuwiki_page ops:runbook:7
cat 'texts/ops=runbook=7.txt' | dokuwiki_page ops:runbook:seven
printf '' | dokuwiki_page ops:old_server
crawled
[ "$(of ops:logs "Title || ': ' || PostContent || AuthorName")" = 'The logs: Rotate them nightly.admin' ] || fail 'an edit was not seen'
[ "$(of ops:new PostContent)" = 'Fresh.' ] || fail 'a new page was not seen'
[ "$(of ops:runbook:seven Title)" = 'Runbook 7' ] || fail 'a renamed page is not there'
holds "select count(*) from Posts where NativeID in ('ops:runbook:7', 'ops:old_server')" 0
hits xmlrpc.php 5
printf '====== Old server ======\nIt is back.\n' | dokuwiki_page ops:old_server
crawled
[ "$(of ops:old_server PostContent)" = 'It is back.' ] || fail 'a page that came back is not there'

# What no list of changes tells is found by listing all: missed twice, gone.
rm wiki/data/pages/ops/runbook/9.txt
conf doku.php 'relist = 0s'
crawled
holds "select count(*) from Posts where NativeID = 'ops:runbook:9'" 1
crawled
holds "select count(*) from Posts where NativeID = 'ops:runbook:9'" 0

# Namespaces; then a user who may read more.
rm kb.db*
conf doku.php 'namespaces = zh ops:runbook'
crawled
holds 'select count(*) from Posts' 53
rm kb.db*
printf 'redaer\n' >secret
chmod 600 secret
conf doku.php 'user = reader' 'password-file = secret'
crawled
[ "$(of secret:key PostContent)" = 'For few eyes.' ] || fail 'a page for few eyes was not read'

# Closed to strangers altogether; the API switched off: the pages are read.
rm kb.db*
sed -i 's/@ALL 1$/@ALL 0/' wiki/conf/acl.auth.php
conf doku.php
run crawl ops
lists 'the wiki lists no pages for us'
holds 'select count(*) from Posts' 0
dokuwiki_set remote 0
conf doku.php 'way = xmlrpc'
run crawl ops
lists 'remote API is switched off'
