# What official clients for language models send, our back ends send alike; and
# these clients take the scripted server for the real one.
JUDGES=models
. "$SOURCE/tests/sdk/judges"
node "$SOURCE/tests/sdk/models/requests.js" "$SOURCE/tests/data/llm"

work=$(mktemp -d "${TMPDIR:-/tmp}/opslore-sdk-XXXXXX")
trap 'kill $servers 2>/dev/null; rm -rf "$work"' EXIT
servers=
# serve NAME OPTION...: a server whose port is in the file NAME.
serve() {
	local name=$1 i
	shift
	python3 "$SOURCE/tests/server/model_api.py" --ready "$work/$name" \
		--truth "$work/truth" --log "$work/$name.log" "$@" &
	servers="$servers $!"
	for i in $(seq 300); do
		[ -e "$work/$name" ] && return
		sleep 0.05
	done
	fail "the server does not start"
}
echo '{"id": "901", "class": "service fault", "codes": ["502"]}' >"$work/truth"
cat >"$work/script" <<'END'
{"match": "please wait", "each": 1, "do": "429"}
{"match": "cannot be", "do": "500"}
{"match": "no end", "do": "length"}
{"match": "not this", "do": "refusal"}
{"match": "guarded", "do": "filter"}
END
serve signed --auth sigv4 --script "$work/script"
serve bearer --auth bearer --script "$work/script"
node "$SOURCE/tests/sdk/models/counterpart.js" "$(cat "$work/signed")" \
	"$(cat "$work/bearer")"
