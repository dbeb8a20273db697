# SPDX-License-Identifier: ISC
"""Rows that leave the zone as it is, and change what its server says."""

import dns.name

from table import hashed, opted_out, plain, row
from zone import NSEC, T, Link

# Whatever type is asked for at an alias: nobody is told better.
ALIASES = {"alias": ["alias"], "y.cw": ["y.cw"], "h.dn": ["h.dn", "dn"]}
NXDOMAIN, NOERROR, SERVFAIL, REFUSED = 3, 0, 2, 5


def at(f, label):
    return f.z.at(label).to_text()


def change(f, questions, function, front="leaf", **parameters):
    """The same change of the reply to each of these questions."""
    for label, rtype in questions:
        for each in ALIASES.get(label, []):
            f.change_wire(front, (f.z.at(each), None), function, parameters)
        if label not in ALIASES:
            f.change_wire(front, (f.z.at(label), T.make(rtype)), function,
                          parameters)
    f.ask(*questions)


@row("bogus")
def wire_unsigned(f):
    change(f, f.rng.choice([
        [("", "MX")], [("www", "TXT")], [("www", "MX")], [("nope", "A")],
        [("alias", "A")], [("y.w", "A")], [("", "DNSKEY")],
        [("sub", "DS")], [("ins", "DS")], [("h.dn", "A")]]), "strip")


@row("bogus")
def wire_unsigned_child(f):
    change(f, [("sub", "MX")], "strip", "child")


@row("bogus")
def wire_signatures_of_answer(f):
    change(f, f.rng.choice([[("y.w", "MX")], [("www", "TXT")],
                            [("y.cw", "A")]]), "strip_answer")


@row("bogus")
def wire_wildcard_unproven(f):
    """RFC 4035 5.3.4"""
    change(f, f.rng.choice([[("y.w", "A")], [("y.cw", "A")],
                            [("a.y.w", "MX")]]), "drop_denial")


@row("bogus")
def wire_wildcard_proof_of_other(f):
    change(f, [("y.w", "A")], "denial_of", name=at(f, "a.b.ent"),
           rtype="MX")


@row("bogus")
def wire_wildcard_over_existing(f):
    """An expansion for a name that exists."""
    change(f, [("x.w", "MX")], "answer_of", name=at(f, "y.w"), rtype="MX",
           owner=at(f, "x.w"))


@row("bogus")
def wire_wildcard_below_existing(f):
    """A closer encloser exists."""
    change(f, [("a.x.w", "MX")], "answer_of", name=at(f, "y.w"),
           rtype="MX", owner=at(f, "a.x.w"))


@row("bogus")
def wire_wildcard_from_above(f):
    """An expansion where the wildcard's parent is no ancestor."""
    change(f, [("x.ent", "MX")], "answer_of", name=at(f, "y.w"),
           rtype="MX", owner=at(f, "x.ent"))


@row("bogus")
def wire_denial_dropped(f):
    change(f, f.rng.choice([[("www", "MX")], [("nope", "A")],
                            [("y.w", "TXT")], [("ent", "A")],
                            [("ins", "DS")]]), "drop_denial")


@row("bogus|secure|insecure")
def wire_denial_dropped_in_part(f):
    """One record covers several names at times."""
    change(f, f.rng.choice([[("nope", "A")], [("a.b.nope", "TXT")],
                            [("y.w", "TXT")], [("nope", "DS")]]),
           "drop_denial", which=f.rng.randint(0, 2))


@row("bogus|insecure", opted_out)
def wire_denial_dropped_in_span(f):
    change(f, [("nope", "A")], "drop_denial")


@row("bogus|insecure", opted_out)
def wire_wildcard_of_ds_open(f):
    """RFC 5155 8.4 wants the wildcard denied, 8.6 does not."""
    change(f, [("nope", "DS")], "drop_owner",
           owner=lambda: f.z.covering(f.z.at("*")).owner)


