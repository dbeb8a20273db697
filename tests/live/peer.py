# SPDX-License-Identifier: ISC
"""A second opinion: what Postfix's posttls-finger says of the same servers.

It is asked at level "dane-only", and it believes the AD bit of the resolver
of resolv.conf.  It tells of one MX host; compared is what happens to mail at
that host.  Every difference needs a row in EXPLAINED, and the table of them
is a file beside this one: `run --compare` writes it, a full run checks it.
"""

import fnmatch
import json
import os
import re
import subprocess
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(HERE, "posttls-finger.md")
COMMAND = ["posttls-finger", "-t", "10", "-T", "10", "-l", "dane-only", "-L",
           "summary"]
MOST_LINES = 1000       # of dialogue; a server that talks on is given up

AUTHENTICATED, ENCRYPTED = "delivered-authenticated", "delivered-encrypted"

# Scenarios whose difference is in order: (pattern, what decides).  Section
# numbers are those of the RFC; Exchange Online has no RFC but its manual.
DATES = "RFC 7672 3.1.1: with usage 3 the dates of the certificate are " \
    "ignored. Exchange Online documents "
MALFORMED = "RFC 7672 2.2: where every record is unusable, TLS is demanded " \
    "and nobody is authenticated. Exchange Online documents 4/5.7.323 for a " \
    "record that is misconfigured, without such an exception"
OLD_TLS = "RFC 8996 4: TLS 1.0 MUST NOT be negotiated. OpenSSL as Debian " \
    "builds it refuses, other builds of the same senders do not: warned of"
EXPLAINED = (
    ("algorithm-5", "RFC 9905: RSA/SHA-1 is to be treated as unsupported, "
     "and the zone as unsigned. The resolver whose AD bit posttls-finger "
     "believes still validates it"),
    ("host-secure-mismatch", "RFC 7672 2.2.1: DANE MAY be used with MX hosts "
     "out of insecure MX records. Exchange Online uses TLSA records only "
     "where every answer on the way is authentic"),
    ("expired-ee", DATES + "4/5.7.322 for every expired certificate"),
    ("exim-expired", DATES + "4/5.7.322 for every expired certificate"),
    ("future-ee", DATES + "4/5.7.323 for every certificate that is not "
     "valid yet"),
    ("malformed*", MALFORMED),
    ("tls10", OLD_TLS + ". Exchange Online needs TLS 1.2, and defers with "
     "4/5.7.321"),
    ("tls10-no-tlsa", OLD_TLS + ". TLS is not demanded here: mail is "
     "delivered either way"),
    ("pkix-no-starttls", "RFC 7672 2.2: TLS is demanded, so mail waits. "
     "Exchange Online documents that it drops the message and sends a "
     "non-delivery report"),
    ("starttls-421", "RFC 5321 4.2.2: 421 may answer any command of a server "
     "that is shutting down; it says nothing about TLS. mxproof could not "
     "tell, where the sender just tries again"),
    ("middlebox", "RFC 3207 6: something on the way can take STARTTLS out of "
     "the reply. The overwritten reply shows it, so that mxproof could not "
     "tell what the server offers"),
    ("no-address", "RFC 5321 5.1: MX records of which none is usable MUST be "
     "reported as an error; whether at once or after retries is left open. "
     "Postfix returns the mail at once, Exchange Online documents 4/5.4.312"),
)

# What happens without TLS: where TLSA is usable, is unusable, is not there.
NO_TLS = ("deferred", "deferred", "delivered-cleartext")

# (a line's pattern, what it means, what happens to mail: where TLSA is
# usable, where it is unusable, where there is none).  None: it cannot tell.
LINES = [(re.compile(pattern), *rest) for pattern, *rest in (
    (r"lookup failed: .*\(nullMX\)", "takes no mail", "not-applicable"),
    (r"lookup failed: .*try again", "DNS lookup fails", "deferred"),
    (r"lookup failed: ", "no such host", "bounced"),
    (r"TLSA lookup error for", "TLSA lookup fails", "deferred"),
    (r"^Verified TLS connection", "verified", AUTHENTICATED),
    (r"^Trusted TLS connection .*\(MX insecure\)",
     "matches, MX not secure", ENCRYPTED),
    (r"^(Trusted|Untrusted|Anonymous) TLS connection", None, "deferred",
     ENCRYPTED, ENCRYPTED),
    (r"^SSL_connect error .*timed out", "could not tell", None),
    (r"^SSL_connect error", "no handshake", *NO_TLS),
    (r"^STARTTLS rejected: ", "STARTTLS refused", *NO_TLS),
    (r"while sending STARTTLS", "STARTTLS not answered", *NO_TLS),
    (r"^SMTP service not available|^EHLO rejected|^(lost|timeout)",
     "could not tell", None),
)]
# What may still come after "TLS connection established".  In TLS 1.3 the
# server's refusal of the handshake arrives then (RFC 8446 4.4.2.4).
ALERT, ENDED = "SSL alert number", re.compile(
    r"^(EHLO rejected|lost connection|timeout)")
TLSA = ("not verified", "TLSA unusable", "no TLSA")


def ask(domain):
    """What was said, without the dialogue; None of a server without end."""
    said = []
    with subprocess.Popen(
            COMMAND + [domain], stdin=subprocess.DEVNULL, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            errors="replace") as process:
        for number, line in enumerate(process.stdout):
            if number > MOST_LINES:
                process.kill()
                return None
            line = line.strip().removeprefix("posttls-finger: ")
            if not line.startswith(("< ", "> ")):
                said.append(line)
    return said


