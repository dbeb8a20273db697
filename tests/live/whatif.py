# SPDX-License-Identifier: ISC
"""What is not published yet: overlays, beside the servers of the laboratory.

First every signed and unsigned zone of the scenarios as a file: what a domain
gets by its zone's file must be what it gets by the zone's servers.  Then a
table of changes that would break mail, which are to be stopped, and of right
ones, which are not; each live and as a replay.
"""
import json
import os
import re
import shlex
import subprocess

from certs import DAY, association, der
from changes import FOR, HOST, ROWS
from whatif_gate import Gate
from whatif_rollover import Rollovers
from zones import BAD_SERVERS, ds_text

LIMIT = 300


def kept(report):
    """What the zone decides, of a report."""
    def place(finding):
        subject = finding["subject"]
        return tuple(str(subject.get(each)) for each in
                     ("host", "address", "selector", "name", "type"))
    verdict = report["verdict"]
    return {
        "verdict": [verdict[each] for each in ("status", "delivery", "code")],
        "findings": sorted((each["id"], each["severity"], *place(each))
                           for each in report["findings"]),
        "mx": [[each["host"], each["dnssec"], each["tlsa"] and [
            each["tlsa"]["dnssec"], [record["class"] for record
                                     in each["tlsa"]["records"]]]]
               for each in report["mx"]],
        # A server may spell a name in lower case.
        "dkim": [[each["selector"], (each["target"] or "").lower(),
                  each["dnssec"], each["status"]]
                 for each in report["dkim"]],
    }


