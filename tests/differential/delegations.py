# SPDX-License-Identifier: ISC
"""Rows that change keys, their roles, and the DS records that name them."""

import struct

from keys import REVOKE, SEP, ZONE, Key
from table import modern, row


MX = ("", "MX")


def ksk(f):
    return f.z.signing_keys[0]


def zsk(f):
    return f.z.signing[0]


def republish(f):
    """The DS again, after the keys have changed."""
    f.z.ds = [f.z.ds_wire(ksk(f))]


def zone_ds(f, *records):
    f.z.ds = list(records)
    f.ask(MX, ("nope", "A"))


def wrong(f, kind):
    size = {1: 20, 2: 32, 4: 48}[kind]
    return f.z.ds_wire(ksk(f), kind, value=f.rng.randbytes(size))


# -- DS records ------------------------------------------------------------

@row("bogus")
def ds_digest_wrong(f):
    zone_ds(f, wrong(f, f.rng.choice([1, 2, 4])))


@row("secure|insecure")
def ds_digest_wrong_beside_good(f):
    kind = f.rng.choice([2, 4])
    records = [wrong(f, kind), f.z.ds_wire(ksk(f), kind)]
    f.rng.shuffle(records)
    zone_ds(f, *records)


@row("bogus")
def ds_tag_wrong(f):
    zone_ds(f, f.z.ds_wire(ksk(f), tag=ksk(f).tag() ^ 1))


@row("secure|insecure")
def ds_tag_wrong_beside_good(f):
    zone_ds(f, f.z.ds_wire(ksk(f), tag=ksk(f).tag() ^ 1),
            f.z.ds_wire(ksk(f)))


@row("bogus")
def ds_algorithm_wrong(f):
    zone_ds(f, f.z.ds_wire(ksk(f), algorithm=f.rng.choice(
        [each for each in (8, 13, 14, 15) if each != f.algorithm])))


@row("insecure")
def ds_algorithm_unknown(f):
    zone_ds(f, f.z.ds_wire(ksk(f), algorithm=f.rng.choice([17, 200])))


@row("secure|insecure")
def ds_algorithm_unknown_beside_good(f):
    zone_ds(f, f.z.ds_wire(ksk(f), algorithm=17), f.z.ds_wire(ksk(f)))


@row("bogus")
def ds_algorithm_unknown_beside_wrong(f):
    zone_ds(f, f.z.ds_wire(ksk(f), algorithm=17), wrong(f, 2))


@row("insecure")
def ds_digest_type_unknown(f):
    zone_ds(f, f.z.ds_wire(ksk(f), f.rng.choice([7, 100, 255])))


@row("secure|insecure")
def ds_digest_type_unknown_beside_good(f):
    zone_ds(f, f.z.ds_wire(ksk(f), 100), f.z.ds_wire(ksk(f)))


@row("bogus")
def ds_digest_type_unknown_beside_wrong(f):
    zone_ds(f, f.z.ds_wire(ksk(f), 100), wrong(f, 2))


@row("secure|insecure")
def ds_sha1(f):
    zone_ds(f, f.z.ds_wire(ksk(f), 1))


@row("secure|insecure")
def ds_sha384(f):
    zone_ds(f, f.z.ds_wire(ksk(f), 4))


@row("bogus")
def ds_sha1_right_sha256_wrong(f):
    zone_ds(f, f.z.ds_wire(ksk(f), 1), wrong(f, 2))


@row("bogus")
def ds_sha1_right_sha384_wrong(f):
    zone_ds(f, f.z.ds_wire(ksk(f), 1), wrong(f, 4))


@row("secure|insecure")
def ds_sha1_wrong_sha256_right(f):
    zone_ds(f, wrong(f, 1), f.z.ds_wire(ksk(f)))


@row("secure|insecure")
def ds_sha384_wrong_sha256_right(f):
    zone_ds(f, wrong(f, 4), f.z.ds_wire(ksk(f)))


@row("secure|insecure")
def ds_sha384_right_sha256_wrong(f):
    zone_ds(f, f.z.ds_wire(ksk(f), 4), wrong(f, 2))


