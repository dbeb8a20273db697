# SPDX-License-Identifier: ISC
"""Many domains in one process: the same results as one by one, and the rest.

SOAK (300) lines of healthy, broken, silent and hostile servers are run in the
test; with SOAK=20000 in the environment it takes some minutes.
"""
import fcntl
import json
import os
import re
import resource
import select
import shlex
import signal
import struct
import subprocess
import termios

import crowds
from batch_files import Files
from lab import LOSSY

LIMIT = 300
SOAK = int(os.environ.get("SOAK") or 300)
# What differs between two runs that see the same.
# When a signature is due depends on the age of the copy that was seen.
TIMES = ("collected_at", "judged_at", "ttl", "validity")
# These servers do not wait for us, and these details say a TTL or the time.
RACY = ("handshake-garbage", "handshake-alert", "dead-after-220", "dkim-ttl",
        "signatures-soon")


def plain(scenario):
    """A row that a list of names can stand for."""
    return scenario.zone is not None and not scenario.args and \
        not scenario.judge_args and scenario.special and \
        not scenario.turns and \
        scenario.resolver == "127.53.0.1"


def lasting(value):
    """Without what a cache or a rotation changes: TTLs, the order in sets."""
    if isinstance(value, dict):
        return {key: lasting(each) for key, each in value.items()
                if key not in TIMES}
    if isinstance(value, list):
        return sorted((lasting(each) for each in value), key=json.dumps)
    if isinstance(value, str):
        return re.sub(r"(?<=\.) \d+ IN ", " IN ", value)
    return value


