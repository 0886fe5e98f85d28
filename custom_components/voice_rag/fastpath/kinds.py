"""The classes of devices that languages have words for."""

from .lexicon import Kind

KINDS: dict[str, Kind] = {
    "light": Kind(("light",), is_generic=True),
    "lamp": Kind(("light",), falls_back=True),
    "cover": Kind(("cover",), ("curtain", "blind", "shade", "shutter", "awning")),
    "blind": Kind(("cover",), ("blind", "shade", "shutter", "awning"), falls_back=True),
    "garage": Kind(("cover",), ("garage",)),
    "gate": Kind(("cover",), ("gate", "garage")),
    "door": Kind(("lock", "cover", "binary_sensor"), ("door", "opening")),
    "window": Kind(("cover", "binary_sensor"), ("window",)),
    "lock": Kind(("lock",), is_generic=True),
    "tv": Kind(("media_player",), ("tv",), falls_back=True),
    "speaker": Kind(("media_player",), ("speaker", "receiver")),
    "music": Kind(("media_player",), is_generic=True),
    "climate": Kind(("climate",), falls_back=True),
    "heating": Kind(("climate", "water_heater"), falls_back=True),
    "air_conditioner": Kind(("climate",), falls_back=True),
    "fan": Kind(("fan",), falls_back=True),
    "vacuum": Kind(("vacuum",), is_generic=True),
    "humidifier": Kind(("humidifier",), is_generic=True),
    "outlet": Kind(("switch",), ("outlet",)),
    "switch": Kind(("switch",), is_generic=True),
    "valve": Kind(("valve",), is_generic=True),
    "scene": Kind(("scene", "script"), is_generic=True),
    "automation": Kind(("automation",), is_generic=True),
    "thing": Kind(("light", "switch", "fan", "media_player", "climate", "humidifier"), is_generic=True),
}
"""`thing` is everything that "turn everything off" is about."""

NAMED_ONLY = frozenset({"scene", "automation"})
"""Kinds of which nobody means all."""
