#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Mail servers that do what no real one does.

usage: scripted.py '{"ADDRESS": {"behaviour": NAME, "name": HOST,
                                 "chain": FILE}, …}'

A behaviour is a row of BEHAVIOURS: what is said as greeting, to EHLO, to
STARTTLS and to EHLO inside TLS.  A reply is bytes; CLOSE closes, SILENCE says
nothing for ever, DELAY waits two seconds, ENDLESS sends without end, TLS shakes hands, CLIENT_TLS the
same and wants a certificate.  What follows a reply in the row is done next.
"""

import asyncio
import json
import os
import socket
import ssl
import sys
import time

CLOSE, SILENCE, ENDLESS, ENDLESS_LINES = object(), object(), object(), \
    object()
TLS, CLIENT_TLS, DELAY = object(), object(), object()
HELLO = b"250-%s\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 8BITMIME\r\n"
BANNER = b"220 %s ESMTP\r\n"
GO = b"220 2.0.0 Ready to start TLS\r\n"

# name: (greeting, EHLO, STARTTLS); missing ones are those of a good server.
BEHAVIOURS = {
    "silent": ([SILENCE],),
    "closes": ([CLOSE],),
    "greeting-421": ([b"421 4.3.2 %s busy, try later\r\n", CLOSE],),
    "greeting-450": ([b"450 4.7.1 greylisted, come back\r\n"],),
    "greeting-554": ([b"554 5.7.1 no reverse name, no service\r\n"],),
    "greeting-lines": ([b"554-%s\r\n554-No PTR record\r\n554 Bye\r\n"],),
    "greeting-521": ([b"521 5.3.2 %s does not accept mail\r\n", CLOSE],),
    "greeting-stars": ([b"220 " + b"*" * 40 + b"\r\n"],
                       [b"250-%s\r\n250-SIZE\r\n250 XXXXXXXA\r\n"]),
    "ehlo-451": ([BANNER], [b"451 4.7.1 greylisted, come back\r\n"]),
    "ehlo-550": ([BANNER], [b"550 5.7.1 go away\r\n"]),
    "starttls-454": ([BANNER], [HELLO],
                     [b"454 4.7.0 TLS not available\r\n"]),
    "starttls-421": ([BANNER], [HELLO],
                     [b"421 4.3.2 too many sessions\r\n", CLOSE]),
    "starttls-554": ([BANNER], [HELLO], [b"554 5.7.0 no TLS today\r\n"]),
    "starttls-451": ([BANNER], [HELLO], [b"451 4.3.0 try again\r\n"]),
    "starttls-250": ([BANNER], [HELLO], [b"250 go ahead\r\n", TLS]),
    "starttls-tab": ([BANNER], [b"250-%s\r\n250 starttls\t\r\n"],
                     [GO, TLS]),
    "starttls-only": ([BANNER], [b"250 STARTTLS\r\n"]),
    "tls-421": ([BANNER], [HELLO], [GO, TLS],
                [b"421 4.3.2 too many sessions\r\n", CLOSE]),
    "tls-554": ([BANNER], [HELLO], [GO, TLS], [b"554 5.7.1 go away\r\n"]),
    "tls-close": ([BANNER], [HELLO], [GO, TLS, CLOSE]),
    "tls-client": ([BANNER], [HELLO], [GO, CLIENT_TLS]),
    "starttls-close": ([BANNER], [HELLO], [CLOSE]),
    "starttls-silent": ([BANNER], [HELLO], [SILENCE]),
    "handshake-close": ([BANNER], [HELLO], [GO, CLOSE]),
    "handshake-garbage": ([BANNER], [HELLO],
                          [GO, b"250 what handshake?\r\n" * 20, CLOSE]),
    "handshake-alert": ([BANNER], [HELLO],
                        [GO, b"\x15\x03\x01\x00\x02\x02\x28", CLOSE]),
    "handshake-silent": ([BANNER], [HELLO], [GO, SILENCE]),
    "garbage": ([b"\x00\xff\xfeSSH-2.0-what\x1b[31m\r\n" * 3],),
    "http": ([b"HTTP/1.1 400 Bad Request\r\n\r\n", CLOSE],),
    # These count: see crowded().
    "two-at-once": ([BANNER], [HELLO], [GO, TLS]),
    "busy-for-a-second": ([BANNER], [HELLO], [GO, TLS]),
    "tls-one-at-once": ([BANNER], [HELLO], [GO, TLS]),
    "tls-twelve": ([BANNER], [HELLO], [GO, TLS]),
    "greylists": ([b"450 4.7.1 visitor %n, come back later\r\n"],),
    "ehlo-silent": ([b"220 %s ESMTP, visitor %n\r\n"], [SILENCE]),
    "one-at-once": ([BANNER], [HELLO], [GO, TLS]),
    "one-at-once-554": ([BANNER], [HELLO], [GO, TLS]),
    "one-at-once-refused": ([DELAY, BANNER], [HELLO], [GO, TLS]),
    # Only the first time that anybody comes so far; then as a good one.
    "starttls-close-once": ([BANNER], [HELLO], [CLOSE]),
    "handshake-close-once": ([BANNER], [HELLO], [GO, CLOSE]),
    "slow-greeting": ([DELAY, BANNER], [HELLO], [GO, TLS]),
    "endless-line": ([ENDLESS],),
    "many-lines": ([b"220-%s\r\n" * 299 + BANNER], [HELLO], [GO, TLS]),
    "endless-lines": ([ENDLESS_LINES],),
}


async def shake(plan, writer, wanted):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(plan["chain"])
    if not wanted:
        await writer.start_tls(context)
        return
    # asyncio would go without sending its alert.
    context.verify_mode = ssl.CERT_REQUIRED
    own = socket.socket(
        fileno=os.dup(writer.get_extra_info("socket").fileno()))
    own.setblocking(True)
    with own:
        await asyncio.to_thread(context.wrap_socket, own, server_side=True)


async def act(steps, plan, reader, writer):
    """Do the steps; False when the session is over."""
    name = plan["name"].encode()
    if TLS in steps or CLIENT_TLS in steps:
        writer.transport.pause_reading()    # what follows is not for us
    for step in steps:
        if step in (TLS, CLIENT_TLS):
            await shake(plan, writer, step is CLIENT_TLS)
            continue
        if step is DELAY:       # greet delays keep those who hurry away
            await asyncio.sleep(2)
            continue
        if step is CLOSE:
            return False
        if step is SILENCE:
            while await reader.read(4096):
                pass
            return False
        if step in (ENDLESS, ENDLESS_LINES):
            block = b"x" * 4096 if step is ENDLESS \
                else b"220-and on and on\r\n" * 200
            writer.write(b"220-")
            # Bounded all the same: 64 MB are more than anyone reads.
            for _ in range(16384):
                writer.write(block)
                await writer.drain()
            return False
        writer.write(step.replace(b"%s", name).replace(
            b"%n", str(plan["visitors"]).encode()))
        await writer.drain()
    return True


def crowded(plan):
    """Whether this session is one too many."""
    now = time.monotonic()
    if plan["behaviour"] == "two-at-once":
        return plan["open"] > 2
    if plan["behaviour"].startswith("one-at-once"):
        return plan["open"] > 1
    if plan["behaviour"] == "busy-for-a-second":
        # As long as somebody comes again within a second; who only looks
        # whether the port is open is nobody.
        return now - plan.get("came", 0) < 1
    return False


async def serve(row, plan, reader, writer):
    plan["open"] = plan.get("open", 0) + 1
    plan["visitors"] = number = plan.get("visitors", 0) + 1
    if crowded(plan):
        row = BEHAVIOURS["greeting-554" if plan["behaviour"].endswith("554")
                         else "greeting-421"]
    if plan["behaviour"] == "one-at-once-refused":
        plan["server"].close()
    usual = [[BANNER], [HELLO], [GO, CLOSE], [b"250 %s\r\n"]]
    rows, inside = list(row) + usual[len(row):], False
    try:
        going = await act(rows[0], plan, reader, writer)
        while going:
            line = (await reader.readline()).strip().upper()
            if not line:
                break
            plan["came"] = time.monotonic()
            if line.startswith((b"EHLO", b"HELO")):
                going = await act(rows[3 if inside else 1], plan, reader,
                                  writer)
            elif line == b"STARTTLS":
                if plan["behaviour"].endswith("-once") and "cut" in plan:
                    rows[2] = [GO, TLS]
                plan["cut"] = True
                # To twelve, and then a pause of ten seconds.
                if plan["behaviour"] == "tls-twelve":
                    now = time.monotonic()
                    if now - plan.get("granted", 0) > 10:
                        plan["run"] = 0
                    rows[2] = [GO, TLS]
                    if plan["run"] >= 12:
                        rows[2] = BEHAVIOURS["starttls-454"][2]
                    plan["run"] += 1
                    plan["granted"] = now
                # The first one, as long as the second is there.
                if plan["behaviour"] == "tls-one-at-once":
                    rows[2] = [GO, TLS]
                    if plan["open"] > 1 and number % 2 == 1:
                        rows[2] = BEHAVIOURS["starttls-454"][2]
                going = await act(rows[2], plan, reader, writer)
                inside = inside or TLS in rows[2] or CLIENT_TLS in rows[2]
            elif line == b"QUIT":
                await act([b"221 2.0.0 Bye\r\n", CLOSE], plan, reader,
                          writer)
                break
            else:
                await act([b"502 5.5.1 no\r\n"], plan, reader, writer)
    except (OSError, ValueError):
        pass
    finally:
        plan["open"] -= 1
        writer.close()
        if plan["behaviour"] == "one-at-once-refused" and plan["open"] == 0:
            await listen(plan)


async def listen(plan):
    row = BEHAVIOURS[plan["behaviour"]]
    plan["server"] = await asyncio.start_server(
        lambda r, w: serve(row, plan, r, w), plan["address"], 25)


async def main():
    for address, plan in json.loads(sys.argv[1]).items():
        plan["address"] = address
        await listen(plan)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
