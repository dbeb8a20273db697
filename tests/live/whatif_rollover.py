# SPDX-License-Identifier: ISC
"""When it is safe to switch to another certificate."""
import datetime
import json
import re
import subprocess

from changes import FOR

LIMIT = 300


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Rollovers:
    """These tests of WhatIf, which has the tools."""

    def instants(self, record, judging, report):
        """The verdict changes at each instant that is named, and the one
        from which a switch is safe is among them."""
        def verdict(at):
            done = subprocess.run(
                [self.runner.program, "--format", "json", "--replay", record,
                 *rest, "--at", f"@{at}", "--at-strict"],
                capture_output=True, timeout=LIMIT, check=False,
                env=self.runner.environment)
            of = json.loads(done.stdout)["verdict"]
            return of["status"], of["delivery"]

        rest = [judging[i + k] for i, each in enumerate(judging)
                if each in ("--require", "--profile",
                            "--deprecated-algorithms") for k in (0, 1)]
        named = [each["at"] for each in report["validity"]["next"]]
        early = report["verdict"]["status"] == "warn" and \
            report["rollover"]["status"] == "safe-at"
        complaints = []
        if early and report["rollover"]["safe_at"] not in named:
            complaints.append(f"{report['rollover']['safe_at']} is not in "
                              f"{named}")
        for text in named:
            at = int(moment(text).timestamp())
            if verdict(at - 1) == verdict(at):
                complaints.append(f"nothing changes at {text}")
        return complaints

    def replayed(self, record, *options):
        done = subprocess.run(
            ["unshare", "--net", self.runner.program, "--format", "json",
             "--replay", record, *options], capture_output=True,
            timeout=LIMIT, check=False, env=self.runner.environment)
        return json.loads(done.stdout), done

    def full(self, name):
        """What a resolver says that has just asked, as text."""
        record = self.lab.path("records", "whatif-caches.json")
        self.run("--record", record, name + ".example")
        with open(record, encoding="utf-8") as file:
            text = file.read()
        return record, re.sub(r" (3600|3[0-5]\d\d) IN ", " 3600 IN ", text)

    def caches(self):
        """As long as the longest TTL on the way, whatever the resolver has
        left of it where that is more than an hour: it may have capped it."""
        complaints = []
        for name, was, now, wait in (
                ("whatif-alias", " 3600 IN CNAME", " 200 IN CNAME", 3600),
                ("whatif-alias", " 3600 IN TLSA", " 300 IN TLSA", 3600),
                ("whatif-alias", " 3600 IN ", " 900 IN ", 900),
                ("whatif-ttl", " IN TLSA", " IN TLSA", 172800)):
            record, text = self.full(name)
            with open(record, "w", encoding="utf-8") as file:
                file.write(text.replace(was, now))
            report, _ = self.replayed(record, "--cert", self.files[name])
            start, safe = (moment(each) for each in
                           (report["collected_at"],
                            report["rollover"]["safe_at"]))
            if (safe - start).total_seconds() != wait or was not in text:
                complaints.append(f"{name},{now}: {safe - start}")
        return complaints

    def earlier(self):
        """A run knows no better than its resolver; its report, kept, does."""
        record, text = self.full("whatif-ttl")
        cert = ["--cert", self.files["whatif-ttl"], "--fail-on", "warn"]
        path = self.lab.path("records", "whatif-earlier.json")
        first, _ = self.replayed(record, *cert)
        began = moment(first["collected_at"])
        complaints = []
        for hours, change, status, exits in (
                (1, None, "safe-at", 1), (47, None, "safe-at", 1),
                (49, None, "safe-now", 0), (49, "3 1 1 00", "safe-at", 1),
                (49, "longer", "safe-at", 1),
                (49, "none", "safe-at", 1)):
            later = began + datetime.timedelta(hours=hours)
            with open(record, "w", encoding="utf-8") as file:
                file.write(text.replace(
                    first["collected_at"],
                    later.strftime("%Y-%m-%dT%H:%M:%SZ")))
            known = json.loads(json.dumps(first))
            if change == "none":
                known["rollover"] = None
            elif change == "longer":
                known["rollover"]["hosts"][0]["published"][0].update(
                    ttl=259200, records=[])
            elif change:
                known["rollover"]["hosts"][0]["published"][0][
                    "records"][0] = change
            with open(path, "w", encoding="utf-8") as file:
                json.dump(known, file)
            report, done = self.replayed(record, *cert, "--baseline", path)
            got = report["rollover"]
            due = "safe_at" if status == "safe-at" else None
            when = moment(got[due]) - (later if change else began) \
                if due and got[due] else None
            if got["status"] != status or done.returncode != exits or (
                    due and when != datetime.timedelta(
                        days=3 if change == "longer" else 2)):
                complaints.append(f"{hours} h, {change}: {got}, "
                                  f"{done.returncode}")
        return complaints

    def unkeyed(self):
        """A recording without the zone's keys, and with them."""
        record = self.lab.path("records", "whatif-unkeyed.json")
        complaints = []
        for made, name, status, unseen in (
                ("signed", "no_tlsa", 3, True), ("signed", "signed", 0, False),
                ("plain", "no_tlsa", 0, False)):
            self.run("--zone", self.files[made], "--record", record, FOR)
            with open(record, encoding="utf-8") as file:
                evidence = json.load(file)
            if made == "signed":
                evidence["dns"] = [each for each in evidence["dns"]
                                   if each["question"] != FOR + ". IN DNSKEY"]
            with open(record, "w", encoding="utf-8") as file:
                json.dump(evidence, file)
            report, done = self.replayed(record, "--zone", self.files[name])
            found = any(each["id"] == "MX_NOT_OBSERVED"
                        for each in report["findings"])
            if done.returncode != status or found != unseen:
                complaints.append(f"{made}, {name}: {done.returncode}, "
                                  f"{found}")
        return complaints

    def one_kind(self):
        """First DANE, over a recording that looked at one kind of key."""
        name, record = "dual-both.example", self.lab.path(
            "records", "whatif-one-kind.json")
        tlsa = f"_25._tcp.mx1.{name} TLSA"
        change = ["--without", tlsa, "--with",
                  tlsa + " 3 1 1 " + self.files["dual_digest"]]
        self.run("--record", record, "--without", tlsa, name)
        report, _ = self.replayed(record, *change)
        live = json.loads(self.run("--format", "json", *change, name).stdout)
        found = [{each["id"]: each["severity"] for each in of["findings"]}
                 for of in (report, live)]
        return [] if found[0].get("MX_NOT_OBSERVED") == "note" \
            and "MX_NOT_OBSERVED" not in found[1] \
            and found[1].get("DANE_OTHER_KEY_TYPE") == "warn" \
            else [str(found)]

    def stranger(self):
        complaints = []
        for names, status, said in (
                ([FOR], 2, "no MX host of that name"),
                (["no-tlsa.example", FOR], 2, "no MX host of that name"),
                ([FOR, "two-mx.example"], 0, "")):
            done = self.run("--cert", "mx2.two-mx.example="
                            + self.files["present"], "--fail-on", "never",
                            *names)
            if done.returncode != status or said not in done.stderr.decode() \
                    or not done.stdout or bool(said) != bool(done.stderr):
                complaints.append(f"{names}: {done.returncode}: {done.stderr}")
        return complaints
