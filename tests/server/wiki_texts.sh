# Sourced by tests: pages of an invented operations team, as files in the
# folder `texts`, named by their titles.

# A MediaWiki's: articles with all that markup can nest, and plain ones.
mediawiki_texts() {
	local i
	mkdir -p texts
	cat >'texts/Template:Box.txt' <<'W'
<div class="box">'''{{{title|Note}}}:''' {{{1}}}</div>
W
	cat >'texts/Template:Warning.txt' <<'W'
<includeonly>{{Box|title=Careful|{{{1}}} {{#if:{{{2|}}}|(since {{{2}}})}}}}</includeonly><noinclude>Put it before danger.</noinclude>
W
	cat >'texts/Main Page.txt' <<'W'
Start with [[Disk full]], [[日志轮转]] or [[로그 회전]].
W
	cat >'texts/Disk full.txt' <<'W'
When a disk is '''full''', look for the ''largest'' files first.

== Find them ==
<pre>
du -xsh /var/* | sort -h   # not <b>bold</b>
</pre>
{| class="wikitable"
! Mount !! Limit !! Note
|-
| <code>/var</code> || 80 % || a&#124;b
|-
| <code>/srv</code> || 90 % ||
|}
{{Warning|Never delete a database's log.<ref>See the ''manual''.</ref>|2019}}

== See also ==
* [[Log rotation|rotation]]
** [[Not written yet]]
*** deep
# first [https://example.org/a_b?c=d&e=f out]
#* mixed
# second
; Term
: its meaning
=== Notes ===
<references />
----
Line one<br />line two, H<sub>2</sub>O, x<sup>2</sup>, ~~struck~~ <s>struck</s> <kbd>Ctrl</kbd>.
[[Category:Storage]] [[Category:On call]]
W
	cat >'texts/日志轮转.txt' <<'W'
旧日志要'''定期压缩'''。

== 步骤 ==
# 运行 <code>logrotate -f /etc/logrotate.conf</code>
# 检查 [[Disk full]]
{{Warning|不要删除正在写的文件。}}
[[Category:日志]]
W
	cat >'texts/로그 회전.txt' <<'W'
로그를 매일 돌린다. [[일지|없는 문서]]와 [[日志轮转]]을 보라.
{| class="wikitable"
|+ 표
! 날 !! 일
|-
| 월 || 압축
|}
W
	cat >'texts/Tables (nested).txt' <<'W'
{|
| outer
|
{| class="wikitable"
! in !! ner
|-
| 1 || 2
|}
|}
<blockquote>Quoted, with a list:
* one
* two
</blockquote>
<nowiki>'''not bold''' {{not a template}}</nowiki>
W
	cat >'texts/Code & "quotes" <?.txt' <<'W'
Titles like this one are refused, so it is renamed below.
W
	mv 'texts/Code & "quotes" <?.txt' 'texts/Code & "quotes", 100%? A+B.txt'
	printf '__TOC__\n== One ==\n=== Deeper ===\n== Two ==\n== Three ==\n== Four ==\nText [[#One|up]].\n' >'texts/Many sections.txt'
	printf '#REDIRECT [[Disk full]]\n' >'texts/Full disk.txt'
	printf 'Keeps logs small. See [[Disk full]].\n' >'texts/Log rotation.txt'
	printf 'This one will go.\n' >'texts/Old server.txt'
	printf 'This one goes and comes back.\n' >'texts/Lazarus.txt'
	for i in $(seq 1 50); do
		printf 'Runbook number %s.\n\n== Steps ==\n# look at host-%s\n# restart {{Box|svc%s}}\n[[Category:Runbooks]]\n' \
			"$i" "$i" "$i" >"texts/Runbook $i.txt"
	done
}

# A DokuWiki's: files whose names are ids with '=' for ':'.
dokuwiki_texts() {
	local i
	mkdir -p texts
	cat >texts/start.txt <<'W'
====== Start ======

Begin with [[ops:disk_full]], [[zh:日志]] or [[ko:로그]].
W
	cat >texts/ops=disk_full.txt <<'W'
====== Disk is full ======

When a **disk** is //full//, look at [[ops:logs|the logs]] or [[ops:nothing]].

===== Find =====

<code bash>
du -xsh /var/* | sort -h   # not <b>bold</b>
</code>

^ Mount ^ Limit ^
| ''/var'' | 80 % |
| /srv | 90 % |

  * one
    * two
      * three
  - first
  - second ((A footnote.))

> a quote

<file python go.py>
print("x")
</file>

[[https://example.org/a_b?c=d|out]] <del>struck</del> H<sub>2</sub>O
W
	printf '====== 日志 ======\n\n旧日志要**定期压缩**。\n\n===== 步骤 =====\n  - 运行 ...logrotate...\n  - 检查 [[ops:disk_full]]\n' >'texts/zh=日志.txt'
	printf '====== 로그 ======\n\n^ 날 ^ 일 ^\n| 월 | 압축 |\n' >'texts/ko=로그.txt'
	printf 'No heading here, only text.\n' >texts/ops=logs.txt
	printf '====== Old server ======\nThis one will go.\n' >texts/ops=old_server.txt
	printf '====== Key ======\nFor few eyes.\n' >texts/secret=key.txt
	for i in $(seq 1 53); do
		printf '====== Runbook %s ======\n\n===== Steps =====\n  - look at host-%s\n  - restart [[ops:runbook:%s]]\n' \
			"$i" "$i" $((i % 53 + 1)) >"texts/ops=runbook=$i.txt"
	done
}
