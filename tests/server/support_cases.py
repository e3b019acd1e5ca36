"""Support cases made from their numbers and a seed, but for what was changed.

Cases lie evenly over the months before yesterday; every other one is Chinese.
Replies alternate between a customer and the provider, hours or days apart, so
that a case's replies fall into several months. Two neighbours have twice the
average of replies together, so that the sum is known.
"""

import bisect
import time

HOUR = 3600_000
DAY = 24 * HOUR

ENGLISH = [
    ("Instance {i} cannot be reached since the last deployment",
     "Our instance {i} answers no ping and SSH times out. Console shows 2/2 "
     "checks passed.\nCould you look at the host?"),
    ("Bucket policy denies PutObject from our build account",
     "Since this morning uploads to s3://builds-{i} end with AccessDenied "
     "(request 7F{i}C2). The policy has not been touched."),
    ("RDS failover took eleven minutes",
     "db-{i} failed over at 02:14 UTC and writes came back at 02:25.\n\n"
     "    ERROR 2003 (HY000): Can't connect to MySQL server\n\nWhy so long?"),
    ("Please raise the limit of elastic addresses",
     "We need {i} more elastic addresses in this region for a migration."),
]
CHINESE = [
    ("EC2 实例 {i} 升级内核后无法启动",
     "您好，我们昨晚给实例 {i} 升级内核后重启，系统日志停在\n"
     "Kernel panic - not syncing: VFS。请协助排查，谢谢！"),
    ("Lambda 函数冷启动时间过长",
     "函数 order-{i} 在流量高峰期冷启动超过 8 秒，触发了网关的 504 错误。"
     "请问有什么优化建议？"),
    ("负载均衡器间歇性返回 502",
     "我们的应用负载均衡器从 10:0{d} 开始间歇性返回 502，目标组健康检查正常。"
     "日志里能看到 target_processing_time=-1。"),
    ("账单中出现未知的流量费用",
     "上个月账单多出了 {i} 美元的跨可用区流量费用，请帮忙确认来源。"),
]
ANSWERS = [
    "Hello,\n\nThank you for the details. I see that the security group of {i} "
    "was changed in that hour. Please compare its rules.\n\nBest regards",
    "Hello, we found a problem on our side with the host under {i}. It was "
    "moved to another one at 03:1{d} UTC; no action is needed.",
    "您好，这里是技术支持工程师。经排查，{i} 的子网路由表缺少到 NAT 网关的路由，"
    "请补充后再试。如有疑问请随时回复。",
    "您好，该错误码表示目标在超时前关闭了连接。建议把 keep-alive 超时调到 6{d} "
    "秒以上。",
]
FOLLOW = [
    "Thanks, we tried that. Now the log says: connection reset by peer (104).",
    "It works again. You may close the case.",
    "已按照建议修改，问题依旧，附件是最新的日志。",
    "问题已解决，感谢！",
]
SERVICES = [("amazon-elastic-compute-cloud-linux", "instance-issue"),
            ("amazon-simple-storage-service", "access-permission"),
            ("amazon-relational-database-service-mysql", "failover"),
            ("aws-lambda", "performance"),
            ("elastic-load-balancing", "502-errors"),
            ("service-limit-increase", "ec2-elastic-ips")]
SEVERITIES = ["low", "normal", "high", "urgent", "critical"]


def mix(*numbers):
    """A number that looks like chance and is not."""
    h = 0x9E3779B97F4A7C15
    for n in numbers:
        h = (h ^ n) * 0xBF58476D1CE4E5B9 % 2**64
        h ^= h >> 29
    return h


def write_time(ms):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms // 1000)) + \
        ".%03dZ" % (ms % 1000)


