"""Abbreviations with a stop, as far as the end of a sentence depends on them; lower case, without stops and blanks."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


JOINING = _words(
    """
    ул просп пр пр-т пр-кт пер пл наб бул б-р ш мкр обл респ р-н пос дер ст им св проф акад доц тов гр гос см ср напр
    стр рис табл гл разд прил кв корп эт тел ок прибл макс мин т г д с п р о ч к х л дж
    те тк тн тч ие юж сев зап вост англ рус нем франц лат греч
    mr mrs ms dr prof st gen col capt lt sgt rev hon sr jr vs fig figs vol vols ch sec eq approx dept est ave
    eg ie cf al jan feb mar apr jun jul aug sep sept oct nov dec
    """
)
"""What always has its word behind it: streets, titles, references."""

ENDING = _words(
    """
    тд тп др проч нэ руб коп тыс млн млрд трлн гг вв шт экз чел чл стл ртст
    no nos etc inc ltd co corp am pm us usa uk bc ad
    """
)
"""What may stand at the end of a sentence; before a number it does not end it."""