@row("bogus|secure|insecure")
def wire_denial_of_other(f):
    other = f.rng.choice(["mx", "alias", "long", "h.tgt", "nope.ent"])
    change(f, f.rng.choice([[("www", "MX")], [("nope", "A")],
                            [("y.w", "TXT")], [("ins", "DS")]]),
           "denial_of", name=at(f, other), rtype="TLSA")


@row("bogus")
def wire_denial_of_other_zone(f):
    change(f, [("www", "MX")], "denial_of", name="www.good.target.",
           rtype="MX")


@row("secure|insecure")
def wire_denial_beside_answer(f):
    change(f, [("www", "TXT")], "add_denial_of", name=at(f, "nope"),
           rtype="A")


@row("bogus|secure")
def wire_nxdomain_as_nodata(f):
    change(f, [("nope", "A")], "rcode", code=NOERROR)


@row("bogus")
def wire_nodata_as_nxdomain(f):
    change(f, f.rng.choice([[("www", "MX")], [("", "AAAA")],
                            [("ent", "A")], [("b.ent", "A")]]),
           "rcode", code=NXDOMAIN)


@row("bogus")
def wire_empty_as_nxdomain(f):
    """An empty non-terminal is a name, too."""
    change(f, [("ent", "A"), ("b.ent", "A")], "rcode", code=NXDOMAIN)


@row("bogus")
def wire_wildcard_nodata_as_nxdomain(f):
    change(f, [("y.w", "TXT")], "rcode", code=NXDOMAIN)


@row("bogus")
def wire_data_denied(f):
    """The denial of one type shown for another that is there."""
    change(f, [("www", "TXT")], "reply_to", name=at(f, "www"), rtype="MX")


@row("bogus")
def wire_name_denied(f):
    change(f, [("www", "A")], "reply_to", name=at(f, "nope"), rtype="A")


@row("bogus")
def wire_name_denied_by_data(f):
    """NODATA for a name without records, by another name's denial."""
    change(f, [("nope", "A")], "reply_to", name=at(f, "www"), rtype="MX")


@row("bogus")
def wire_ds_denied_by_child(f):
    """RFC 6840 4.4: only the parent denies a DS."""
    change(f, [("sub", "DS")], "reply_to", name=at(f, "sub"), rtype="DS",
           server="child")
    f.ask(("sub", "MX"))


@row("bogus")
def wire_ds_denied_by_other(f):
    change(f, [("sub", "DS")], "reply_to", name=at(f, "ins"), rtype="DS")
    f.ask(("sub", "MX"))


@row("bogus")
def wire_ds_name_denied(f):
    change(f, [("sub", "DS")], "reply_to", name=at(f, "nope"), rtype="DS")
    f.ask(("sub", "MX"))


@row("bogus")
def wire_ds_unproven(f):
    change(f, [("ins", "DS")], "drop_denial")
    f.ask(("ins", "MX"))


@row("bogus")
def wire_keys_denied(f):
    change(f, [("", "DNSKEY")], "reply_to", name=at(f, ""), rtype="AAAA")
    f.ask(("", "MX"))


@row("bogus")
def wire_keys_unsigned(f):
    change(f, [("", "DNSKEY")], "strip_answer")
    f.ask(("", "MX"))


@row("failed|bogus")
def wire_keys_refused(f):
    """RFC 4035 4.3: what cannot be obtained is indeterminate."""
    change(f, [("", "DNSKEY")], "refuse", code=SERVFAIL)
    f.hits = []
    f.ask(("", "MX"))
    f.no_others = True


@row("failed")
def wire_refused(f):
    change(f, [("www", "TXT")], "refuse",
           code=f.rng.choice([SERVFAIL, REFUSED]))


@row("bogus|failed")
def wire_empty(f):
    change(f, f.rng.choice([[("www", "TXT")], [("www", "MX")],
                            [("ins", "DS")]]), "empty")


@row("secure|insecure|failed|bogus")
def wire_no_soa(f):
    change(f, f.rng.choice([[("www", "MX")], [("nope", "A")]]), "drop_soa")


