# SPDX-License-Identifier: ISC
"""The benchmarks: each measures, and gives the lines that say what came."""

import json
import os
import re

from lab import RESOLVER, LaboratoryError, call
from yard import FAR_RESOLVER, FARTHEST, NAMES, SMTPS, address, domain

TUN = "/dev/net/tun"
ONE_WAY_US = 20000
TRIP = 2 * ONE_WAY_US / 1e6
# What a sender waits for, and each needs what was before it.  A greeting is a
# trip of its own: it leaves when the client's last packet of connect comes.
PATH = ("MX", "addresses and TLSA", "connect", "greeting", "EHLO", "STARTTLS",
        "handshake (TLS 1.3)")
# RFC 3207 4.2; in TLS 1.3 only an answer shows that the server took our part
# of the handshake.
MANNERS = ("EHLO inside TLS",)
GROWTH = (100, 1000, 10000, 100000)
QUESTIONS = 500
MANY = 200
STAGES = "mx,dnssec,tlsa,starttls"
AT_A_TIME = 8
# Of the DS, the keys, MX, A, TLSA, and that there is no AAAA and no CDS.
SIGNATURES = 7
CALLGRIND = 50      # domains: it is slow
GOOD = "delivered-authenticated"
POSTTLS_FINGER = ["posttls-finger", "-t", "10", "-T", "10", "-l",
                  "dane-only", "-L", "summary"]


def ratio(what, value, unit, goal=None):
    line = f"{what}: {value:.2f} {unit}"
    return line + (f" (goal: at most {goal:.2f})" if goal else "")


def reports(yard, output, count):
    """The JSON Lines of a run are all there, and good, or the end."""
    found = bad = 0
    with open(yard.path(output), encoding="utf-8") as file:
        for line in file:
            found += 1
            bad += json.loads(line).get("verdict", {}).get("delivery") != GOOD
    if found != count or bad:
        with open(yard.path(output + ".errors"), encoding="utf-8") as file:
            raise LaboratoryError(f"{found} reports in place of {count}, "
                                  f"{bad} not good: {file.read(400)}")


def names_of(count):
    """That many that have a zone and a mail server in common."""
    return [f"n{i:05}.{NAMES.rstrip('.')}" for i in range(count)]


def batch(yard, lines, resolver=RESOLVER, before=()):
    """A list run in one process: wall, CPU, KiB."""
    file = yard.list_of("list", lines)
    wall, cpu, memory, _ = yard.cost(yard.program(
        "--batch", file, "--stages", STAGES, "--no-progress",
        "--format", "json", resolver=resolver), before=before)
    reports(yard, "output", len(lines))
    return wall, cpu, memory


# -- latency -----------------------------------------------------------------

def bursts(log):
    """Times at which the client sent something after a wait."""
    out, last = [], None
    with open(log, encoding="utf-8") as file:
        for line in file:
            if " RST" in line:      # to the run before
                continue
            at = float(line.split()[0])
            if last is None or at - last > TRIP * 1000 / 2:
                out.append(at)
            last = at
    return out


def latency(yard, chosen):
    if not os.access(TUN, os.R_OK | os.W_OK):
        yield f"latency: not measured: {TUN} may not be opened"
        return
    log = yard.path("line.log")
    line = [f"{yard.tools}/line", str(ONE_WAY_US), log]
    best = None
    for _ in range(chosen.times):
        wall, *_ = yard.cost(
            yard.program("--format", "json", FARTHEST.rstrip("."),
                         resolver=FAR_RESOLVER),
            before=line)
        best = min(best or wall, wall)
        with open(yard.path("output"), encoding="utf-8") as file:
            delivery = json.load(file)["verdict"]["delivery"]
        if delivery != GOOD:
            raise LaboratoryError(f"{FARTHEST} is {delivery}")
    needed = len(PATH) * TRIP
    polite = needed + len(MANNERS) * TRIP
    yield ratio(f"latency: {best:.3f} s over {len(PATH)} round trips of "
                f"{TRIP * 1000:.0f} ms ({'; '.join(PATH)})", best / needed,
                "times that", 1.10)
    yield ratio(f"latency: the same over {len(PATH) + len(MANNERS)}, with "
                f"{' and '.join(MANNERS)}", best / polite, "times that", 1.10)
    yield "latency: the client sent something at " + ", ".join(
        f"{each:.0f}" for each in bursts(log)) + " ms"
    names = [domain(i).rstrip(".") for i in range(MANY)]
    wall, cpu, _ = batch(yard, names, FAR_RESOLVER, line)
    yield ratio(f"latency: {MANY} domains in one run over the line, "
                f"{wall:.2f} s with {cpu:.2f} s of CPU", wall / max(cpu, best),
                "times the longer of its CPU time and one domain's time")


# -- throughput --------------------------------------------------------------

