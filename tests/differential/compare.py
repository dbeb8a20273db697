# SPDX-License-Identifier: ISC
"""Asks everybody, compares, and says it as TAP."""

import collections
import concurrent.futures
import os

import dns.rdatatype

from disagreements import CLASSES, OFTEN, explain
from oracles import BOGUS, FAILED, INSECURE, SECURE, Mxproof, Opinion, \
    delv, unbound
from world import COMBINATIONS

AT_A_TIME = 3 * (os.cpu_count() or 1)
JUDGED = (SECURE, INSECURE, BOGUS)


class Record:
    """One question, and what each says."""

    def __init__(self, family, question):
        self.family = family
        self.row = family.row
        self.algorithm, self.denial = family.algorithm, family.denial
        self.name, self.rtype = question
        self.type = dns.rdatatype.to_text(self.rtype)
        self.hit = question in family.hits
        self.unbound = self.delv = self.mxproof = self.default = None

    def ask(self, lab, mxproof):
        self.unbound = unbound(self.name, self.rtype)
        self.delv = delv(self.name, self.rtype, lab.path("delv.anchor"))
        self.mxproof = mxproof(self.name, self.rtype)
        if self.algorithm in (5, 7):
            self.default = mxproof(self.name, self.rtype, "insecure")

    def opinions(self):
        return (self.unbound.state, self.delv.state, self.mxproof.state)

    def agreed(self):
        return len(set(self.opinions())) == 1

    def known(self):
        """The listed disagreements that this is, or None."""
        return None if self.agreed() else explain(self)

    def unheard(self):
        """Somebody had no answer, and nobody knows why."""
        return "?" in self.opinions() or FAILED in self.opinions() and \
            not self.agreed() and self.known() is None

    def wrong(self):
        """What is not as it should be, in words; or None."""
        if "?" in self.opinions():
            return "no opinion"
        if not self.agreed() and self.known() is None:
            return "they disagree"
        if self.hit and not self.allowed():
            return "the rules say " + " or ".join(self.family.want)
        # RFC 9905: as if it were unsigned; RFC 6840 5.2: but not where a
        # DS names a key of another algorithm.
        if self.default and self.default.state not in (
                INSECURE, self.mxproof.state) and not (
                self.family.mixed and self.default.state == BOGUS):
            return f"with algorithm {self.algorithm} not supported, " \
                f"mxproof says {self.default.state}: {self.default.why}"
        return None

    def allowed(self):
        """By the rules; and what a listed class lets pass."""
        state = self.mxproof.state
        if state in self.family.want or state == FAILED and self.known():
            return True
        # In an opt-out span an unsigned name may be: nothing is bogus.
        return self.denial == "opt-out" and state == INSECURE

    def lines(self, seed, why):
        """For the reader of a failure."""
        yield f"seed {seed}, {self.name} {self.type}, algorithm " \
            f"{self.algorithm}, {self.denial}: {why}"
        for who in ("unbound", "delv", "mxproof"):
            opinion = getattr(self, who)
            yield f"  {who:8} {opinion.state}: {opinion.why}"


class Comparison:
    def __init__(self, lab, binary, options):
        self.lab, self.options = lab, options
        self.mxproof = Mxproof(binary, lab.path("root.anchor"))
        self.records = []
        self.number = self.failed = 0

    def ask(self, record):
        try:
            record.ask(self.lab, self.mxproof)
        except Exception as error:      # the others still count
            record.unbound = record.delv = record.mxproof = \
                Opinion("?", f"{type(error).__name__}: {error}")
        return record

    def ask_all(self, questions):
        with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
            self.records = list(pool.map(self.ask, questions))
            # A machine that is too busy loses packets: once more.
            again = [each for each in self.records if each.unheard()]
            list(pool.map(self.ask, again))
        if again:
            print(f"# {len(again)} questions were asked twice")

    def result(self, name, complaints):
        self.number += 1
        print(f"{'not ok' if complaints else 'ok'} {self.number} - {name}")
        for line in complaints:
            print("#   " + line.replace("\n", " | "))
        self.failed += bool(complaints)

    def run(self):
        questions = [Record(family, question)
                     for family in self.lab.world.families
                     for question in family.asked]
        rows = sorted({each.row for each in questions})
        checks = [self.front, self.states]
        if self.options.whole():
            checks.append(self.listed)
        print(f"1..{len(rows) + len(checks)}", flush=True)
        self.ask_all(questions)
        for row in rows:
            self.row(row, [each for each in self.records
                           if each.row == row])
        for check in checks:
            check()
        self.summary()
        return self.failed != 0

    def row(self, name, records):
        complaints = []
        for record in records:
            why = record.wrong()
            if why:
                complaints += record.lines(self.options.seed, why)
        states = collections.Counter(each.mxproof.state for each in records)
        said = ", ".join(f"{count} {state}" for state, count
                         in states.most_common())
        self.result(f"{name}: {said}", complaints)

    # -- that nothing hides ------------------------------------------------

    def front(self):
        """An error in the front would look like a broken zone."""
        path, complaints = self.lab.path("front.errors"), []
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                complaints = file.read().splitlines()[:40]
        self.result("the front has had no errors", complaints)

    def states(self):
        """Every algorithm and kind of denial has been seen in each state,
        with one opinion; together, in the run of make check."""
        seen = {(each.unbound.state, kind) for each in self.records
                if each.agreed() for kind in (
                    each.algorithm, each.denial,
                    (each.algorithm, each.denial))}
        kinds = [each for pair in COMBINATIONS for each in pair]
        if self.options.whole():
            kinds += COMBINATIONS
        lacking = []
        if not self.options.only:
            lacking = [f"{kind}: never {state}" for state in JUDGED
                       for kind in dict.fromkeys(kinds)
                       if (state, kind) not in seen]
        self.result("each algorithm and denial was secure, insecure and "
                    "bogus", lacking)

    def listed(self):
        """A disagreement that has gone is to be struck off the list.

        The keys are new in each run: some occur in most runs only.
        """
        found = {each for record in self.records
                 for each in record.known() or []}
        gone = [each for each in CLASSES if each not in found]
        for each in gone:
            print(f"# does not occur in this run: {each.name}")
        self.result("the listed disagreements that every run shows occur",
                    [f"{each.name} does not occur any more"
                     for each in gone if each.name in OFTEN])

    def summary(self):
        opinions = collections.Counter(each.opinions()
                                       for each in self.records)
        agreed = sum(each.agreed() for each in self.records)
        print(f"# {len(self.records)} questions, {agreed} times one opinion")
        for state in JUDGED + (FAILED,):
            print(f"#   all say {state}: {opinions[state, state, state]}")
        known = collections.Counter(each.name for record in self.records
                                    for each in record.known() or [])
        for name, count in known.most_common():
            print(f"#   known disagreement, {name}: {count}")
        print(f"# {self.number - self.failed} passed, {self.failed} failed",
              flush=True)
