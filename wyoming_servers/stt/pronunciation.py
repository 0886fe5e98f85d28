"""English pronunciations of words that the recogniser's dictionary lacks, from eSpeak NG's rules."""

from wyoming_servers.runtime.espeak import Espeak

# eSpeak NG's phonemes of American English -> the ARPAbet of the CMU dictionary.
_ARPABET = {
    "a": "AE", "aa": "AE", "a#": "AH", "A:": "AA", "A@": "AA R", "0": "AA", "O2": "AA", "O:": "AO", "O@": "AO R",
    "o@": "AO R", "oU": "OW", "I": "IH", "I2": "IH", "I#": "IH", "i": "IY", "i:": "IY", "i::": "IY", "i@": "IH R",
    "i@3": "IH R", "E": "EH", "e@": "EH R", "eI": "EY", "V": "AH", "@": "AH", "@-": "AH", "@L": "AH L", "3": "ER",
    "3:": "ER", "U": "UH", "U@": "UH R", "u:": "UW", "aI": "AY", "aI@": "AY AH", "aI3": "AY ER", "aU": "AW", "OI": "OY",
    "p": "P", "b": "B", "t": "T", "t#": "T", "t2": "T", "d": "D", "k": "K", "g": "G", "f": "F", "v": "V", "s": "S",
    "z": "Z", "h": "HH", "m": "M", "n": "N", "n-": "AH N", "N": "NG", "l": "L", "r": "R", "r-": "R", "w": "W", "j": "Y",
    "tS": "CH", "dZ": "JH", "S": "SH", "Z": "ZH", "T": "TH", "D": "DH", "x": "K", ";": "", "?": "",
    "A~": "AA N", "O~": "AO N", "O": "AO", "@2": "AH",
}  # fmt: skip


class EnglishPronouncer:
    """Guesses how a word written in Latin letters is said."""

    def __init__(self, espeak: Espeak) -> None:
        self._espeak = espeak

    def phones(self, word: str) -> str | None:
        """Return the word's phones separated by spaces, or None for a word that English letters don't spell."""
        letters = word.replace("'", "")
        if not (letters.isascii() and letters.isalpha()):
            return None
        phones = [_ARPABET.get(phoneme) for phoneme in self._espeak.phonemes(word, "en-us")]
        if None in phones:
            return None
        return " ".join(phone for phone in phones if phone) or None
