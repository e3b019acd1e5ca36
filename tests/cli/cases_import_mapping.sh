# Tickets of other systems by a mapping of the configuration: the examples of
# docs/cases-files.md.
. "$SOURCE/tests/cli/expect"

# The blocks of the page that follow a line "FILE:".
python3 - "$SOURCE/docs/cases-files.md" <<'P' || fail "the page has no examples"
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
blocks = re.findall(r"^`([\w.-]+)`:\n\n((?:    .*\n|\n)+)", text, re.M)
assert len(blocks) >= 4, blocks
with open("opslore.conf", "w", encoding="utf-8") as conf:
    for name, block in blocks:
        body = "".join(l[4:] if l.strip() else l
                       for l in block.strip("\n").splitlines(True)) + "\n"
        if name == "opslore.conf":
            conf.write(body)
        else:
            open(name, "w", encoding="utf-8").write(body)
P

said() {
	echo "SELECT group_concat(SubmittedBy || '|' || Side || '|' || ReplyTime || '|' || Body || '|' || Attachments, ' ~ ') FROM (SELECT r.* FROM CaseReplies r JOIN Cases USING (CaseID) WHERE NativeID = '$1' ORDER BY Position)"
}

run cases import tickets.jsonl --space zendesk/acme --mapping zendesk
exits 0
prints '^zendesk/acme: 2 cases with 3 replies in 1 files$'
holds "SELECT Subject, SubmittedBy, Status, Severity, Service, Category, CreatedTime, Link FROM Cases WHERE NativeID = '35436'" \
	'프린터가 멈춤|kim@example.com|solved|high|desk|hardware|2026-05-02 07:00:00.000|https://acme.example/tickets/35436'
holds "$(said 35436)" 'Kim Minji|customer|2026-05-02 07:00:00.000|프린터가 멈췄습니다.|["photo.png"] ~ Support|provider|2026-05-02 08:30:00.000|Replaced the fuser.|'

run cases import incidents.csv --space servicenow/acme --mapping servicenow
exits 0
prints '^servicenow/acme: 2 cases with 3 replies in 1 files$'
holds "SELECT Subject, SubmittedBy, Severity, Service, Category, CreatedTime, ResolvedTime FROM Cases WHERE NativeID = 'INC0010023'" \
	'VPN 连不上|Li Wei|1 - Critical|network|vpn|2026-06-01 00:30:00.000|2026-06-01 02:05:09.000'
holds "$(said INC0010023)" 'Li Wei|customer|2026-06-01 00:30:00.000|错误 809。
昨天还可以。| ~ |provider|2026-06-01 02:05:09.000|UDP 500 was blocked.|'

# A document with the cases in an array; the same answer in JSON.
python3 - <<'P'
import json
rows = [json.loads(l) for l in open("tickets.jsonl", encoding="utf-8") if l.strip()]
json.dump({"count": 2, "tickets": rows, "end": True}, open("tickets.json", "w"))
P
sed 's/^\[mapping zendesk\]/&\nrows = tickets/' opslore.conf >rows.conf
run --config rows.conf cases import tickets.json --space zendesk/acme --mapping zendesk
exits 0
prints 'added 0, changed 0, same 2'

# Every time form.
times() {
	printf '[mapping t]\nid=id\nsubject=s\ncreated=t\ntime=%s\nzone=%s\n' "$1" "$2" >t.conf
	printf 'id,s,t\n%s,x,"%s"\n' "$1$2" "$3" >t.csv
	run --config t.conf cases import t.csv --space t/t --mapping t
	exits 0
	holds "SELECT CreatedTime FROM Cases WHERE NativeID = '$1$2'" "$4"
}
times iso Z '2026/1/5 8:14' '2026-01-05 08:14:00.000'
times iso +08:00 '2026-01-05 08:14:09' '2026-01-05 00:14:09.000'
times iso +09:00 '2026-01-05T08:14:09Z' '2026-01-05 08:14:09.000'
times iso -03:30 '2026-01-05T08:14:09+01:00' '2026-01-05 07:14:09.000'
times epoch Z 1769846400.25 '2026-01-31 08:00:00.250'
times epoch-ms Z 1769846400123 '2026-01-31 08:00:00.123'
times day-first Z '31.01.2026 08:00' '2026-01-31 08:00:00.000'
times day-first +01:00 '31/1/2026' '2026-01-30 23:00:00.000'
times month-first Z '1/31/2026 2:05:09 PM' '2026-01-31 14:05:09.000'
times month-first -05:00 '12/31/2025, 12:00 AM' '2025-12-31 05:00:00.000'

# What a mapping may not say.
refused() {
	printf '[mapping t]\nid = id\nsubject = s\ncreated = t\n%s\n' "$1" >t.conf
	run --config t.conf cases import t.csv --space t/t --mapping t
	exits 2
	says "$2"
}
refused 'colour = c' colour
refused 'time = stardate' "time = 'stardate': iso, epoch, epoch-ms, day-first or month-first"
refused 'zone = EST' "zone = 'EST': Z, or such as +09:00"
refused 'encoding = klingon' "encoding = 'klingon': such as utf-8"
refused 'delimiter = x' "delimiter = 'x': comma, semicolon, tab or bar"
refused 'service = a..b' "service = 'a..b': a path is a.b.c, with"
refused 'service = a[].b' 'are arrays, and of one'
refused 'replies = c[]' 'reply.body has to say which member is the text'
printf '[mapping t]\nid = id\n' >t.conf
run --config t.conf cases import t.csv --space t/t --mapping t
exits 2
says subject
run cases import t.csv --space t/t --mapping nobody
exits 2
says 'the configuration has no \[mapping nobody\]'

# Rows that are not as the mapping says.
run cases import incidents.csv --space x/y --mapping zendesk
exits 1
prints "incidents.csv:1: 'id' is no column of this file; --mapping NAME says which column is what"
printf '%s\n' '{"id": 1, "subject": {"a": 1}, "created_at": "2026-01-01"}' \
	'{"id": 2, "subject": "x", "created_at": "yesterday"}' \
	'{"id": 3, "subject": "x", "created_at": "2026-01-01", "comments": 7}' \
	'{"id": 4, "subject": "cut' '[]' '{"subject": "none"}' >bad.jsonl
run cases import bad.jsonl --space x/y --mapping zendesk
exits 1
prints "bad.jsonl:1: column 'subject': '{...}' is no text"
prints "bad.jsonl:2: column 'created_at': 'yesterday' is no time such as 2026-01-31T08:00:00Z; 'time =' of the mapping names the form"
prints "bad.jsonl:3: column 'replies': 'comments' is no array"
prints 'bad.jsonl:4: '
prints 'bad.jsonl:5: this is no object'
prints "bad.jsonl:6: column 'id': '' is empty: every case has an id"
prints '^  6 could not be taken:'
holds "SELECT count(*) FROM Cases WHERE Space = 'x/y'" 0