@row("bogus")
def wire_dname_unsigned(f):
    change(f, [("h.dn", "A")], "strip_answer", rtype=T.DNAME)


@row("secure|insecure|bogus")
def wire_dname_alias_wrong(f):
    """The alias is not what the DNAME makes of the name."""
    change(f, [("h.dn", "A")], "alias_target", target=at(f, "www"))


@row("secure|insecure")
def wire_dname_alias_missing(f):
    change(f, [("h.dn", "A")], "drop_type", rtype=T.CNAME)


@row("secure|insecure")
def wire_alias_target_missing(f):
    change(f, [("alias", "A")], "drop_type", rtype=T.A)


@row("secure|insecure")
def wire_ttl(f):
    """RFC 4035 5.3.3: it is cut to the original TTL."""
    change(f, [("www", "TXT"), ("y.w", "A")], "times", factor=3)


@row("secure|insecure")
def wire_case(f):
    change(f, [("www", "TXT"), ("www", "MX"), ("y.w", "A"), ("alias", "A")],
           "upper")


# -- records that are made and signed, but stand in no zone ----------------

def loose(f, label, rdata):
    """A signed set of the zone z, as lines for the front, when ready."""
    def lines():
        zone = f.z
        owner = label if isinstance(label, dns.name.Name) else zone.at(label)
        saved = dict(zone.sets)
        zone.sets[owner, rdata.rdtype] = (300, [rdata])
        signatures = zone.sign(owner, rdata.rdtype)
        zone.sets = saved
        return [(owner.to_text(), 300, T.to_text(rdata.rdtype),
                 rdata.to_text())] + \
            [(owner.to_text(), 300, "RRSIG", each) for each in signatures]
    return lines


def of_zone(f, role, word=None, label=None, rtype=None):
    """Sets of a zone of the family, with their signatures."""
    def lines():
        zone = f.zones[role]
        owner, kind = zone.at(label or ""), rtype
        if word == "match":
            owner, kind = zone.denier(owner), zone.denial_type()
        elif word == "cover":
            owner, kind = zone.covering(owner).owner, zone.denial_type()
        ttl, rdatas = zone.sets[owner, kind]
        return [(owner.to_text(), ttl, T.to_text(kind), each.to_text())
                for each in rdatas] + \
            [(owner.to_text(), ttl, "RRSIG", each)
             for each in zone.signatures[owner, kind]]
    return lines


def nsec(f, label, following, *types):
    link = Link(f.z.at(label), {T.RRSIG, T.NSEC, *types})
    link.next = following
    return loose(f, label, link.rdata(False))


def behind(f, label):
    """The name that follows directly (RFC 4470, RFC 9824)."""
    return dns.name.Name((b"\0",) + f.z.at(label).labels)


NXNAME = 128


@row("secure|insecure")
def compact_nodata(f):
    """RFC 9824 3.2: a record at the name, made for the question."""
    change(f, [("www", "MX")], "records", code=NOERROR, authority=nsec(
        f, "www", behind(f, "www"), T.A, T.TXT), soa=at(f, ""))


@row("secure|insecure")
def compact_no_name(f):
    """RFC 9824 3.1"""
    change(f, [("nope", "A"), ("a.nope", "MX")], "records", code=NOERROR,
           authority=nsec(f, "nope", behind(f, "nope"), NXNAME),
           soa=at(f, ""))
    f.hits.pop()


@row("secure|insecure")
def compact_no_name_without_nxname(f):
    change(f, [("nope", "A")], "records", code=NOERROR,
           authority=nsec(f, "nope", behind(f, "nope")), soa=at(f, ""))


@row("bogus")
def compact_type_present(f):
    change(f, [("www", "TXT")], "records", code=NOERROR, authority=nsec(
        f, "www", behind(f, "www"), T.A, T.TXT), soa=at(f, ""))


@row("bogus")
def compact_of_other_name(f):
    change(f, [("nope", "A")], "records", code=NOERROR,
           authority=nsec(f, "mope", behind(f, "mope"), NXNAME),
           soa=at(f, ""))