def throughput(yard, chosen):
    count = chosen.domains
    names = [domain(i).rstrip(".") for i in range(count)]
    addresses = yard.list_of("addresses", [address(i) for i in range(count)])
    yard.forget()
    wall, cpu, memory = batch(yard, names)
    yard.forget()
    peer = yard.cost(["xargs", "-P", str(AT_A_TIME), "-n", "1",
                      *POSTTLS_FINGER], stdin=yard.list_of("list", names),
                     output="posttls-finger")
    with open(yard.path("posttls-finger"), encoding="utf-8") as file:
        verified = file.read().count("Verified TLS connection established")
    if verified != count:
        raise LaboratoryError(f"posttls-finger verified {verified} of {count}")
    bare, both, proved = (yard.cost(
        [f"{yard.tools}/handshakes", str(SMTPS), *more], stdin=addresses,
        output="handshakes")[1] for more in ("00", "10", f"1{SIGNATURES}"))
    again = batch(yard, names)      # the resolver knows all of it now
    cpu = min(cpu, again[1])
    each = 1e3 / count
    yield f"throughput: {count} domains: mxproof {cpu * each:.2f} ms of " \
        f"CPU each, posttls-finger {peer[1] * each:.2f}; GnuTLS: a " \
        f"handshake {bare * each:.2f}, and one for another key " \
        f"{both * each:.2f}, and {SIGNATURES} signatures {proved * each:.2f}"
    yield ratio("throughput: CPU over posttls-finger run by xargs -P "
                f"{AT_A_TIME}", cpu / peer[1], "times that", 0.15)
    yield ratio("throughput: CPU over as many bare GnuTLS handshakes",
                cpu / bare, "times that", 2.0)
    yield ratio("throughput: CPU over them, those for another key, and the "
                f"{SIGNATURES} signatures of each chain", cpu / proved,
                "times that")
    yield ratio(f"throughput: wall time, {wall:.1f} s (with a resolver that "
                f"knew it {again[0]:.1f} s) over posttls-finger's "
                f"{peer[0]:.1f} s", wall / peer[0], "times that")
    yield f"throughput: peak memory {memory / 1024:.1f} MiB"


# -- questions ---------------------------------------------------------------

def kinds(counts, over=1):
    """By type, of a domain."""
    return ", ".join(f"{key} {value / over:.3g}"
                     for key, value in sorted(counts.items())
                     if key != "all")


def questions(yard, chosen):
    count = chosen.domains
    own = [domain(i).rstrip(".") for i in range(count)]
    yard.questions()
    batch(yard, own[:1])
    alone = yard.questions()
    batch(yard, own)
    several = yard.questions()
    batch(yard, names_of(QUESTIONS))
    shared = yard.questions()
    yield f"questions: {alone['all']} for a domain alone ({kinds(alone)})"
    yield f"questions: {several['all'] / count:.2f} for each of {count} in " \
        f"a list ({kinds(several, count)})"
    yield f"questions: {shared['all'] / QUESTIONS:.2f} for each of " \
        f"{QUESTIONS} that share a zone and a mail server " \
        f"({kinds(shared, QUESTIONS)})"


# -- growth ------------------------------------------------------------------

def growth(yard, chosen):
    rows = []
    for count in GROWTH:
        names = names_of(count)
        best = None
        for _ in range(chosen.times if count < 10000 else 1):
            row = batch(yard, names)
            best = min(best or row, row)
        rows.append(best)
        yield f"growth: {count} domains: {best[0] / count * 1e3:.2f} ms and " \
            f"{best[1] / count * 1e3:.2f} ms of CPU each, peak memory " \
            f"{best[2] / 1024:.1f} MiB ({best[2] / count:.1f} KiB each)"
    for i, count in enumerate(GROWTH[1:], 1):
        factor = count / GROWTH[i - 1]
        yield f"growth: {count} over {GROWTH[i - 1]}, of a domain: time " \
            f"{rows[i][0] / rows[i - 1][0] / factor:.2f}, CPU " \
            f"{rows[i][1] / rows[i - 1][1] / factor:.2f}, memory " \
            f"{rows[i][2] / rows[i - 1][2] / factor:.2f} (goal: at most 1); " \
            f"peak memory of all {rows[i][2] / rows[i - 1][2]:.2f} times"


# -- where the time goes -----------------------------------------------------

def samples(yard, run):
    """perf's, by library, and the kernel's."""
    data = yard.path("perf.data")
    yard.cost(["perf", "record", "-q", "-F", "2000", "-o", data, *run])
    said = call("perf", "report", "-i", data, "--sort", "dso", "--stdio")
    for line in said.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.rstrip()


def instructions(yard, run):
    """callgrind's, of each function with what it calls."""
    data = yard.path("callgrind")
    yard.cost(["valgrind", "--tool=callgrind", "-q",
               f"--callgrind-out-file={data}", *run])
    said = call("callgrind_annotate", "--inclusive=yes", "--threshold=99",
                "--auto=no", data)
    seen = set()
    for line in said.splitlines():
        found = re.search(r"src/\S+:(\S+) |:((?:gnutls|json|getdns)_\S+) ",
                          line + " ")
        function = found and (found.group(1) or found.group(2)).split("'")[0]
        if found and function not in seen:
            seen.add(function)
            yield line.split("[")[0].rstrip()


def profile(yard, chosen):
    own = [domain(i).rstrip(".") for i in range(chosen.domains)]
    for what, names in (("with mail servers of their own", own),
                        ("that share one", names_of(chosen.domains))):
        batch(yard, names)      # the resolver knows all of it
        run = yard.program("--batch", yard.list_of("list", names),
                           "--stages", STAGES, "--no-progress", "--format",
                           "json")
        yield f"profile: {len(names)} domains {what}: samples by library"
        yield from samples(yard, run)
        yard.list_of("list", names[:CALLGRIND])
        yield f"profile: {CALLGRIND} domains {what}: instructions by " \
            "function, with what it calls"
        yield from instructions(yard, run)
