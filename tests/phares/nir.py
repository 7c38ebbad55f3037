# SPDX-License-Identifier: Apache-2.0
"""
Numbers of the form of a NIR (French social security), of nobody: their commune is 990 or 999, which no
department has. A list of 37 of them in a report of a wanted size.
"""
COUNT = 37
SPECIMENS = ("185050199099959", "299127599099857", "185052A99099760", "299112B99099630", "200129999999516")
FILLER = ("Dossier relu et complet ; la piece manque au registre des gens de mer, copie demandee au bureau du port. "
          "Visite faite, aptitude sans restriction, prochaine visite a prevoir avec le medecin des gens de mer.\n")


def with_key(first):
    """The 13 characters with their key: 97 less the number modulo 97, Corsica's 2A and 2B taken as 19 and 18."""
    number = int(first.replace("2A", "19").replace("2B", "18"))
    return f"{first}{97 - number % 97:02}"


def numbers():
    """The specimens, then others of their kind."""
    if any(with_key(specimen[:13]) != specimen for specimen in SPECIMENS):
        raise AssertionError("a specimen has a wrong key")
    made = [with_key(f"{1 + index % 2}{50 + index:02}{1 + index % 12:02}{10 + index:02}990{900 + index:03}")
            for index in range(COUNT - len(SPECIMENS))]
    return [*SPECIMENS, *made]


def report(size):
    """At least `size` bytes of text, the numbers spread evenly over its first nine tenths."""
    every = size * 9 // 10 // COUNT
    parts = ["numero;remarque\n"]
    for number in numbers():
        parts.append(f"{number};\n" + FILLER * (every // len(FILLER)))
    parts.append(FILLER * (size // 10 // len(FILLER) + COUNT + 1))
    return "".join(parts).encode("ascii")
