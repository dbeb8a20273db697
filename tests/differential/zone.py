# SPDX-License-Identifier: ISC
"""A zone and its signer, in which every field can be chosen.

A zone is filled with records, then finished: keys, the chain of denial,
signatures, DS records for its parent.  On the way a mutation may say how a
set is signed (`plans`), or change what was made (`on_chain`, `on_signed`).
"""

import base64
import hashlib
import struct
import time

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from keys import digest

IN = dns.rdataclass.IN
DAY = 86400
TTL = 3600
T = dns.rdatatype.RdataType
DNSKEY, DS, NS, NSEC, NSEC3, RRSIG, SOA = T.DNSKEY, T.DS, T.NS, T.NSEC, \
    T.NSEC3, T.RRSIG, T.SOA


def rdata_of(rtype, text, origin=dns.name.root):
    return dns.rdata.from_text(IN, rtype, text, origin, False)


def generic(rtype, wire):
    """Record data that need not make sense."""
    return dns.rdata.GenericRdata(IN, rtype, wire)


def wire_of(name):
    return name.canonicalize().to_wire()


def labels_of(owner):
    """As RFC 4034 3.1.3 counts: neither the root nor a leading "*"."""
    count = len(owner.labels) - 1
    return count - 1 if owner.is_wild() else count


class Signature:
    """The fields of an RRSIG, as they are signed, and as they are shown."""

    def __init__(self, covered, key, owner, ttl, signer, window):
        self.key = key
        self.covered = covered
        self.algorithm = key.algorithm
        self.labels = labels_of(owner)
        self.ttl = ttl
        self.inception, self.expiration = window
        self.tag = key.tag()
        self.signer = signer
        self.value = b""

    def head(self):
        return struct.pack("!HBBIIIH", self.covered, self.algorithm,
                           self.labels, self.ttl,
                           self.expiration & 0xffffffff,
                           self.inception & 0xffffffff, self.tag)

    def make(self, owner, rdatas):
        """RFC 4034 3.1.8.1"""
        owner = owner.canonicalize()
        if self.labels < labels_of(owner):
            owner = dns.name.Name(
                (b"*",) + owner.labels[len(owner.labels) - 1 - self.labels:])
        data = self.head() + wire_of(self.signer)
        start = owner.to_wire() + struct.pack("!HHI", self.covered, IN,
                                              self.ttl)
        for wire in sorted({each.to_digestable() for each in rdatas}):
            data += start + struct.pack("!H", len(wire)) + wire
        self.value = self.key.sign(data)
        return self

    def text(self):
        moments = [time.strftime("%Y%m%d%H%M%S", time.gmtime(
            each & 0xffffffff)) for each in (self.expiration, self.inception)]
        return f"{T.to_text(self.covered)} {self.algorithm} {self.labels} " \
            f"{self.ttl} {' '.join(moments)} {self.tag} {self.signer} " \
            f"{base64.b64encode(self.value).decode()}"


