# SPDX-License-Identifier: ISC
"""All zones of one run, from the root down, and the servers that hold them."""

import fnmatch
import multiprocessing
import os
import random

import dns.name

import chains               # noqa: F401  (each fills the table)
import delegations          # noqa: F401
import signatures           # noqa: F401
import wire                 # noqa: F401
from family import CHILD, FRONT_CHILD, FRONT_LEAF, LEAF, Family
from keys import SEP, ZONE, Key, Keyring
from table import ROWS
from zone import DAY, DS, TTL, T, Zone, generic

ROOT, TOP = "127.53.1.1", "127.53.1.2"
SERVERS = {LEAF: "127.53.1.3", CHILD: "127.53.1.4",
           FRONT_LEAF: "127.53.2.3", FRONT_CHILD: "127.53.2.4"}
VALIDATING, PLAIN = "127.53.0.1", "127.53.0.2"
QUESTIONS = 3       # of a family, at least
DENIALS = ("nsec", "nsec3", "opt-out")
# RFC 5155 2: 5 does not know NSEC3, and 7 says that it does.
COMBINATIONS = [(5, "nsec"), (7, "nsec3"), (7, "opt-out")] + [
    (algorithm, denial) for algorithm in (8, 10, 13, 14, 15, 16)
    for denial in DENIALS]
TOPS = {f"{denial[0]}{denial[-1]}{algorithm}": (algorithm, denial)
        for algorithm, denial in COMBINATIONS if algorithm not in (5, 7)}


class Made:
    """What remains of a family: text, questions, and what is to change."""

    def __init__(self, row, family):
        self.row = row and row.name
        self.want = row.want if row else []
        self.name, self.tld = family.name, family.tld
        self.algorithm, self.denial = family.algorithm, family.denial
        # A DS of another algorithm than the zone's.
        self.mixed = any(each[2] != self.algorithm for each in family.z.ds)
        self.server = family.z.sets[family.name, T.NS][1][0].to_text()
        self.ds = family.z.ds
        self.texts = {role: (zone.name.to_text(), zone.text())
                      for role, zone in family.zones.items()}
        self.wire, self.asked = family.wire, family.asked
        self.hits = set(family.hits)


_worlds = []


def _make(number):
    plan = _worlds[0].plans[number]
    try:
        return _worlds[0].family(*plan)
    except Exception as error:
        raise RuntimeError(f"{plan[2]}: {error!r}") from error


class World:
    """Generates, writes, and tells the laboratory what to start."""

    def __init__(self, seed, count, now, only=()):
        self.seed, self.count, self.now = seed, count, now
        self.only = only
        self.rng = random.Random(seed)
        self.ring = Keyring(self.rng)
        self.families = []
        self.tops = {}

    # -- what there will be ------------------------------------------------

    def plan(self):
        """[(row, algorithm, denial, top-level domain)], one a family."""
        combinations = list(COMBINATIONS)
        self.rng.shuffle(combinations)
        rows = sorted(ROWS, key=lambda each: each.name)
        plans = [(row, pair) for row in rows if row.everywhere
                 for pair in combinations]
        rows = [row for row in rows if not row.everywhere]
        self.rng.shuffle(rows)
        for i in range(max(self.count - len(plans), 0)):
            row = rows[i % len(rows)]
            fits = [each for each in combinations if row.when(*each)]
            # Five is prime to the sizes of all lists: each comes in turn.
            plans.append((row, fits[(i % len(rows) + i // len(rows) * 5)
                                    % len(fits)]))
        return [(row, *pair, self.rng.choice(list(TOPS)))
                for row, pair in plans[:self.count]]

    def family(self, row, *where):
        family = Family(self.seed, *where, self.ring, self.now)
        if row:
            row.apply(family)
            family.finish(QUESTIONS)
        else:
            family.needed |= {"sub", "ins", "isl"}
            family.finish(0)
        return Made(row, family)

    def generate(self):
        plans = [(None, -1, "good", 13, "nsec", "target")]
        for i, (row, algorithm, denial, top) in enumerate(self.plan()):
            # The others keep their numbers, and so their dice.
            if self.only and not any(
                    fnmatch.fnmatch(row.name, each) for each in self.only):
                continue
            plans.append((row, i, f"f{i}-{row.name}", algorithm, denial,
                          top))
        self.plans = plans
        # By fork: keys and rows are there and need not be sent.
        _worlds[:] = [self]
        with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
            self.families = pool.map(_make, range(len(plans)), 4)

    def window(self):
        return (self.now - self.rng.randint(1, 20) * DAY,
                self.now + self.rng.randint(2, 40) * DAY)

    def zone(self, name, algorithm, denial):
        zone = Zone(dns.name.from_text(name), self.window(), denial)
        keys = self.ring.several(self.rng, algorithm, 2)
        zone.keys(Key(keys[0], algorithm, ZONE),
                  Key(keys[1], algorithm, ZONE | SEP))
        server = "ns." + name.lstrip(".")
        zone.add("", "SOA", f"{server} hostmaster.srv. 1 3600 600 864000 300")
        zone.add("", "NS", server)
        zone.add("ns", "A", ROOT if name == "." else TOP)
        return zone

    def above(self):
        """Top-level domains and the root, when the families are ready."""
        for name, (algorithm, denial) in TOPS.items():
            self.tops[name] = self.zone(name + ".", algorithm, denial)
        self.tops["target"] = self.zone("target.", 13, "nsec")
        srv = self.tops["srv"] = self.zone("srv.", 13, "nsec")
        for name, address in SERVERS.items():
            srv.add(dns.name.from_text(name), "A", address)
        for family in self.families:
            top = self.tops[family.tld]
            top.add(family.name, "NS", family.server)
            if family.ds:
                top.sets[family.name, DS] = (TTL, [generic(DS, each)
                                                   for each in family.ds])
        root = self.tops["."] = self.zone(".", 8, "nsec")
        for name, zone in self.tops.items():
            if name != ".":
                root.add(zone.name, "NS", "ns." + name)
                root.add(dns.name.from_text("ns." + name), "A", TOP)
                zone.publish_ds(root)
                zone.finish()
        root.finish()

    def anchor(self):
        root = self.tops["."]
        return root.ds_wire(root.signing_keys[0])
