# SPDX-License-Identifier: ISC
"""Rows that change signatures, and the records that they are made over."""

import dns.name
import dns.rdata

from keys import SEP, ZONE, Key
from table import row
from zone import DAY, DNSKEY, IN, T, generic, rdata_of

SETS = ("mx", "a", "txt", "tlsa", "srv", "cname", "dname", "wild",
        "wild-cname", "dnskey", "ds", "child", "child-dnskey")
DENIALS = ("nodata", "apex", "nxdomain", "cut", "wildcard")


def flip(value, rng):
    """Another value of one octet."""
    value = bytearray(value)
    value[rng.randrange(len(value))] ^= rng.randint(1, 255)
    return bytes(value)


# What is signed otherwise: the signature itself fits its fields.

def expired(s, f):
    s.inception, s.expiration = f.now - 30 * DAY, f.now - f.rng.choice(
        [2 * 3600, DAY + 60, 9 * DAY])


def future(s, f):
    s.inception, s.expiration = f.now + f.rng.choice(
        [2 * 3600, 2 * DAY]), f.now + 30 * DAY


def backwards(s, f):
    s.inception, s.expiration = f.now + DAY, f.now - DAY


def long_ago(s, f):
    """Half a circle of the serial numbers away."""
    s.inception, s.expiration = f.now - 2 ** 31 + DAY, f.now - 2 ** 30


def far_ahead(s, f):
    s.expiration = f.now + 2 ** 31 - 60 * DAY


def signer_parent(s, f):
    s.signer = s.signer.parent()


def signer_root(s, f):
    del f
    s.signer = dns.name.root


def signer_sibling(s, f):
    s.signer = dns.name.from_text("good", s.signer.parent())


def signer_below(s, f):
    del f
    s.signer = dns.name.from_text("below", s.signer)


def labels_more(s, f):
    del f
    s.labels += 1


def labels_less(s, f):
    del f
    s.labels -= 1


def labels_none(s, f):
    del f
    s.labels = 0


def ttl_less(s, f):
    """The record's TTL is greater than the original one."""
    del f
    s.ttl -= 100


def ttl_more(s, f):
    del f
    s.ttl += 86400


SIGNED_SO = {
    "expired": (expired, "bogus"), "future": (future, "bogus"),
    "backwards": (backwards, "bogus"), "long-ago": (long_ago, "bogus"),
    "far-ahead": (far_ahead, "secure|insecure"),
    "signer-parent": (signer_parent, "bogus"),
    "signer-root": (signer_root, "bogus"),
    "signer-sibling": (signer_sibling, "bogus"),
    "signer-below": (signer_below, "bogus"),
    "labels-more": (labels_more, "bogus"),
    "labels-less": (labels_less, "bogus"),
    "labels-none": (labels_none, "bogus"),
    "ttl-less": (ttl_less, "secure|insecure"),
    "ttl-more": (ttl_more, "secure|insecure"),
}


# What is changed afterwards.

def byte(s, f):
    s.value = flip(s.value, f.rng)


def short(s, f):
    s.value = s.value[:f.rng.randrange(1, len(s.value))]


def long(s, f):
    s.value += f.rng.randbytes(f.rng.randint(1, 3))


def zeros(s, f):
    del f
    s.value = bytes(len(s.value))


def tag(s, f):
    s.tag ^= f.rng.randint(1, 0xffff)


def other_algorithm(s, f):
    s.algorithm = f.rng.choice([each for each in (8, 10, 13, 14, 15, 16)
                                if each != s.algorithm])


def unknown_algorithm(s, f):
    s.algorithm = f.rng.choice([17, 100, 250])


def ttl_changed(s, f):
    s.ttl += f.rng.choice([-60, 60])


def dates_moved(s, f):
    """An old signature made to look fresh."""
    s.expiration += f.rng.randint(1, DAY)


def signer_case(s, f):
    """RFC 4034 6.2: the signer's name is signed in lower case."""
    del f
    s.signer = dns.name.Name([each.upper() for each in s.signer.labels])


