# SPDX-License-Identifier: Apache-2.0
"""
What an office does all day, and what should worry nobody: mail, meetings, the web, updates, films, files
to European services. No flow of it sends a MiB, or more up than down, where that could raise an alert.
"""
from day import at
from network import HOSTS, QUAD9, READERS, RESOLVER_V4, TENANCY_2, TIME_SERVERS

KIB, MIB = 1 << 10, 1 << 20
DESKTOPS = tuple(name for name in HOSTS if name.startswith("poste-"))

# Where desktops go: place, how often, KiB up and MiB down at most, by QUIC or with which TLS client.
SITES = (
    ("www.google.com", 5, 30, 1, "quic"),
    ("fonts.gstatic.com", 2, 6, 1, "quic"),
    ("cdnjs.cloudflare.com", 2, 8, 1, "browser"),
    ("actualites-maritimes.example", 3, 40, 3, "browser"),
    ("annuaire.ports.example", 2, 25, 2, "browser"),
    ("cartes.meteo-marine.example", 3, 20, 4, "browser"),
    ("univ-rivage.example", 1, 15, 2, "old"),
    ("www.linkedin.com", 1, 50, 3, "browser"),
    ("www.facebook.com", 1, 60, 3, "browser"),
    ("slack.com", 1, 60, 1, "browser"),
    ("chatgpt.com", 1, 60, 1, "browser"),
    ("sharing.oodrive.com", 1, 300, 2, "browser"),
    ("www.digiposte.fr", 1, 40, 1, "browser"),
    ("tchap.gouv.fr", 2, 60, 1, "browser"),
    ("s3.fr-par.scw.cloud", 1, 500, 2, "tool"),
    ("fsn1.your-objectstorage.com", 1, 30, 2, "tool"),
    ("mail.proton.me", 1, 40, 1, "browser"),
    ("web.telegram.org", 1, 30, 1, "browser"),
    ("a248.e.akamai.net", 1, 10, 2, "browser"),
    ("gdmf.apple.com", 1, 6, 1, "old"),
    ("vmi1400.contabo.com", 1, 25, 1, "browser"),
    ("oss-eu-central-1.aliyuncs.com", 1, 30, 1, "tool"),
    ("storage.yandexcloud.net", 1, 30, 1, "tool"),
)
VISITS = 16


def browse(day, host):
    for _ in range(VISITS):
        name, _, up, down, kind = day.dice.choices(SITES, [site[1] for site in SITES])[0]
        start = at(8, 30) + day.dice.randrange(9 * 3600) * 1_000_000
        size = day.dice.randrange(4 * KIB, max(up, 6) * KIB), day.dice.randrange(40 * KIB, down * MIB)
        if kind == "quic":
            day.visit_by_quic(host, name, start, *size)
        else:
            day.visit(host, name, start, *size, 6, kind)


def mail_and_meetings(day, host):
    start = at(8, 20) + day.dice.randrange(2400) * 1_000_000
    day.visit(host, "login.microsoftonline.com", start, 18 * KIB, 45 * KIB, 2, "office")
    day.visit(host, "settings-win.data.microsoft.com", start + 30_000_000, 12 * KIB, 20 * KIB, 2, "old")
    for hour in (9, 11, 14, 16):
        start = at(hour) + day.dice.randrange(3000) * 1_000_000
        day.visit(host, "outlook.office365.com", start, day.dice.randrange(80, 700) * KIB,
                  day.dice.randrange(900, 4000) * KIB, 60, "office")
    day.visit(host, "teams.microsoft.com", at(10, 1) + day.dice.randrange(60) * 1_000_000, 900 * KIB, 14 * MIB, 240,
              "office")


def films_and_updates(day, host, number):
    start = at(12, 10) + day.dice.randrange(2400) * 1_000_000
    if number % 2 == 0:
        day.visit_by_quic(host, "www.youtube.com", start, 40 * KIB, 2 * MIB)
        day.visit_by_quic(host, "rr3---sn-25ge7nzr.googlevideo.com", start + 9_000_000, 250 * KIB, 38 * MIB, 180)
    if number % 3 == 0:
        day.visit(host, "us06web.zoom.us", at(15, 2, number), 800 * KIB, 9 * MIB, 200)
    day.visit(host, "au.download.windowsupdate.com", at(13) + number * 70_000_000, 15 * KIB, 24 * MIB, 20, "old")


def other_zones(day):
    """Sensitive zones, within what their rules allow."""
    day.visit("hr", "tchap.gouv.fr", at(9, 5), 420 * KIB, 900 * KIB, 20)
    day.visit("hr", "www.digiposte.fr", at(11, 40), 30 * KIB, 200 * KIB)
    day.visit("hr", "login.microsoftonline.com", at(10, 21), 20 * KIB, 50 * KIB, 2, "office")
    day.visit("licences", "oos.eu-west-2.outscale.com", at(10, 50), 700 * KIB, 300 * KIB, 4, "tool")
    day.visit("licences", "cartes.meteo-marine.example", at(14, 2), 20 * KIB, 2 * MIB)
    day.visit("sante", "sharing.oodrive.com", at(9, 40), 300 * KIB, 500 * KIB)
    day.visit("sante-2", "fsn1.your-objectstorage.com", at(16, 11), 24 * KIB, 3 * MIB, 5, "tool")
    talk = day.connect("sante", TENANCY_2, at(12, 30), rtt_us=6000)
    day.tls_over(talk, None, "tool", 8 * MIB, MIB // 5, 12)


def inside(day):
    """The HR application from desktops; the cell among itself; the clock."""
    for number, host in enumerate(DESKTOPS):
        talk = day.connect(host, HOSTS["hr-server"].v4, at(9 + number % 7, 7 * number % 60))
        day.tls_over(talk, "agents.phares.example", "browser", 60 * KIB, 900 * KIB, 8)
    for hour in (8, 11, 15, 17):
        talk = day.connect("cell", HOSTS["cell-server"].v4, at(hour, 26))
        day.tls_over(talk, "dossiers.cellule.phares.example", "browser", 500 * KIB, 2 * MIB, 12)
        day.ask_time("cell", HOSTS["cell-server"].v4, at(hour, 25), 400)
    for number, host in enumerate(DESKTOPS):
        day.ask_time(host, RESOLVER_V4, at(8, number), 400)
    for hour in range(0, 24, 2):
        day.ask_time("resolver", TIME_SERVERS[hour // 2 % 2], at(hour, 17), 7000)


def misfits(day):
    """A desktop with a resolver of its own; packages over HTTP; readers of the ministry's pages."""
    for hour, name in ((9, "www.google.com"), (11, "cdnjs.cloudflare.com"), (15, "tchap.gouv.fr")):
        day.visit("quad9", name, at(hour, 33), 14 * KIB, 600 * KIB, resolver=QUAD9)
    for number in range(6):
        day.fetch_in_clear("resolver", "ftp.debian.org", f"/debian/pool/main/b/bind9/bind9_9.18.{number}_amd64.deb",
                           at(4, 5, 20 * number), (1 + number) * MIB)
    for number in range(12):
        talk = day.connect("portal", READERS[number % len(READERS)], at(7 + number, 11 + number), 443, 14000, True)
        day.tls_over(talk, "www.phares.example", "browser", (60 + 30 * number) * KIB, 12 * KIB, 3)


def whole_day(day):
    for number, host in enumerate(DESKTOPS):
        mail_and_meetings(day, host)
        browse(day, host)
        films_and_updates(day, host, number)
    other_zones(day)
    inside(day)
    misfits(day)
