# SPDX-License-Identifier: ISC
"""Rows that change the chain of denial: its records are signed so."""

from table import hashed, not_opted_out, opted_out, plain, row
from zone import T

def a_type(word):
    """The type that the questions of family.denials() ask for."""
    return {"nodata": T.MX, "apex": T.AAAA, "wildcard": T.TXT,
            "cut": T.DS}[word]


@row("bogus")
def chain_type_present(f):
    word = f.rng.choice(["nodata", "apex", "wildcard"])
    f.deny(word, lambda zone, link: link.types.add(a_type(word)))


@row("bogus", opted_out)
def chain_type_present_in_span(f):
    f.deny("wildcard", lambda zone, link: link.types.add(T.TXT))


@row("bogus")
def chain_cname_present(f):
    """RFC 6840 4.3"""
    word = f.rng.choice(["nodata", "apex", "wildcard"])
    f.deny(word, lambda zone, link: link.types.add(T.CNAME))


@row("bogus|insecure")
def chain_delegation(f):
    """RFC 6840 4.1: a delegation's record denies only the DS; which makes
    what it delegates unsigned."""
    f.deny("nodata", lambda zone, link: link.types.add(T.NS))


@row("secure|insecure")
def chain_type_absent(f):
    """It denies what is there; the data are signed all the same."""
    f.deny("nodata", lambda zone, link: link.types.discard(T.TXT))
    f.hits = []
    f.ask(("www", "TXT"), ("www", "MX"))


@row("secure|insecure")
def chain_dname_at_name(f):
    """A DNAME redirects what is below, not the name itself."""
    f.deny("nodata", lambda zone, link: link.types.add(T.DNAME))


@row("bogus")
def chain_dname_above(f):
    """RFC 6840 4.1: the record of a DNAME proves nothing below it."""
    f.z.add("a.b.below", "A", "192.0.2.1")
    f.z.add("below", "TXT", '"above"')

    def hook(zone):
        zone.link(zone.at("below")).types.add(T.DNAME)
    f.z.on_chain.append(hook)
    f.ask(("a.a.below", "A"))


@row("bogus|insecure")
def chain_delegation_above(f):
    """RFC 6840 4.1: an ancestor delegation proves nothing below it; but
    one without DS says that what is below is not signed."""
    f.z.add("z.below", "A", "192.0.2.1")
    f.z.add("below", "TXT", '"above"')

    def hook(zone):
        zone.link(zone.at("below")).types.add(T.NS)
    f.z.on_chain.append(hook)
    f.ask(("a.below", "A"))


@row("bogus")
def chain_cut_not_shown(f):
    """The record at an unsigned delegation lacks the NS bit."""
    if f.denial == "opt-out":
        f.z.add("ins", "DS", "1 13 2 " + "00" * 32)     # gives it a record

        def hook(zone):
            link = zone.link(zone.at("ins"))
            link.types = {T.RRSIG}
            del zone.sets[zone.at("ins"), T.DS]
        f.z.on_chain.append(hook)
        f.ask(("ins", "MX"))
        return
    f.deny("cut", lambda zone, link: link.types.discard(T.NS))
    f.hits = []
    f.ask(("ins", "MX"))


@row("bogus", not_opted_out)
def chain_cut_with_ds(f):
    f.deny("cut", lambda zone, link: link.types.add(T.DS))


@row("bogus", not_opted_out)
def chain_cut_with_soa(f):
    """The child's own record does not speak of its DS (RFC 6840 4.4)."""
    f.deny("cut", lambda zone, link: link.types.add(T.SOA))


@row("bogus")
def chain_gone(f):
    word = f.rng.choice(("nodata", "wildcard", "nxdomain"))
    zone, name, covers, questions = f.denials()[word]

    def hook(zone):
        link = zone.covering(name) if covers else zone.link(name)
        zone.chain.remove(link)
    zone.on_chain.append(hook)
    f.ask(*questions)


@row("bogus", hashed)
def chain_encloser_gone(f):
    f.z.on_chain.append(lambda zone: zone.chain.remove(zone.link(zone.name)))
    f.ask(("nope", "A"))


@row("secure|insecure|bogus", opted_out)
def chain_span_gone(f):
    """The span that holds an unsigned delegation is missing."""
    f.z.on_chain.append(lambda zone: zone.chain.remove(
        zone.covering(zone.at("ins"))))
    f.ask(("ins", "DS"), ("ins", "MX"))