CHANGED = {
    "byte": (byte, "bogus"), "short": (short, "bogus"),
    "long": (long, "bogus"), "zeros": (zeros, "bogus"),
    "tag": (tag, "bogus"),
    "other-algorithm": (other_algorithm, "bogus"),
    "unknown-algorithm": (unknown_algorithm, "bogus"),
    "ttl-changed": (ttl_changed, "bogus"),
    "dates-moved": (dates_moved, "bogus"),
    "signer-case": (signer_case, "secure|insecure"),
}


def resign(f, before=None, after=None, beside=False, words=None):
    """Choose a set or a denial, and change its signature."""
    word = f.rng.choice(words or SETS + DENIALS)

    def plan(zone, owner, rtype):
        rdatas = zone.sets[owner, rtype][1]
        s = zone.signature(owner, rtype)
        if before:
            before(s, f)
        s.make(owner, rdatas)
        if after:
            after(s, f)
        if not beside:
            return [s]
        good = zone.signature(owner, rtype).make(owner, rdatas)
        return [good, s] if beside == "before" else [s, good]

    f.resign(word, plan)


def _rows():
    def add(word, before, after, want):
        where = None
        if word in ("ttl-less", "ttl-more", "labels-less", "labels-none"):
            where = ("mx", "a", "txt", "tlsa", "srv", "cname")
        if word in ("signer-below",):
            where = ("mx", "a", "txt", "tlsa", "cname", "nodata")
        row(want, name="sig-" + word)(
            lambda f: resign(f, before, after, words=where))
        if want == "bogus" and where is None:
            row("secure|insecure", name=f"sig-{word}-beside-good")(
                lambda f: resign(f, before, after, words=where,
                                 beside=f.rng.choice(["before", "behind"])))

    for word, (function, want) in SIGNED_SO.items():
        add(word, function, None, want)
    for word, (function, want) in CHANGED.items():
        add(word, None, function, want)


_rows()


@row("bogus", everywhere=True)
def sig_broken_everywhere(f):
    resign(f, after=byte, words=("mx", "a", "txt", "dnskey"))


@row("bogus")
def sig_missing(f):
    f.resign(f.rng.choice(SETS + DENIALS), lambda zone, owner, rtype: [])


@row("bogus")
def sig_expired_and_byte(f):
    def after(s, f):
        s.value = flip(s.value, f.rng)
    resign(f, expired, after)


@row("bogus")
def sig_two_bad(f):
    def plan(zone, owner, rtype):
        rdatas = zone.sets[owner, rtype][1]
        first = zone.signature(owner, rtype)
        expired(first, f)
        second = zone.signature(owner, rtype).make(owner, rdatas)
        byte(second, f)
        return [first.make(owner, rdatas), second]
    f.resign(f.rng.choice(SETS + DENIALS), plan)


def sign_with(f, key, words=SETS + DENIALS):
    f.resign(f.rng.choice(words), lambda zone, owner, rtype: [
        zone.signature(owner, rtype, key).make(
            owner, zone.sets[owner, rtype][1])])


@row("bogus")
def sig_by_unpublished_key(f):
    sign_with(f, f.key(4))


def signed_by_parent(f):
    def plan(zone, owner, rtype):
        s = zone.signature(owner, rtype, f.z.signing[0])
        s.signer = f.z.name
        return [s.make(owner, zone.sets[owner, rtype][1])]
    return plan


@row("bogus|secure|insecure")
def sig_by_parents_key(f):
    """The parent signs what the child should, properly.  Validators that
    see no cut believe it: the parent can as well name another child."""
    f.resign("child", signed_by_parent(f))


@row("bogus")
def sig_of_keys_by_parents_key(f):
    f.resign("child-dnskey", signed_by_parent(f))
    f.ask(("sub", "DNSKEY"))


@row("bogus")
def sig_by_childs_key(f):
    """The child signs its own DS."""
    def plan(zone, owner, rtype):
        s = zone.signature(owner, rtype, f.sub.signing[0])
        s.signer = f.sub.name
        return [s.make(owner, zone.sets[owner, rtype][1])]
    f.resign("ds", plan)


