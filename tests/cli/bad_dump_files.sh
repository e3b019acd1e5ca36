# Files that are no data dump: exit 1, the file is named, no row goes in.
. "$SOURCE/tests/cli/expect"

# refused PATH SAY: what opslore thinks of it.
refused() {
	run import stackexchange "$1" --site ops.example
	exits 1
	says "$2"
	says "$1"
	[ ! -e kb.db ] || holds 'SELECT count(*) FROM Posts' 0
}

refused nowhere.xml 'No such file'

: >Posts.xml
refused Posts.xml 'empty'

mkdir folder
refused folder 'no Posts.xml'
echo hello >folder/README
refused folder 'no Posts.xml'

mkdir html json binary text bom wrong other
echo '<!DOCTYPE html><html><body><p>Please log in</p></body></html>' \
	>html/Posts.xml
refused html 'not a file of a data dump'
echo '{"items": [{"Id": 1}]}' >json/Posts.xml
refused json 'not a file of a data dump'
head -c 10000 /dev/urandom | tr '<' ' ' >binary/Posts.xml
refused binary 'not a file of a data dump'
echo 'just some words' >text/Posts.xml
refused text 'not a file of a data dump'
printf '\357\273\277' >bom/Posts.xml
refused bom '.'
echo '<?xml version="1.0"?><rss><channel><title>x</title></channel></rss>' \
	>wrong/Posts.xml
refused wrong 'not a file of a data dump'

# Ended too early: the rows before go in, and it is said.
posts "$(question 1)" "$(question 2)"
sed -i '/<\/posts>/d' dump/Posts.xml
run import stackexchange dump --site ops.example
exits 3
lists 'Posts.xml'
lists 'ends without'
holds 'SELECT count(*) FROM Posts' 2

# Without a site there is no name for what comes.
rm -f kb.db*
posts "$(question 1)"
run import stackexchange dump
exits 2
says 'give --site HOST'
run import stackexchange dump --site 'two words'
exits 2
[ ! -e kb.db ] || holds 'SELECT count(*) FROM Posts' 0
