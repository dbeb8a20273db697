# SPDX-License-Identifier: ISC
"""mxproof lookup in the laboratory: live, and replayed octet for octet.

A row: the scenario whose servers answer, the question ("@" is its domain),
the state that must come of it, and the words that the text must have.
"""

import json
import os
import subprocess

import jsonschema

from checks import LIMIT, difference, schema

TABLE = [
    ("healthy-311", "@ MX", "secure", "Holds until"),
    ("healthy-311", "_25._tcp.mx1.@ TLSA", "secure", "IN TLSA 3 1 1"),
    ("healthy-311", "@ DNSKEY", "secure", "DS"),
    ("healthy-311", "@ DS", "secure", "example. secure"),
    ("healthy-311", ". NS", "secure", "trust anchor"),
    ("healthy-311", "nosuch.@ A", "secure", "no such name"),
    ("healthy-311", "@ TYPE65280", "secure", "no such record"),
    ("nsec3-no-tlsa", "_25._tcp.mx1.@ TLSA", "secure", "NSEC3 valid"),
    ("idn-u-label", "@ MX", "secure", "xn--bcher-kva.example. MX"),
    ("mx-alias", "mx1.@ A", "secure", "IN CNAME real.mx-alias.example."),
    ("unsigned", "@ MX", "insecure", "proves that unsigned.example. has no "
     "DS"),
    ("unsigned-opt-out", "@ MX", "insecure", "opt-out span"),
    ("algorithm-5", "@ MX", "insecure", "RSASHA1"),
    ("ds-mismatch", "@ MX", "bogus", "Publish:"),
    ("dnskey-missing", "@ MX", "bogus", "DNSSEC_DNSKEY_MISSING"),
    ("mx-expired", "@ MX", "bogus", "otherwise it is right"),
    ("mx-expired", "mx1.@ A", "secure", "Holds until"),
    ("mx-unsigned", "@ MX", "bogus", "DNSSEC_RRSIG_MISSING"),
    ("mx-invalid", "@ MX", "bogus", "does not fit the records"),
    ("resolver-strips", "@ MX", "indeterminate", "DNSSEC_RESOLVER_STRIPS"),
]
STATUS = {"secure": 0, "insecure": 0, "bogus": 1, "indeterminate": 3}


class Lookups:
    """Runs the rows whose scenario is picked."""

    def __init__(self, runner, picked):
        self.runner = runner
        self.rules = jsonschema.Draft202012Validator(
            schema("lookup.schema.json"))
        scenarios = {each.name: each for each in picked}
        self.rows = [(scenarios[row[0]],) + row[1:] for row in TABLE
                     if row[0] in scenarios]

    @staticmethod
    def title(row):
        scenario, question, state, _ = row
        return f"lookup {question}: {state}".replace(
            "@", scenario.domain.encode("idna").decode())

    def run(self, arguments, lead=()):
        return subprocess.run(
            [*lead, self.runner.program, *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT,
            env=self.runner.environment, check=False)

    def both(self, row, form, record):
        """One live run, its replays, and what differs."""
        scenario, question, state, _ = row
        words = ["lookup", *question.replace("@", scenario.domain).split(),
                 "--format", form]
        live = self.run(self.runner.asking(scenario) + words
                        + ["--record", record])
        complaints = []
        if live.stderr:
            complaints.append(f"{form}: {live.stderr.decode()[:200]}")
        if live.returncode != STATUS[state]:
            complaints.append(f"{form}: exit status {live.returncode}")
        for again in (["--format", form, "--replay", record],
                      words + ["--replay", record]):
            replay = self.run(again, ("unshare", "--net"))
            if replay.stdout != live.stdout \
                    or replay.returncode != live.returncode:
                complaints.append(
                    f"{form}: a replay prints something else: "
                    + difference(live.stdout, replay.stdout))
        return live.stdout.decode("utf-8", "replace"), complaints

    def check(self, row, number):
        state, says = row[2:]
        record = self.runner.lab.path("records", f"lookup-{number}.json")
        text, complaints = self.both(row, "text", record)
        if says not in " ".join(text.split()):
            complaints.append(f"text: {says!r} is missing: {text[:600]}")
        text, more = self.both(row, "json", record)
        complaints += more
        try:
            report = json.loads(text)
        except ValueError as error:
            return complaints + [f"json: {error}"]
        if report["status"] != state:
            complaints.append(f"json: {report['status']}")
        for error in list(self.rules.iter_errors(report))[:3]:
            complaints.append(f"schema: {error.message[:160]}")
        if not os.path.exists(record):
            complaints.append("nothing was recorded")
        return complaints