@row("bogus|secure|insecure")
def compact_no_name_as_nxdomain(f):
    """RFC 9824 5.1: only to those who ask for it (CO flag)."""
    change(f, [("nope", "A")], "records", code=NXDOMAIN,
           authority=nsec(f, "nope", behind(f, "nope"), NXNAME),
           soa=at(f, ""))


@row("secure|insecure", plain)
def white_lies(f):
    """RFC 4470: spans no wider than needed."""
    def lines():
        return nsec(f, "nopd~", f.z.at("nope!"))() + \
            loose_apex(f)()
    change(f, [("nope", "A")], "records", code=NXDOMAIN, authority=lines,
           soa=at(f, ""))


def loose_apex(f):
    """Denies the wildcard only: from the apex to just behind it."""
    link = Link(f.z.name, {T.RRSIG, NSEC, T.SOA, T.NS, T.DNSKEY, T.MX})
    link.next = f.z.at("*\\000")
    return loose(f, f.z.name, link.rdata(False))


def hashed_span(f, label, width=1):
    """An NSEC3 record that covers that hash and hardly more."""
    number = int.from_bytes(f.z.hash(f.z.at(label)), "big")
    link = Link(None, set())
    link.next = (number + width).to_bytes(20, "big")
    link.salt, link.iterations = f.z.salt, f.z.iterations
    owner = f.z.at(b32((number - width).to_bytes(20, "big")))
    return loose(f, owner, link.rdata(True))


def b32(data):
    import base64
    return base64.b32hexencode(data).decode().lower()


@row("secure|insecure", hashed)
def white_lies_hashed(f):
    """RFC 7129 appendix B: the same with hashes."""
    def lines():
        return hashed_span(f, "nope")() + hashed_span(f, "*")() + \
            of_zone(f, "z", "match")()
    change(f, [("nope", "A")], "records", code=NXDOMAIN, authority=lines,
           soa=at(f, ""))


@row("bogus", hashed)
def white_lies_without_wildcard(f):
    def lines():
        return hashed_span(f, "nope")() + of_zone(f, "z", "match")()
    change(f, [("nope", "A")], "records", code=NXDOMAIN, authority=lines,
           soa=at(f, ""))


@row("bogus")
def parents_denial_below_cut(f):
    """RFC 6840 4.1: the parent denies a name of the child."""
    def lines():
        if f.z.denial == "nsec":
            return of_zone(f, "z", "match", "sub")()
        return of_zone(f, "z", "match", "sub")() + \
            of_zone(f, "z", "cover", "nope.sub")() + \
            of_zone(f, "z", "cover", "*.sub")()
    change(f, [("www.sub", "A")], "records", "child", code=NXDOMAIN,
           authority=lines, soa=at(f, ""))


@row("bogus")
def parents_denial_of_childs_data(f):
    """The parent's record at the cut denies the child's MX."""
    change(f, [("sub", "MX")], "records", "child", code=NOERROR,
           authority=of_zone(f, "z", "match", "sub"), soa=at(f, ""))


@row("bogus|secure|insecure")
def parent_signs_childs_data(f):
    """As sig-by-parents-key, with another record."""
    def lines():
        zone, owner = f.z, f.sub.name
        rdata = f.sub.sets[owner, T.MX][1][0]
        return loose(f, owner, rdata)() if zone else []
    change(f, [("sub", "MX")], "records", "child", code=NOERROR,
           answer=lines, soa=False)


@row("bogus", plain)
def wildcards_own_record(f):
    """An NSEC expanded from a wildcard, for the name asked for."""
    def lines():
        zone = f.z
        owner = zone.at("*.w")
        found = of_zone(f, "z", None, "*.w", NSEC)()
        name = zone.at("y.w").to_text()
        return [(name,) + line[1:] for line in found] if owner else []
    change(f, [("y.w", "TXT")], "records", code=NOERROR, authority=lines,
           soa=at(f, ""))