def bitmap(types):
    """RFC 4034 4.1.2"""
    out = b""
    for window in sorted({each >> 8 for each in types}):
        low = [each & 255 for each in types if each >> 8 == window]
        octets = bytearray(max(low) // 8 + 1)
        for each in low:
            octets[each // 8] |= 0x80 >> each % 8
        out += bytes([window, len(octets)]) + octets
    return out


class Link:
    """One record of the chain of denial."""

    def __init__(self, name, types):
        self.name = name        # whose types it lists
        self.owner = name
        self.types = set(types)
        self.next = None        # a name; for NSEC3 twenty octets
        self.hash_algorithm = 1
        self.flags = 0
        self.iterations = 0
        self.salt = b""

    def rdata(self, nsec3):
        bits = bitmap(self.types)
        if not nsec3:
            wire = self.next.to_wire() + bits
            return dns.rdata.from_wire(IN, NSEC, wire, 0, len(wire))
        wire = struct.pack("!BBHB", self.hash_algorithm, self.flags,
                           self.iterations, len(self.salt)) + self.salt \
            + bytes([len(self.next)]) + self.next + bits
        return dns.rdata.from_wire(IN, NSEC3, wire, 0, len(wire))


class Zone:
    """Records by (name, type), keys, a chain, signatures."""

    def __init__(self, name, window, denial="nsec", salt=b"", iterations=0):
        self.name = name
        self.window = window
        self.denial = denial    # nsec, nsec3, opt-out, none: unsigned
        self.salt = salt
        self.iterations = iterations
        self.sets = {}          # (name, type) -> (ttl, [rdata])
        self.published = []     # keys of the DNSKEY set
        self.signing = []       # keys that sign the data
        self.signing_keys = []  # keys that sign the DNSKEY set
        self.ds = []            # what the parent is to say of us
        self.plans = {}         # (name, type) -> function(zone, name, type)
        self.chain = []
        self.signatures = {}    # (name, type) -> [text of an RRSIG]
        self.on_chain, self.on_signed = [], []

    # -- content -----------------------------------------------------------

    def at(self, label):
        """A name of the zone; "" is the apex."""
        if not label:
            return self.name
        return dns.name.from_text(label, self.name)

    def add(self, label, rtype, *texts, ttl=TTL):
        name = label if isinstance(label, dns.name.Name) else self.at(label)
        rtype = T.make(rtype)
        old = self.sets.get((name, rtype), (ttl, []))[1]
        self.sets[name, rtype] = (ttl, old + [rdata_of(rtype, each, self.name)
                                              for each in texts])
        return name

    def delegate(self, child, server):
        self.add(child, "NS", server)

    def cuts(self):
        return {name for name, rtype in self.sets
                if rtype == NS and name != self.name}

    def authority(self):
        """The sets that the zone signs, and the NS sets at its cuts."""
        cuts, out = self.cuts(), []
        for name, rtype in self.sets:
            if name in cuts:
                if rtype in (NS, DS, NSEC):
                    out.append((name, rtype))
            elif not any(name.is_subdomain(cut) for cut in cuts):
                out.append((name, rtype))
        return cuts, out

    # -- keys and DS -------------------------------------------------------

    def ds_wire(self, key, kind=2, tag=None, algorithm=None, value=None):
        rdata = key.rdata()
        if value is None:
            value = digest(kind, wire_of(self.name), rdata)
        return struct.pack("!HBB", key.tag() if tag is None else tag,
                           key.algorithm if algorithm is None else algorithm,
                           kind) + value

    def publish_ds(self, parent):
        if self.ds:
            # Generic data: a digest may have any length.
            parent.sets[self.name, DS] = (TTL, [generic(DS, each)
                                                for each in self.ds])

    def keys(self, zsk, ksk=None):
        """The usual set: a key-signing key, and one for the data."""
        ksk = ksk or zsk
        self.published = [ksk] if ksk is zsk else [ksk, zsk]
        self.signing, self.signing_keys = [zsk], [ksk]
        self.ds = [self.ds_wire(ksk)]

    # -- the chain ---------------------------------------------------------

    def hash(self, name, salt=None, iterations=None):
        salt = self.salt if salt is None else salt
        value = wire_of(name)
        rounds = self.iterations if iterations is None else iterations
        for _ in range(rounds + 1):
            value = hashlib.sha1(value + salt).digest()
        return value

    def denier(self, name):
        """The owner of the record that speaks of the name."""
        if self.denial == "nsec":
            return name
        label = base64.b32hexencode(self.hash(name)).decode().lower()
        return self.at(label)

    def denial_type(self):
        return NSEC if self.denial == "nsec" else NSEC3

    def link(self, name):
        """The record of the chain for that name, or None."""
        for each in self.chain:
            if each.name == name:
                return each
        return None

    def _types(self):
        """Types by name of all that the zone has authority over."""
        cuts, own = self.authority()
        types = {}
        for name, rtype in own:
            types.setdefault(name, set()).add(rtype)
        for name, present in types.items():
            if name not in cuts or DS in present:
                present.add(RRSIG)
        return types

    def make_chain(self):
        types = self._types()
        self.chain = []
        if self.denial == "nsec":
            names = sorted(types)
            for name, following in zip(names, names[1:] + names[:1]):
                link = Link(name, types[name] | {NSEC, RRSIG})
                link.next = following
                self.chain.append(link)
            return
        if self.denial == "opt-out":
            types = {name: present for name, present in types.items()
                     if name not in self.cuts() or DS in present}
        for name in list(types):        # empty non-terminals
            while name != self.name:
                name = name.parent()
                types.setdefault(name, set())
        hashed = sorted((self.hash(name), name) for name in types)
        for (_, name), (following, _) in zip(hashed, hashed[1:] + hashed[:1]):
            link = Link(name, types[name])
            link.owner, link.next = self.denier(name), following
            link.salt, link.iterations = self.salt, self.iterations
            link.flags = 1 if self.denial == "opt-out" else 0
            self.chain.append(link)

    def covering(self, name):
        """The record of the chain whose span holds the name."""
        if self.denial == "nsec":
            before = [each for each in self.chain if each.owner <= name]
            return before[-1] if before else self.chain[-1]
        owner = self.denier(name)
        order = sorted(self.chain, key=lambda each: each.owner)
        before = [each for each in order if each.owner <= owner]
        return before[-1] if before else order[-1]

    # -- signatures --------------------------------------------------------

    def signature(self, name, rtype, key=None):
        if key is None:
            key = (self.signing_keys if rtype == DNSKEY
                   else self.signing)[0]
        return Signature(rtype, key, name, self.sets[name, rtype][0],
                         self.name, self.window)

    def sign(self, name, rtype):
        """The signatures of one set, as its plan has it."""
        rdatas = self.sets[name, rtype][1]
        plan = self.plans.get((name, rtype))
        if plan:
            made = plan(self, name, rtype)
        else:
            keys = self.signing_keys if rtype == DNSKEY else self.signing
            made = [self.signature(name, rtype, key).make(name, rdatas)
                    for key in keys]
        return [each.text() for each in made]

    def finish(self):
        """Everything that is made from the records."""
        if self.denial == "none":
            return
        if self.published:
            self.sets[self.name, DNSKEY] = (
                TTL, [generic(DNSKEY, each.rdata())
                      for each in self.published])
        if self.denial != "nsec":
            salt = self.salt.hex() or "-"
            self.add("", "NSEC3PARAM", f"1 0 {self.iterations} {salt}", ttl=0)
        self.make_chain()
        for hook in self.on_chain:
            hook(self)
        nsec3 = self.denial != "nsec"
        for link in self.chain:
            self.sets[link.owner, self.denial_type()] = \
                (300, [link.rdata(nsec3)])
        cuts, own = self.authority()
        for name, rtype in own:
            if name not in cuts or rtype != NS:
                self.signatures[name, rtype] = self.sign(name, rtype)
        for hook in self.on_signed:
            hook(self)

    # -- text --------------------------------------------------------------

    def text(self):
        lines = []
        for (name, rtype), (ttl, rdatas) in self.sets.items():
            lines += [f"{name} {ttl} IN {T.to_text(rtype)} {each.to_text()}"
                      for each in rdatas]
        for (name, rtype), rdatas in self.signatures.items():
            ttl = self.sets.get((name, rtype), (TTL, []))[0]
            lines += [f"{name} {ttl} IN RRSIG {each}" for each in rdatas]
        first = [line for line in lines if " IN SOA " in line]
        return "\n".join(first + [each for each in lines
                                  if each not in first]) + "\n"

