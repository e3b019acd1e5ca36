# Three tinyproxies and a microsocks in front of one site: one dies, one turns
# to 403, one turns slow. No page is lost, traffic moves within five requests,
# and the proxies' own logs show that no cap was passed.
. "$SOURCE/tests/cli/expect"
. "$SOURCE/tests/bench/crawl/web"
tools=''
for tool in nginx tinyproxy microsocks sqlite3 python3 curl; do
	PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null || tools="$tools $tool"
done
[ -z "$tools" ] || { echo "not installed:$tools"; exit 1; }

started='' last='the start'
trap 'kill $started 2>/dev/null; web_stop; rm -rf "$work"' EXIT
pages=300
site=$work/site
LOG=yes
port=$(free_port)
python3 "$SOURCE/tests/bench/crawl/site.py" "$site" $pages >/dev/null
web_start || fail 'nginx does not start'

# proxy NAME [LINE...]: a tinyproxy; its port is in the variable NAME.
proxy() {
	local name=$1 at
	shift
	at=$(free_port)
	printf -v "$name" %s "$at"
	printf '%s\n' "Port $at" 'Listen 127.0.0.1' 'Timeout 60' \
		"LogFile \"$work/$name.log\"" 'LogLevel Connect' \
		"PidFile \"$work/$name.pid\"" "ViaProxyName \"$name\"" \
		'MaxClients 50' "$@" >"$name.conf"
	tinyproxy -d -c "$name.conf" >/dev/null 2>&1 &
	started="$started $!"
	printf -v "${name}_pid" %s "$!"
	disown
}

