"""Patterns of addresses in the net, each with a group for the host."""

import re

_END = r"""(?=[.,;:!?]*(?:[\s<>()«»"']|$))"""
_REST = r"""[^\s<>()«»"']*?"""
_DOMAINS = "com|org|net|ru|io|info|local|dev|рф"

URL = re.compile(rf"""\b(?:https?|ftp)://(?P<host>[^\s/:?#<>()«»"']+?)(?:[/:?#]{_REST})?{_END}""")
HOST = re.compile(rf"(?<![\w@.-])(?P<host>(?:[a-zA-Z0-9][\w-]*\.)+(?:{_DOMAINS}))(?:/{_REST})?{_END}")
MAIL = re.compile(r"(?<![\w.+-])(?P<name>[\w.+-]+)@(?P<host>[\w-]+(?:\.[\w-]+)+)")