@row("secure|insecure")
def ds_all_digests(f):
    zone_ds(f, *(f.z.ds_wire(ksk(f), kind) for kind in (1, 2, 4)))


@row("bogus")
def ds_digest_short(f):
    zone_ds(f, f.z.ds_wire(ksk(f))[:f.rng.choice([4 + 20, 4 + 31])])


@row("bogus")
def ds_digest_long(f):
    zone_ds(f, f.z.ds_wire(ksk(f)) + b"\0")


@row("insecure")
def ds_none(f):
    zone_ds(f)


@row("bogus")
def ds_for_unsigned(f):
    """A DS, and a child that is not signed."""
    f.ins.ds = [struct.pack("!HBB", 4711, 13, 2) + f.rng.randbytes(32)]
    f.ask(("ins", "MX"), ("nope.ins", "A"))


@row("insecure")
def ds_for_unsigned_of_unknown_algorithm(f):
    f.ins.ds = [struct.pack("!HBB", 4711, 17, 2) + f.rng.randbytes(32)]
    f.ask(("ins", "MX"), ("nope.ins", "A"))


@row("secure|insecure")
def ds_standby(f):
    """A DS of a key that is not published yet."""
    zone_ds(f, f.z.ds_wire(f.key(4, ZONE | SEP)), f.z.ds_wire(ksk(f)))


@row("secure|insecure")
def ds_standby_of_other_algorithm(f):
    other = 13 if f.algorithm != 13 else 15
    key = Key(f.ring.several(f.rng, other, 1)[0], other, ZONE | SEP)
    zone_ds(f, f.z.ds_wire(key), f.z.ds_wire(ksk(f)))


@row("secure|insecure")
def ds_of_zsk_too(f):
    zone_ds(f, f.z.ds_wire(zsk(f)), f.z.ds_wire(ksk(f)))


@row("bogus")
def ds_of_key_that_signs_no_keys(f):
    """RFC 4035 5.2: the key that the DS names must sign the key set."""
    zone_ds(f, f.z.ds_wire(zsk(f)))


@row("bogus")
def ds_child_denied(f):
    """The island's parent says DS, and none of its keys is meant."""
    f.isl.ds = [f.isl.ds_wire(f.key(4, ZONE | SEP))]
    f.ask(("isl", "MX"), ("nope.isl", "A"))


# -- key roles -------------------------------------------------------------

@row("bogus")
def key_zone_flag_missing(f):
    """RFC 4034 2.1.1: such a key MUST NOT verify RRsets."""
    key = f.rng.choice([ksk(f), zsk(f)])
    key.flags &= ~ZONE
    republish(f)
    f.ask(MX, ("nope", "A"))


@row("bogus")
def key_protocol(f):
    """RFC 4034 2.1.2: not 3 MUST be treated as invalid."""
    key = f.rng.choice([ksk(f), zsk(f)])
    key.protocol = f.rng.choice([0, 2, 255])
    republish(f)
    f.ask(MX, ("nope", "A"))


@row("secure|insecure")
def key_sep_missing(f):
    """RFC 4034 2.1.1: validators MUST NOT alter their behaviour."""
    ksk(f).flags &= ~SEP
    republish(f)
    f.ask(MX)


@row("secure|insecure")
def key_sep_on_all(f):
    zsk(f).flags |= SEP
    f.ask(MX)


@row("secure|insecure")
def key_flags_reserved(f):
    """RFC 4034 2.1.1: reserved bits MUST be ignored upon receipt."""
    ksk(f).flags |= 0x0400
    zsk(f).flags |= 0x8000
    republish(f)
    f.ask(MX)


@row("bogus")
def key_revoked_ksk(f):
    """The DS names the revoked key, as it now is."""
    ksk(f).flags |= REVOKE
    republish(f)
    f.ask(MX)


@row("bogus")
def key_revoked_ksk_old_ds(f):
    """The DS names the key as it was."""
    old = f.z.ds_wire(ksk(f))
    ksk(f).flags |= REVOKE
    f.z.ds = [old]
    f.ask(MX)


