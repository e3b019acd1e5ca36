# Two real wikis that are closed to strangers, read as plain sites: logged in
# to by the forms of their own login pages.
. "$(dirname "$0")/../cli/expect"
. "$SOURCE/tests/server/mediawiki.sh"
. "$SOURCE/tests/server/dokuwiki.sh"
. "$SOURCE/tests/server/wiki_texts.sh"
trap 'mediawiki_stop; dokuwiki_stop; rm -rf "$work"' EXIT

# conf URL LOGIN-URL USER [LINE...]; the password is in the file `word`.
conf() {
	{
		printf '[source it]\nkind = site\nurl = %s\nallow-private = yes\n' "$1"
		printf 'rate = 1000/s\nsitemap = none\nrobots = ignore\nbelow = no\n'
		printf 'login-url = %s\nuser = %s\npassword-file = %s/word\n' "$2" "$3" "$work"
		shift 3
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >opslore.conf
}

# password WORD
password() {
	rm -f word
	(umask 077 && printf '%s\n' "$1" >word)
}

mediawiki_texts
mediawiki_start "$work/wiki" || fail "MediaWiki does not start: $(tail -n 3 wiki/*.log)"
mediawiki_import texts/[!T]* texts/Tables*
printf '[[Disk full]] and [[日志轮转]]\n' | mediawiki_page 'Main Page'
mediawiki_set "\$wgGroupPermissions['*']['read'] = false;"

# A stranger sees the form alone; who logs in reads what is linked.
password 'a long password'
conf "$mediawiki/index.php/Main_Page" "$mediawiki/index.php?title=Special:UserLogin" Admin \
	'depth = 1' 'exclude = Special: User: Talk: Help: title= Project:'
sed -i '/^login-url\|^user/d' opslore.conf
run crawl it
holds 'select count(*) from Posts' 0
rm -f kb.db*
conf "$mediawiki/index.php/Main_Page" "$mediawiki/index.php?title=Special:UserLogin" Admin \
	'depth = 1' 'exclude = Special: User: Talk: Help: title= Project:'
run crawl it
exits 0
holds "select count(*) from Posts where Title = 'Disk full' and PostContent like '%du -xsh%'" 1
holds "select count(*) from Posts where Title = '日志轮转'" 1
holds "select count(*) from Posts where PostContent like '%Log in%'" 0
password 'another long one'
run crawl it --now
exits 1
says 'asks for them again'
grep -q -a -r 'long password' out err kb.db* && fail 'the password is somewhere'
rm -f kb.db*

dokuwiki_start "$work/doku" || fail "DokuWiki does not start: $(tail -n 3 doku/*.log)"
printf '====== Start ======\n[[ops:disk]] and [[ops:closed]]\n' | dokuwiki_page start
printf '====== Disk ======\nLook at the log folder first, then at the old kernels in the boot partition.\n' |
	dokuwiki_page ops:disk
printf '====== Closed ======\nFor admins alone.\n' | dokuwiki_page ops:closed
dokuwiki_access '* @ALL 0'
dokuwiki_access '* @user 1'
dokuwiki_access 'ops:closed @user 0'
password redaer
conf "$dokuwiki/doku.php?id=start" "$dokuwiki/doku.php?id=start&do=login" reader 'depth = 1'
run crawl it
holds "select count(*) from Posts where Title = 'Disk'" 1
holds "select count(*) > 0 from Posts where Title = 'Start'" 1
holds "select count(*) from Posts where PostContent like '%admins alone%'" 0
