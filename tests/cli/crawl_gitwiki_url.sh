# A repository that lives elsewhere: cloned beside the store, and fetched once
# in each run, over our own HTTP and behind its walls.
. "$(dirname "$0")/expect"

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_COMMITTER_NAME=Bot GIT_COMMITTER_EMAIL=bot@ops.example
export GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@ops.example

mkdir served
git init -q -b trunk --bare served/ops.git
git init -q --bare served/empty.git
git clone -q served/ops.git work 2>/dev/null
git -C work checkout -q -b trunk
# put FILE TEXT: a commit more.
put() {
	printf '%s\n' "$2" >"work/$1"
	git -C work add -A
	git -C work commit -q -m "$1"
	git -C work push -q --force origin HEAD:trunk
}
put disk.md 'NodeDiskFull'
for i in $(seq 30); do
	printf '# Page %s\n\nWhat to do about it.\n' "$i" >"work/$i.md"
done
put queue.md 'Purge nothing.'

python3 "$SOURCE/tests/server/git_http.py" "$work/served" "$work/hits.log" >port &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
until [ -s port ]; do :; done
place=http://127.0.0.1:$(cat port)

# conf URL LINE...
conf() {
	local line
	printf '[source it]\nkind = gitwiki\nspace = ops\nurl = %s\n' "$1" >opslore.conf
	shift
	for line; do
		echo "$line" >>opslore.conf
	done
}

hours=0
crawl() {
	hours=$((hours + 30))
	OPSLORE_NOW=$(date -u -d "+$hours hours" +%Y-%m-%dT%H:%M:%SZ)
	export OPSLORE_NOW
	: >hits.log
	run crawl it "$@"
}

# Walls: private addresses, what is no repository, closed to strangers, ssh.
conf "$place/open/ops.git"
crawl
exits 1
lists 'allow-private'
conf "$place/page/ops.git" 'allow-private = yes'
crawl
exits 1
lists 'does not speak git'
conf "$place/open/none.git" 'allow-private = yes'
crawl
exits 1
lists 'the server says 404'
conf "$place/closed/ops.git" 'allow-private = yes'
crawl
exits 1
lists 'set user and password-file'
conf git@ops.example:ops.git
crawl
exits 1
lists 'clone it yourself'
conf "$place/open/empty.git" 'allow-private = yes'
crawl
exits 1
lists 'no commits yet'

# In, by a redirect; the login stays at home.
conf "$place/moved/ops.git" 'allow-private = yes'
crawl
exits 0
holds 'select count(*) from Posts' 32
[ "$(grep -c ^GET hits.log)" = 2 ] || fail 'a redirect was not followed once'
grep -q '^POST /open/ops.git/git-upload-pack -' hits.log || fail 'nothing was fetched from where it led'
crawl
exits 0
grep -q ^POST hits.log && fail 'something was fetched that was there already'

# With a password; what is new comes, what is gone goes.
echo word >secret
chmod 600 secret
conf "$place/closed/ops.git" 'allow-private = yes' 'user = reader' 'password-file = secret'
rm work/disk.md work/30.md
put queue.md 'Purge with care.'
crawl
exits 0
prints '2 vanished'
holds "select PostContent from Posts where NativeID = 'queue.md'" 'Purge with care.'
grep -q '^GET .* login' hits.log || fail 'no login was sent'
grep -rq word kb.db kb.db.git && fail 'the password was kept'

# The branch is rewritten; the clone is thrown away: the store follows.
git -C work reset -q --hard HEAD~1
put late.md 'Late.'
crawl
exits 0
holds "select PostContent from Posts where NativeID = 'queue.md'" 'Purge nothing.'
holds 'select count(*) from Posts' 33
rm -rf kb.db.git
put late.md 'Later.'
crawl
exits 0
holds "select PostContent from Posts where NativeID = 'late.md'" 'Later.'

# Killed at any time, it goes on.
rm -rf kb.db.git
for i in 1 2 3 4 5 6; do
	hours=$((hours + 30))
	OPSLORE_NOW=$(date -u -d "+$hours hours" +%Y-%m-%dT%H:%M:%SZ) \
		timeout -s KILL "0.0$i" "$opslore" --db kb.db crawl it >/dev/null 2>&1
done
crawl
exits 0
holds 'select count(*) from Posts' 33

# Nobody answers: said, and nothing is gone.
kill $server
wait $server 2>/dev/null
conf "$place/open/ops.git" 'allow-private = yes' 'tries = 1'
crawl
exits 1
holds 'select count(*) from Posts' 33

# From this machine.
conf "file://$work/served/ops.git"
crawl
exits 0
holds 'select count(*) from Posts' 33