@row("secure|insecure")
def sig_by_ksk(f):
    """RFC 4035 5.3.1 asks for a zone key, not for a particular one."""
    sign_with(f, f.z.signing_keys[0],
              ("mx", "a", "txt", "cname", "dname", "wild", "nodata"))


@row("bogus")
def sig_of_other_type(f):
    """The signature of one set shown over another."""
    z, owner = f.z, f.z.at("www")

    def hook(zone):
        old = zone.signatures[owner, T.TXT][0]
        zone.signatures[owner, T.A] = [old.replace("TXT", "A", 1)]
    z.on_signed.append(hook)
    f.ask(("www", "A"))


@row("bogus")
def sig_of_other_owner(f):
    z = f.z

    def hook(zone):
        zone.signatures[z.at("www"), T.A] = zone.signatures[z.at("mx"), T.A]
    z.on_signed.append(hook)
    f.ask(("www", "A"))


# The records.

DATA = ("mx", "a", "txt", "wild", "ds", "dnskey", "child", "tlsa", "cname",
        "dname")


def change_records(f, words, change):
    zone, owner, rtype, questions = f.targets()[f.rng.choice(words)]

    def hook(zone):
        ttl, rdatas = zone.sets[owner, rtype]
        zone.sets[owner, rtype] = (ttl, change(zone, rtype, list(rdatas)))
    zone.on_signed.append(hook)
    f.ask(*questions)


@row("bogus")
def record_removed(f):
    change_records(f, ("mx", "a", "txt", "dnskey"),
                   lambda zone, rtype, rdatas: rdatas[1:])


@row("bogus")
def record_added(f):
    more = {T.MX: "5 evil", T.A: "192.0.2.66", T.TXT: '"more"',
            T.TLSA: "3 1 1 " + "cd" * 32}

    def change(zone, rtype, rdatas):
        if rtype == DNSKEY:
            return rdatas + [generic(rtype, f.key(4).rdata())]
        return rdatas + [rdata_of(rtype, more[rtype])]
    change_records(f, ("mx", "a", "txt", "tlsa", "dnskey", "wild"), change)


@row("bogus")
def record_byte(f):
    def change(zone, rtype, rdatas):
        wire = rdatas[0].to_digestable()
        if rtype in (T.MX, T.CNAME, T.DNAME):
            # The name must stay one: another first letter.
            at = 3 if rtype == T.MX else 1
            wire = wire[:at] + bytes([wire[at] ^ 1]) + wire[at + 1:]
        elif rtype == T.TXT:
            wire = wire[:1] + flip(wire[1:], f.rng)
        else:
            keep = 4 if rtype == DNSKEY else 0
            wire = wire[:keep] + flip(wire[keep:], f.rng)
        return [generic(rtype, wire) if rtype in (DNSKEY, T.DS) else
                _from_wire(rtype, wire)] + rdatas[1:]
    change_records(f, DATA, change)


def _from_wire(rtype, wire):
    return dns.rdata.from_wire(IN, rtype, wire, 0, len(wire))


@row("secure|insecure")
def record_case(f):
    """RFC 4034 6.2: names in these records are signed in lower case."""
    def change(zone, rtype, rdatas):
        return [rdata_of(rtype, each.to_text().upper()) for each in rdatas]
    change_records(f, ("mx", "srv", "cname", "dname"), change)


@row("secure|insecure")
def record_order(f):
    change_records(f, ("mx", "a", "txt", "dnskey"),
                   lambda zone, rtype, rdatas: rdatas[::-1])


@row("bogus")
def alg_of_nobody(f):
    """Good by the bytes, but the key set has no such key."""
    algorithm = 13 if f.algorithm != 13 else 15
    other = Key(f.ring.several(f.rng, algorithm, 1)[0], algorithm,
                ZONE | SEP)
    sign_with(f, other)

