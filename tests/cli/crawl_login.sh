# A site that is logged in to by its form: once, again when the session is
# over, and never with the password anywhere but in that form.
. "$(dirname "$0")/expect"

# members [PAGES [VIEWS]]: starts the site; $site is its address.
members() {
	members_stop
	: >hits.log
	rm -f port
	mkfifo port
	python3 "$SOURCE/tests/server/members.py" "$work/hits.log" "$@" >port &
	members_pid=$!
	read -r members_port <port
	site=http://127.0.0.1:$members_port
}

members_stop() {
	[ -z "${members_pid:-}" ] || kill "$members_pid"
	wait "${members_pid:-}" 2>/dev/null
	members_pid=
}
trap 'members_stop; rm -rf "$work"' EXIT

conf() {
	{
		printf '[source it]\nkind = site\nurl = %s/\nallow-private = yes\n' "$site"
		printf 'rate = 1000/s\nsitemap = none\nuser = ops\npassword-file = %s/word\n' "$work"
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} >opslore.conf
}
(umask 077 && echo 'p&ss wörd' >word)

did() {
	local have
	have=$(grep -c "^$1" hits.log)
	[ "$have" = "$2" ] || fail "'$1' $have times, not $2: $(cat hits.log)"
}

# Once in, all is read; what is closed to members too is said, and costs one
# more login; nobody logs out.
members
conf "login-url = $site/login"
run crawl it --events events
exits 3
lists 'asks for a password'
holds 'select count(*) from Posts' 20
holds "select count(*) from Posts where PostContent like '%spare disks%'" 20
did in 1
did out 0
did refused 0
grep -q -a -e 'wörd' -e 'w%C3%B6rd' out err events kb.db* &&
	fail 'the password is somewhere'

# A session that ends in the middle is begun again, and each page read once.
rm kb.db*
members 20 7
conf "login-url = $site/login"
run crawl it
exits 3
holds 'select count(*) from Posts' 20
did in 4
did out 0

# Fields by name; a wrong password; one that would go elsewhere, or into an
# address; no form at all.
rm kb.db*
members
conf "login-url = $site/login" 'login-user = who' 'login-password = word'
run crawl it
holds 'select count(*) from Posts' 20
conf "login-url = $site/login" 'login-user = nobody'
run crawl it --now
exits 1
says 'login-user and login-password name its fields'
(umask 077 && echo wrong >word)
conf "login-url = $site/login"
run crawl it --now
exits 1
says 'asks for them again'
did refused 1
conf "login-url = $site/elsewhere"
run crawl it --now
exits 1
says 'to another place: http://localhost:1/login'
conf "login-url = $site/get"
run crawl it --now
exits 1
says 'within an address'
sed -i '/^user/d' opslore.conf
run crawl it --now
exits 1
says 'wants user'
holds 'select count(*) from Posts' 20
