# SPDX-License-Identifier: Apache-2.0
"""Who is who: the hosts of the fictional ministry, and the places on the internet that they go to. And the day."""
import collections
import datetime

from wire import Link

# Midnight of 2026-12-01 in Paris, which is an hour ahead of UTC in winter.
MIDNIGHT_US = int(datetime.datetime(2026, 11, 30, 23, tzinfo=datetime.timezone.utc).timestamp()) * 1_000_000

Host = collections.namedtuple("Host", "zone v4 v6 link")
Place = collections.namedtuple("Place", "name v4 v6 aliases ttl rtt_ms")

RESOLVER_V4, RESOLVER_V6 = "198.51.100.53", "2001:db8:10::53"
FORWARDER, QUAD9 = "213.186.33.99", "9.9.9.9"
OFFICE, HR, FILES, HEALTH, CELL = Link(110), Link(120), Link(130), Link(vni=5030), Link(140)
UNTAGGED, NO_ZONE = Link(), Link(199)


def _host(zone, v4, link, v6=None):
    return Host(zone, v4, v6, link)


def _office(number, link=OFFICE, both=False):
    return _host("bureautique", f"198.51.100.{number}", link, f"2001:db8:10::{number}" if both else None)


HOSTS = {
    # Desktops with an ordinary day; two of them come over an untagged port.
    **{f"poste-{number}": _office(number, both=number < 15) for number in range(11, 17)},
    "poste-17": _office(17, UNTAGGED), "poste-18": _office(18, UNTAGGED),
    # Desktops that export one thing each, so that nothing else of theirs is in the same alert.
    "f1": _office(21), "f2": _office(22), "f7": _office(23),
    "github": _office(31), "kdrive": _office(32), "eusc": _office(33), "bleu": _office(35),
    "quad9": _office(34),
    "resolver": _office(53, both=True), "portal": _office(60),
    "hr-server": _host("rh", "198.51.100.66", HR), "hr": _host("rh", "198.51.100.72", HR),
    "f6": _host("rh", "198.51.100.70", HR), "f10": _host("rh", "198.51.100.71", HR),
    "f5": _host("licences", "198.51.100.130", FILES), "f9": _host("licences", "198.51.100.131", FILES),
    "licences": _host("licences", "198.51.100.132", FILES),
    # Health: one part of it is a VXLAN segment, the other is not.
    "f3": _host("sante", "198.51.100.193", UNTAGGED), "f4": _host("sante", "198.51.100.194", HEALTH),
    "sante": _host("sante", "198.51.100.195", HEALTH), "sante-2": _host("sante", "198.51.100.196", UNTAGGED),
    # The cell talks among itself, but for F8.
    "cell-server": _host("etat-major", "198.51.100.226", CELL), "cell": _host("etat-major", "198.51.100.228", CELL),
    "f8": _host("etat-major", "198.51.100.227", CELL),
    # In no zone: the settings forgot the printers.
    "printer": _host("unmapped", "10.20.30.40", NO_ZONE),
}


def _place(name, v4, v6=None, aliases=(), ttl=300, rtt_ms=8):
    return Place(name, v4, v6, aliases, ttl, rtt_ms)


