"""Words that say nothing about what is asked, case-folded and with ё written as е."""

_RUSSIAN = """
а без бы был была были было быть в вам вас весь во вот все всего всех вы где да для до его ее если есть еще же за и из
или им их к как какая какие каким какими каких какого какое какой каком какому какую ко когда кого кому которая которые
который которого кто куда ли мне мной мы на над нам нас не него нее ней нет ни них но ну о об он она они оно от откуда
очень по под при про с сам свой себе себя со так такой там те тем то того тоже той только том ты у уже чего чей чем
через что чтобы чья эта эти это этого этой этом этот эту я мой моя мое мои наш наша наше наши ваш ваша ваше ваши твой
зачем почему можно нужно надо должен должна должно
"""

_ENGLISH = """
a about all am an and any are as at be been being but by can could did do does doing for from get got had has have he
her here him his how i if in into is it its itself me my no nor not of off on or our out over own shall she should so
some such than that the their them then there these they this those to too under up us very was we were what when where
don doesn didn isn aren wasn couldn shouldn which while who whom whose why will with would you your
"""

STOP_WORDS = frozenset(f"{_RUSSIAN} {_ENGLISH}".split())
"""Left out of passages and questions alike."""

_ASKING = """
скажи скажите подскажи подскажите расскажи расскажите найди найдите покажи покажите напомни объясни пожалуйста
сколько знаешь известно написано говорится документ документы документе документах час времени время сегодня сейчас
такое такая значит означает
tell say find show explain remind please know many much long often need want time today now day
"""

NOISE_WORDS = frozenset(_ASKING.split())
"""Words of asking: kept in passages, dropped from questions."""
