# What nobody can mean: exit 2, a word about it, nothing done.
. "$SOURCE/tests/cli/expect"

wrong() {
	local say=$1
	shift
	run "$@"
	exits 2
	says "$say"
	silent
	absent kb.db
}

wrong "there is no command 'frobnicate'" frobnicate
wrong "no option '--colour'" search --colour red disk
wrong "no option '--frob'" import --frob stackexchange dump
wrong "no option '-x'" index -x
wrong "wants a value" import stackexchange dump --site
wrong "takes no value" index --rebuild=yes
wrong "import wants a kind and a path" import
wrong "import wants a kind and a path" import stackexchange
wrong "import wants a kind and a path" import stackexchange one two
wrong "knows 'stackexchange', 'jsonl' and 'warc'" import csv file
wrong "space" import jsonl file
wrong "threads is for stackexchange" import jsonl file --space a --threads 2
wrong "space is for jsonl and warc" import stackexchange dump --space here
wrong "number from" search -k 0 disk
wrong "number from" search -k ten disk
wrong "number from" search -k 99999999999999999999 disk
wrong "number from" search -k '' disk
wrong "filter" search --filter colour=red disk
wrong "filter" search --filter tag disk
wrong "filter" search --filter score=a..b disk
wrong "filter" search --filter date=2020-13..  disk
wrong "format" search --format pdf disk
wrong "." search
wrong "no format 'pdf'" export pdf --out set
wrong "name one format" export
wrong "--out" export chat
wrong "." stats
wrong "." stats colours
wrong "." backup
wrong "." backup one two
wrong "." forget
wrong "." eval

"$opslore" >out 2>err </dev/null
got=$? last=opslore
exits 2
says usage

run help
exits 0
prints 'import'
run help frobnicate
exits 2
for command in init status doctor backup forget import analyze index search \
	eval export stats; do
	run help $command
	exits 0
	[ -s out ] || fail "no help for $command"
	run $command --help
	exits 0
	[ -s out ] || fail "no help for $command"
done
absent kb.db
