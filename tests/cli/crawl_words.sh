# What a newcomer reads when something is not as it should be.
. "$(dirname "$0")/expect"
. "$(dirname "$0")/website"

page www/index.html Start 'Hello.' /a.html
page www/a.html 'A' 'A page.'
website www 'location = /robots.txt { if ($http_user_agent ~ opslore) { return 418 "User-agent: *\nDisallow: /\n"; } }' \
	'location /login/ { return 401; }'

# No source, a wrong one, a wrong kind, a wrong key, no operand.
run crawl it
exits 2
says "no \[source it\]"
run crawl
exits 2
says 'names of sources, or --all'
printf '[source it]\nkind = blog\nurl = %s\n' "$site" >opslore.conf
run crawl it
exits 2
says "kind is 'blog'"
source_conf ratee=5/s
run crawl it
exits 2
says 'ratee'
source_conf user=me
run crawl it
exits 2
says 'password-file'
[ ! -e kb.db ] || fail 'a wrong configuration made a store'

# Private addresses are not gone to unasked.
source_conf
sed -i '/allow-private/d' opslore.conf
run crawl it
exits 1
says 'private'
says 'allow-private'
[ ! -s hits.log ] || fail 'it connected all the same'

# robots.txt with a status that means "no rules", and rules in it.
source_conf
run crawl it
exits 1
says 'robots.txt'
says 'Disallow: /'
grep -q 'GET / ' hits.log && fail 'it read a page that it may not'

# Nobody there.
port=$(free_port)
printf '[source nobody]\nkind = site\nurl = http://127.0.0.1:%s/\nallow-private = yes\n' "$port" >opslore.conf
echo 'rate = 1000/s' >>opslore.conf
run crawl nobody
exits 1
says 'connect'

# A name that nobody knows.
printf '[source unknown]\nkind = site\nurl = http://no-such-host.invalid/\n' >opslore.conf
run crawl unknown
exits 1
says 'no-such-host.invalid'

# Login wanted.
printf '[source closed]\nkind = site\nurl = %s/login/\nallow-private = yes\nrobots = ignore\nsitemap = none\n' "$site" >opslore.conf
run crawl closed
exits 1
says '401'
says 'password-file'