@row("bogus")
def key_revoked_zsk(f):
    zsk(f).flags |= REVOKE
    f.ask(MX)


@row("secure|insecure")
def key_revoked_beside_new(f):
    """RFC 5011: the old one revoked and still signing, a new one is used."""
    old = f.key(4, ZONE | SEP | REVOKE)
    f.z.published.append(old)
    f.z.signing_keys.append(old)
    f.z.ds.append(f.z.ds_wire(f.key(4, ZONE | SEP)))
    f.ask(MX)


@row("bogus")
def key_data_garbled(f):
    key = f.rng.choice([ksk(f), zsk(f)])
    good = key.rdata()[4:]
    key.data = f.rng.choice([good[:-1], good + b"\0", good[:3],
                             bytes(len(good))])
    republish(f)
    f.ask(MX)


@row("secure|insecure")
def key_twin_tag(f):
    """Another key of the same tag and algorithm."""
    key = f.rng.choice([ksk(f), zsk(f)])
    f.z.published.insert(f.rng.randint(0, 2), key.twin(f.rng))
    f.ask(MX, ("www", "MX"))


@row("bogus")
def key_set_by_zsk_only(f):
    f.z.signing_keys = [zsk(f)]
    f.ask(MX)


@row("bogus")
def key_zsk_not_published(f):
    f.z.published.remove(zsk(f))
    f.ask(MX, ("nope", "A"))


@row("bogus")
def key_ksk_not_published(f):
    f.z.published.remove(ksk(f))
    f.ask(MX)


@row("bogus")
def key_set_missing(f):
    f.z.published = []
    f.ask(MX, ("nope", "A"))


@row("bogus")
def key_child_set_missing(f):
    f.sub.published = []
    f.ask(("sub", "MX"))


# -- what is healthy -------------------------------------------------------

@row("secure|insecure", everywhere=True)
def healthy_everywhere(f):
    f.ask(MX, ("ins", "MX"))


@row("secure|insecure")
def healthy(f):
    f.ask(MX, ("nope", "A"), ("y.w", "A"), ("ins", "DS"), ("chain", "A"),
          ("h.dn", "A"), ("www", "MX"), ("sub", "MX"))


@row("secure|insecure")
def healthy_more(f):
    f.ask(("ent", "A"), ("y.w", "TXT"), ("y.cw", "A"), ("isl", "MX"),
          ("out", "A"), ("1.2.3.4.5.6.7.8", "A"), ("long", "A"),
          ("mIxEd", "TXT"))


@row("secure|insecure")
def healthy_one_key(f):
    f.z.keys(f.key(0, ZONE | SEP))
    f.ask(MX, ("nope", "A"))


@row("secure|insecure")
def healthy_one_key_without_sep(f):
    f.z.keys(f.key(0))
    f.ask(MX, ("nope", "A"))


@row("secure|insecure")
def healthy_zsk_prepublished(f):
    f.z.published.append(f.key(4))
    f.ask(MX)


@row("secure|insecure")
def healthy_zsk_double_signature(f):
    f.z.published.append(f.key(4))
    f.z.signing.append(f.z.published[-1])
    f.ask(MX, ("nope", "A"))


@row("secure|insecure")
def healthy_ksk_double_ds(f):
    """RFC 6781 4.1.2: both DS, the keys signed by the old one only."""
    new = f.key(4, ZONE | SEP)
    f.z.published.append(new)
    f.z.ds.append(f.z.ds_wire(new))
    f.ask(MX)


@row("secure|insecure")
def healthy_ksk_double_signature(f):
    new = f.key(4, ZONE | SEP)
    f.z.published.append(new)
    f.z.signing_keys.append(new)
    f.rng.shuffle(f.z.signing_keys)
    f.ask(MX)


@row("secure|insecure")
def healthy_keys_signed_by_all(f):
    f.z.signing_keys.append(zsk(f))
    f.ask(MX)


