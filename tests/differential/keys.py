# SPDX-License-Identifier: ISC
"""Keys of the generated zones, all of them made from the seed."""

import functools
import hashlib
import struct

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, \
    padding, rsa, utils

RSA = {5: hashes.SHA1, 7: hashes.SHA1, 8: hashes.SHA256, 10: hashes.SHA512}
# Curve, hash, octets of a number; private keys stay below the order.
CURVE = {13: (ec.SECP256R1, hashes.SHA256, 32),
         14: (ec.SECP384R1, hashes.SHA384, 48)}
EDWARDS = {15: (ed25519.Ed25519PrivateKey, 32),
           16: (ed448.Ed448PrivateKey, 57)}
ALGORITHMS = (5, 7, 8, 10, 13, 14, 15, 16)
ZONE, REVOKE, SEP = 256, 128, 1
RSA_KEYS, RSA_BITS = 8, 1024    # the least that RFC 5702 2.2 allows for 10
EXPONENT = 65537

_small = [p for p in range(3, 2000, 2)
          if all(p % q for q in range(3, int(p ** 0.5) + 1, 2))]


def _probably_prime(rng, n):
    """Miller-Rabin, a dozen times."""
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(12):
        x = pow(rng.randrange(2, n - 1), odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def _prime(rng, bits):
    """A prime of that size with its two top bits set."""
    while True:
        p = rng.getrandbits(bits) | 3 << bits - 2 | 1
        if all(p % q for q in _small) and p % EXPONENT != 1 \
                and _probably_prime(rng, p):
            return p


def _rsa_key(rng, bits):
    p, q = _prime(rng, bits // 2), _prime(rng, bits // 2)
    d = pow(EXPONENT, -1, (p - 1) * (q - 1))
    return rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p),
        rsa.RSAPublicNumbers(EXPONENT, p * q)).private_key()


class Material:
    """A private key; what algorithm it serves is said when it signs."""

    def __init__(self, private):
        self.private = private

    def public(self, algorithm):
        """The last field of a DNSKEY record."""
        key = self.private.public_key()
        if algorithm in RSA:
            numbers = key.public_numbers()
            modulus = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8,
                                         "big")
            return b"\3\1\0\1" + modulus
        if algorithm in CURVE:
            return key.public_bytes(
                serialization.Encoding.X962,
                serialization.PublicFormat.UncompressedPoint)[1:]
        return key.public_bytes(serialization.Encoding.Raw,
                                serialization.PublicFormat.Raw)

    def sign(self, algorithm, data):
        if algorithm in RSA:
            return self.private.sign(data, padding.PKCS1v15(),
                                     RSA[algorithm]())
        if algorithm in CURVE:
            _, kind, size = CURVE[algorithm]
            r, s = utils.decode_dss_signature(
                self.private.sign(data, ec.ECDSA(kind())))
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")
        return self.private.sign(data)


class Keyring:
    """Makes keys.  RSA keys are few and shared, since they are costly."""

    def __init__(self, rng):
        self.rsa = [Material(_rsa_key(rng, RSA_BITS))
                    for _ in range(RSA_KEYS)]

    def several(self, rng, algorithm, count):
        """That many different ones."""
        if algorithm in RSA:
            return rng.sample(self.rsa, count)
        if algorithm in CURVE:
            curve, _, size = CURVE[algorithm]
            return [Material(ec.derive_private_key(
                rng.randrange(1, 1 << 8 * size - 32), curve()))
                for _ in range(count)]
        kind, size = EDWARDS[algorithm]
        return [Material(kind.from_private_bytes(rng.randbytes(size)))
                for _ in range(count)]


@functools.lru_cache(1024)
def tag_of(rdata):
    """RFC 4034 appendix B."""
    total = sum(octet << 8 if i % 2 == 0 else octet
                for i, octet in enumerate(rdata))
    return (total + (total >> 16)) & 0xffff


class Key:
    """A DNSKEY record of one zone, and what signs for it."""

    def __init__(self, material, algorithm, flags, protocol=3):
        self.material = material
        self.algorithm = algorithm
        self.flags = flags
        self.protocol = protocol
        self.data = None        # in place of the true public key

    def rdata(self):
        data = self.data
        if data is None:
            data = self.material.public(self.algorithm)
        return struct.pack("!HBB", self.flags, self.protocol,
                           self.algorithm) + data

    def tag(self):
        return tag_of(self.rdata())

    def sign(self, data):
        return self.material.sign(self.algorithm, data)

    def twin(self, rng):
        """A key of no use that has the same tag and algorithm."""
        other = Key(None, self.algorithm, self.flags, self.protocol)
        size = len(self.rdata()) - 4
        for _ in range(1000):
            # The last two octets make up the sum.
            head = rng.randbytes(size - 3 if size % 2 else size - 2)
            if self.algorithm in RSA:
                head = b"\3\1\0\1" + head[4:]
            tail = b"\0" if size % 2 else b""
            for guess in range(3):
                other.data = head + b"\0\0" + tail
                want = (self.tag() - other.tag() - guess) & 0xffff
                other.data = head + struct.pack("!H", want) + tail
                if other.tag() == self.tag():
                    return other
        raise ValueError("no twin")


def digest(kind, owner_wire, rdata):
    """RFC 4034 5.1.4; of an unknown kind something of a digest's size."""
    functions = {1: hashlib.sha1, 2: hashlib.sha256, 4: hashlib.sha384}
    return functions.get(kind, hashlib.sha256)(owner_wire + rdata).digest()
