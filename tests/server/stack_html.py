"""The pages of stack_api.py's site, in the layout of 2025, shortened."""

import html
from datetime import datetime, timezone

ANSWERS = 30


def stamp(seconds):
    when = datetime.fromtimestamp(seconds, timezone.utc)
    return when.strftime("%Y-%m-%d %H:%M:%SZ")


def person(owner):
    name = html.escape(owner["display_name"])
    if "user_id" in owner:
        name = f'<a href="/users/{owner["user_id"]}/person">{name}</a>'
    return f'<div class="user-details" itemprop="author">{name}</div>'


def signatures(post, number, word):
    edited = ""
    if "last_edit_date" in post:
        edited = (
            '<div class="post-signature"><div class="user-action-time">'
            f'<a href="/posts/{number}/revisions">edited <span title='
            f'"{stamp(post["last_edit_date"])}" class="relativetime">x'
            '</span></a></div></div>')
    return edited + (
        '<div class="post-signature owner"><div class="user-action-time">'
        f'{word} <span title="{stamp(post["creation_date"])}" '
        f'class="relativetime">x</span></div>{person(post["owner"])}</div>')


def comments(post):
    out = []
    for it in post.get("comments", []):
        owner = it["owner"]
        name = html.escape(owner["display_name"])
        user = f'<span class="comment-user">{name}</span>'
        if "user_id" in owner:
            user = (f'<a class="comment-user" href="/users/'
                    f'{owner["user_id"]}/person">{name}</a>')
        out.append(
            f'<li id="comment-{it["comment_id"]}" class="comment js-comment" '
            f'data-comment-id="{it["comment_id"]}" '
            f'data-comment-score="{it["score"]}"><span class="comment-copy">'
            f'{html.escape(it["body_markdown"])}</span> {user} '
            f'<span class="comment-date"><span title="'
            f'{stamp(it["creation_date"])}, License: '
            f'{it["content_license"]}" class="relativetime-clean">x</span>'
            '</span></li>')
    return "<ul>" + "".join(out) + "</ul>"


def body(post):
    return ('<div class="js-vote-count" data-value="'
            f'{post["score"]}">{post["score"]}</div>'
            f'<div class="s-prose js-post-body" itemprop="text">'
            f'{post["body"]}</div>')


def answer_html(post):
    number = post["answer_id"]
    words = "answer js-answer"
    if post["is_accepted"]:
        words += " accepted-answer js-accepted-answer"
    return (f'<div id="answer-{number}" class="{words}" '
            f'data-answerid="{number}" data-se-share-sheet-license-name="'
            f'{post["content_license"]}">{body(post)}'
            f'{signatures(post, number, "answered")}{comments(post)}</div>')


def question(site, q, part):
    """The page of a question, with page `part` of its answers."""
    one = site.question(q)
    number, title = one["question_id"], html.escape(one["title"])
    answers = sorted(site.answers(q), key=lambda it: (
        not it["is_accepted"], -it["score"], it["answer_id"]))
    here = answers[(part - 1) * ANSWERS:part * ANSWERS]
    more = "" if part * ANSWERS >= len(answers) else (
        f'<div class="s-pagination pager-answers"><a rel="next" href="'
        f'/questions/{number}/case-{q}?page={part + 1}&amp;tab=scoredesc'
        '#tab-top">Next</a></div>')
    tags = "".join(f'<a class="s-tag post-tag" rel="tag" href='
                   f'"/questions/tagged/{tag}">{tag}</a>'
                   for tag in one["tags"])
    return f"""<!DOCTYPE html><html><head><title>{title} - Ops</title>
<link rel="canonical" href="https://ops.example/questions/{number}/case-{q}">
<meta property="og:title" content="{title}"></head><body>
<div id="question-header"><h1 itemprop="name"><a class="question-hyperlink"
href="/questions/{number}/case-{q}">{title}</a></h1></div>
<div title="Viewed {one["view_count"]:,} times">Viewed often</div>
<div id="mainbar"><div class="question js-question" id="question"
data-questionid="{number}"
data-se-share-sheet-license-name="{one["content_license"]}">{body(one)}
<div class="post-taglist">{tags}</div>{signatures(one, number, "asked")}
{comments(one)}</div><div id="answers"><div id="answers-header">
<h2 data-answercount="{len(answers)}">{len(answers)} Answers</h2></div>
{"".join(answer_html(it) for it in here)}{more}</div></div></body></html>"""


def listing(site, tab, page, size):
    """A list page, newest activity or most votes first."""
    sort = "votes" if tab == "Votes" else "activity"
    rows = site.between(sort, True, -10**12, 10**12)
    here = rows[(page - 1) * size:page * size]
    more = "" if page * size >= len(rows) else (
        f'<a rel="next" href="/questions?tab={tab}&amp;page={page + 1}">'
        'Next</a>')
    blocks = "".join(
        f'<div id="question-summary-{q * 100 + 99}" class="s-post-summary" '
        f'data-post-id="{q * 100 + 99}"><span class="'
        f's-post-summary--stats-item-number">{site.score(q)}</span>'
        f'<h3><a class="s-link" href="/questions/{q * 100 + 99}/case-{q}">x'
        f'</a></h3><span class="relativetime" title="'
        f'{stamp(site.activity(q))}">x</span></div>' for q in here)
    return ('<!DOCTYPE html><html><body><div id="mainbar"><div '
            f'id="questions">{blocks}</div>{more}</div></body></html>')


def page(site, path, query):
    """Status and page of an address, or None when it is none of these."""
    parts = path.strip("/").split("/")
    number = int(query.get("page", ["1"])[0])
    if parts == ["questions"]:
        size = int(query.get("pagesize", ["15"])[0])
        return 200, listing(site, query.get("tab", ["Active"])[0], number,
                            size)
    if parts[0] != "questions" or len(parts) < 2 or not parts[1].isdigit():
        return None
    if int(parts[1]) // 100 not in site.alive():
        return 404, "<h1>Page not found</h1>"
    return 200, question(site, int(parts[1]) // 100, number)