@row("bogus")
def chain_next_too_near(f):
    """The span ends before the name that it should cover."""
    def edit(zone, link):
        if zone.denial == "nsec":
            link.next = zone.at("\\000." + link.owner.relativize(
                zone.name).to_text() if link.owner != zone.name
                else "\\000")
        else:
            start = zone.hash(link.name)
            link.next = (int.from_bytes(start, "big") + 1 & 2 ** 160 - 1
                         ).to_bytes(20, "big")
    f.deny("nxdomain", edit)


@row("secure|insecure|bogus")
def chain_next_too_far(f):
    """The span covers names that exist."""
    def edit(zone, link):
        order = sorted(zone.chain, key=lambda each: each.owner)
        at = order.index(link)
        link.next = order[(at + 2) % len(order)].next
    f.deny("nxdomain", edit)


@row("bogus", plain)
def chain_circle(f):
    """A record whose next is its own name, and not the apex."""
    f.deny("nxdomain", lambda zone, link: setattr(link, "next", link.owner))


@row("bogus", plain)
def chain_next_outside(f):
    f.deny("nxdomain", lambda zone, link: setattr(
        link, "next", zone.name.parent()))


@row("secure|insecure|bogus", plain)
def chain_last_is_open(f):
    """The last record's next is not the apex but a name behind it."""
    def hook(zone):
        last = max(zone.chain, key=lambda each: each.owner)
        last.next = zone.at("zzzz")
    f.z.on_chain.append(hook)
    f.ask(("zzz", "A"), ("zzzzz", "A"))


@row("insecure|secure", hashed)
def chain_opt_out_set(f):
    """RFC 5155 9.2: what an opt-out span denies is not secure."""
    def hook(zone):
        for link in zone.chain:
            link.flags |= 1
    f.z.on_chain.append(hook)
    f.ask(("nope", "A"), ("y.w", "TXT"), ("y.w", "A"), ("www", "MX"))


@row("bogus", opted_out)
def chain_opt_out_cleared(f):
    """Unsigned delegations without record and without opt-out."""
    def hook(zone):
        for link in zone.chain:
            link.flags &= ~1
    f.z.on_chain.append(hook)
    f.ask(("ins", "DS"), ("ins", "MX"))


@row("bogus", hashed)
def chain_flags_unknown(f):
    """RFC 5155 8.2: unknown flags MUST be ignored, record and all."""
    bit = f.rng.choice([2, 0x80])

    def hook(zone):
        for link in zone.chain:
            link.flags |= bit
    f.z.on_chain.append(hook)
    f.ask(("nope", "A"), ("www", "MX"))


@row("bogus", hashed)
def chain_hash_unknown(f):
    """RFC 5155 8.1: so MUST unknown hash types be."""
    # Of one record only: NSD 4.6.1 dies where the apex's has another type.
    f.deny(f.rng.choice(("nodata", "nxdomain", "wildcard")),
           lambda zone, link: setattr(link, "hash_algorithm", 2))


@row("bogus", hashed)
def chain_salt_differs(f):
    f.deny(f.rng.choice(("nodata", "nxdomain")),
           lambda zone, link: setattr(link, "salt", zone.salt + b"\x01"))


@row("bogus", hashed)
def chain_iterations_differ(f):
    f.deny(f.rng.choice(("nodata", "nxdomain")),
           lambda zone, link: setattr(link, "iterations",
                                      zone.iterations + 1))


def iterate(f, count):
    f.z.iterations = count
    f.ask(("nope", "A"), ("www", "MX"), ("y.w", "A"), ("ins", "DS"))


@row("secure|insecure", hashed)
def chain_iterations_100(f):
    iterate(f, 100)


@row("secure|insecure", hashed)
def chain_iterations_150(f):
    iterate(f, 150)


@row("insecure", hashed)
def chain_iterations_151(f):
    iterate(f, 151)


@row("insecure", hashed)
def chain_iterations_500(f):
    iterate(f, 500)


@row("secure|insecure", hashed)
def chain_salt_long(f):
    f.z.salt = f.rng.randbytes(f.rng.choice([64, 255]))
    f.ask(("nope", "A"), ("www", "MX"))


@row("bogus", hashed)
def chain_owner_of_other(f):
    """The right data at another name's hash."""
    def edit(zone, link):
        link.owner = zone.denier(zone.at("www-elsewhere"))
    f.deny("nodata", edit)


@row("bogus")
def chain_name_moved(f):
    """The record of another name, signed for this one's, and no more."""
    def edit(zone, link):
        other = zone.link(zone.at("mx"))
        link.types = set(other.types) | {T.MX}
    f.deny("nodata", edit)
