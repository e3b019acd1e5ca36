# What web sites are like: old charsets, sitemaps and feeds, canonical and moved
# addresses, pages that do not want to be kept, logins, lies and traps.
. "$(dirname "$0")/expect"
. "$(dirname "$0")/website"

# text FILE CHARSET META TITLE TEXT: a page in an old charset.
text() {
	{
		echo "<html><head>$3<title>$4</title></head>"
		echo "<body><main><h1>$4</h1><p>$5</p></main></body></html>"
	} | iconv -f UTF-8 -t "$2" >"$1"
}

page www/index.html Start 'Where to begin.' /zh.html /big5.html /ja.html /ko.html \
	/ru.html /old /kept.html /unkept.html /unkept-head.html /leaf.html \
	'/kept.html?utm_source=mail&amp;sid=9' /soft.html /trap/ /calendar?day=1 \
	/closed/ /secret/a.html /picture.png
meta() {
	echo "<meta http-equiv=Content-Type content=\"text/html; charset=$1\">"
}
text www/zh.html GB18030 "$(meta gb2312)" '磁盘已满' '先找出是谁写满了磁盘：龘。'
text www/big5.html BIG5 '' '伺服器' '請先重新啟動伺服器。'
text www/ja.html SHIFT_JIS "$(meta shift_jis)" '証明書' '期限が切れました。更新してください。'
text www/ko.html EUC-KR '' '디스크' '디스크가 가득 찼습니다.'
text www/ru.html WINDOWS-1251 "$(meta windows-1251)" 'Сертификаты' 'Истекают по воскресеньям.'
page www/new.html 'New place' 'It has moved here.'
page www/kept.html Kept 'This one is kept, in one spelling.'
sed -i 's|<title>|<link rel=canonical href=/kept.html>&|' www/kept.html
page www/copy.html Kept 'This one is kept, in one spelling.'
sed -i 's|<title>|<link rel=canonical href=/kept.html>&|' www/copy.html
page www/unkept.html Unkept 'It does not want to be kept.' /behind.html
sed -i 's|<title>|<meta name=robots content=noindex>&|' www/unkept.html
page www/unkept-head.html Unkept 'Nor does this one.'
page www/leaf.html Leaf 'Its links are not to be followed.' /hidden.html
sed -i 's|<title>|<meta name=ROBOTS content="NoFollow">&|' www/leaf.html
page www/behind.html Behind 'Found by a page that is not kept.'
page www/hidden.html Hidden 'Nobody may find this.'
page www/soft.html 'Page not found' 'It says 200 all the same.'
page www/mapped.html Mapped 'Only the sitemap knows it.'
page www/fed.html Fed 'Only the feed knows it.' /copy.html
page www/secret/a.html Secret 'Not for crawlers.'
page www/closed/index.html Closed 'Behind a password.'
sed -i 's|<title>|<link rel=alternate type=application/atom+xml href=/feed.xml>&|' www/index.html
cat >www/feed.xml <<'EOF'
<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/fed.html"/><updated>2024-05-01T00:00:00Z</updated></entry></feed>
EOF

website www \
	'location = /big5.html { types { } default_type "text/html; charset=big5"; }' \
	'location = /ko.html { types { } default_type "text/html; charset=euc-kr"; }' \
	'location = /unkept-head.html { add_header X-Robots-Tag "otherbot: nofollow, noindex"; add_header X-Robots-Tag "noindex"; }' \
	'location = /old { return 301 /new.html; }' \
	'location /trap/ { default_type text/html; return 200 "<html><body><p>Deeper and deeper into it.<a href=loop/>on</a></body></html>"; }' \
	'location = /calendar { default_type text/html; return 200 "<html><body><p>Another day of it.<a href=/calendar?day=$request_id>next</a></body></html>"; }' \
	"location /closed/ { auth_basic closed; auth_basic_user_file $work/passwords; }" \
	'location /members/ { default_type text/html; if ($http_cookie !~ "pass=42") { return 200 "<html><body><h1>Log in</h1><form><input type=password name=p></form></body></html>"; } return 200 "<html><body><p>For members: the door code is on the fridge.</p></body></html>"; }'
echo 'ops:{PLAIN}letmein' >passwords
printf 'User-agent: *\nDisallow: /secret/\nSitemap: %s/map.xml.gz\n' "$site" >www/robots.txt
gzip -c >www/map.xml.gz <<EOF
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>$site/mapped.html</loc></url>
<url><loc>https://elsewhere.example/</loc></url></urlset>
EOF

source_conf sitemap=auto pattern-most=5
run crawl it --events events.jsonl
exits 3
host=${site#http://}

# has NAME CONTENT: that page is in the store, and says so.
has() {
	asks "select PostContent from Posts where NativeID = '$host/$1'" >text
	grep -q -e "$2" text || fail "'$1' does not say '$2' but '$(cat text)'"
}
lacks() {
	holds "select count(*) from Posts where NativeID like '$host/$1'" 0
}
has '' 'Where to begin'
has zh.html '先找出是谁写满了磁盘：龘。'
has big5.html '請先重新啟動伺服器。'
has ja.html '期限が切れました'
has ko.html '디스크가 가득 찼습니다.'
has ru.html 'Истекают по воскресеньям'
holds "select Title from Posts where NativeID = '$host/ru.html'" 'Сертификаты'
has mapped.html 'Only the sitemap'
has fed.html 'Only the feed'

# One page, whatever it is called.
has kept.html 'in one spelling'
lacks 'kept.html?%'
lacks copy.html
has new.html 'moved here'
lacks old

# What pages ask for.
lacks unkept.html
lacks unkept-head.html
has behind.html 'not kept'
has leaf.html 'not to be followed'
lacks hidden.html
grep -q 'hidden' hits.log && fail 'it followed a link of a nofollow page'
grep -q 'secret' hits.log && fail 'it went where robots.txt forbids'
grep -q 'picture' hits.log && fail 'it asked for a picture'

# Lies and traps.
lacks soft.html
lacks 'closed/'
[ "$(grep -c 'GET /trap/' hits.log)" -le 3 ] || fail 'it fell into a hole'
[ "$(grep -c 'GET /calendar' hits.log)" -le 8 ] || fail 'it fell into a calendar'
jq -es 'any(.[]; .event == "limit-pattern")' events.jsonl >/dev/null ||
	fail 'the event log does not tell of the calendar'

# With a password; with a cookie; and without.
rm kb.db
(umask 077 && echo letmein >password)
source_conf user=ops password-file="$work/password" depth=0
sed -i "s|^url = .*|url = $site/closed/|" opslore.conf
run crawl it
exits 0
has closed/ 'Behind a password'
rm kb.db
source_conf depth=0
sed -i "s|^url = .*|url = $site/members/|" opslore.conf
run crawl it
exits 1
lists 'it asks for a password'
lacks '%'
rm kb.db
printf '# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tpass\t42\n' >jar
chmod 600 jar
source_conf depth=0 cookies="$work/jar"
sed -i "s|^url = .*|url = $site/members/|" opslore.conf
run crawl it
exits 0
has members/ 'on the fridge'
