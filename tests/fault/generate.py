#!/usr/bin/env python3
"""A Stack Exchange dump out of a seed: the same bytes for the same options.

    generate.py FOLDER [--questions N] [--seed S] [--edition 1|2] [--pad BYTES]

Edition 2 is the dump of half a year later: the same posts, of which some were
edited, many voted on, some answered or accepted anew, and a tenth more. --pad
makes bodies longer, for dumps that are large rather than many.
"""

import argparse
import datetime
import os
import random
from xml.sax.saxutils import quoteattr

WORDS = '''alert balancer backup bucket cache cert client cluster config
container controller cookie cron daemon dashboard database deploy disk dns
driver endpoint error exporter failover file firewall flag gateway handshake
header health hook host image index ingress inode job kernel key label latency
lease limit listener lock log memory metric mirror mount mutex namespace node
package packet partition path patch permission pipeline pod policy pool port
probe process profile provider proxy queue quota region registry release
replica request resource restart retry role rollback route rule runner schema
scheduler script secret server service session shard shell signal snapshot
socket stack state storage stream subnet swap sync syslog table tag task
template terminal thread timeout token trace traffic tunnel update upgrade user
vault version volume vote watch webhook worker zone'''.split()
EXACT = ['/var/log/nginx/error.log', 'ECONNREFUSED', 'CrashLoopBackOff', 'k8s',
         '0x80070005', '--no-cache', 'kube-proxy', 'max_connections', 'C++',
         'x509', 'v1.27.3', '10.0.0.0/8', '负载均衡', '数据库备份', '서버 오류']
TAGS = ['linux', 'nginx', 'kubernetes', 'docker', 'terraform', 'mysql', 'ssh',
        'dns', 'backup', 'monitoring', 'jenkins', 'aws']
START = datetime.datetime(2014, 3, 1)
HALF_A_YEAR = datetime.timedelta(days=180)


def stamp(time):
    return time.strftime('%Y-%m-%dT%H:%M:%S.') + f'{time.microsecond // 1000:03}'