class WhatIf(Gate, Rollovers):
    """The tests; each is a method that returns complaints."""

    def __init__(self, runner, scenarios):
        self.runner = runner
        self.lab = runner.lab
        self.scenarios = scenarios
        self.files = {}

    def tests(self):
        names = {each.domain for each in self.scenarios}
        self.prepare()
        return [("zones", "signed files say what their servers say",
                 self.signed),
                ("zones", "files that are not signed yet", self.unsigned),
                ("records", "--format records: they load, and they mend",
                 self.records),
                ("refused", "files that name servers refuse to load",
                 self.refused),
                ("gate", "the shell gate of the README", self.gate),
                ("caches", "how long caches may hold what was before",
                 self.caches),
                ("earlier", "what an earlier run knows of them",
                 self.earlier),
                ("unkeyed", "what signs a changed record was not recorded",
                 self.unkeyed),
                ("one kind", "what a recording without TLSA records lacks",
                 self.one_kind),
                ("stranger", "a certificate for a host that is none",
                 self.stranger)] + \
            [(row.name, row.what, lambda row=row: self.check(row))
             for row in ROWS if row.domain in names
             or row.domain.startswith("nowhere.")]

    # -- files ---------------------------------------------------------

    def zone(self, name):
        return next(each.zone for each in self.scenarios
                    if each.zone and each.zone.name == name + ".")

    def host(self, domain):
        return next(each.hosts[0] for each in self.scenarios
                    if each.domain == domain and each.hosts)

    def write(self, name, text):
        path = self.lab.path("whatif-" + name)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        self.files[name] = path
        return path

    def certificate(self, name, host, **more):
        authority = self.lab.authority
        _, pem = authority.leaf("whatif-" + name, [host], **more)
        self.write(name, pem + authority.intermediate + authority.root)
        self.files[name + "_digest"] = association(der(pem), 1, 1)

    def sign(self, name, zone, expiration, pair=None, start=-DAY):
        lines = self.lab.forge.sign_once(zone, ".whatif-" + name, start,
                                          expiration, pair)
        self.write(name, "\n".join(lines) + "\n")
        return lines

    def prepare(self):
        forge, zone = self.lab.forge, self.zone(FOR)
        self.certificate("next", HOST)
        self.certificate("rsa", HOST, kind="rsa3072")
        # As lab.certify names what it makes.
        host = self.host(FOR)
        self.files["present"] = host.chain_file
        self.renew(host, "renewed")
        self.renew(host, "ended", -10 * DAY, -DAY)
        self.renew(host, "later", 5 * DAY, 90 * DAY)
        self.certificate("next_later", HOST, start=5 * DAY)
        for name in ("healthy-211", "whatif-two", "one-address-broken"):
            self.renew(self.host(name + ".example"), name)
        with open(self.host("mx-alias.example").chain_file,
                  encoding="ascii") as file:
            self.files["alias_digest"] = association(der(file.read()), 1, 1)
        with open(host.chain_file, encoding="ascii") as file:
            self.files["present_digest"] = association(der(file.read()), 1, 1)
        self.files["address"] = host.addresses[0]
        self.files["alias_address"] = self.host("mx-alias.example").addresses[0]
        with open(self.files["next"], encoding="ascii") as file:
            chains = file.read()
        self.files["next_sha512"] = association(der(chains), 1, 2)
        with open(self.files["rsa"], encoding="ascii") as file:
            self.write("both", chains + file.read())
        with open(self.host("dual-both.example").chain_file,
                  encoding="ascii") as file:
            chains = file.read()
        # The server has its two chains in one file, ECDSA first.
        first = re.findall("-----BEGIN CERT.*?-----END CERT[^\n]*\n", chains,
                           re.DOTALL)[0]
        self.write("dual", first)
        self.files["dual_digest"] = association(der(first), 1, 1)
        for name in ("next", "ttl", "alias"):
            self.files["whatif-" + name] = self.host(
                f"whatif-{name}.example").next_file
        self.files["waited"] = self.host("whatif-broken.example").next_file
        with open(forge.file(zone), encoding="ascii") as file:
            plain = file.read()
        self.write("plain", plain)
        self.files["dkim"] = forge.file(self.zone("dkim-right.example"))
        self.write("no_tlsa", "\n".join(
            line for line in plain.splitlines() if " TLSA " not in line)
            + "\n")
        self.write("cds", plain + f"{FOR}. 3600 IN CDS 0 0 0 00\n")
        self.write("relative", "$TTL 3600\n@ SOA ns.nic.example. a. 1 2 3 4 5\n"
                   f"@ NS ns.nic.example.\n@ A {host.addresses[0]}\n")
        self.write("no_ns", re.sub(".* IN NS .*\n", "", plain))
        self.write("no_host", "\n".join(
            line for line in plain.splitlines()
            if not line.startswith("mx1.")) + "\n")
        self.write("wild", plain.replace("_25._tcp.mx1", "*._tcp.mx1"))
        signed = self.sign("signed", zone, 14 * DAY)
        self.write("keys", plain + "".join(
            line + "\n" for line in signed if re.search(r"\sDNSKEY\s", line)
            and "RRSIG" not in line))
        self.write("hardly", "\n".join(
            line for line in signed
            if not re.search(r"\sRRSIG\s+(MX|SOA)\s", line)) + "\n")
        self.write("nowhere", "nowhere.nic.example. 60 SOA a. b. 1 2 3 4 5\n"
                   f"nowhere.nic.example. 60 MX 1 {HOST}.\n")
        self.sign("short", zone, DAY // 2)
        self.write("part_signed", "\n".join(
            line for line in signed
            if not re.search(r"\sRRSIG\s+MX\s", line)) + "\n")
        self.sign("alien", zone, 14 * DAY, forge.keys.of(13, "alien"))
        ksk, zsk = forge.keys.of(13)
        aliens = forge.keys.of(13, "alien")
        self.sign("new_zsk", zone, 14 * DAY, [ksk, aliens[1]])
        self.sign("both_zsk", zone, 14 * DAY, [ksk, zsk, aliens[1]])
        self.sign("both_zsk_long", zone, 60 * DAY, [ksk, zsk, aliens[1]])
        standby = self.zone("whatif-standby.example")
        self.sign("standby_done", standby, 14 * DAY, [ksk, aliens[1]])
        self.sign("standby_new", standby, 14 * DAY, [ksk, zsk, aliens[1]])
        parent = self.lab.tlds["example"]
        self.sign("parent_new", parent, 14 * DAY,
                  [forge.keys.of(parent.alg)[0],
                   forge.keys.of(parent.alg, "zsk")[1]])
        broken = self.zone("ds-alien.example")
        self.files["ds_alien_ds"] = broken.name + " DS " + ds_text(
            broken.name, forge.keys.of(broken.alg)[0][1])
        self.files["alien_ds"] = zone.name + " DS " + ds_text(
            zone.name, aliens[0][1])
        later = self.zone("unsigned.example")
        self.sign("unsigned_signed", later, 14 * DAY)
        self.files["unsigned_ds"] = later.name + " DS " + ds_text(
            later.name, forge.keys.of(later.alg)[0][1])

    def renew(self, host, name, start=0, end=90 * DAY):
        """Another certificate for the same key."""
        authority = self.lab.authority
        key = authority.path(f"{host.fqdn}-{host.addresses[0]}.key")
        pem = authority.certificate(
            "whatif-" + name, key, "intermediate",
            [f'cn = "{host.fqdn}"', "tls_www_server", "signing_key",
             f'dns_name = "{host.fqdn}"'], start, end)
        self.write(name, pem + authority.intermediate + authority.root)

    # -- runs ----------------------------------------------------------

    def run(self, *arguments, text=None):
        return subprocess.run(
            [self.runner.program, "--resolver", "127.53.0.1",
             "--allow-special-addresses", "--trust-anchor",
             self.lab.path("root.anchor"), *arguments],
            input=text, capture_output=True, timeout=LIMIT, check=False,
            env=self.runner.environment)

    def comparable(self):
        """Scenarios whose zones have one truth, which a file can hold."""
        return [each for each in self.scenarios
                if each.zone and each.zone.server not in BAD_SERVERS
                and each.zone.stale is None and not each.turns
                and not each.slow and not each.args and not each.judge_args
                and each.resolver == "127.53.0.1" and each.special
                and each.domain + "." == each.zone.name]

    def as_files(self, picked, suffix):
        """A complaint for each domain that is another by its zone's file."""
        names = sorted({each.domain for each in picked})
        different = self.differences(names, suffix)
        # Servers with much to do: a difference has to last.
        for _ in range(2):
            if different and "stderr" not in different:
                different = self.differences(sorted(different), suffix)
        return [f"{name}: {each}" for name, found in different.items()
                for each in found]

    def differences(self, names, suffix):
        files = [each for domain in names for each in
                 ("--zone", domain + "="
                  + self.lab.forge.file(self.zone(domain), suffix))]
        text = "".join(name + "\n" for name in names).encode()
        reports = []
        for options in ([], files):
            done = self.run("--batch", "-", "--format", "json", *options,
                            text=text)
            if done.stderr:
                return {"stderr": [done.stderr.decode()[:300]]}
            reports.append({each["input"]: kept(each) for each in
                            map(json.loads, done.stdout.splitlines())})
        live, whole = reports
        found = {}
        for name in names:
            got, want = whole.get(name, {}), live[name]
            for part in want:
                if got.get(part) != want[part]:
                    found.setdefault(name, []).append(
                        f"{part}: {got.get(part)}, not {want[part]}")
        return found

    def signed(self):
        return self.as_files(self.comparable(), ".signed")

    def unsigned(self):
        """The records of well signed zones, before they are signed."""
        return self.as_files(
            [each for each in self.comparable()
             if each.zone.signed and not each.zone.tamper
             and each.zone.ds == "good" and not each.extra
             and not each.zone.cds], "")

    def records(self):
        """What is to be added and deleted, done to the zones' files."""
        names = sorted({each.domain for each in self.comparable()})
        text = "".join(name + "\n" for name in names).encode()
        # Both of the same observations: two runs may see different things.
        record = self.lab.path("records", "whatif-records.json")
        said = self.run("--batch", "-", "--format", "records", "--record",
                        record, text=text)
        done = subprocess.run(
            [self.runner.program, "--format", "json", "--replay", record],
            capture_output=True, timeout=LIMIT, check=False,
            env=self.runner.environment)
        before = {each["input"]: each for each in
                  map(json.loads, done.stdout.splitlines())}
        parts = re.split(r"^; mxproof: (\S+), as of .*\n",
                         said.stdout.decode(), flags=re.M)
        changes = dict(zip(parts[1::2], parts[2::2]))
        complaints = [f"{name}: no part" for name in names
                      if name not in changes]
        if said.stderr or done.stderr or said.returncode not in (0, 1):
            complaints.insert(0, f"{said.returncode}, {done.returncode}: "
                              + (said.stderr + done.stderr).decode()[:500])
        options, mended = [], []
        for name, part in sorted(changes.items()):
            want = {line for each in before[name]["findings"]
                    if each["severity"] in ("fail", "unknown", "warn")
                    for line in each["records_to_add"]}
            got = {line for line in part.splitlines() if line[0] != ";"}
            if want != got:
                complaints.append(f"{name}: {got}, and in JSON {want}")
            if "; zone " in part:
                mended.append(name)
                options += self.mend(name, part, complaints)
        if len(mended) < 20 or not {"ds-sha1.example", "mismatch.example",
                "dnskey-missing.example", "ds-alien.example",
                "one-mx-without-tlsa.example", "malformed.example",
                "intermediate-pinned.example", "tlsa-of-nothing.example",
                "cds-delete.example",
                "dkim-wrong.example"} <= set(mended):
            complaints.append(f"only {mended}")
        done = self.run("--batch", "-", "--format", "json", *options,
                        text="".join(each + "\n" for each in mended).encode())
        complaints += [done.stderr.decode()[:300]] if done.stderr else []
        for report in map(json.loads, done.stdout.splitlines()):
            complaints += self.left(before[report["input"]], report)
        return complaints

    @staticmethod
    def left(before, after):
        def place(finding):
            subject = finding["subject"]
            return (finding["id"], subject.get("host"),
                    subject.get("selector"))
        bad = {place(each) for each in after["findings"]
               if each["severity"] in ("fail", "warn")}
        return [f"{before['input']}: {each['id']} is still there"
                for each in before["findings"]
                if each["records_to_add"] + each["records_to_delete"]
                and place(each) in bad
                and each["severity"] in ("fail", "warn")]

    def mend(self, name, part, complaints):
        """Options for a domain as it will be."""
        def record(line):
            owner, _, *rest = line.lower().split()
            return [owner, *rest]
        with open(self.lab.forge.file(self.zone(name)),
                  encoding="ascii") as file:
            lines = file.read().splitlines()
        options, zone = [], None
        for line in part.splitlines():
            if line.startswith("; zone "):
                zone = line.split()[2].rstrip(".")
            elif line.startswith("; delete: ") and zone == name:
                gone = line.lower().split()[2:]
                stay = [each for each in lines if record(each) != gone]
                if len(stay) == len(lines):
                    complaints.append(f"{name}: not there: {line}")
                lines = stay
            elif line.startswith("; delete: "):
                options += ["--without", " ".join(
                    word for word in line.split()[2:5] if word != "IN")]
            elif line[0] != ";" and zone == name:
                lines.append(line)
            elif line[0] != ";":
                options += ["--with", line]
        path = self.write("mended-" + name, "\n".join(lines) + "\n")
        for command in (["named-checkzone", "-q", "-k", "ignore", name, path],
                        ["nsd-checkzone", name, path]):
            done = subprocess.run(command, capture_output=True, check=False)
            if done.returncode != 0:
                complaints.append(f"{name}: {' '.join(command)}: "
                                  + (done.stdout + done.stderr).decode())
        return [*options, "--zone", name + "=" + path]

    def refused(self):
        """What named-checkzone refuses of files that can be read."""
        with open(self.files["plain"], encoding="ascii") as file:
            lines = file.read().splitlines()
        apex = f"{FOR}. 3600 IN NS "
        rest = [each for each in lines if " IN NS " not in each]
        address, alias = ("3600 IN A 127.0.0.1", "3600 IN CNAME mx1." + FOR)
        complaints = []
        for number, (added, verdict) in enumerate([
                ([], 1), ([apex + "ns.nic.example."], 0),
                ([apex + f"ns.{FOR}."], 1),
                ([apex + f"ns.{FOR}.", f"ns.{FOR}. {address}"], 0),
                ([apex + f"ns.{FOR}.", f"NS.{FOR}. 3600 IN AAAA ::1"], 0),
                ([apex + f"ns.{FOR}.", f"ns.{FOR}. {alias}."], 1),
                ([apex + f"ns.{FOR}.", f"*.{FOR}. {address}"], 0),
                ([apex + f"ns.x.{FOR}.", f"*.{FOR}. {address}",
                  f"y.x.{FOR}. {address}"], 1),
                ([apex + "ns.nic.example.", apex + f"ns.{FOR}."], 1),
                ([apex + f"ns.x.{FOR}.",
                  f"x.{FOR}. 3600 IN NS ns.nic.example."], 0),
                ([apex + "ns.nic.example.",
                  f"*.y.{FOR}. 3600 IN NS ns.nic.example."], 1)]):
            path = self.write(f"refused-{number}",
                              "\n".join([*rest, *added, ""]))
            named = subprocess.run(["named-checkzone", "-q", FOR, path],
                                   check=False).returncode
            report = json.loads(self.run("--format", "json", "--zone", path,
                                         FOR).stdout)
            found = any(each["id"] == "DNS_ZONE_REFUSED"
                        for each in report["findings"])
            if named != verdict or found != bool(verdict):
                complaints.append(f"{added}: {named}, {found}")
        return complaints

    def check(self, row):
        record = self.lab.path("records", f"whatif-{row.name}.json")
        options = shlex.split(row.options.format(**self.files))
        judging = [options[i + k] for i, each in enumerate(options)
                   if each in ("--at", "--require", "--profile",
                               "--deprecated-algorithms")
                   for k in (0, 1)]
        said = {form: self.run(*options, "--format", form, "--record",
                               record, row.domain)
                for form in ("text", "json")}
        complaints = [f"{form}: status {done.returncode}"
                      for form, done in said.items()
                      if done.returncode != row.exits]
        complaints += [done.stderr.decode() for done in said.values()
                       if done.stderr]
        quiet = self.run(*options, "-q", row.domain).stdout.decode()
        if not quiet.startswith("hypothetical: ") or quiet.count("\n") != 1:
            complaints.append(f"-q: {quiet}")
        again = subprocess.run(
            ["unshare", "--net", self.runner.program, "--format", "json",
             "--replay", record, *judging], capture_output=True,
            timeout=LIMIT, check=False, env=self.runner.environment)
        if again.stdout != said["json"].stdout \
                or again.returncode != row.exits:
            complaints.append("the replay differs: "
                              + again.stderr.decode()[:200])
        if row.rollover:
            complaints += self.instants(record, judging,
                                        json.loads(said["json"].stdout))
        complaints += self.over_recording(row, options)
        return complaints + self.judge(row, json.loads(said["json"].stdout)) \
            + self.read(row, said["text"].stdout.decode("utf-8", "replace"))

    def over_recording(self, row, options):
        """The change to what was recorded without it in mind."""
        record = self.lab.path("records", f"whatif-plain-{row.domain}.json")
        if not os.path.exists(record):
            self.run("--record", record, row.domain)
        done = subprocess.run(
            ["unshare", "--net", self.runner.program, "--format", "json",
             "--replay", record, *options], capture_output=True,
            timeout=LIMIT, check=False, env=self.runner.environment)
        unseen = [each["id"] + ":" + each["severity"]
                  for each in json.loads(done.stdout)["findings"]
                  if "_NOT_OBSERVED" in each["id"]
                  and each["severity"] != "note"]
        # A failure that is certain in any case stays one.
        allowed = {3, row.exits} - {0} \
            if row.elsewhere and not row.delivers else {row.exits}
        if done.returncode in allowed \
                and set(unseen) == set(row.elsewhere.split()):
            return []
        return [f"over a recording: status {done.returncode}, "
                f"{unseen}: " + done.stderr.decode()[:200]]

    @staticmethod
    def judge(row, report):
        got = {}
        for each in report["findings"]:
            got.setdefault(each["id"], set()).add(each["severity"])
        complaints = [f"{each}: {got.get(each)}, not {severity}"
                      for each, severity in row.must.items()
                      if severity not in got.get(each, ())]
        complaints += [f"{each} must not appear" for each in row.must_not
                       if each in got]
        if row.exits == 0:
            complaints += [f"{each} is bad" for each, severities
                           in got.items() if "fail" in severities
                           or "unknown" in severities]
        if row.status and report["verdict"]["status"] != row.status:
            complaints.append(f"status {report['verdict']['status']}")
        if report["hypothetical"] is None:
            complaints.append("not called hypothetical")
        answer = report["rollover"]
        if row.rollover and (not answer or answer["status"] != row.rollover):
            complaints.append(f"rollover: {answer}")
        if row.publishes is not None and row.publishes != sum(
                len(each["records_to_add"]) for each in answer["hosts"]):
            complaints.append(f"publishes: {answer}")
        if row.present and (not answer or answer["hosts"][0]["present"]
                            != row.present):
            complaints.append(f"present: {answer}")
        return complaints

    def read(self, row, text):
        flat = " ".join(text.split())
        complaints = [f"text: {words!r} is missing" for words in
                      (each.format(**self.files) for each in row.says)
                      if words.lower() not in flat.lower()]
        if "hypothetical" not in "\n".join(text.splitlines()[:6]):
            complaints.append("text: the first lines do not say it")
        return complaints
