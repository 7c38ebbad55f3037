# SPDX-License-Identifier: Apache-2.0
"""
The flows of the worked example, F1 to F10, each from a host of its own. `up` and `down` are transport
payload with the handshake in it, so that an alert's sentence shows exactly these figures.
"""
import nir
import tls
from day import answer_of, at
from network import AWS_EC2_PARIS, ECH_FRONT, NO_CATALOGUE_ENTRY, TENANCY

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
DROPBOX_FLOWS = 96


def office_mail(day):
    """F1: name asked for, in Microsoft's published range; more down than up."""
    day.visit("f1", "outlook.office365.com", at(9, 12), 3 * MIB, 20 * MIB, 95, "office")


def open_data(day):
    """F2: no question for the name is seen (it was asked for before the capture, or elsewhere)."""
    day.visit("f2", "s3.eu-west-3.amazonaws.com", at(10, 5), 420 * MIB, 1 * MIB, 42, "tool", ask=False)


def nightly_backup(day):
    """F3: by address, without a name anywhere; only the tenancy tells what it is."""
    talk = day.connect("f3", TENANCY, at(2, 10), rtt_us=6000)
    day.tls_over(talk, None, "tool", 12 * GIB, 4 * MIB, 200)


def health_archive(day):
    """F4: the same company as F3, another service; inside VXLAN 5030."""
    day.visit("f4", "s3.gra.io.cloud.ovh.net", at(11, 20), 2 * GIB, 3 * MIB, 71, "tool")


def company_files(day):
    """F5"""
    day.visit("f5", "drive.google.com", at(14, 32), 64 * MIB, 1 * MIB, 15)


def payroll_behind_front(day):
    """F6: our own name; only the CNAME and the address tell that Cloudflare is in between."""
    day.visit("f6", "paie.phares.example", at(15, 47), 80 * MIB, 4 * MIB, 24)


def list_in_clear(day):
    """F7: 37 numbers of made-up persons, posted without TLS; kept whole, for the content detectors to come."""
    body = nir.report(5 * MIB)
    head = (f"POST /depot HTTP/1.1\r\nHost: {NO_CATALOGUE_ENTRY}\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n"
            f"Content-Type: text/csv; charset=utf-8\r\nContent-Length: {5 * MIB:07}\r\n\r\n").encode()
    body = body[:5 * MIB - len(head)]
    head = head.replace(f"{5 * MIB:07}".encode(), f"{len(body):07}".encode())
    talk = day.connect("f7", NO_CATALOGUE_ENTRY, at(16, 20), 80, 7000)
    talk.say(True, head + body)
    down = MIB // 10
    receipt = b"<html><body><p>Fichier bien recu.</p></body></html>\n"
    talk.say(False, answer_of((receipt * (down // len(receipt)))[:down - 102]))
    talk.fill(5 * MIB, down, 0)
    day.keep(talk)


def unseen_name(day):
    """F8: what the client asks for is encrypted; no name is looked up."""
    talk = day.connect("f8", ECH_FRONT, at(10, 41), rtt_us=4000)
    for outward, data in tls.ech_exchange("f8", "cloudflare-ech.com", day.dice):
        talk.say(outward, data)
    talk.fill(30 * KIB, 90 * KIB, 9)
    day.keep(talk)


def dropbox_all_day(day):
    """F9: 57.6 MiB up and 40 MiB down in 96 small flows, one every seven and a half minutes from 8 o'clock on."""
    up, down, begun = 576 * MIB // 10, 40 * MIB, (0, 0)
    for number in range(DROPBOX_FLOWS):
        until = up * (number + 1) // DROPBOX_FLOWS, down * (number + 1) // DROPBOX_FLOWS
        start = at(8) + number * 450_000_000 + day.dice.randrange(40_000_000)
        day.visit("f9", "content.dropboxapi.com", start, until[0] - begun[0], until[1] - begun[1], 5)
        begun = until


def false_name(day):
    """F10: claims a French operator's name on an American one's address."""
    talk = day.connect("f10", AWS_EC2_PARIS, at(17, 5), rtt_us=2000)
    day.tls_over(talk, "oos.eu-west-2.outscale.com", "tool", 12 * MIB, MIB // 5, 6)


def smaller_ones(day):
    """Alerts of severity low, one of each kind; and a printer in no zone."""
    day.visit("github", "github.com", at(11, 3), 6 * MIB, MIB // 2, 4, "tool")
    day.visit("kdrive", "kdrive.infomaniak.com", at(13, 44), 4 * MIB, MIB // 4, 4)
    day.visit("eusc", "s3.eusc-de-east-1.amazonaws.eu", at(15, 9), 8 * MIB, MIB // 4, 5, "tool")
    day.visit("hr", "outlook.office365.com", at(10, 22), 2 * MIB, 9 * MIB, 40, "office")
    day.visit("bleu", "portail.bleucloud.fr", at(14, 5), 3 * MIB, MIB // 2, 5)
    day.visit("printer", "micrologiciel.imprimantes.example", at(3, 30), 9 * KIB, 700 * KIB, 8, "old")


ALL = (office_mail, open_data, nightly_backup, health_archive, company_files, payroll_behind_front, list_in_clear,
       unseen_name, dropbox_all_day, false_name, smaller_ones)