class Dump:
    """Lists of rows, one a file; a row is its attributes in order."""

    def __init__(self, questions, seed, pad):
        self.rng = random.Random(seed)
        self.pad = pad
        self.now = START
        self.posts, self.comments = [], []
        self.history, self.links = [], []
        self.users = max(3, questions // 3)
        self.next_id = 1
        for _ in range(questions):
            self.question()

    def later(self, hours=3):
        self.now += datetime.timedelta(
            milliseconds=self.rng.randint(1, hours * 3600 * 1000))
        return stamp(self.now)

    def sentence(self):
        rng = self.rng
        words = rng.choices(WORDS, k=rng.randint(5, 14))
        if rng.random() < .3:
            words.insert(rng.randrange(len(words)), rng.choice(EXACT))
        return ' '.join(words).capitalize() + rng.choice('..?')

    def body(self):
        rng = self.rng
        parts = []
        for _ in range(rng.randint(1, 4)):
            text = ' '.join(self.sentence() for _ in range(rng.randint(1, 4)))
            kind = rng.random()
            if kind < .15:
                parts.append(f'<pre><code>$ {text.lower()}\n&gt; {text}'
                             '</code></pre>')
            elif kind < .3:
                parts.append(f'<ul><li>{text}</li><li>R&amp;D</li></ul>')
            else:
                parts.append(f'<p>{text} <code>{rng.choice(WORDS)}</code></p>')
        if self.pad:
            parts.append('<p>' + ' '.join(
                rng.choices(WORDS, k=self.pad // 7)) + '</p>')
        return '\n'.join(parts) + '\n'

    def post(self, **row):
        row = {'Id': self.next_id, **row}
        self.next_id += 1
        self.posts.append(row)
        self.revision(row, 2)
        if self.rng.random() < .4:
            self.comments.append({
                'Id': len(self.comments) + 1, 'PostId': row['Id'],
                'Score': self.rng.randint(0, 5), 'Text': self.sentence(),
                'CreationDate': self.later(),
                'UserId': self.rng.randint(1, self.users)})
        return row

    def revision(self, row, kind):
        self.history.append({
            'Id': len(self.history) + 1, 'PostHistoryTypeId': kind,
            'PostId': row['Id'], 'CreationDate': stamp(self.now),
            'UserId': self.rng.randint(1, self.users),
            'Text': row['Body'], 'ContentLicense': 'CC BY-SA 4.0'})

    def question(self):
        rng = self.rng
        title = self.sentence()[:120]
        tags = ''.join(f'|{t}' for t in rng.sample(TAGS, rng.randint(1, 4)))
        asked = self.post(
            PostTypeId=1, CreationDate=self.later(),
            Score=rng.randint(-3, 30), ViewCount=rng.randint(10, 90000),
            Body=self.body(), OwnerUserId=rng.randint(1, self.users),
            LastActivityDate=stamp(self.now), Title=title, Tags=tags + '|')
        answers = [self.answer(asked) for _ in range(rng.randint(0, 3))]
        if answers and rng.random() < .5:
            asked['AcceptedAnswerId'] = rng.choice(answers)['Id']
        if asked['Id'] > 10 and rng.random() < .1:
            self.links.append({
                'Id': len(self.links) + 1, 'CreationDate': self.later(),
                'PostId': asked['Id'], 'RelatedPostId': 1,
                'LinkTypeId': rng.choice((1, 3))})
        if rng.random() < .03:
            self.post(PostTypeId=rng.choice((4, 5)), CreationDate=self.later(),
                      Score=0, Body=self.body(), OwnerUserId=1)

    def answer(self, asked):
        rng = self.rng
        owner = {'OwnerUserId': rng.randint(1, self.users)}
        if rng.random() < .1:
            owner = {'OwnerDisplayName': 'user' + str(rng.randint(1, 99))}
        return self.post(
            PostTypeId=2, ParentId=asked['Id'], CreationDate=self.later(),
            Score=rng.randint(-2, 40), Body=self.body(), **owner,
            LastActivityDate=stamp(self.now))

    def edit(self, row):
        row['Body'] += '<p>Edit: ' + self.sentence() + '</p>\n'
        row['LastEditDate'] = row['LastActivityDate'] = self.later()
        row['LastEditorUserId'] = self.rng.randint(1, self.users)
        self.revision(row, 5)

    def grow(self):
        """Half a year passes."""
        rng = self.rng
        self.now += HALF_A_YEAR
        asked = [p for p in self.posts if p['PostTypeId'] == 1]
        for row in list(self.posts):
            if row['PostTypeId'] <= 2 and rng.random() < .1:
                self.edit(row)
            if rng.random() < .3:
                row['Score'] += rng.randint(-1, 5)
        for row in rng.sample(asked, max(1, len(asked) // 10)):
            row['AcceptedAnswerId'] = self.answer(row)['Id']
        for _ in range(max(1, len(asked) // 10)):
            self.question()

    def people(self):
        for number in range(1, self.users + 1):
            yield {'Id': number, 'Reputation': number * 7,
                   'CreationDate': stamp(START),
                   'DisplayName': f'{WORDS[number % len(WORDS)]} {number}'}


def write_file(folder, name, rows):
    with open(os.path.join(folder, name + '.xml'), 'w',
              encoding='utf-8', newline='') as file:
        file.write('\ufeff<?xml version="1.0" encoding="utf-8"?>\n')
        file.write(f'<{name.lower()}>\n')
        for row in rows:
            line = ''.join(f' {k}=' + quoteattr(str(v), {
                '\n': '&#xA;', '"': '&quot;'}) for k, v in row.items())
            file.write(f'  <row{line} />\n')
        file.write(f'</{name.lower()}>\n')


def generate(folder, questions=60, seed=1, edition=1, pad=0):
    dump = Dump(questions, seed, pad)
    if edition == 2:
        dump.grow()
    os.makedirs(folder, exist_ok=True)
    write_file(folder, 'Posts', dump.posts)
    write_file(folder, 'Users', dump.people())
    write_file(folder, 'Comments', dump.comments)
    write_file(folder, 'PostHistory', dump.history)
    write_file(folder, 'PostLinks', dump.links)
    return folder


# Questions to the index whose answers two runs must agree on.
QUERIES = ['container restart', 'nginx proxy timeout', 'ECONNREFUSED',
           '/var/log/nginx/error.log', 'database backup snapshot',
           'kube-proxy service endpoint', '负载均衡', '서버 오류',
           'terraform state lock', 'disk full inode', 'vault secret token',
           'CrashLoopBackOff pod probe', 'dns zone', 'max_connections',
           'queue worker retry latency', 'x509 cert handshake']


def write_queries(path):
    with open(path, 'w', encoding='utf-8') as file:
        for number, text in enumerate(QUERIES):
            file.write(f'{{"_id": "q{number}", "text": "{text}"}}\n')
    return path


def main():
    args = argparse.ArgumentParser()
    args.add_argument('folder')
    args.add_argument('--questions', type=int, default=60)
    args.add_argument('--seed', type=int, default=1)
    args.add_argument('--edition', type=int, choices=(1, 2), default=1)
    args.add_argument('--pad', type=int, default=0)
    args = args.parse_args()
    generate(args.folder, args.questions, args.seed, args.edition, args.pad)


if __name__ == '__main__':
    main()
