# SPDX-License-Identifier: ISC
"""A family of zones: one below a top-level domain, and its children.

Every family is independent of the others, so that what is broken in one
never shows in another: its own keys, and parents of its own for what is
broken at a delegation.
"""

import random

import dns.name

from keys import SEP, ZONE, Key
from zone import DAY, DS, T, Zone

# Where the families' zones are served: by a name server, or by the front
# that stands before it and changes what it says.
LEAF, CHILD = "leaf.srv.", "child.srv."
FRONT_LEAF, FRONT_CHILD = "front-leaf.srv.", "front-child.srv."

# What may be asked of any family.
QUESTIONS = [
    ("", "MX"), ("mx", "A"), ("www", "TXT"), ("chain", "A"), ("out", "A"),
    ("h.dn", "A"), ("dn", "A"), ("y.w", "A"), ("y.w", "MX"), ("a.y.w", "A"),
    ("y.cw", "A"), ("1.2.3.4.5.6.7.8", "A"), ("mIxEd", "TXT"), ("long", "A"),
    ("zero", "A"), ("srv", "SRV"), ("unknown", "TYPE65400"), ("www", "MX"),
    ("nope", "A"), ("a.b.nope", "TXT"), ("y.w", "TXT"), ("x.w", "A"),
    ("ent", "A"), ("b.ent", "MX"), ("sub", "DS"), ("ins", "DS"),
    ("isl", "DS"), ("www", "DS"), ("nope", "DS"), ("", "DS"), ("sub", "MX"),
    ("www.sub", "MX"), ("nope.sub", "A"), ("y.w.sub", "TXT"), ("ins", "MX"),
    ("nope.ins", "A"), ("isl", "MX"), ("nope.isl", "A"), ("toins", "A"),
    ("tosub", "A"), ("dangling", "A"), ("", "DNSKEY"), ("", "SOA"),
    ("", "NS"), ("sub", "DNSKEY"), ("_25._tcp.mx", "TLSA"),
    ("_tcp.mx", "TLSA"), ("_25._tcp.www", "TLSA"), ("", "NSEC3PARAM"),
    ("nope.dn", "A"), ("y.cw", "CNAME"), ("alias", "CNAME")]


