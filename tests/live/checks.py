# SPDX-License-Identifier: ISC
"""Run one scenario and say what is wrong with what mxproof said."""

import json
import os
import subprocess

import jsonschema

from peer import Peer

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
LIMIT = 120     # seconds: a program that hangs is a failure, not a wait
BAD = ("fail", "unknown", "warn")


def schema(name):
    path = os.path.join(TOP, "schema", name)
    with open(path, encoding="utf-8") as file:
        return json.load(file)


class Runner:
    """Runs the program for the scenarios of one laboratory."""

    def __init__(self, lab, program):
        self.lab = lab
        self.program = program
        self.report = schema("report.schema.json")
        self.evidence = schema("evidence.schema.json")
        self.environment = dict(os.environ, LC_ALL="C", NO_COLOR="1")
        self.peer = Peer(lab, program, self.environment)
        self.alone = {}         # reports, by the name of the scenario

    def asking(self, scenario):
        arguments = []
        if scenario.resolver:
            arguments += ["--resolver", scenario.resolver]
        if scenario.special:
            arguments.append("--allow-special-addresses")
        return arguments + ["--trust-anchor", self.lab.path("root.anchor")] \
            + scenario.args

    @staticmethod
    def printing(form):
        return ["--format", form] + (["-v"] if form == "text" else [])

    def live(self, scenario, form):
        """Start a live run; the process."""
        command = [self.program] + self.asking(scenario) \
            + scenario.judge_args + self.printing(form) \
            + ["--record", self.record(scenario, form), scenario.domain]
        if scenario.hostname:
            command = ["unshare", "--uts", "sh", "-c",
                       'hostname "$0" && exec "$@"', scenario.hostname,
                       *command]
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=self.environment)

    def record(self, scenario, form):
        return self.lab.path("records", f"{scenario.name}.{form}.json")

    def replay(self, scenario, form):
        """Replay in a namespace of its own: no network at all."""
        return subprocess.run(
            ["unshare", "--net", self.program] + scenario.judge_args
            + self.printing(form)
            + ["--replay", self.record(scenario, form)],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT,
            env=self.environment, check=False)

    def check(self, scenario):
        """The list of complaints; empty when all is as it must be."""
        said = {}
        processes = {form: None if scenario.turns
                     else self.live(scenario, form)
                     for form in ("json", "text", "records")}
        complaints = []
        for form, process in processes.items():
            process = process or self.live(scenario, form)
            try:
                out, err = process.communicate(timeout=LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                out, err = process.communicate()
                complaints.append(f"{form}: no end after {LIMIT} s")
            said[form] = out
            if err:
                complaints.append(f"{form}: stderr: "
                                  + err.decode("utf-8", "replace")[:400])
            if scenario.exits is not None \
                    and process.returncode != scenario.exits:
                complaints.append(f"{form}: exit status "
                                  f"{process.returncode}, not "
                                  f"{scenario.exits}")
            complaints += self.compare(scenario, form, out,
                                       process.returncode)
        try:
            report = json.loads(said["json"])
        except ValueError as error:
            return complaints + [f"json: {error}"]
        self.alone[scenario.name] = report
        complaints += self.validate(scenario, report)
        complaints += judge(scenario, report)
        if scenario.dkim is not None:
            complaints += selectors(scenario, report)
        complaints += read(scenario, report,
                           said["text"].decode("utf-8", "replace"))
        return complaints + self.peer.check(scenario)

    def compare(self, scenario, form, out, status):
        if not os.path.exists(self.record(scenario, form)):
            return [f"{form}: nothing was recorded"]
        try:
            again = self.replay(scenario, form)
        except subprocess.TimeoutExpired:
            return [f"{form}: the replay has no end after {LIMIT} s"]
        complaints = []
        if again.stdout != out:
            complaints.append(f"{form}: the replay prints something else: "
                              + difference(out, again.stdout))
        if again.returncode != status:
            complaints.append(f"{form}: the replay's exit status is "
                              f"{again.returncode}, not {status}"
                              + again.stderr.decode("utf-8",
                                                    "replace")[:200])
        return complaints

    def validate(self, scenario, report):
        complaints = []
        try:
            with open(self.record(scenario, "json"),
                      encoding="utf-8") as file:
                evidence = json.load(file)
        except (OSError, ValueError) as error:
            return [f"evidence: {error}"]
        for what, value, rules in (("report", report, self.report),
                                   ("evidence", evidence, self.evidence)):
            found = jsonschema.Draft202012Validator(rules).iter_errors(value)
            for error in list(found)[:3]:
                where = "/".join(str(each) for each in error.absolute_path)
                complaints.append(f"{what} schema: {where}: "
                                  f"{error.message[:160]}")
        return complaints


def difference(one, two):
    """The first line in which two outputs differ."""
    for a, b in zip(one.splitlines(), two.splitlines()):
        if a != b:
            return f"{a[:120]!r} became {b[:120]!r}"
    return f"{len(one)} octets became {len(two)}"


def judge(scenario, report):
    """Compare the JSON report with the scenario's row."""
    complaints = []
    seen = {}
    for finding in report["findings"]:
        seen.setdefault(finding["id"], set()).add(finding["severity"])
    for each, severity in scenario.must.items():
        if each not in seen:
            complaints.append(f"{each} is missing")
        elif severity and severity not in seen[each]:
            complaints.append(f"{each} is {'/'.join(sorted(seen[each]))}, "
                              f"not {severity}")
    for each in scenario.must_not:
        if each in seen:
            complaints.append(f"{each} must not appear")
    for each, severities in sorted(seen.items()):
        known = each in scenario.may or each in scenario.must
        if not known and any(bad in severities for bad in BAD):
            complaints.append(f"{each}:{'/'.join(sorted(severities))} "
                              "was not expected")
    verdict = report["verdict"]
    if scenario.status and verdict["status"] != scenario.status:
        complaints.append(f"status is {verdict['status']}, not "
                          f"{scenario.status}")
    if scenario.code is not None \
            and (verdict["code"] or "") != scenario.code:
        complaints.append(f"code is {verdict['code']}, not "
                          f"{scenario.code or None}")
    senders = {each["profile"]: each["delivery"]
               for each in report["senders"]}
    for profile, want in (("exchange-online", scenario.exo),
                          ("rfc7672", scenario.rfc)):
        if want and senders.get(profile) != want:
            complaints.append(f"{profile}: {senders.get(profile)}, not "
                              f"{want}")
    if verdict["delivery"] != senders.get(report["profile"]):
        complaints.append(f"the verdict says {verdict['delivery']}, the "
                          f"table {senders.get(report['profile'])}")
    if verdict["delivery"] in ("deferred",) and not report["timeline"] \
            and verdict["code"]:
        complaints.append("deferred, and no timeline")
    return complaints


def selectors(scenario, report):
    """Compare what is said of each DKIM selector with the row's own part."""
    complaints = []
    seen = {each["selector"]: [] for each in report["dkim"]}
    for finding in report["findings"]:
        if finding["id"].startswith("DKIM_"):
            seen.setdefault(finding["subject"].get("selector"),
                            []).append(finding)
        if finding["id"].startswith("DKIM_CNAME") \
                and finding["severity"] == "fail" \
                and not finding["records_to_add"] \
                and "DkimSigningConfig" not in (finding["remedy"] or ""):
            complaints.append(f"{finding['id']}: neither the line to publish "
                              "nor a cmdlet")
    for name in sorted(map(str, seen.keys() ^ scenario.dkim.keys())):
        complaints.append(f"selector {name}: only in the row or the report")
    views = {each["selector"]: each for each in report["dkim"]}
    for name, said in scenario.dkim.items():
        complaints += [f"selector {name}: {each}" for each in
                       selector(said, seen.get(name, []), views.get(name))]
    return complaints


def selector(said, findings, view):
    """Complaints about one selector."""
    got = {each["id"]: each["severity"] for each in findings}
    want = {each: severity or got.get(each)
            for each, severity in said.found.items()}
    complaints = [] if got == want else [f"{got}, not {want}"]
    lines = [line for each in findings for line in each["records_to_add"]]
    targets = [line.split()[-1] for line in lines if " IN CNAME " in line]
    if said.publish is not None \
            and targets != ([said.publish] if said.publish else []):
        complaints.append(f"to publish: {lines}, not {said.publish!r}")
    text = "\n".join(lines + [each[part] for each in findings
                              for part in ("text", "detail", "remedy")
                              if each[part]])
    complaints += [f"{word!r} is missing: {text}" for word in said.words
                   if not any(each in text for each in word.split("|"))]
    if view is not None:
        key = view["key"]
        key = f"{key['type']} {key['bits']}" if key else "none"
        for part, value, wanted in (
                ("dnssec", view["dnssec"], said.dnssec),
                ("key", key, said.key),
                ("status", view["status"], said.status)):
            if wanted and value != wanted:
                complaints.append(f"{part} is {value}, not {wanted}")
    return complaints


def read(scenario, report, text):
    """Does the text say what the JSON says?"""
    flat = " ".join(text.split())
    complaints = []
    for finding in report["findings"]:
        if finding["id"] in scenario.must \
                and " ".join(finding["text"].split()) not in flat:
            complaints.append(f"text: {finding['id']}'s words are missing")
        if finding["id"] in scenario.must and finding.get("remedy") \
                and finding["severity"] in BAD \
                and " ".join(finding["remedy"].split()) not in flat:
            complaints.append(f"text: {finding['id']}'s remedy is missing")
    if " ".join(report["verdict"]["text"].split()) not in flat:
        complaints.append("text: the verdict is missing")
    for each in scenario.says:
        if each not in text:
            complaints.append(f"text: {each!r} is missing")
    return complaints
