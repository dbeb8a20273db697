# SPDX-License-Identifier: ISC
"""Three opinions on one question: unbound's, delv's, mxproof's.

The words are mxproof's: secure, insecure, bogus; and failed, where no
answer could be had that anybody might judge.
"""

import json
import re
import subprocess

import dns.edns
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype

from world import PLAIN, VALIDATING

SECURE, INSECURE, BOGUS, FAILED = "secure", "insecure", "bogus", "failed"
PENDING = "pending"     # delv alone: an answer that it could not prove
NO_ANSWER = ("SERVFAIL", "REFUSED", "FORMERR", "timed out", "failure",
             "unexpected RCODE")
PATIENCE = 60       # seconds for one question


class Opinion:
    def __init__(self, state, why=""):
        self.state = state
        self.why = why


def _ask(name, rtype, flags):
    query = dns.message.make_query(name, rtype, want_dnssec=True)
    query.flags = dns.flags.RD | flags
    # Over TCP: nothing is lost, however busy the machine is.
    return dns.query.tcp(query, VALIDATING, PATIENCE)


def unbound(name, rtype):
    """AD: secure; SERVFAIL that goes away with CD: bogus."""
    reply = _ask(name, rtype, 0)
    errors = [option.to_text() for option in reply.options
              if option.otype == dns.edns.EDE]
    why = " ".join(errors)
    if reply.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        secure = reply.flags & dns.flags.AD
        return Opinion(SECURE if secure else INSECURE, why)
    again = _ask(name, rtype, dns.flags.CD)
    if again.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return Opinion(BOGUS, why)
    return Opinion(FAILED, why or dns.rcode.to_text(again.rcode()))


def delv(name, rtype, anchor):
    done = subprocess.run(
        ["delv", "@" + PLAIN, "-a", anchor, "+root=.", "+nosplit",
         "-q", name.to_text(), "-t", dns.rdatatype.to_text(rtype)],
        capture_output=True, text=True, check=False, timeout=PATIENCE)
    said = done.stdout + done.stderr
    why = "; ".join(line.strip("; ") for line in said.splitlines()
                    if line.startswith(";; "))
    failure = re.search(r"^;; resolution failed: (.*)", said, re.M)
    if failure and not failure.group(1).startswith("ncache"):
        # What an alias led through on the way may be good all the same.
        bad = failure.group(1) not in NO_ANSWER or \
            "no valid signature found" in why
        return Opinion(BOGUS if bad else FAILED, why)
    notes = set(re.findall(
        r"^; (?:negative response, )?(fully validated|unsigned answer|"
        r"signed answer, pending validation)", said, re.M))
    if not notes:
        return Opinion("?", said.replace("\n", " | "))
    if "signed answer, pending validation" in notes:
        return Opinion(PENDING, why)
    return Opinion(INSECURE if "unsigned answer" in notes else SECURE, why)


class Mxproof:
    """The program under test; it asks the resolver that validates nothing,
    so that no other validator has touched what it judges."""

    def __init__(self, binary, anchor):
        self.command = [binary, "--resolver", PLAIN, "--trust-anchor",
                        anchor, "--format", "json"]

    def __call__(self, name, rtype, policy="validate"):
        done = subprocess.run(
            self.command + ["--deprecated-algorithms", policy, "lookup",
                            name.to_text(), dns.rdatatype.to_text(rtype)],
            capture_output=True, text=True, check=False, timeout=PATIENCE)
        if done.returncode not in (0, 1, 3):
            return Opinion("?", f"exit {done.returncode}: {done.stderr}")
        report = json.loads(done.stdout)
        state = report["status"]
        why = f"{report['reason']}: {report['detail'] or ''}"
        return Opinion(FAILED if state == "indeterminate" else state, why)
