# analyze: a line for each position; a line for each line of standard input;
# objects with --json; the line of the configuration, of --line, and --plain.
. "$SOURCE/tests/cli/expect"

# given INPUT ARGUMENTS...: what analyze says to that standard input.
given() {
	last="printf '$1' | opslore ${*:2}"
	printf "$1" | "$opslore" "${@:2}" >out 2>err
	got=$?
}

same() {
	[ "$(cat out)" = "$1" ] || fail "standard output is not '$1'"
}

run analyze 'see the kube-proxy log'
exits 0
same '    0  see
    2  kube-proxy kube proxi
    3  log'

run analyze -- restarting --dry-run
same '    0  restart
    1  --dry-run dry-run dri run'

given 'the pods\n\n反向 x' analyze -
exits 0
same 'pod

反 反向 向 x'

given 'a Kube-proxy\nx' --json analyze -
exits 0
same '{"version":1,"tokens":[{"text":"kube-proxy","position":0,"from":2,"to":12,"verbatim":true},{"text":"kube","position":0,"from":2,"to":6,"beside":true},{"text":"proxi","position":0,"from":7,"to":12,"beside":true}]}
{"version":1,"tokens":[{"text":"x","position":0,"from":0,"to":1}]}'

given 'The Pods, v1.2' analyze --plain -
same 'the pods v1 2'
given 'The Pods, v1.2' analyze --line 'ops|fold' -
same 'the pods v1.2 1.2'

printf '[index]\nanalyzer = plain\n' >opslore.conf
given 'The Pods' analyze -
same 'the pods'
rm opslore.conf

# What a terminal would obey is not printed.
given 'a\033[31mred \302\233x' analyze -
exits 0
! grep -q "$(printf '\033')" out || fail 'an escape went through'

run analyze
exits 2
says 'give a text'
run analyze --line 'ops | nothing' text
exits 2
says "no step 'nothing'"
run analyze --line ops --plain text
exits 2
