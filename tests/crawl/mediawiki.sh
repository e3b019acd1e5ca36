# A real MediaWiki: read whole, then only what changed; by its API and by its
# pages with one result; closed to strangers, and open to a bot.
. "$(dirname "$0")/../cli/expect"
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

# crawled [ARGUMENT...]: a run that must go well; `hits` counts what it asked.
crawled() {
	: >wiki/server.log
	run crawl ops "$@"
	exits 0
}

# hits TEXT NUMBER: so many requests of the last run have it in their line.
hits() {
	local have
	have=$(grep -c -F -e "$1" wiki/server.log)
	[ "$have" = "$2" ] || fail "$have requests with '$1', not $2"
}

# of TITLE COLUMN: what the store holds.
of() {
	sqlite3 kb.db "select $2 from Posts where Title = '$1'"
}

# The address of any page will do. 60 articles; redirects are none.
conf index.php/Main_Page
crawled
holds 'select count(*) from Posts' 60
hits action=parse 60
hits generator=allpages 1
holds "select count(*) from Posts where Space = '${mediawiki#http://}' and Kind = 'page'" 60
[ "$(of 'Disk full' Tags)" = '|Storage|On call|' ] || fail "tags are $(of 'Disk full' Tags)"
[ "$(of 'Disk full' PostLink)" = "$mediawiki/index.php/Disk_full" ] || fail 'a link is wrong'
of 'Disk full' PostContent >text
grep -q '^| `/var` | 80 % | a\\|b |$' text || fail 'a table did not come whole'
grep -q 'Careful:.* (since 2019)' text || fail 'templates within templates were not expanded'
grep -q '^du -xsh' text || fail 'code did not come'
grep -q 'edit' text && fail 'links to edit came with the text'
of '日志轮转' PostContent | grep -q '^1. 运行 `logrotate' || fail 'Chinese did not come whole'
of '로그 회전' PostContent | grep -q '^| 월 | 압축 |$' || fail 'Korean did not come whole'
[ "$(of 'Code & "quotes", 100%? A+B' NativeID)" ] || fail 'an odd title is not there'
lists 'added'

# The same by its pages: the store of another run, row for row. Robots are not
# to follow the list of all pages, so it is our own wiki for that.
mv kb.db api.db
conf index.php/Main_Page 'way = html'
crawled
holds 'select count(*) from Posts' 5
rm kb.db*
conf index.php/Main_Page 'way = html' 'robots = ignore'
crawled
hits api.php 0
columns='NativeID, Title, PostLink, PostContent, ContentHash, Tags, Language, Licence, Revision'
sqlite3 api.db "select $columns from Posts order by NativeID" >api
sqlite3 kb.db "select $columns from Posts order by NativeID" >html
cmp api html || { diff api html | head; fail 'the API and the pages say different things'; }
rm kb.db*
mv api.db kb.db
conf index.php/Main_Page

# Nothing changed: the API's address is known, no page is read again.
crawled
hits action=parse 0
hits generator=allpages 0
hits list=recentchanges 1
prints '0 added, 0 updated, 0 vanished'

# An edit, a new page, a move, a delete, a page that goes and comes back, a
# template that is used by another template, a page that becomes a redirect.
disk=$(of 'Disk full' NativeID)
logs=$(of 'Log rotation' NativeID)
printf 'Look at host-1, then call.\n' | mediawiki_page 'Runbook 1'
printf 'Quite new.\n' | mediawiki_page 'Runbook 51'
printf '#REDIRECT [[Runbook 1]]\n' | mediawiki_page 'Runbook 2'
mediawiki_move 'Log rotation' 'Rotating logs'
mediawiki_delete 'Old server' 'Lazarus'
mediawiki_restore 'Lazarus'
printf '<div class="box">!! {{{1}}}</div>' | mediawiki_page 'Template:Box'
crawled
[ "$(of 'Runbook 1' PostContent)" = 'Look at host-1, then call.' ] || fail 'an edit was not seen'
[ "$(of 'Runbook 51' PostContent)" = 'Quite new.' ] || fail 'a new page was not seen'
[ "$(of 'Rotating logs' NativeID)" = "$logs" ] || fail 'a moved page is another page now'
holds "select count(*) from Posts where Title in ('Log rotation', 'Old server', 'Runbook 2')" 0
[ "$(of 'Lazarus' PostContent)" = 'This one goes and comes back.' ] || fail 'a page that came back is gone'
of 'Disk full' PostContent | grep -q '!! Never delete' || fail 'what a template shows was not read again'
[ "$(of 'Disk full' NativeID)" = "$disk" ] || fail 'a page is another page now'
holds 'select count(*) from Posts' 59
hits generator=allpages 0

# Restored later: the same page is back.
mediawiki_delete 'Lazarus'
crawled
holds "select count(*) from Posts where Title = 'Lazarus'" 0
mediawiki_restore 'Lazarus'
crawled
[ "$(of 'Lazarus' PostContent)" = 'This one goes and comes back.' ] || fail 'a page that came back is not there'

# What no list of changes tells is found by listing all: missed twice, gone.
mediawiki_sql "delete from page where page_title = 'Runbook_3'"
conf index.php/Main_Page 'relist = 0h'
crawled
holds "select count(*) from Posts where Title = 'Runbook 3'" 1
crawled
holds "select count(*) from Posts where Title = 'Runbook 3'" 0
hits action=parse 0

# Other namespaces, by name; what is not wanted any more is not deleted at once.
printf 'How to write.\n' | mediawiki_page 'Help:Writing'
conf api.php 'namespaces = 0 Help'
crawled
[ "$(of 'Help:Writing' PostContent)" = 'How to write.' ] || fail 'a namespace was not read'
conf api.php 'namespaces = Nonsense'
run crawl ops
lists "the wiki has no namespace 'Nonsense'"

# Closed to strangers: a word that says what it takes.
rm kb.db*
mediawiki_bot crawler 0123456789abcdef0123456789abcdef
mediawiki_set '$wgGroupPermissions["*"]["read"] = false;'
conf index.php/Main_Page
run crawl ops
lists 'the wiki is private'
holds 'select count(*) from Posts' 0
conf index.php/Main_Page 'way = html' 'robots = ignore'
run crawl ops
lists 'the wiki is private'
holds 'select count(*) from Posts' 0
rm kb.db*
printf 'wrong\n' >secret
chmod 600 secret
conf index.php/Main_Page 'user = Admin@crawler' 'password-file = secret'
run crawl ops
exits 1
lists "the wiki refuses 'Admin@crawler'"
printf '0123456789abcdef0123456789abcdef\n' >secret
crawled
holds 'select count(*) from Posts' 58
grep -q 0123456789abcdef out err && fail 'a password was printed'

# An address where there is no wiki.
rm kb.db*
conf nothing/here.html
run crawl ops
exits 1
lists "no MediaWiki found at '$mediawiki/nothing/here.html' (status 404)"
