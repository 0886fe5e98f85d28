"""How long a pause has to be to end the turn. Pure; after Raux and Eskenazi (2009).

A pause that has lasted for t seconds ends the turn when

    p / (p + (1 - p) S(t)) >= c

where p is the probability, from the words, that the speaker has finished, S(t) the share of the pauses within a turn
that last longer than t, and c how sure one has to be.
"""

from .judgement import Bound, Judgement
from .settings import Patience, TurnSettings
from .survival import Survival

_SURE_ENOUGH = {Patience.RELAXED: 0.99, Patience.DEFAULT: 0.983, Patience.AGGRESSIVE: 0.93}
_LEAST, _MOST = 0.001, 0.999
"""No text is surer than that."""


def pause_ms(judgement: Judgement, survival: Survival, settings: TurnSettings) -> float:
    """Return the length of the pause after which the turn is over."""
    if judgement.bound is Bound.AT_ONCE:
        return settings.shortest_pause_ms
    waited = 1000 * survival.seconds_until(_share(judgement.probability, _SURE_ENOUGH[settings.patience]))
    if judgement.bound is Bound.UNFINISHED:
        return min(max(waited, settings.unfinished_pause_ms), settings.longest_unfinished_pause_ms)
    longest = settings.whole_pause_ms if judgement.bound is Bound.WHOLE else settings.longest_pause_ms
    return min(max(waited, settings.shortest_pause_ms), longest)


def _share(probability: float, certainty: float) -> float:
    """Return the largest S(t) with which one is sure enough."""
    odds = min(max(probability, _LEAST), _MOST)
    odds /= 1 - odds
    return odds * (1 - certainty) / certainty