class Cases:
    def __init__(self, options):
        self.options, self.seed = options, options.seed
        self.count = options.cases
        now = int(time.time()) * 1000
        # Nothing of the beginning is younger than two days.
        self.end = now - now % DAY - 2 * DAY
        self.begin = self.end - options.months * 30 * DAY
        self.added = {}     # number: times of replies that came later
        self.newer = {}     # number: time of cases that came later
        self.resolved = set()
        self.gone = set()
        self.times = {n: self.made_times(n) for n in range(1, self.count + 1)}

    # ---- one case -----------------------------------------------------------

    def made_count(self, n):
        mean = self.options.replies
        few = mix(self.seed, (n + 1) // 2, 1) % mean
        if n == self.options.cases and n % 2:
            return mean
        return mean + few if n % 2 else mean - few

    def made_times(self, n):
        span = self.end - 40 * DAY - self.begin
        at = self.begin + span * n // (self.count + 1)
        at += mix(self.seed, n, 2) % HOUR
        times = [at + 1 + mix(self.seed, n, 3) % 900]
        for k in range(1, self.made_count(n)):
            times.append(min(times[-1] + HOUR // 2 +
                             mix(self.seed, n, k, 4) % (3 * DAY),
                             self.end - 1000 + k))
        return times

    def numbers(self):
        return list(range(1, self.count + 1)) + sorted(self.newer)

    def created(self, n):
        if n in self.newer:
            return self.newer[n]
        return self.times[n][0] - 1 - mix(self.seed, n, 3) % 900

    def all_times(self, n):
        if n in self.newer:
            return [self.newer[n] + 5] + self.added.get(n, [])
        return self.times[n] + self.added.get(n, [])

    def reply_total(self):
        return sum(len(self.all_times(n)) for n in self.numbers())

    def source(self, n):
        return (f"case-{self.options.account}-muen-2026-"
                f"{mix(self.seed, n, 5):016x}{n:06d}")

    def by_id(self, name):
        number = name[-6:]
        if not number.isdigit() or name != self.source(int(number)):
            return None
        n = int(number)
        return n if n in self.newer or 1 <= n <= self.count else None

    def chinese(self, n):
        return n % 2 == 0

    def status(self, n):
        if n in self.resolved:
            return "resolved"
        if n in self.newer or mix(self.seed, n, 6) % 40 == 0:
            return "reopened" if n in self.added else "pending-customer-action"
        return "resolved"

    def customer(self, n):
        person = mix(self.seed, n, 7) % 40
        return f"ops{person}@example.com <Operator {person}>"

    def body(self, n, k):
        if k == 0:
            texts = CHINESE if self.chinese(n) else ENGLISH
            text = texts[mix(self.seed, n) % 4][1]
        elif k % 2:
            text = ANSWERS[mix(self.seed, n, k) % 2 + 2 * self.chinese(n)]
        else:
            text = FOLLOW[mix(self.seed, n, k) % 2 + 2 * self.chinese(n)]
        text = text.format(i=f"i-{mix(self.seed, n) % 10**9:09d}",
                           d=mix(n, k) % 10)
        return text.ljust(self.options.long, "长" if self.chinese(n) else "-")

    def reply(self, n, k, at):
        provider = "亚马逊云科技" if self.options.china else \
            "Amazon Web Services"
        one = {"caseId": self.source(n), "body": self.body(n, k),
               "submittedBy": provider if k % 2 else self.customer(n),
               "timeCreated": write_time(at), "attachmentSet": []}
        if mix(self.seed, n, k, 8) % 9 == 0:
            name = "日志.txt" if self.chinese(n) else f"trace-{k}.log"
            attachment = {"attachmentId": f"attachment-{n}-{k}",
                          "fileName": name}
            one["attachmentSet"] = [attachment]
            one["attachments"] = [attachment, {
                "attachmentId": f"attachment-{n}-{k}-large",
                "fileName": f"dump-{k}.tar"}]
        return one

    def replies(self, n, window=(None, None)):
        """Newest first."""
        after, before = window
        return [self.reply(n, k, at)
                for k, at in reversed(list(enumerate(self.all_times(n))))
                if (after is None or at >= after) and
                (before is None or at < before)]

    def case(self, n, with_replies, window):
        texts = CHINESE if self.chinese(n) else ENGLISH
        service, category = SERVICES[mix(self.seed, n, 9) % len(SERVICES)]
        one = {
            "caseId": self.source(n), "displayId": str(70_000_000 + n),
            "subject": texts[mix(self.seed, n) % 4][0].format(
                i=f"i-{mix(self.seed, n) % 10**9:09d}"),
            "status": self.status(n), "serviceCode": service,
            "categoryCode": category,
            "severityCode": SEVERITIES[mix(self.seed, n, 10) % 5],
            "submittedBy": self.customer(n),
            "timeCreated": write_time(self.created(n)),
            "ccEmailAddresses": [],
            "language": "zh" if self.chinese(n) else "en",
        }
        if str(n) in self.options.odd.split(","):
            one["subject"] = {"text": 7}
        if with_replies:
            some = self.replies(n, window if self.options.recent == "window"
                                else (None, None))
            one["recentCommunications"] = {"communications": some[:5]}
            if len(some) > 5:
                one["recentCommunications"]["nextToken"] = f"more-{n}"
        return one

    # ---- all ----------------------------------------------------------------

    def within(self, n, after, before):
        times = [self.created(n)] if self.options.windows == "created" else \
            self.all_times(n)
        i = bisect.bisect_left(times, after) if after is not None else 0
        return i < len(times) and (before is None or times[i] < before)

    def change(self, ask):
        """Later, with the clock of now."""
        now = int(time.time() * 1000)
        for k in range(int(ask.get("replies", 0))):
            n = 1 + mix(self.seed, k, 11) % self.count
            self.added.setdefault(n, []).append(now - 60_000 + k)
        for k in range(int(ask.get("new", 0))):
            n = 900_000 + len(self.newer)
            self.newer[n] = now - 50_000 + k
        for n in self.numbers():
            if len(self.resolved) >= int(ask.get("resolve", 0)):
                break
            if self.status(n) != "resolved":
                self.resolved.add(n)
        if "gone" in ask:
            self.gone.add(int(ask["gone"]))
