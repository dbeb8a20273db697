#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Name servers and resolvers that misbehave, in front of real ones.

usage: dnsd.py '{"ADDRESS": {"mode": MODE, "upstream": ADDRESS}, …}'

servfail  SERVFAIL to every question for TLSA, the rest is forwarded
refused   REFUSED, likewise
drop      no answer at all, likewise
strip     a resolver that knows no DNSSEC: EDNS is cut off the question
nothing   a resolver to which nothing exists, without DNSSEC
closed    a resolver that refuses every question: not for this client
lenient   a resolver that gives what it has where another says SERVFAIL, as
          BIND does of aliases that run in a circle: asks "instead" then
lossy     the first packet of a question below "late." is lost, and all of
          those below "never."; below "half." replies are cut, and nothing
          comes over TCP
silent    bound to the port, never answers
"""

import json
import socket
import socketserver
import struct
import sys
import threading

TLSA = 52
RCODES = {"servfail": 2, "refused": 5, "closed": 5}


def question_end(message):
    """Offset behind the first question; 0 where there is none."""
    at = 12
    while at < len(message) and message[at]:
        at += message[at] + 1
    return at + 5 if at + 5 <= len(message) else 0


def answer(message, mode, upstream, tcp):
    """The reply to a message, or None for silence."""
    end = question_end(message)
    if mode == "silent" or end == 0:
        return None
    rtype = struct.unpack("!H", message[end - 4:end - 2])[0]
    if mode == "closed" or \
            rtype == TLSA and mode in ("servfail", "refused", "drop"):
        if mode == "drop":
            return None
        flags = 0x8000 | (message[2] & 1) << 8 | RCODES[mode]
        return message[:2] + struct.pack("!HHHHH", flags, 1, 0, 0, 0) \
            + message[12:end]
    if mode == "nothing":
        return message[:2] + struct.pack("!HHHHH", 0x8183, 1, 0, 0, 0) \
            + message[12:end]
    if mode == "strip":
        message = message[:4] + struct.pack("!HHHH", 1, 0, 0, 0) \
            + message[12:end]
    return ask_tcp(message, upstream) if tcp else ask_udp(message, upstream)


def lenient(message, upstream, instead, tcp):
    """What the resolver says, or the zone's own server where it fails."""
    ask = ask_tcp if tcp else ask_udp
    reply = ask(message, upstream)
    if reply is None or reply[3] & 15 != RCODES["servfail"]:
        return reply
    reply = ask(message, instead)
    # Not authoritative; recursion is available.
    return reply and reply[:2] + bytes([reply[2] & 0xfb, reply[3] | 0x80]) \
        + reply[4:]


def ask_udp(message, upstream):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(10)
        sock.connect((upstream, 53))
        sock.send(message)
        try:
            return sock.recv(65535)
        except OSError:
            return None


def exactly(sock, count):
    data = b""
    while len(data) < count:
        more = sock.recv(count - len(data))
        if not more:
            return None
        data += more
    return data


def ask_tcp(message, upstream):
    try:
        with socket.create_connection((upstream, 53), 10) as sock:
            sock.sendall(struct.pack("!H", len(message)) + message)
            size = exactly(sock, 2)
            return size and exactly(sock, struct.unpack("!H", size)[0])
    except OSError:
        return None


def lost(server, message, tcp):
    """The first time that it is asked, and not again."""
    question = message[12:question_end(message)].lower()
    if b"\5never" in question or tcp and b"\4half" in question:
        return True
    if tcp or b"\4late" not in question or question in server.heard:
        return False
    server.heard.add(question)
    return True


def reply_of(server, message, tcp):
    if server.mode == "lossy" and lost(server, message, tcp):
        return None
    if server.mode == "lossy" and b"\4half" in message:
        return message[:2] + struct.pack("!HHHHH", 0x8380, 1, 0, 0, 0) \
            + message[12:question_end(message)]
    if server.mode == "lenient" and question_end(message):
        return lenient(message, server.upstream, server.instead, tcp)
    return answer(message, server.mode, server.upstream, tcp)


class Udp(socketserver.BaseRequestHandler):
    def handle(self):
        message, sock = self.request
        reply = reply_of(self.server, message, False)
        if reply is not None:
            sock.sendto(reply, self.client_address)


class Tcp(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            try:
                size = exactly(self.request, 2)
                message = size and exactly(
                    self.request, struct.unpack("!H", size)[0])
            except OSError:
                return
            if not message:
                return
            reply = reply_of(self.server, message, True)
            if reply is not None:
                self.request.sendall(struct.pack("!H", len(reply)) + reply)


class UdpServer(socketserver.ThreadingUDPServer):
    daemon_threads = True
    max_packet_size = 65535


class TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def main():
    threads = []
    for address, plan in json.loads(sys.argv[1]).items():
        for kind, handler in ((UdpServer, Udp), (TcpServer, Tcp)):
            server = kind((address, 53), handler)
            server.mode = plan["mode"]
            server.upstream = plan["upstream"]
            server.instead = plan.get("instead")
            server.heard = set()
            threads.append(threading.Thread(target=server.serve_forever))
            threads[-1].start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