_ALL = (
    # Microsoft
    _place("outlook.office365.com", "13.107.6.152", "2620:1ec:4::152", ("outlook.ms-acdc.office.com",), 60, 5),
    _place("teams.microsoft.com", "52.123.128.14", None, ("teams.office.com", "s-0005.dual-s-msedge.net"), 240, 6),
    _place("login.microsoftonline.com", "20.190.159.2", None, ("www.tm.prd.ags.akadns.net",), 300, 21),
    _place("au.download.windowsupdate.com", "13.107.4.50", None, ("wu-f-net.trafficmanager.net",), 600, 5),
    _place("settings-win.data.microsoft.com", "51.104.136.2", None, ("atm-settingsfe-prod.trafficmanager.net",), 120,
           22),
    _place("www.linkedin.com", "13.107.42.14", None, ("l-0005.l-msedge.net",), 240, 6),
    _place("github.com", "140.82.121.4", ttl=60, rtt_ms=12),
    # Google
    _place("www.google.com", "142.250.74.36", "2a00:1450:4007:80c::2004", rtt_ms=3),
    _place("www.youtube.com", "142.250.179.78", "2a00:1450:4007:818::200e", ("youtube-ui.l.google.com",), rtt_ms=3),
    _place("rr3---sn-25ge7nzr.googlevideo.com", "173.194.188.72", "2a00:1450:4007:17::8",
           ("rr3.sn-25ge7nzr.googlevideo.com",), 1800, 3),
    _place("fonts.gstatic.com", "142.250.75.227", "2a00:1450:4007:81a::2003", rtt_ms=3),
    _place("drive.google.com", "34.117.88.20", ttl=300, rtt_ms=4),
    # Amazon
    _place("s3.eu-west-3.amazonaws.com", "52.95.154.36", rtt_ms=2),
    _place("slack.com", "3.64.20.10", ttl=60, rtt_ms=11),
    _place("annuaire.ports.example", "18.65.39.10", None, ("d3a1example7q.cloudfront.net",), 60, 4),
    _place("s3.eusc-de-east-1.amazonaws.eu", "83.118.244.10", ttl=60, rtt_ms=17),
    # Delivery networks
    _place("paie.phares.example", "104.18.32.47", None, ("paie.phares.example.cdn.cloudflare.net",), 300, 4),
    _place("cdnjs.cloudflare.com", "104.17.24.14", "2606:4700::6811:180e", rtt_ms=4),
    _place("actualites-maritimes.example", "104.21.33.60", "2606:4700:3034::6815:213c", rtt_ms=4),
    _place("ftp.debian.org", "199.232.170.132", None, ("debian.map.fastlydns.net",), 3600, 4),
    _place("a248.e.akamai.net", "2.16.10.10", ttl=20, rtt_ms=3),
    # Others under US law
    _place("content.dropboxapi.com", "162.125.66.14", None, ("edge-block-api-env.dropbox-dns.com",), 60, 13),
    _place("gdmf.apple.com", "17.253.53.204", ttl=60, rtt_ms=5),
    _place("www.facebook.com", "157.240.21.35", None, ("star-mini.c10r.facebook.com",), 60, 4),
    _place("us06web.zoom.us", "206.247.88.10", ttl=60, rtt_ms=85),
    _place("chatgpt.com", "172.64.155.209", ttl=300, rtt_ms=4),
    _place("vmi1400.contabo.com", "5.180.148.10", rtt_ms=19),
    # Under European control
    _place("s3.gra.io.cloud.ovh.net", "141.95.161.76", rtt_ms=6),
    _place("s3.fr-par.scw.cloud", "51.159.62.20", rtt_ms=2),
    _place("oos.eu-west-2.outscale.com", "171.33.72.20", ttl=60, rtt_ms=2),
    _place("tchap.gouv.fr", "109.232.232.30", rtt_ms=2),
    _place("www.digiposte.fr", "178.213.64.20", rtt_ms=6),
    _place("sharing.oodrive.com", "185.245.136.20", rtt_ms=3),
    _place("fsn1.your-objectstorage.com", "88.198.120.10", rtt_ms=15),
    _place("portail.bleucloud.fr", "192.190.129.20", rtt_ms=5),
    # Third countries
    _place("kdrive.infomaniak.com", "84.16.66.164", ttl=3600, rtt_ms=10),
    _place("mail.proton.me", "185.70.42.25", ttl=1200, rtt_ms=14),
    _place("web.telegram.org", "149.154.167.99", rtt_ms=18),
    _place("oss-eu-central-1.aliyuncs.com", "47.254.130.10", ttl=60, rtt_ms=16),
    _place("storage.yandexcloud.net", "51.250.10.10", rtt_ms=52),
    # Of nobody that the catalogue knows
    _place("cartes.meteo-marine.example", "185.86.168.10", rtt_ms=7),
    _place("univ-rivage.example", "193.52.108.41", rtt_ms=6),
    _place("micrologiciel.imprimantes.example", "185.86.168.44", rtt_ms=7),
)
PLACES = {place.name: place for place in _ALL}

# Addresses that are used without asking for a name.
TENANCY, TENANCY_2, NO_CATALOGUE_ENTRY = "203.0.113.5", "203.0.113.6", "203.0.113.80"
ECH_FRONT = "104.18.10.118"
AWS_EC2_PARIS = "13.38.10.20"
TIME_SERVERS = ("145.238.203.14", "51.15.182.163")
# Subscribers who read the ministry's own pages.
READERS = ("80.12.40.10", "82.64.15.20", "86.201.7.33", "92.184.100.5")
