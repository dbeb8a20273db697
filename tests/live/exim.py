# SPDX-License-Identifier: ISC
"""Exim, the laboratory's second and independent mail server.

Debian's packages of Exim and Postfix exclude each other, so bootstrap unpacks
Exim into a folder.  Its TLS is GnuTLS, that of Postfix is OpenSSL.  One daemon
serves all addresses: what differs between them is looked up in a table by the
address that the client has connected to.
"""

import os
import shutil
import subprocess

# The user that Debian's Exim was built for, at an id that is nobody's.
USER, UID = "Debian-exim", 10025
PRIORITIES = {
    "exim-tls10": "NORMAL:-VERS-ALL:+VERS-TLS1.0",
    # What is left of TLS 1.2 where SHA-1 and GCM are turned off.
    "exim-cbc": "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-256-CBC"
                ":+AES-128-CBC:-MAC-ALL:+SHA384:+SHA256",
}

CONFIGURATION = """\
ROW = ${{lookup{{$received_ip_address}}lsearch{{{folder}/hosts}}}}
primary_hostname = client.lab.example
spool_directory = {folder}/spool
log_file_path = {folder}/spool/%slog
pid_file_path = {folder}/spool/pid
local_interfaces = <; {addresses}
daemon_smtp_ports = 25
smtp_banner = ${{extract{{name}}{{ROW}}}} ESMTP Exim
smtp_active_hostname = ${{extract{{name}}{{ROW}}}}
tls_advertise_hosts = ${{if eq{{${{extract{{tls}}{{ROW}}}}}}{{yes}}{{*}}}}
tls_certificate = ${{extract{{certificates}}{{ROW}}}}
tls_require_ciphers = ${{extract{{priority}}{{ROW}}}}
acl_smtp_rcpt = deny
smtp_accept_max = 0
host_lookup =
rfc1413_query_timeout = 0s
keep_environment =
"""


def program():
    """Where bootstrap has put Exim."""
    cache = os.environ.get("XDG_CACHE_HOME") \
        or os.path.join(os.path.expanduser("~"), ".cache")
    return os.environ.get("MXPROOF_EXIM") \
        or os.path.join(cache, "mxproof", "exim", "usr", "sbin", "exim4")


def missing():
    """Why Exim cannot run here, in one line; None when it can."""
    path = program()
    if not os.access(path, os.X_OK):
        return f"needs Exim at {path}: run ./bootstrap --tests as this " \
            "user, or name it in MXPROOF_EXIM"
    done = subprocess.run(["ldd", path], capture_output=True, text=True,
                          check=False)
    lacking = [line.split()[0] for line in done.stdout.splitlines()
               if "not found" in line]
    if lacking:
        return f"Exim at {path} lacks {' '.join(lacking)}: run " \
            "./bootstrap --tests"
    return None


def add_user(folder, call):
    """Let the user exist in this mount namespace."""
    for name, line in (("passwd", f"{USER}:x:{UID}:{UID}::/:/bin/false"),
                       ("group", f"{USER}:x:{UID}:")):
        copy = os.path.join(folder, name)
        with open("/etc/" + name, encoding="utf-8") as file:
            text = file.read()
        with open(copy, "w", encoding="utf-8") as file:
            # Above an entry of the machine's own, if there is one.
            file.write(line + "\n" + text)
        os.chmod(copy, 0o644)
        call("mount", "--bind", copy, "/etc/" + name)


def prepare(folder, services, call):
    """Write all that the daemon needs; the command that runs it.

    services  [(address, host)]; a host's chain_files hold a key, its
              certificate and those above it
    """
    os.makedirs(os.path.join(folder, "spool"))
    for name in (folder, os.path.join(folder, "spool")):
        os.chmod(name, 0o755)
    os.chown(os.path.join(folder, "spool"), UID, UID)
    # The cache may lie in a home that only its owner can enter.
    binary = os.path.join(folder, "exim4")
    shutil.copyfile(program(), binary)
    os.chmod(binary, 0o755)
    rows = []
    for number, (address, host) in enumerate(services, 1):
        files = []
        for kind, text in enumerate(host.chain_texts):
            name = os.path.join(folder, f"chain-{number}-{kind}")
            with open(name, "w", encoding="ascii") as file:
                file.write(text)
            os.chown(name, UID, UID)
            os.chmod(name, 0o600)
            files.append(name)
        tls = "no" if host.smtp == "exim-no-starttls" else "yes"
        priority = PRIORITIES.get(host.smtp, "NORMAL")
        rows.append(f'"{address}": name={host.fqdn} tls={tls} '
                    f'priority={priority} certificates={":".join(files)}')
    for name, text in (
            ("hosts", "\n".join(rows) + "\n"),
            ("conf", CONFIGURATION.format(
                folder=folder,
                addresses=" ; ".join(each for each, _ in services)))):
        path = os.path.join(folder, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        os.chmod(path, 0o644)
    add_user(folder, call)
    return [binary, "-C", os.path.join(folder, "conf"), "-bdf"]
