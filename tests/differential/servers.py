# SPDX-License-Identifier: ISC
"""The servers of one run: NSD, the fronts, two resolvers."""

import multiprocessing
import os

import dns.message
import dns.query

from family import CHILD, FRONT_CHILD, FRONT_LEAF, LEAF
from front import Front, serve
from lab import Laboratory, LaboratoryError, write
from world import PLAIN, ROOT, SERVERS, TOP, VALIDATING

PROGRAMS = {"nsd": "nsd", "unbound": "unbound", "delv": "bind9-dnsutils",
            "ip": "iproute2", "unshare": "util-linux", "mount": "mount"}


class Servers(Laboratory):
    """The laboratory with generated zones, and no mail servers."""

    plain = PLAIN

    def __init__(self, folder, world):
        super().__init__(folder, [])
        self.world = world
        self.front = None

    def write_zones(self):
        """Files by server: [(zone's name, file)]."""
        os.makedirs(self.path("zones"))
        files = {"top": [], "leaf": [], "child": []}
        for zone in self.world.tops.values():
            files["top"].append(self._write(zone.name.to_text(),
                                            zone.text()))
        for family in self.world.families:
            for role, (name, text) in family.texts.items():
                where = "leaf" if role == "z" else "child"
                files[where].append(self._write(name, text))
        return files

    def _write(self, name, text):
        return name, write(self.path("zones", name.strip(".") or "root"),
                           text)

    def fronts(self):
        """One process, forked, so that it has the families' changes."""
        plans = {"leaf": {}, "child": {}}
        for family in self.world.families:
            for front, question, change, parameters in family.wire:
                plans[front].setdefault(question, []).append(
                    (change, parameters))
        servers = {"leaf": SERVERS[LEAF], "child": SERVERS[CHILD]}

        def run():
            for name, here in ((FRONT_LEAF, "leaf"), (FRONT_CHILD, "child")):
                serve(SERVERS[name], Front(here, servers, plans[here]),
                      self.path("front.errors"))
            multiprocessing.Event().wait()
        process = multiprocessing.get_context("fork").Process(
            target=run, daemon=True)
        process.start()
        self.front = process

    def resolver(self, name, address, modules, anchor):
        state = self.path(name)
        os.makedirs(state)
        hints = write(state + "/root.hints", f". 3600 NS ns.\n"
                                             f"ns. 3600 A {ROOT}\n")
        conf = write(state + "/unbound.conf", f"""server:
  username: ""
  chroot: ""
  directory: "{state}"
  pidfile: "{state}/pid"
  use-syslog: no
  logfile: "{state}/log"
  interface: {address}
  access-control: 127.0.0.0/8 allow
  do-not-query-localhost: no
  do-ip6: no
  module-config: "{modules}"
  {anchor}
  root-hints: "{hints}"
  num-threads: 1
  local-zone: "test." nodefault
  # What is asked is what the name server is asked, and what was found for
  # one question decides no other.
  qname-minimisation: no
  aggressive-nsec: no
  harden-below-nxdomain: no
  prefetch: no
  # Strict about dates, as mxproof and delv are; any single valid path is
  # good (RFC 6840 5.11); the limit of NSEC3 iterations is mxproof's.
  val-sig-skew-min: 0
  val-sig-skew-max: 0
  harden-algo-downgrade: no
  harden-dnssec-stripped: yes
  val-nsec3-keysize-iterations: "1024 150 2048 150 4096 150"
  val-max-restart: 1
  val-log-level: 2
  ede: yes
  # One server for hundreds of broken zones is not to be given up.
  infra-host-ttl: 0
  infra-cache-min-rtt: 1000
  infra-keep-probing: yes
  # With few of these free, slow questions would be cut off.
  incoming-num-tcp: 100
remote-control:
  control-enable: no
""")
        self.start(name, ["unbound", "-d", "-p", "-c", conf])

    def build(self):
        self.network()
        files = self.write_zones()
        self.nsd("top", [ROOT, TOP], files["top"])
        self.nsd("leaf", [SERVERS[LEAF]], files["leaf"])
        self.nsd("child", [SERVERS[CHILD]], files["child"])
        self.fronts()
        anchor = self.world.anchor()
        tag, rest = int.from_bytes(anchor[:2], "big"), anchor[2:]
        digest = f"{tag} {rest[0]} {rest[1]} {rest[2:].hex()}"
        text = f". 3600 IN DS {digest}\n"
        file = write(self.path("root.anchor"), text)
        quoted = digest.rsplit(" ", 1)
        write(self.path("delv.anchor"), "trust-anchors { . static-ds "
              f'{quoted[0]} "{quoted[1]}"; }};\n')
        self.resolver("validating", VALIDATING, "validator iterator",
                      f'trust-anchor-file: "{file}"')
        self.resolver("plain", PLAIN, "iterator", "")
        self.ready()

    def ready(self):
        good = self.world.families[0].name.to_text()
        for address in (ROOT, TOP):
            self.wait("nsd", lambda a=address: self.answers(a, "."))
        self.wait("nsd", lambda: self.answers(SERVERS[LEAF], good))
        self.wait("nsd", lambda: self.answers(SERVERS[CHILD],
                                              "sub." + good))
        for name in (FRONT_LEAF, FRONT_CHILD):
            self.wait("the front", lambda n=name: self.answers(
                SERVERS[n], ("sub." if "child" in n else "") + good))
        for address in (VALIDATING, PLAIN):
            self.wait("unbound", lambda a=address: self.answers(a, good))
        self.refused()

    def refused(self):
        """Zones that NSD does not take as they are."""
        for family in self.world.families:
            for role, (name, _) in family.texts.items():
                server = SERVERS[LEAF if role == "z" else CHILD]
                query = dns.message.make_query(name, "SOA")
                reply = dns.query.udp(query, server, 5)
                if not reply.answer:
                    raise LaboratoryError(
                        f"nsd refuses the zone {name}; see its log")

    def stop(self):
        if self.front:
            self.front.terminate()
        super().stop()