def second_algorithm(f):
    other = f.rng.choice([each for each in (8, 13, 14, 15, 16)
                          if each != f.algorithm])
    materials = f.ring.several(f.rng, other, 2)
    return (Key(materials[0], other, ZONE | SEP),
            Key(materials[1], other, ZONE))


@row("secure|insecure")
def rollover_signatures_first(f):
    """RFC 6781 4.1.4: new signatures, whose key is not published yet."""
    _, new = second_algorithm(f)
    f.z.signing.append(new)
    f.ask(MX, ("nope", "A"))


@row("secure|insecure")
def rollover_keys(f):
    new_ksk, new = second_algorithm(f)
    f.z.published += [new_ksk, new]
    f.z.signing.append(new)
    f.z.signing_keys.append(new_ksk)
    f.ask(MX, ("nope", "A"))


@row("secure|insecure")
def rollover_both_ds(f):
    rollover_keys(f)
    f.z.ds.append(f.z.ds_wire(f.z.signing_keys[1]))


@row("secure|insecure")
def rollover_new_ds(f):
    rollover_keys(f)
    f.z.ds = [f.z.ds_wire(f.z.signing_keys[1])]


@row("secure|insecure")
def rollover_liberal(f):
    """RFC 6840 5.11: one path is enough: new DS, old data signatures."""
    rollover_new_ds(f)
    f.z.signing.pop()


@row("secure|insecure")
def rollover_keys_by_new_only(f):
    rollover_both_ds(f)
    f.z.signing_keys.pop(0)


@row("bogus")
def rollover_new_ds_too_early(f):
    """The new DS stands alone, and the old key alone signs the keys."""
    rollover_new_ds(f)
    f.z.signing_keys.pop()


@row("secure|insecure", modern)
def rollover_from_sha1(f):
    """Both DS, 7 and the zone's own; the data are signed by both."""
    materials = f.ring.several(f.rng, 7, 2)
    old_ksk, old = Key(materials[0], 7, ZONE | SEP), Key(materials[1], 7,
                                                         ZONE)
    f.z.published += [old_ksk, old]
    f.z.signing.insert(0, old)
    f.z.signing_keys.insert(0, old_ksk)
    f.z.ds.insert(0, f.z.ds_wire(old_ksk))
    f.ask(MX, ("nope", "A"))


@row("secure|insecure")
def multi_signer(f):
    """RFC 8901: this server's data are signed by provider B, while the
    keys came from provider A."""
    other_ksk, other = f.key(4, ZONE | SEP), f.key(2)
    f.z.published += [other_ksk, other]
    f.z.signing = [other]
    f.z.ds.append(f.z.ds_wire(other_ksk))
    f.ask(MX, ("nope", "A"))


@row("secure|insecure")
def healthy_wildcard_at_apex(f):
    f.z.add("*", "TXT", '"all"')
    f.ask(("nope", "TXT"), ("nope", "A"), ("a.b.nope", "TXT"),
          ("www", "MX"), ("ent", "TXT"))


@row("secure|insecure")
def healthy_deep_chain(f):
    """Aliases from zone to zone, and a wildcard's alias into a DNAME."""
    f.z.add("*.far", "CNAME", "h.dn")
    f.z.add("into", "CNAME", "y.w")
    f.ask(("y.far", "A"), ("into", "A"), ("into", "TXT"))


@row("secure|insecure")
def healthy_dname_to_other_zone(f):
    f.z.add("away", "DNAME", "good.target.")
    f.ask(("www.away", "A"), ("nope.away", "A"), ("away", "A"))


@row("insecure|secure")
def healthy_dname_into_island(f):
    f.z.add("away", "DNAME", "isl")
    f.needed.add("isl")
    f.ask(("www.away", "A"), ("nope.away", "A"))


@row("insecure|secure")
def healthy_below_unsigned(f):
    """A signed child's DS in an unsigned parent: insecure, not bogus."""
    f.ins.add("www", "DS", "1 13 2 " + "00" * 32)
    f.ask(("www.ins", "A"), ("www.ins", "DS"))