class Family:
    """The zones of one row of the table, and what is asked of them.

    z     the zone itself, below a top-level domain
    sub   a signed child with DS
    ins   an unsigned child
    isl   a signed child without DS
    """

    def __init__(self, seed, index, label, algorithm, denial, tld, ring,
                 now):
        self.rng = random.Random(f"{seed}/{index}/{label}")
        self.algorithm, self.denial, self.tld = algorithm, denial, tld
        self.ring = ring
        self.now = now
        self.name = dns.name.from_text(f"{label}.{tld}.")
        self.salt, self.iterations = b"", 0
        if denial != "nsec":
            self.salt = self.rng.choice([b"", b"", b"\xab\xcd",
                                         self.rng.randbytes(8)])
            self.iterations = self.rng.choice([0, 0, 0, 1, 10, 50])
        self.hits = []      # questions that must be asked
        self.no_others = False      # and nothing else
        self.needed = set()         # children that must be there
        self.asked = []
        self.wire = []      # [(front, question, change's name, parameters)]
        self.zones = {}
        self.materials = ring.several(self.rng, algorithm, 5)
        self.z = self._zone("z", self.name, denial)
        self._content()
        self.sub = self._child("sub", self.rng.choice(["nsec", "nsec3"]))
        self.ins = self._child("ins", "none")
        self.isl = self._child("isl", self.rng.choice(["nsec", "nsec3"]))
        self.isl.ds = []

    def _window(self):
        return (self.now - self.rng.randint(2 * 3600, 20 * DAY),
                self.now + self.rng.randint(2 * DAY, 40 * DAY))

    def key(self, which, flags=ZONE, algorithm=None):
        """The which-th of the family's keys, as a DNSKEY record."""
        return Key(self.materials[which], algorithm or self.algorithm, flags)

    def _zone(self, role, name, denial):
        salt = self.salt if denial != "nsec" else b""
        zone = Zone(name, self._window(), denial, salt,
                    self.iterations if denial != "nsec" else 0)
        if denial != "none":
            ksk, zsk = (0, 1) if role == "z" else (2, 3)
            zone.keys(self.key(zsk), self.key(ksk, ZONE | SEP))
        server = LEAF if role == "z" else CHILD
        zone.add("", "SOA", f"{server} hostmaster.srv. 1 3600 600 864000 300")
        zone.add("", "NS", server)
        self.zones[role] = zone
        return zone

    def _child(self, role, denial):
        zone = self._zone(role, self.z.at(role), denial)
        zone.add("", "MX", "10 mx")
        zone.add("mx", "A", "192.0.2.25")
        zone.add("www", "A", "192.0.2.80")
        zone.add("www", "TXT", '"child"')
        zone.add("*.w", "TXT", '"any"')
        self.z.delegate(zone.name, CHILD)
        return zone

    def _content(self):
        z = self.z
        z.add("", "MX", "10 mx", "20 backup.mail")
        z.add("", "TXT", '"v=spf1 mx -all"')
        z.add("mx", "A", "192.0.2.25", "192.0.2.26")
        z.add("mx", "AAAA", "2001:db8::25")
        z.add("backup.mail", "A", "192.0.2.27")
        z.add("_25._tcp.mx", "TLSA", "3 1 1 " + "ab" * 32)
        z.add("www", "A", "192.0.2.80")
        z.add("www", "TXT", '"one"', '"two"', '"three"')
        z.add("alias", "CNAME", "www")
        z.add("chain", "CNAME", "alias")
        z.add("out", "CNAME", "www.good.target.")
        z.add("dangling", "CNAME", "nope")
        z.add("toins", "CNAME", "www.ins")
        z.add("tosub", "CNAME", "www.sub")
        z.add("dn", "DNAME", "tgt")
        z.add("h.tgt", "A", "192.0.2.90")
        z.add("a.b.ent", "A", "192.0.2.91")
        z.add("*.w", "A", "192.0.2.92")
        z.add("*.w", "MX", "10 mx")
        z.add("x.w", "TXT", '"more than the wildcard"')
        z.add("*.cw", "CNAME", "www")
        z.add("1.2.3.4.5.6.7.8", "A", "192.0.2.93")
        z.add("MiXeD", "TXT", '"Case"')
        z.add("long", "A", "192.0.2.94", ttl=604800)
        z.add("zero", "A", "192.0.2.95", ttl=0)
        z.add("srv", "SRV", "1 2 25 MX")
        z.add("unknown", "TYPE65400", "\\# 4 01020304")
        self._more_records()

    def _more_records(self):
        """They move the chain's order about."""
        z = self.z
        for _ in range(self.rng.randint(0, 6)):
            label = "".join(self.rng.choices("abcdefghijklmnopqrstuvwxyz",
                                             k=self.rng.randint(1, 12)))
            if (z.at(label), T.CNAME) not in z.sets and \
                    label not in ("dn", "ins", "sub", "isl", "nope", "w"):
                z.add(label, "A", "192.0.2.99")

    # -- what can be broken, and the questions that show it ----------------

    def targets(self):
        """Sets by a short word: (zone, owner, type, questions)."""
        z, sub = self.z, self.sub
        return {
            "mx": (z, z.name, T.MX, [("", "MX")]),
            "a": (z, z.at("mx"), T.A, [("mx", "A")]),
            "txt": (z, z.at("www"), T.TXT, [("www", "TXT")]),
            "tlsa": (z, z.at("_25._tcp.mx"), T.TLSA,
                     [("_25._tcp.mx", "TLSA")]),
            "srv": (z, z.at("srv"), T.SRV, [("srv", "SRV")]),
            "cname": (z, z.at("alias"), T.CNAME, [("alias", "A")]),
            "dname": (z, z.at("dn"), T.DNAME, [("h.dn", "A")]),
            "wild": (z, z.at("*.w"), T.MX, [("y.w", "MX")]),
            "wild-cname": (z, z.at("*.cw"), T.CNAME, [("y.cw", "A")]),
            "dnskey": (z, z.name, T.DNSKEY, [("", "MX")]),
            "ds": (z, sub.name, DS, [("sub", "DS"), ("sub", "MX")]),
            "child": (sub, sub.name, T.MX, [("sub", "MX")]),
            "child-dnskey": (sub, sub.name, T.DNSKEY, [("www.sub", "A")]),
        }

    def denials(self):
        """Records of the chain by a short word: (zone, name, covers,
        questions)."""
        z = self.z
        cut = z.denial == "opt-out"
        return {
            "nodata": (z, z.at("www"), False, [("www", "MX")]),
            "apex": (z, z.name, False, [("", "AAAA")]),
            "nxdomain": (z, z.at("nope"), True, [("nope", "A")]),
            "cut": (z, z.at("ins"), cut, [("ins", "DS"), ("ins", "MX")]),
            "wildcard": (z, z.at("*.w"), False, [("y.w", "TXT")]),
        }

    def deny(self, word, edit):
        """Change a record of the chain before it is signed."""
        zone, name, covers, questions = self.denials()[word]

        def hook(zone):
            link = zone.covering(name) if covers else zone.link(name)
            edit(zone, link)
        zone.on_chain.append(hook)
        self.ask(*questions)

    def resign(self, word, plan):
        """Sign the set so: plan(zone, owner, type) -> signatures."""
        if word in self.targets():
            zone, owner, rtype, questions = self.targets()[word]
            zone.plans[owner, rtype] = plan
        else:
            zone, name, covers, questions = self.denials()[word]

            def hook(zone):
                link = zone.covering(name) if covers else zone.link(name)
                zone.plans[link.owner, zone.denial_type()] = plan
            zone.on_chain.append(hook)
        self.ask(*questions)

    def ask(self, *questions):
        for label, rtype in questions:
            self.hits.append((self.z.at(label), T.make(rtype)))

    def change_wire(self, front, question, function, parameters):
        """What the front does to a reply; the zone moves behind it."""
        self.wire.append((front, question, function, parameters))

    # -- finishing -----------------------------------------------------------

    def _drop_unasked(self):
        """Children that no question reaches are not worth signing."""
        changed = {each[0] for each in self.wire}
        for role in ("sub", "ins", "isl"):
            apex = self.zones[role].name
            if not any(name.is_subdomain(apex) or
                       name == self.z.at("to" + role)
                       for name, _ in self.asked) and \
                    role not in self.needed and "child" not in changed:
                self.zones[role].publish_ds(self.z)
                del self.zones[role]

    def finish(self, count):
        """Choose that many questions, and sign what they need."""
        self.asked = self.questions(count)
        self._drop_unasked()
        fronts = {each[0] for each in self.wire}
        if "leaf" in fronts:
            self._move(self.z, FRONT_LEAF)
        if "child" in fronts:
            for role in list(self.zones)[1:]:
                self._move(self.zones[role], FRONT_CHILD)
        for role, zone in self.zones.items():
            if role != "z":
                zone.publish_ds(self.z)
        for zone in self.zones.values():
            zone.finish()
        # Parameters that need the finished zones.
        self.wire = [(front, question, function, {
            name: value() if callable(value) else value
            for name, value in parameters.items()})
            for front, question, function, parameters in self.wire]

    def _move(self, zone, server):
        for owner, holder in ((zone.name, zone), (zone.name, self.z)):
            if (owner, T.NS) in holder.sets:
                holder.sets[owner, T.NS] = (holder.sets[owner, T.NS][0], [])
                holder.add(owner, "NS", server)

    def questions(self, count):
        """Those that show what is broken, and some of the others."""
        asked = list(dict.fromkeys(self.hits))
        if self.no_others:
            return asked
        for label, rtype in self.rng.sample(QUESTIONS, len(QUESTIONS)):
            each = (self.z.at(label), T.make(rtype))
            if len(asked) >= count:
                break
            if each not in asked:
                asked.append(each)
        return asked