reached() {
	local i
	for i in $(seq 100); do
		(: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
		read -r -t 0.05 <> <(:)
	done
	fail "nothing listens on $1"
}

proxy dying 'BasicAuth crawl s3cret-one'
proxy turning
proxy behind
slow=$(free_port)
python3 "$SOURCE/tests/crawl/relay.py" "$slow" "$behind" "$work/slow" 2 \
	>relay.log 2>&1 &
started="$started $!"
disown
socks=$(free_port)
microsocks -i 127.0.0.1 -p "$socks" -u crawl -P s3cret-two >/dev/null 2>&1 &
started="$started $!"
disown
for at in $dying $turning $behind $slow $socks; do reached "$at"; done

cat >proxies.txt <<END
http://crawl:s3cret-one@127.0.0.1:$dying
http://127.0.0.1:$turning
http://127.0.0.1:$slow
socks5h://crawl:\${SOCKS_PASSWORD}@127.0.0.1:$socks
END
cat >opslore.conf <<END
[source wiki]
kind = site
url = http://127.0.0.1:$port/
rate = 30/s
concurrency = 8
allow-private = yes
allow-private-proxy = yes
proxies = $work/proxies.txt
proxy-rate = 10/s
proxy-concurrency = 2
proxy-slow = 1s
END

# The file holds a password, and others may read it.
chmod 644 proxies.txt
export SOCKS_PASSWORD=s3cret-two
run --config opslore.conf crawl wiki
exits 1
says 'others may read it'
chmod 600 proxies.txt

# None of them is of use: it says so, and what is wrong with them.
echo "http://127.0.0.1:$(free_port)" >none.txt
sed -e "s|^proxies = .*|proxies = $work/none.txt|" -e '$a stall = 1s' \
	opslore.conf >none.conf
run --config none.conf crawl wiki
exits 1
says 'no proxy is of use, of 1: 127.0.0.1:[0-9]*: no connection'
sed -i '/allow-private-proxy/d' none.conf
run --config none.conf crawl wiki
exits 1
says 'private address; allow-private-proxy = yes'
rm kb.db*

# When so many answers have come, the world changes.
now() {
	date -u '+%Y-%m-%d %H:%M:%S.%3N'
}

answers() {
	: >>events
	until [ "$(grep -c '"event":"fetch"' events)" -ge "$1" ]; do
		kill -0 "$crawl" 2>/dev/null || fail 'the crawl has ended early'
		read -r -t 0.02 <> <(:)
	done
}

last='crawl wiki'
"$opslore" --db kb.db --config opslore.conf crawl wiki --events events \
	>out 2>err </dev/null &
crawl=$!
answers 40
forbidden_at=$(now)
echo 'Deny 127.0.0.1' >>turning.conf
kill -USR1 "$turning_pid"
answers 80
dead_at=$(now)
kill -9 "$dying_pid"
answers 120
slow_at=$(now)
: >slow
wait "$crawl"
got=$?
exits 0

holds 'SELECT count(*) FROM Posts' $pages
holds 'SELECT count(DISTINCT PostLink) FROM Posts' $pages
holds 'SELECT count(*) FROM Frontier WHERE Tries > 0' 0

# spent AT SINCE WORD: the replies that came through the proxy on port AT, from
# SINCE on; it must be noticed, and no more than five may pay for it.
spent() {
	local n
	n=$(grep "\"proxy\":\"127.0.0.1:$1\"" events |
		awk -v since="$2" '{ t = substr($0, 10, 23); if (t >= since) n++ }
			END { print n + 0 }')
	[ "$n" -le 5 ] || fail "$n requests went to the $3 proxy afterwards"
	[ "$n" -ge 1 ] || fail "the $3 proxy was not asked again at all"
	echo "the $3 proxy: $n requests afterwards"
}
spent "$dying" "$dead_at" dead
spent "$turning" "$forbidden_at" forbidden
spent "$slow" "$slow_at" slow
for at in "$dying" "$turning" "$slow" "$socks"; do
	grep -q "\"proxy\":\"127.0.0.1:$at\"" events || fail "$at carried nothing"
done
run --config opslore.conf sources
exits 0
prints "127.0.0.1:$dying.*dead"
prints "127.0.0.1:$turning.*403"
prints "127.0.0.1:$slow.*slow"

# Ten a second through each, as its own log has it. Two seconds hold twenty, and
# two fifths of a second are for those that a busy machine wrote down late.
for name in dying turning behind; do
	sed -n 's/^CONNECT *[A-Z][a-z]* *[0-9]* \([0-9:.]*\).*: Request .*/\1/p' \
		"$name.log" >"$name.times"
	[ -s "$name.times" ] || fail "no requests in $name.log"
	awk -F '[:.]' '{ t[NR] = $1 * 3600 + $2 * 60 + $3 + $4 / 1000 }
		END { for (i = 1; i + 24 <= NR; i++) if (t[i + 24] - t[i] >= 0 &&
			t[i + 24] - t[i] < 2) { print t[i]; exit 1 } }' \
		"$name.times" || fail "more than ten a second through $name"
done

# Two at once through the slow one, as its log has it.
grep -q Traceback relay.log && fail "$(cat relay.log)"
awk '{ b[NR] = $1; e[NR] = $2 }
	END { for (i = 1; i <= NR; i++) { n = 0
		for (j = 1; j <= NR; j++) n += b[j] <= b[i] && b[i] < e[j]
		if (n > 2) exit 1 } }' relay.log || fail 'more than two at once'

# The source's rate, over all of them: thirty a second, by nginx's log.
awk '$4 != "/robots.txt" { t[++n] = $1 }
	END { for (i = 1; i + 72 <= n; i++) if (t[i + 72] - t[i] < 2) exit 1 }' \
	access.log || fail 'more than thirty a second from all'

# Each page was fetched once, but for those lost on the way.
more=$(($(grep -c ' 200 ' access.log) - pages))
[ "$more" -le 10 ] || fail "$more pages were fetched twice"

# What is secret is nowhere.
for file in kb.db events out err; do
	grep -q -a -e s3cret -e "$(printf 'crawl:s3cret-one' | base64)" "$file" &&
		fail "a password is in $file"
done
[ -z "${KEEP:-}" ] || cp events access.log relay.log *.times out "$KEEP"
exit 0