def understand(said):
    """(host or None, in words, what happens to mail or None)."""
    host, tlsa, note = None, 0, ""
    for number, line in enumerate(said or ()):
        if line.startswith("MX RRset insecure: log verified as trusted"):
            note = " (MX insecure)"
        line += note
        found = re.match(r"Connected to ([^[]+)\[", line)
        if found:
            host = found.group(1)
        if "no TLSA records found" in line:
            tlsa = 2
        elif "no usable TLSA" in line or "all TLSA records unusab" in line:
            tlsa = 1
        for pattern, words, *mail in LINES:
            if pattern.search(line):
                words = words or TLSA[tlsa]
                mail = mail[tlsa if len(mail) > 1 else 0]
                break
        else:
            continue
        later = said[number + 1:]
        if "TLS connection established" in line \
                and any(map(ENDED.match, later)):
            if not any(ALERT in each for each in later):
                return host, "could not tell", None
            words, mail = "no handshake", NO_TLS[tlsa]
        return host, words, mail
    if host is None or said is None:
        return None, "could not tell", None
    # It says nothing at all where STARTTLS is not offered.
    return host, "no STARTTLS", NO_TLS[tlsa]


def at_host(report, host):
    """What the report says of mail at one host, or of all the domain's."""
    for each in report["mx"]:
        if host and each["host"].rstrip(".").lower() == host.lower():
            return each["verdict"]["delivery"]
    return next(each["delivery"] for each in report["senders"]
                if each["profile"] == report["profile"])


def applies(scenario):
    """Is posttls-finger's answer about the same thing?"""
    hosts = {host.name for host in scenario.hosts}
    return bool(scenario.zone and not scenario.judge_args
                # Nothing is to be learned from another's timeouts …
                and not scenario.slow
                # … nor from one of two addresses, taken at random.
                and len(hosts) == len(scenario.hosts))


def reason(name):
    """What decides, or None."""
    return next((why for pattern, why in EXPLAINED
                 if fnmatch.fnmatchcase(name, pattern)), None)


class Peer:
    """The comparison of one run."""

    def __init__(self, lab, program, environment):
        self.lab = lab
        self.program = program
        self.environment = environment
        self.rows = {}

    def judged(self, scenario, profile):
        record = self.lab.path("records", scenario.name + ".json.json")
        done = subprocess.run(
            ["unshare", "--net", self.program, "--replay", record,
             "--profile", profile, "--format", "json"],
            capture_output=True, check=False, env=self.environment)
        return json.loads(done.stdout)

    def check(self, scenario):
        """The list of complaints about one scenario."""
        if not applies(scenario):
            return []
        host, words, mail = understand(ask(scenario.domain))
        if mail is None:
            return []
        ours = [at_host(self.judged(scenario, profile), host)
                for profile in ("rfc7672", "exchange-online")]
        if all(each == mail for each in ours):
            return []
        why = reason(scenario.name)
        self.rows[scenario.name] = (
            [scenario.name, scenario.what, f"{words}: {mail}", *ours],
            why or "nobody has said why")
        if why:
            return []
        return [f"posttls-finger says \"{words}\", {mail}; rfc7672 is "
                f"{ours[0]}, exchange-online {ours[1]}; see peer.py"]

    def table(self):
        """The text of the file, in the order of the scenarios."""
        lines, reasons = [], []
        for cells, why in (self.rows[each.name]
                           for each in self.lab.scenarios
                           if each.name in self.rows):
            if why not in reasons:
                reasons.append(why)
            number = reasons.index(why) + 1
            lines.append(f"| {' | '.join(cells)} | {number} |")
        for number, why in enumerate(reasons, 1):
            lines += [""] if number == 1 else []
            start = f"{number}. "
            lines += textwrap.wrap(f"{start}{why}.", 78,
                                   subsequent_indent=" " * len(start))
        return HEAD + "\n".join(lines) + "\n"

    def current(self):
        """Complaints about the file and about EXPLAINED."""
        complaints = [
            f"{pattern}: explained, and nothing differs"
            for pattern, _ in EXPLAINED
            if not fnmatch.filter(self.rows, pattern)]
        try:
            with open(TABLE, encoding="utf-8") as file:
                old = file.read().splitlines()
        except OSError as error:
            old = [str(error)]
        new = self.table().splitlines()
        changed = [f"- {line}" for line in old if line not in new] \
            + [f"+ {line}" for line in new if line not in old]
        if old != new:
            complaints += ["out of date: tests/live/run --compare"] + changed
        return complaints


HEAD = """\
# Where posttls-finger and mxproof differ

Written by `tests/live/run --compare`; do not edit. A full run of the
laboratory fails when this table is out of date, or when a difference has no
reason in `peer.py`.

`posttls-finger -l dane-only` (Postfix) was pointed at the same servers,
through the same validating resolver, whose AD bit it believes. Compared is
what happens to mail at the MX host that it told about, with what mxproof says
for a sender by RFC 7672 and for Exchange Online. A scenario that is not here
gave three equal answers, or is one of which posttls-finger could not tell:
it waits for a timeout, the server turned it away before STARTTLS, or two
servers stand behind one name. The last column has the number of the sentence
below the table that decides.

| scenario | what is special | posttls-finger | rfc7672 | exchange-online \
| why |
| --- | --- | --- | --- | --- | --- |
"""