def differences(one, other, path=""):
    """Where two values differ, a few of them."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(set(one) | set(other)):
            yield from differences(one.get(key), other.get(key),
                                   f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list) \
            and len(one) == len(other):
        for number, (a, b) in enumerate(zip(one, other)):
            yield from differences(a, b, f"{path}[{number}]")
    elif one != other:
        yield f"{path}: {str(one)[:80]} became {str(other)[:80]}"


def waiting(pipe):
    """Octets in a pipe that nobody has read."""
    return struct.unpack("i", fcntl.ioctl(
        pipe, termios.FIONREAD, struct.pack("i", 0)))[0]


class Batch(Files):
    """The tests; each is a method that returns complaints."""

    def __init__(self, runner, picked):
        self.runner = runner
        self.rows = [each for each in picked if plain(each)]
        self.names = [each.domain for each in self.rows]

    def tests(self):
        return [
            ("as alone", "a batch says of each what a run alone says",
             self.same),
            ("ordered", "--ordered, as text and JSON", self.ordered),
            ("shards", "three shares are all, and none is in two",
             self.shards),
            ("shared", "fifty lines of one domain are one session",
             self.shared),
            ("queue", "who waits for a turn loses no time by it",
             self.queue),
            ("questions", "nor who waits behind questions that nobody answers",
             self.questions),
            ("one by one", "whom another session of ours was too much for",
             self.one_by_one),
            ("turned away", "whoever came too early is the next one",
             self.turned_away),
            ("granted", "TLS that others had just before", self.granted),
            ("patience", "one with little time spoils no address for others",
             self.patience),
            ("hanging", "a server that hangs, for all lines alike",
             self.hanging),
            ("slow reader", "what is said to be written can be read",
             self.slow_reader),
            ("descriptors", "a pipe is given back as it was",
             self.descriptors),
            ("few", "few descriptors: fewer at a time, or a clear word",
             self.few),
            ("replay", "a recorded batch is replayed", self.replay),
            ("closed", "nobody reads any more", self.closed),
            ("resumed", "interrupted, and gone on with", self.resumed),
            ("torn", "a torn last line is done again", self.torn),
            ("recorded", "what was recorded before an interruption stays",
             self.recorded),
            ("bad lines", "named, and the others are not held up",
             self.bad_lines),
            ("terminal", "progress is in nobody's way", self.terminal),
            ("stages", "what is not asked for is not asked", self.stages),
            ("soak", f"{SOAK} lines, one result each, and no growth",
             self.soak),
        ]

    # -- tools -------------------------------------------------------------

    def command(self, *arguments, resolver="127.53.0.1"):
        return [self.runner.program, "--resolver", resolver,
                "--allow-special-addresses", "--trust-anchor",
                self.runner.lab.path("root.anchor"), *arguments]

    def run(self, lines, *arguments, form="json", **more):
        return subprocess.run(
            self.command("--batch", "-", "--format", form, *arguments,
                         **more),
            input="".join(line + "\n" for line in lines).encode(),
            capture_output=True, timeout=LIMIT, check=False,
            env=self.runner.environment)

    def limited(self, files, lines, *arguments, **more):
        """With few descriptors."""
        return subprocess.run(
            ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh",
             *self.command("--batch", "-", "--format", "json", *arguments,
                           **more)],
            input="".join(line + "\n" for line in lines).encode(),
            capture_output=True, timeout=LIMIT, check=False,
            env=self.runner.environment)

    @staticmethod
    def reports(done):
        return [json.loads(line) for line in done.stdout.splitlines()]

    def quick(self, n):
        """Domains that do not wait for a timeout."""
        return [each.domain for each in self.rows if not each.slow][:n]

    # -- the tests ---------------------------------------------------------

    def same(self):
        done = self.run(self.names)
        complaints = [done.stderr.decode()] if done.stderr else []
        reports = self.reports(done)
        if len(reports) != len(self.names):
            complaints.append(f"{len(reports)} results of {len(self.names)}")
        found = self.otherwise(reports)
        # On a busy machine packets fall otherwise, and once more tells.
        for _ in range(2):
            if found:
                again = self.otherwise(self.reports(self.run(list(found))))
                found = {name: again[name] for name in found if name in again}
        return complaints + [each for lines in found.values()
                             for each in lines]

    def otherwise(self, reports):
        """{name: where its report differs from that of a run alone}"""
        alone = {each.domain: self.runner.alone.get(each.name)
                 for each in self.rows if each.name not in RACY}
        found = {}
        for report in reports:
            name = report["input"]
            if alone.get(name) is None:
                continue
            lines = [name + each for each in differences(
                lasting(alone[name]), lasting(report))]
            if lines:
                found[name] = lines[:2]
        return found

    def ordered(self):
        names = self.quick(40)
        done = self.run(names, "--ordered")
        complaints = []
        if [each["input"] for each in self.reports(done)] != names:
            complaints.append("JSON: another order")
        text = self.run(names, "--ordered", form="text").stdout.decode()
        lines = text.splitlines()
        for line, name in zip(lines, names):
            if not line.startswith(name.encode("idna").decode() + ":"):
                complaints.append(f"text: {name} is not in: {line[:80]}")
        if not lines[-1].startswith(f"{len(names)} domains: "):
            complaints.append("text: no summary: " + lines[-1])
        return complaints

    def shards(self):
        names = self.quick(40)
        parts = [[each["input"] for each in self.reports(
            self.run(names, "--shard", f"{i}/3"))] for i in (1, 2, 3)]
        complaints = []
        if sorted(sum(parts, [])) != sorted(names):
            complaints.append("together they are something else")
        if not all(parts):
            complaints.append("a share is empty")
        return complaints

    def shared(self):
        record = self.runner.lab.path("records", "batch-shared.json")
        done = self.run(["healthy-311.example"] * 50, "--record", record)
        complaints = []
        if len(self.reports(done)) != 50:
            complaints.append("not one result a line")
        with open(record, encoding="utf-8") as file:
            evidence = [json.loads(line) for line in file]
        for what in ("smtp", "dns"):
            if len({json.dumps(each[what]) for each in evidence}) != 1:
                complaints.append(what + " was observed more than once")
        return complaints

    def well(self, done, names):
        """Each of them has mail delivered, as one by one."""
        got = {each["input"]: each["verdict"]["status"]
               for each in self.reports(done)}
        return [f"{name}: {got.get(name)}" for name in names
                if got.get(name) != "ok"]

    def queue(self):
        # The last two begin when the first ones' five seconds are over.
        names = crowds.names("slow-greeting")
        return self.well(self.run(names, "--timeout", "5"), names)

    def questions(self):
        # Eight at a time: the last ones' turn comes after nine seconds.
        # (To be cut short is no silence, and must not disturb the others.)
        dead = [f"n{i:02}.{how}.example" for i in range(12)
                for how in ("never", "half")]
        names = self.quick(400)
        good = [each.domain for each in self.rows if each.status == "ok"
                and each.domain in names][:6]
        done = self.limited(64, dead + good, "--timeout", "3", "--jobs",
                            "100", resolver=LOSSY)
        found = {each["input"]: each["verdict"]["status"]
                 for each in self.reports(done)}
        return self.well(done, good) + [
            f"{name}: {found.get(name)}" for name in dead
            if found.get(name) != "unknown"]

    def one_by_one(self):
        names = [each for suffix in ("", "-554", "-refused")
                 for each in crowds.names("one-at-once" + suffix)]
        return self.well(self.run(names), names)

    def turned_away(self):
        """By the server that says 421 to all who come within a second: the
        time of those who were there once runs."""
        names, options = self.many("busy-for-a-second.example",
                                   "127.53.10.2", 10)
        return self.well(self.run(names, "--timeout", "6", *options), names)

    def many(self, domain, address, count):
        """The lines, and options, for as many names at one address."""
        path = self.runner.lab.path("records", domain + ".zone")
        with open(path, "w", encoding="ascii") as file:
            file.write(f"$ORIGIN {domain}.\n$TTL 3600\n"
                       "@ SOA ns.nic.example. a.nic.example. 1 2 3 4 5\n"
                       "@ NS ns.nic.example.\n")
            for each in range(count):
                file.write(f"n{each} MX 10 mx{each}\n"
                           f"mx{each} A {address}\n")
        return [f"n{i}.{domain}" for i in range(count)], \
            ["--zone", f"{domain}={path}"]

    def granted(self):
        """What was given to some and not to others is no fault of these."""
        names, options = self.many("tls-twelve.example", "127.53.10.8", 14)
        found = {each["input"]: each["verdict"]["status"] for each in
                 self.reports(self.run(names, *options))}
        got = sorted(found.values())
        return [] if got.count("ok") + got.count("unknown") == 14 \
            and {"ok", "unknown"} == set(got) else [str(found)]

    def patience(self):
        names = crowds.names("slow-greeting")[:1]
        late = "late.slow-greeting.example"
        done = self.run([late, *names], "--timeout", "3", "--jobs", "1",
                        resolver=LOSSY)
        found = {each["input"]: each["verdict"]["status"]
                 for each in self.reports(done)}
        return self.well(done, names) + (
            [] if found.get(late) == "unknown" else ["late is in time"])

    def hanging(self):
        done = self.run(["starttls-silent.example"] * 8, "--timeout", "3")
        ids = [sorted(each["id"] for each in report["findings"])
               for report in self.reports(done)]
        complaints = [] if len(ids) == 8 and all(
            each == ids[0] and "SMTP_TIMEOUT" in each for each in ids) \
            else [str(each) for each in ids]
        # Nor for other names of its address: who comes is counted there.
        record = self.runner.lab.path("records", "hangs.json")
        for name, most in (("ehlo-silent", 2), ("greylists", 4)):
            self.run(crowds.names(name), "--timeout", "3", "--record", record)
            with open(record, encoding="utf-8") as file:
                said = [each["transcript"][0] for line in file
                        for each in json.loads(line)["smtp"]]
            if len(said) != crowds.COUNT or len(set(said)) > most:
                complaints.append(str(said))
        return complaints

    def slow_reader(self):
        """Nothing is read before it was interrupted."""
        names = self.quick(40) * 10
        process = subprocess.Popen(
            self.command("--batch", "-", "--format", "json"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=self.runner.environment)
        process.stdin.write("".join(n + "\n" for n in names).encode())
        process.stdin.flush()
        # Until there is more than a pipe holds, some of it is held back.
        full = fcntl.fcntl(process.stdout, fcntl.F_GETPIPE_SZ)
        while waiting(process.stdout) < full - 8192:
            select.select([], [], [], 0.05)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=LIMIT)
        count = re.search(rb"interrupted: (\d+) written", said)
        lines = out.splitlines()
        [json.loads(line) for line in lines]
        if not count or int(count[1]) != len(lines):
            return [f"{len(lines)} lines, and it said {said.decode()!r}"]
        return []

    def descriptors(self):
        ends = [os.pipe(), os.pipe()]
        process = subprocess.Popen(
            self.command("--batch", "-", "--format", "json"),
            stdin=ends[0][0], stdout=ends[1][1], env=self.runner.environment)
        os.write(ends[0][1], "".join(
            name + "\n" for name in self.quick(30)).encode())
        os.close(ends[0][1])
        size = 0
        while process.poll() is None:
            if select.select([ends[1][0]], [], [], 0.05)[0]:
                size += len(os.read(ends[1][0], 65536))
        flags = [fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_NONBLOCK
                 for fd in (ends[0][0], ends[1][1])]
        for fd in (ends[0][0], *ends[1]):
            os.close(fd)
        return [f"flags {flags}"] if any(flags) else []

    def few(self):
        """As many as the limit leaves room for, and the rest in turn."""
        names = [each.domain for each in self.rows if not each.slow
                 and each.status == "ok" and not each.turns][:60]
        complaints = []
        for limit in (64, 128):
            done = self.limited(limit, names)
            complaints += [f"{limit}: {each}"
                           for each in self.well(done, names)]
        done = subprocess.run(
            ["sh", "-c", 'ulimit -n 40; exec "$@"', "sh",
             *self.command(names[0])], capture_output=True,
            timeout=LIMIT, check=False, env=self.runner.environment)
        if done.returncode != 2 or b"ulimit -n" not in done.stderr:
            complaints.append(f"40: {done.returncode}: {done.stderr}")
        # What is open already is somebody else's.
        for inherited, well in ((120, True), (200, False)):
            held = [os.open("/dev/null", os.O_RDONLY)
                    for _ in range(inherited)]
            done = subprocess.run(
                ["sh", "-c", 'ulimit -n 256; exec "$@"', "sh",
                 *self.command("--batch", "-", "--format", "json")],
                input="".join(name + "\n" for name in names).encode(),
                capture_output=True, timeout=LIMIT, check=False,
                pass_fds=held, env=self.runner.environment)
            for each in held:
                os.close(each)
            if well:
                complaints += [f"inherited: {each}"
                               for each in self.well(done, names)]
            elif done.returncode != 2 or b"200 are already" \
                    not in done.stderr:
                complaints.append(f"inherited: {done.stderr}")
        return complaints

    def closed(self):
        process = subprocess.Popen(
            self.command("--batch", "-", "--format", "json"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=self.runner.environment)
        process.stdin.write(b"".join(
            name.encode() + b"\n" for name in self.names * 20))
        process.stdin.close()
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read().decode()
        status = process.wait(LIMIT)
        complaints = [] if not said and status == -signal.SIGPIPE else \
            [f"status {status}: {said[:200]}"]
        # While it waits for more input; and where the signal is ignored.
        for ignored, wanted in ((False, -signal.SIGPIPE), (True, 2)):
            process = subprocess.Popen(
                self.command("--batch", "-", "--format", "json"),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                restore_signals=not ignored, env=self.runner.environment)
            process.stdin.write(self.names[0].encode() + b"\n")
            process.stdin.flush()
            process.stdout.readline()
            process.stdout.close()
            status = process.wait(LIMIT)
            process.stdin.close()
            if status != wanted:
                complaints.append(f"status {status}, not {wanted}")
        return complaints

    def bad_lines(self):
        names = self.quick(2)
        done = self.run(["# a comment", "", names[0], "not a domain",
                         names[1] + "   # too", "a@b.example", "x" * 9000,
                         " " * 70000 + names[0],
                         names[0] + " " * 5000 + "junk", "#" * 90000,
                         names[0] + "\0x"])
        complaints = []
        reports = self.reports(done)
        wrong = sorted(each["line"] for each in reports if "error" in each)
        good = sorted(each["input"] for each in reports
                      if "error" not in each)
        if wrong != [4, 6, 7, 8, 9, 11]:
            complaints.append(f"wrong lines: {wrong}")
        if good != sorted(names):
            complaints.append(f"good lines: {good}")
        if done.returncode != 2 or done.stderr.count(b"\n") != 6:
            complaints.append(f"status {done.returncode}: "
                              + done.stderr.decode()[:200])
        return complaints

    def terminal(self):
        """Progress and results on one terminal: each line on its own."""
        listing = self.runner.lab.path("records", "terminal.list")
        late = [each.domain for each in self.rows if each.slow][:1]
        with open(listing, "w", encoding="utf-8") as file:
            file.write("\n".join(self.quick(5) + late))
        complaints = []
        for more, term in (([], "xterm"), (["--no-progress"], "xterm"),
                           ([], "dumb")):
            command = "stty cols 30; " + shlex.join(self.command(
                "--batch", listing, "--timeout", "4", *more))
            done = subprocess.run(
                ["script", "-qc", command, "/dev/null"],
                stdin=subprocess.DEVNULL, capture_output=True,
                timeout=LIMIT, check=False,
                env=dict(self.runner.environment, TERM=term))
            seen = re.sub(rb"[^\r\n]*\r\x1b\[K", b"", done.stdout)
            if re.search(rb"done, .*\.example", seen):
                complaints.append("progress stands in a line of a result")
            if (b" done, " in done.stdout) != (not more and term != "dumb"):
                complaints.append(f"{more}: {done.stdout[-300:]}")
            wide = [each for each in
                    re.findall(rb"\x1b\[K([^\r\n]*)", done.stdout)
                    if b" done, " in each and len(each) > 29]
            if wide:
                complaints.append(f"wider than the terminal: {wide[0]}")
        return complaints

    def stages(self):
        complaints = []
        for words, wanted, unwanted in (
                ("mx", {"MX"}, {"DS", "DNSKEY", "TLSA", "A", "AAAA"}),
                ("mx,dnssec", {"MX", "DS", "DNSKEY"}, {"TLSA", "A"}),
                ("tlsa", {"MX", "A", "TLSA", "DNSKEY"}, set())):
            record = self.runner.lab.path("records", "batch-stages.json")
            done = self.run(["healthy-311.example"], "--stages", words,
                            "--record", record)
            with open(record, encoding="utf-8") as file:
                evidence = json.load(file)
            asked = {each["question"].split()[-1]
                     for each in evidence["dns"]}
            if not wanted <= asked or unwanted & asked or evidence["smtp"]:
                complaints.append(f"{words}: asked {sorted(asked)}")
            if done.returncode != 0:
                complaints.append(f"{words}: status {done.returncode}")
        # Of a part there is no verdict on delivery, but on the part.
        for words, name, status, delivery, exits in (
                ("mx", "healthy-311", "ok", "unknown", 0),
                ("mx", "nxdomain", "fail", "bounced", 1),
                ("mx,dnssec,tlsa", "mismatch", "ok", "unknown", 0),
                ("mx,dnssec,tlsa", "tlsa-expired", "fail", "deferred", 1),
                ("mx,tlsa,starttls", "mismatch", "fail", "deferred", 1),
                ("starttls", "mismatch", "ok", "unknown", 0),
                ("dkim", "healthy-311", "unknown", "unknown", 3),
                ("mx,dkim", "healthy-311", "ok", "unknown", 0),
                ("starttls", "no-starttls", "warn", "unknown", 0),
                ("mx,dnssec", "ds-mismatch", "fail", "deferred", 1)):
            done = self.run([name + ".example"], "--stages", words)
            verdict = self.reports(done)[0]["verdict"]
            got = verdict["status"], verdict["delivery"], done.returncode
            if got != (status, delivery, exits):
                complaints.append(f"{words} of {name}: {got}")
        # The summary counts what the exit status says.
        done = self.run(["healthy-311.example"] * 2, "--stages", "mx",
                        "--require", "dane", form="text")
        if b"\n2 domains: 2 could not tell\n" not in done.stdout \
                or done.returncode != 3:
            complaints.append(done.stdout.decode())
        done = self.run(["# nobody"], form="text")
        if done.stdout != b"0 domains\n" or done.returncode != 0:
            complaints.append(f"nothing: {done.stdout}")
        return complaints

    def soak(self):
        """One result a line; memory that does not follow their number."""
        lines = (self.names * (SOAK // len(self.names) + 1))[:SOAK]
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        done = self.run(lines)
        after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        inputs = [each["input"] for each in self.reports(done)]
        complaints = [done.stderr.decode()[:300]] if done.stderr else []
        if sorted(inputs) != sorted(lines):
            complaints.append(f"{len(inputs)} results of {len(lines)} lines")
        print(f"# soak: {SOAK} lines, {after // 1024} MB at most "
              f"(others {before // 1024} MB)", flush=True)
        if SOAK >= 5000 and after > 300 * 1024:
            complaints.append(f"{after // 1024} MB")
        return complaints
